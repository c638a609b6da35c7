//! The worker's side: answers requests with an engine until there are no more.

use std::io::{self, BufRead, Write};

use super::protocol::{PROTOCOL, Reply, Request};
use crate::engine::{Engine, EngineFault, TreeError};

/// Says what there is to be had of `engine`, then answers every line of `input` with one of `output`.
///
/// A line that is no request ends the worker with an error of the kind [`io::ErrorKind::InvalidData`].
pub fn serve(
    engine: Result<Box<dyn Engine>, TreeError>,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> io::Result<()> {
    let mut engine = match engine {
        Ok(engine) => engine,
        Err(error) => return say(output, &Reply::Refused { message: error.to_string() }),
    };
    say(output, &Reply::Hello { protocol: PROTOCOL, handlers: engine.handlers().to_vec() })?;
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        match serde_json::from_slice(&line)? {
            Request::Run { id, input } => {
                let reply = match engine.run(&input) {
                    Ok(outcome) => Reply::Result { id, outcome },
                    Err(EngineFault::Spoiled { what, .. }) => Reply::Spoiled { id, what },
                    Err(fault) => Reply::Fault { id, message: fault.to_string() },
                };
                say(output, &reply)?;
            }
            Request::Bye => break,
        }
        line.clear();
    }
    Ok(())
}

fn say(output: &mut dyn Write, reply: &Reply) -> io::Result<()> {
    let mut line = serde_json::to_vec(reply)?;
    line.push(b'\n');
    output.write_all(&line)?;
    output.flush()
}
