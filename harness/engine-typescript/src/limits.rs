//! How much time and memory a call may take. A script can catch what stops it, so each limit keeps a flag of its own.

use std::cell::Cell;
use std::ptr;
use std::rc::Rc;
use std::time::{Duration, Instant};

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
    deadline: Rc<Cell<Option<Instant>>>,
}

impl Limits {
    /// A runtime that keeps to the limits.
    pub(super) fn runtime() -> rquickjs::Result<(Runtime, Self)> {
        let limits = Self {
            memory: Rc::new(Memory { most: Cell::new(MEMORY_LIMIT), ..Memory::default() }),
            timed_out: Rc::new(Cell::new(false)),
            deadline: Rc::new(Cell::new(None)),
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
        self.deadline.set(Instant::now().checked_add(duration));
    }

    /// Whether the script must stop now. Stays true until the next start.
    pub(super) fn is_over(&self) -> bool {
        if !self.timed_out.get() && self.deadline.get().is_some_and(|deadline| Instant::now() >= deadline) {
            self.timed_out.set(true);
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
