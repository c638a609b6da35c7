//! `parity worker` and `parity campaign-worker`: what another parity has started.

use std::io;

use parity_engine::process::{end_with_the_parent, own_errors, own_output};
use parity_engines::{Launcher, serve_worker};

use super::error::{CliError, Exit};
use super::suite::libraries;

/// Answers for one engine.
pub(super) fn worker() -> Result<Exit, CliError> {
    end_with_the_parent();
    tracing::debug!("a process of an engine starts");
    let mut output = own_output()?;
    serve_worker(&mut io::stdin().lock(), &mut output)?;
    Ok(Exit::Agreement)
}

/// Does the jobs of a campaign. Standard error is nobody's whose handlers write there, unless it is logged to.
pub(super) fn campaign_worker(launch: &Launcher, logs_to_stderr: bool) -> Result<Exit, CliError> {
    tracing::debug!("a process of a campaign starts");
    if !logs_to_stderr {
        own_errors()?;
    }
    parity_campaign::serve(launch, &libraries)?;
    Ok(Exit::Agreement)
}
