//! How values on the command line are read.

use std::time::Duration;

use parity_engine_typescript::{Alias, Profile};

pub(in crate::args) fn alias(text: &str) -> Result<String, String> {
    text.parse::<Alias>().map(|_| text.to_owned())
}

pub(in crate::args) fn node_version(text: &str) -> Result<u32, String> {
    let known = Profile::ALL.into_iter().map(Profile::major).find(|major| major.to_string() == text);
    known.ok_or_else(|| "the versions of Node are 20, 22 and 24".to_owned())
}

pub(in crate::args) fn seed(text: &str) -> Result<u64, String> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    u64::from_str_radix(digits, 16).map_err(|_| "a seed is up to 16 hex digits, e.g. 00000000c0ffee00".to_owned())
}

pub(in crate::args) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.filter(|seconds| !seconds.is_zero()).ok_or_else(|| "a time is a positive number of seconds".to_owned())
}
