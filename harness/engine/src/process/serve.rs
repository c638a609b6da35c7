//! The worker's side: answers requests with an engine until there are no more.

use std::io::{self, BufRead, Write};

use super::protocol::{PROTOCOL, Reply, Request};
use crate::engine::Engine;
use crate::error::{EngineFault, TreeError};

/// Answers the hello with what there is to be had of the engine that `load` makes, then every run with a reply.
///
/// A line that is no request ends the worker with an error of the kind [`io::ErrorKind::InvalidData`].
pub fn serve(
    load: impl FnOnce() -> Result<Box<dyn Engine>, TreeError>,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> io::Result<()> {
    let mut line = Vec::new();
    match receive(input, &mut line)? {
        Some(Request::Hello { protocol: PROTOCOL, .. }) => {}
        Some(Request::Bye) | None => return Ok(()),
        Some(_) => return Err(invalid("this worker is to be greeted first, in its own protocol")),
    }
    let mut engine = match load() {
        Ok(engine) => engine,
        Err(error) => return say(output, &Reply::Refused { message: error.to_string() }),
    };
    let (name, handlers) = (engine.name().to_owned(), engine.handlers().to_vec());
    let inventory = engine.inventory().cloned();
    say(output, &Reply::Hello { protocol: PROTOCOL, engine: name, handlers, inventory })?;
    while let Some(request) = receive(input, &mut line)? {
        let (id, input) = match request {
            Request::Run { id, input } => (id, input),
            Request::Bye => break,
            Request::Assign { .. } => return Err(invalid("this worker knows its handlers")),
            Request::Hello { .. } => return Err(invalid("this worker was greeted before")),
        };
        let reply = match engine.run(&input) {
            Ok(outcome) => Reply::Result { id, outcome },
            Err(EngineFault::Spoiled { what, .. }) => Reply::Spoiled { id, what },
            Err(fault) => Reply::Fault { id, message: fault.to_string() },
        };
        say(output, &reply)?;
    }
    Ok(())
}

fn receive(input: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<Option<Request<'static>>> {
    line.clear();
    if input.read_until(b'\n', line)? == 0 {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(line)?))
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

fn say(output: &mut dyn Write, reply: &Reply) -> io::Result<()> {
    let mut line = serde_json::to_vec(reply)?;
    line.push(b'\n');
    output.write_all(&line)?;
    output.flush()
}
