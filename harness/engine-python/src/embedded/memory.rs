//! Limits the memory that a handler may take, by counting what CPython asks the system for.
//!
//! Small objects live in arenas, everything else comes from the raw allocator; both are counted here. A handler can catch the
//! `MemoryError` that a refusal becomes, so that a refusal is remembered.

use std::ffi::c_void;
use std::fmt;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use pyo3::ffi::{
    PyMem_GetAllocator, PyMem_SetAllocator, PyMemAllocatorDomain, PyMemAllocatorEx, PyObject_GetArenaAllocator,
    PyObject_SetArenaAllocator, PyObjectArenaAllocator,
};

/// Bytes that are granted after the first refusal, so that there is room for naming what happened.
const RESERVE: usize = 16 << 20;

/// What CPython holds, and what it may hold.
pub(super) struct Memory {
    used: AtomicUsize,
    limit: AtomicUsize,
    refused: AtomicBool,
    raw: PyMemAllocatorEx,
    arenas: PyObjectArenaAllocator,
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("used", &self.used).field("limit", &self.limit).finish_non_exhaustive()
    }
}

// SAFETY: the allocators are written once, before the memory is shared; what they point to is CPython's own and made to be
// called from any thread.
unsafe impl Sync for Memory {}
// SAFETY: as above.
unsafe impl Send for Memory {}

impl Memory {
    /// Puts the count between CPython and its allocators.
    ///
    /// # Safety
    ///
    /// CPython is pre-initialized and not initialized yet.
    pub(super) unsafe fn install() -> &'static Self {
        let mut raw = PyMemAllocatorEx { ctx: ptr::null_mut(), malloc: None, calloc: None, realloc: None, free: None };
        let mut arenas = PyObjectArenaAllocator { ctx: ptr::null_mut(), alloc: None, free: None };
        // SAFETY: the caller is where allocators may be read and replaced; the structures outlive the calls, and CPython copies
        // them. The memory that they point to is never freed.
        unsafe {
            PyMem_GetAllocator(PyMemAllocatorDomain::PYMEM_DOMAIN_RAW, &raw mut raw);
            PyObject_GetArenaAllocator(&raw mut arenas);
            let memory: &'static Self = Box::leak(Box::new(Self {
                used: AtomicUsize::new(0),
                limit: AtomicUsize::new(usize::MAX),
                refused: AtomicBool::new(false),
                raw,
                arenas,
            }));
            let ctx = ptr::from_ref(memory).cast_mut().cast::<c_void>();
            let mut counted = PyMemAllocatorEx {
                ctx,
                malloc: Some(malloc),
                calloc: Some(calloc),
                realloc: Some(realloc),
                free: Some(free),
            };
            PyMem_SetAllocator(PyMemAllocatorDomain::PYMEM_DOMAIN_RAW, &raw mut counted);
            let mut counted = PyObjectArenaAllocator { ctx, alloc: Some(arena_alloc), free: Some(arena_free) };
            PyObject_SetArenaAllocator(&raw mut counted);
            memory
        }
    }

    /// Runs `f`, which may take `bytes` more than there is now; returns also whether it asked for more than that.
    pub(super) fn within<T>(&self, bytes: usize, f: impl FnOnce() -> T) -> (T, bool) {
        self.refused.store(false, Relaxed);
        self.limit.store(self.used.load(Relaxed).saturating_add(bytes), Relaxed);
        let end = f();
        self.limit.store(usize::MAX, Relaxed);
        (end, self.refused.swap(false, Relaxed))
    }

    fn has_room(&self, size: usize) -> bool {
        let has_room = self.used.load(Relaxed).saturating_add(size) <= self.limit.load(Relaxed);
        if !has_room && !self.refused.swap(true, Relaxed) {
            self.limit.fetch_add(RESERVE, Relaxed);
        }
        has_room
    }

    fn take(&self, size: usize) {
        self.used.fetch_add(size, Relaxed);
    }

    /// Some of the first blocks were taken before anybody counted.
    fn give_back(&self, size: usize) {
        let less = |used: usize| Some(used.saturating_sub(size));
        // The closure never refuses.
        let _ = self.used.fetch_update(Relaxed, Relaxed, less);
    }
}

/// The memory behind an allocator's `ctx`.
fn memory(ctx: *mut c_void) -> &'static Memory {
    // SAFETY: install() is the only one who hands out these functions, with a memory that lives forever.
    unsafe { &*ctx.cast::<Memory>() }
}

/// The size of a block of the system's allocator, which is what the raw allocator asks.
fn size_of_block(block: *mut c_void) -> usize {
    // SAFETY: the block comes from malloc or is null.
    unsafe { libc::malloc_usable_size(block) }
}

extern "C" fn malloc(ctx: *mut c_void, size: usize) -> *mut c_void {
    let memory = memory(ctx);
    match memory.raw.malloc {
        Some(malloc) if memory.has_room(size) => {
            let block = malloc(memory.raw.ctx, size);
            memory.take(size_of_block(block));
            block
        }
        _ => ptr::null_mut(),
    }
}

extern "C" fn calloc(ctx: *mut c_void, count: usize, size: usize) -> *mut c_void {
    let memory = memory(ctx);
    match memory.raw.calloc {
        Some(calloc) if memory.has_room(count.saturating_mul(size)) => {
            let block = calloc(memory.raw.ctx, count, size);
            memory.take(size_of_block(block));
            block
        }
        _ => ptr::null_mut(),
    }
}

extern "C" fn realloc(ctx: *mut c_void, block: *mut c_void, size: usize) -> *mut c_void {
    let memory = memory(ctx);
    let old = size_of_block(block);
    match memory.raw.realloc {
        Some(realloc) if size <= old || memory.has_room(size - old) => {
            let block = realloc(memory.raw.ctx, block, size);
            if !block.is_null() {
                memory.give_back(old);
                memory.take(size_of_block(block));
            }
            block
        }
        _ => ptr::null_mut(),
    }
}

extern "C" fn free(ctx: *mut c_void, block: *mut c_void) {
    let memory = memory(ctx);
    memory.give_back(size_of_block(block));
    if let Some(free) = memory.raw.free {
        free(memory.raw.ctx, block);
    }
}

extern "C" fn arena_alloc(ctx: *mut c_void, size: usize) -> *mut c_void {
    let memory = memory(ctx);
    match memory.arenas.alloc {
        Some(alloc) if memory.has_room(size) => {
            let arena = alloc(memory.arenas.ctx, size);
            if !arena.is_null() {
                memory.take(size);
            }
            arena
        }
        _ => ptr::null_mut(),
    }
}

extern "C" fn arena_free(ctx: *mut c_void, arena: *mut c_void, size: usize) {
    let memory = memory(ctx);
    memory.give_back(size);
    if let Some(free) = memory.arenas.free {
        free(memory.arenas.ctx, arena, size);
    }
}
