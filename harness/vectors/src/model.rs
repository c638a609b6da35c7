//! The documents in `vectors/`.

use parity_model::{HandlerId, Outcome, StepInput};
use serde::{Deserialize, Serialize};

use crate::identity::id_of;
use parity_json::{digest_of, named_id};
use parity_suite::template::TemplateId;
use parity_suite::workflow::{Task, Trace};

/// The version of the file format.
pub(super) const SCHEMA_VERSION: u32 = 2;

/// The version of the policy by which vectors are chosen. Raise it when the choice changes.
pub(super) const POLICY: u32 = 1;

/// The seed of the cases that vectors are chosen from.
pub(super) const SEED: u64 = 0;

const GENERATOR: &str = "parity vectors regenerate";

const PROMOTER: &str = "parity promote";

/// The vectors of one handler, `vectors/<namespace>/<step>.json`.
///
/// JSON: `{"digest", "handler", "provenance", "schema_version", "vectors": [Vector]}`, keys sorted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VectorFile {
    /// Of the vectors; tells an edit by hand.
    pub digest: String,
    /// The handler.
    pub handler: HandlerId,
    /// Where the vectors come from.
    pub provenance: Provenance,
    /// Version of this format.
    pub schema_version: u32,
    /// The vectors, by identity.
    pub vectors: Vec<Vector>,
}

impl VectorFile {
    /// The file of these vectors, made now.
    #[must_use]
    pub fn new(handler: HandlerId, mut vectors: Vec<Vector>) -> Self {
        vectors.sort_by(|a, b| a.id.cmp(&b.id));
        let (digest, provenance) = (digest_of(&vectors), Provenance::now());
        Self { digest, handler, provenance, schema_version: SCHEMA_VERSION, vectors }
    }
}

/// Where vectors come from. The oracle is not named: replaying the vectors says whether they are its answers, and a change in
/// one handler touches the vectors of that one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// The command that wrote the file.
    pub generator: String,
    /// Version of the policy by which vectors are chosen, if they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<u32>,
    /// Seed of the cases that they were chosen from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// Version of the tool.
    pub version: String,
}

impl Provenance {
    /// What this binary writes of vectors that it chooses.
    #[must_use]
    pub fn now() -> Self {
        let generator = GENERATOR.to_owned();
        Self { generator, policy: Some(POLICY), seed: Some(format!("{SEED:016x}")), ..Self::promoted() }
    }

    /// What this binary writes where all vectors were promoted.
    #[must_use]
    pub fn promoted() -> Self {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Self { generator: PROMOTER.to_owned(), policy: None, seed: None, version }
    }
}

/// One input and what the oracle answers to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// What the oracle answers.
    pub expected: Outcome,
    /// Which declared outcome this is, and which edges it is at; sorted.
    pub flags: Vec<String>,
    /// See [`id_of`].
    pub id: String,
    /// The step input.
    pub input: StepInput,
    /// Why this vector is here.
    pub note: String,
}

impl Vector {
    /// A vector with the identity of its input.
    #[must_use]
    pub fn new(input: StepInput, expected: Outcome, flags: Vec<String>, note: String) -> Self {
        Self { expected, flags, id: id_of(&input), input, note }
    }
}

/// Whole runs of one workflow, `vectors/workflows/<namespace>__<template>.json`.
///
/// JSON: `{"digest", "provenance", "schema_version", "vectors": [TraceVector], "workflow"}`, keys sorted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceFile {
    /// Of the traces.
    pub digest: String,
    /// Where the traces come from.
    pub provenance: Provenance,
    /// Version of this format.
    pub schema_version: u32,
    /// The traces, by identity.
    pub vectors: Vec<TraceVector>,
    /// The workflow.
    pub workflow: TemplateId,
}

impl TraceFile {
    /// The file of these traces, made now.
    #[must_use]
    pub fn new(workflow: TemplateId, mut vectors: Vec<TraceVector>) -> Self {
        vectors.sort_by(|a, b| a.id.cmp(&b.id));
        let (digest, provenance) = (digest_of(&vectors), Provenance::now());
        Self { digest, provenance, schema_version: SCHEMA_VERSION, vectors, workflow }
    }
}

/// One task and the oracle's run of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceVector {
    /// The oracle's run.
    pub expected: Trace,
    /// The template's name, and the first digits of the task's digest.
    pub id: String,
    /// The task.
    pub input: Task,
    /// Why this trace is here.
    pub note: String,
}

impl TraceVector {
    /// A trace with the identity of its task.
    #[must_use]
    pub fn new(input: Task, expected: Trace, note: String) -> Self {
        Self { expected, id: named_id(&input.workflow.name, &input), input, note }
    }
}
