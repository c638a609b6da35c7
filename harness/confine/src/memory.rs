//! What the thread whose call is judged means by its arguments.

use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// As long as a path may be.
const LONGEST: usize = 4096;

/// Memory is read within such a block: the next one may not be there.
const BLOCK: usize = 4096;

/// The text at an address of a thread.
pub(crate) fn text_at(thread: u32, address: u64) -> Option<OsString> {
    let memory = File::open(format!("/proc/{thread}/mem")).ok()?;
    let mut text = Vec::new();
    while text.len() < LONGEST {
        let from = address.checked_add(text.len() as u64)?;
        let mut block = vec![0; BLOCK - usize::try_from(from % BLOCK as u64).ok()?];
        let read = memory.read_at(&mut block, from).ok()?;
        let end = block[..read].iter().position(|byte| *byte == 0);
        text.extend_from_slice(&block[..end.unwrap_or(read)]);
        if end.is_some() {
            return Some(OsString::from_vec(text));
        }
        if read == 0 {
            return None;
        }
    }
    None
}

/// A path as a thread sees it from its working directory, or from that of a descriptor; `/proc/self` is its own process.
pub(crate) fn seen(thread: u32, process: u32, dir: Option<i32>, path: &Path) -> Option<PathBuf> {
    let path = if path.is_absolute() {
        path.to_owned()
    } else {
        let from = match dir {
            Some(descriptor) if descriptor != libc::AT_FDCWD => format!("fd/{descriptor}"),
            _ => "cwd".to_owned(),
        };
        fs::read_link(format!("/proc/{thread}/{from}")).ok()?.join(path)
    };
    Some(if let Ok(rest) = path.strip_prefix("/proc/self") {
        Path::new(&format!("/proc/{process}")).join(rest)
    } else if let Ok(rest) = path.strip_prefix("/proc/thread-self") {
        Path::new(&format!("/proc/{process}/task/{thread}")).join(rest)
    } else {
        path
    })
}
