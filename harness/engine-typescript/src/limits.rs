//! How much time and memory a call may take. A script can catch what stops it, so each limit keeps a flag of its own.

use std::cell::Cell;
use std::ptr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use parity_engine::clock::thread_time;
use parity_engine::own_time::TICK;
use rquickjs::Runtime;
use rquickjs::allocator::{Allocator, RustAllocator};

/// Bytes that the scripts of a call may hold beside what was there before it.
const MEMORY_LIMIT: usize = 256 << 20;

/// Bytes of the thread's stack that scripts may use: less than half of what a test thread has.
const STACK_LIMIT: usize = 768 << 10;

/// The limits of one runtime.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    memory: Rc<Memory>,
    timed_out: Rc<Cell<bool>>,
    time: Rc<Cell<Option<Time>>>,
}

/// How much of its time a call has used. What counts is the time that the thread runs, not that in which a busy machine keeps it from
/// running. To ask for that costs more than most calls, so it is not asked before a while has passed.
#[derive(Clone, Copy, Debug)]
struct Time {
    limit: Duration,
    /// The thread's time when somebody looked at it first.
    began: Option<Duration>,
    /// Not before this.
    next_look: Instant,
}

impl Time {
    fn start(limit: Duration, now: Instant) -> Option<Self> {
        Some(Self { limit, began: None, next_look: now.checked_add(TICK.min(limit))? })
    }

    /// The same after a look at the clocks; nothing when the time is over.
    fn look(self, now: Instant, thread_time: impl FnOnce() -> Duration) -> Option<Self> {
        if now < self.next_look {
            return Some(self);
        }
        let thread_time = thread_time();
        let began = self.began.unwrap_or(thread_time);
        let left = self.limit.checked_sub(thread_time.saturating_sub(began)).filter(|left| !left.is_zero())?;
        Some(Self { began: Some(began), next_look: now + left, ..self })
    }
}

impl Limits {
    /// A runtime that keeps to the limits.
    pub(super) fn runtime() -> rquickjs::Result<(Runtime, Self)> {
        let limits = Self {
            memory: Rc::new(Memory { most: Cell::new(MEMORY_LIMIT), ..Memory::default() }),
            timed_out: Rc::new(Cell::new(false)),
            time: Rc::new(Cell::new(None)),
        };
        let allocator = LimitedAllocator(Rc::clone(&limits.memory));
        let runtime = Runtime::new_with_alloc(allocator)?;
        runtime.set_max_stack_size(STACK_LIMIT);
        let handler = limits.clone();
        runtime.set_interrupt_handler(Some(Box::new(move || handler.is_over())));
        Ok((runtime, limits))
    }

    /// Starts the clock of a call.
    pub(super) fn start(&self, duration: Duration) {
        self.memory.refused.set(false);
        self.memory.most.set(self.memory.used.get().saturating_add(MEMORY_LIMIT));
        self.timed_out.set(false);
        self.time.set(Time::start(duration, Instant::now()));
    }

    /// Whether the script must stop now. Stays true until the next start.
    pub(super) fn is_over(&self) -> bool {
        if !self.timed_out.get()
            && let Some(time) = self.time.get()
        {
            match time.look(Instant::now(), thread_time) {
                Some(time) => self.time.set(Some(time)),
                None => self.timed_out.set(true),
            }
        }
        self.timed_out.get()
    }

    /// Whether the script was stopped for its time.
    pub(super) fn timed_out(&self) -> bool {
        self.timed_out.get()
    }

    /// Whether memory was refused to the script.
    pub(super) fn out_of_memory(&self) -> bool {
        self.memory.refused.get()
    }
}

/// Bytes that are used, and how many may be.
#[derive(Debug, Default)]
struct Memory {
    used: Cell<usize>,
    most: Cell<usize>,
    refused: Cell<bool>,
}

/// Rust's allocator up to a limit.
struct LimitedAllocator(Rc<Memory>);

impl LimitedAllocator {
    fn has_room(&self, size: usize) -> bool {
        let has_room = self.0.used.get().checked_add(size).is_some_and(|used| used <= self.0.most.get());
        if !has_room {
            self.0.refused.set(true);
        }
        has_room
    }

    fn count(&mut self, block: *mut u8, size: usize) -> *mut u8 {
        if !block.is_null() {
            // SAFETY: the block is not null and was just allocated by RustAllocator.
            self.0.used.update(|used| used + unsafe { RustAllocator::usable_size(block) });
        } else if size > 0 {
            self.0.refused.set(true);
        }
        block
    }
}

// SAFETY: every block comes from RustAllocator, which keeps the contract; this one only refuses some requests.
unsafe impl Allocator for LimitedAllocator {
    fn alloc(&mut self, size: usize) -> *mut u8 {
        if !self.has_room(size) {
            return ptr::null_mut();
        }
        let block = RustAllocator.alloc(size);
        self.count(block, size)
    }

    fn calloc(&mut self, count: usize, size: usize) -> *mut u8 {
        let total = count.saturating_mul(size);
        if !self.has_room(total) {
            return ptr::null_mut();
        }
        let block = RustAllocator.calloc(count, size);
        self.count(block, total)
    }

    unsafe fn dealloc(&mut self, block: *mut u8) {
        // SAFETY: the caller hands over a block of this allocator, hence of RustAllocator.
        unsafe {
            self.0.used.update(|used| used.saturating_sub(RustAllocator::usable_size(block)));
            RustAllocator.dealloc(block);
        }
    }

    unsafe fn realloc(&mut self, block: *mut u8, new_size: usize) -> *mut u8 {
        // SAFETY: the caller hands over a block of this allocator, hence of RustAllocator.
        let old_size = unsafe { RustAllocator::usable_size(block) };
        if new_size > old_size && !self.has_room(new_size - old_size) {
            return ptr::null_mut();
        }
        // SAFETY: as above.
        let block = unsafe { RustAllocator.realloc(block, new_size) };
        if !block.is_null() {
            self.0.used.update(|used| used.saturating_sub(old_size));
        }
        self.count(block, new_size)
    }

    unsafe fn usable_size(block: *mut u8) -> usize {
        // SAFETY: the caller hands over a block of this allocator, hence of RustAllocator.
        unsafe { RustAllocator::usable_size(block) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_millis(30);

    /// Whether the time is over after looks, each at how long it was since the start and at how long the thread ran.
    fn is_over(looks: &[(u64, u64)]) -> bool {
        let started = Instant::now();
        let mut time = Time::start(LIMIT, started);
        for (passed, ran) in looks {
            let now = started + Duration::from_millis(*passed);
            time = time.and_then(|time| time.look(now, || Duration::from_millis(*ran)));
        }
        time.is_none()
    }

    #[test]
    fn only_the_time_that_the_thread_runs_counts() {
        assert!(!is_over(&[(5, 5), (10, 10), (39, 39)]));
        assert!(is_over(&[(10, 10), (40, 40)]));
        // Something else runs in its place.
        assert!(!is_over(&[(10, 10), (1000, 11), (2000, 39)]));
        assert!(is_over(&[(10, 10), (1000, 11), (2000, 40)]));
        assert!(!is_over(&[(5000, 3)]));
    }

    #[test]
    fn the_thread_is_not_asked_before_it_can_matter() {
        let started = Instant::now();
        let looked = Time::start(LIMIT, started).and_then(|time| time.look(started + TICK / 2, || panic!("asked")));
        assert!(looked.is_some());
    }
}
