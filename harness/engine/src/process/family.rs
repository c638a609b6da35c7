//! The processes that a process has started.

use std::fs;

/// Ends all processes below `process`, which the caller has started and not waited for: what they are is asked before it is ended,
/// since nobody knows afterwards whose they were.
pub fn end_with_all_below(process: u32, end: impl FnOnce()) {
    let mut below = Vec::new();
    add_below(process, &mut below);
    end();
    for process in below.into_iter().filter_map(|process| i32::try_from(process).ok()) {
        // SAFETY: the call sends a signal. The process was there a moment ago, and its parent is ours.
        unsafe { libc::kill(process, libc::SIGKILL) };
    }
}

fn add_below(process: u32, below: &mut Vec<u32>) {
    for thread in fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten() {
        let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|child| child.parse().ok()) {
            below.push(child);
            add_below(child, below);
        }
    }
}
