//! Keeps the input that is running where it is found when the process does not survive it, and ends a process that hangs.

use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use memmap2::MmapMut;
use parity_confine::outside;
use parity_model::StepInput;

use crate::engine::Engine;
use crate::error::EngineFault;
use crate::wrapper::Wrapper;
use parity_model::Observation;

/// What a process exits with that ends itself because a handler hangs or has spoiled it.
pub const GIVEN_UP: i32 = 70;

/// How much longer than its deadline a call may take before the process is given up.
const OVERDUE_TIMEOUT: Duration = Duration::from_secs(2);

/// How often the time of the running call is looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Bytes of the file that an input is kept in. What is not used takes no place.
const ROOM: usize = 64 << 20;

/// Bytes in front of the input: how long it is, 0 while none runs.
const HEAD: usize = 8;

/// An engine whose input is in a file as long as it runs.
///
/// A call that does not end, or leaves an engine that cannot go on, ends the process with [`GIVEN_UP`].
pub struct Recorder {
    engine: Box<dyn Engine>,
    entry: MmapMut,
    watch: Arc<Watch>,
}

/// Milliseconds since `epoch`: when the running call must be given up; 0 while none runs.
struct Watch {
    epoch: Instant,
    limit: AtomicU64,
    until: AtomicU64,
}

impl Recorder {
    /// Keeps the inputs of `engine` in a new file in `dir`.
    pub fn new(engine: Box<dyn Engine>, dir: &Path) -> io::Result<Self> {
        let (prefix, dir) = (format!("{}-", engine.name()), dir.to_owned());
        let file = outside(move || new_file(&prefix, &dir))?;
        // SAFETY: nobody else writes to the file, and nobody shortens it.
        let entry = unsafe { MmapMut::map_mut(&file)? };
        let watch = Arc::new(Watch { epoch: Instant::now(), limit: AtomicU64::new(0), until: AtomicU64::new(0) });
        watch.set_limit(engine.deadline().unwrap_or(Duration::MAX));
        let watched = Arc::downgrade(&watch);
        thread::Builder::new().name("parity-recorder".to_owned()).spawn(move || {
            while let Some(watch) = watched.upgrade() {
                if watch.is_late() {
                    give_up();
                }
                drop(watch);
                thread::sleep(POLL_INTERVAL);
            }
        })?;
        Ok(Self { engine, entry, watch })
    }

    fn begin(&mut self, step_input: &StepInput) -> io::Result<()> {
        let (head, room) = self.entry.split_at_mut(HEAD);
        let mut cursor = Cursor::new(room);
        serde_json::to_writer(&mut cursor, step_input)?;
        head.copy_from_slice(&cursor.position().to_le_bytes());
        self.watch.until.store(self.watch.now() + self.watch.limit.load(Relaxed), Relaxed);
        Ok(())
    }

    fn end(&mut self) {
        self.watch.until.store(0, Relaxed);
        self.entry[..HEAD].fill(0);
    }
}

/// What the names of its files end in.
const ENDING: &str = ".running";

/// A file that stays.
fn new_file(prefix: &str, dir: &Path) -> io::Result<File> {
    let file = tempfile::Builder::new().prefix(prefix).suffix(ENDING).tempfile_in(dir)?;
    let (file, _) = file.keep()?;
    file.set_len(ROOM as u64)?;
    Ok(file)
}

impl Watch {
    fn now(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn set_limit(&self, deadline: Duration) {
        let limit = deadline.saturating_add(OVERDUE_TIMEOUT).as_millis();
        self.limit.store(u64::try_from(limit).unwrap_or(u64::MAX).min(u64::MAX / 2), Relaxed);
    }

    fn is_late(&self) -> bool {
        let until = self.until.load(Relaxed);
        until > 0 && self.now() > until
    }
}

/// Ends the process without another step of the interpreters in it.
fn give_up() -> ! {
    // SAFETY: the function does nothing but end the process.
    unsafe { libc::_exit(GIVEN_UP) }
}

impl Recorder {
    /// Lets the engine run the input, which is kept meanwhile.
    fn kept<T>(
        &mut self,
        step_input: &StepInput,
        run: impl FnOnce(&mut dyn Engine) -> Result<T, EngineFault>,
    ) -> Result<T, EngineFault> {
        self.begin(step_input).map_err(|error| EngineFault::Call {
            engine: self.engine.name().to_owned(),
            handler: step_input.handler.clone(),
            message: format!("its input cannot be kept: {error}"),
        })?;
        let ran = run(self.engine.as_mut());
        if let Err(EngineFault::Spoiled { .. }) = ran {
            give_up();
        }
        self.end();
        ran
    }
}

impl Wrapper for Recorder {
    fn inner(&self) -> &dyn Engine {
        self.engine.as_ref()
    }

    fn inner_mut(&mut self) -> &mut dyn Engine {
        self.engine.as_mut()
    }

    fn run_wrapped(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        self.kept(step_input, |engine| engine.run(step_input))
    }

    fn run_wrapped_expecting(
        &mut self,
        step_input: &StepInput,
        expected: &Observation,
    ) -> Result<Option<Observation>, EngineFault> {
        self.kept(step_input, |engine| engine.run_expecting(step_input, expected))
    }

    fn set_wrapped_deadline(&mut self, deadline: Duration) {
        self.watch.set_limit(deadline);
        self.engine.set_deadline(deadline);
    }
}

/// The inputs that were running when the process that wrote to `dir` ended, each with its engine's name.
pub fn in_flight(dir: &Path) -> io::Result<Vec<(String, StepInput)>> {
    let mut inputs = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        // The directory's lock is there, too.
        if !path.to_string_lossy().ends_with(ENDING) {
            continue;
        }
        let mut file = File::open(&path)?;
        let mut head = [0; HEAD];
        file.read_exact(&mut head)?;
        let mut document = Vec::new();
        file.take(u64::from_le_bytes(head)).read_to_end(&mut document)?;
        if document.is_empty() {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let engine: String = name.chars().take_while(char::is_ascii_lowercase).collect();
        inputs.push((engine, serde_json::from_slice(&document)?));
    }
    inputs.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(inputs)
}
