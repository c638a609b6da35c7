//! The JSON Schema of the vector files, for readers in every language.

use serde_json::{Value, json};

use super::flag::Flag;
use super::model::SCHEMA_VERSION;

/// The schema's file in `vectors/`.
pub const SCHEMA_FILE: &str = "vector.schema.json";

/// The schema of a handler's file.
#[must_use]
pub fn schema() -> Value {
    let digest = json!({"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"});
    let object = json!({"type": "object"});
    let edges: Vec<&str> = Flag::ALL.into_iter().map(Flag::name).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Golden vectors of one step handler, written by `parity vectors regenerate`",
        "type": "object",
        "required": ["digest", "handler", "provenance", "schema_version", "vectors"],
        "additionalProperties": false,
        "properties": {
            "digest": digest,
            "handler": {"$ref": "#/$defs/handler"},
            "provenance": {
                "type": "object",
                "required": ["generator", "policy", "seed", "version"],
                "additionalProperties": false,
                "properties": {
                    "generator": {"const": "parity vectors regenerate"},
                    "policy": {"type": "integer", "minimum": 1},
                    "seed": {"$ref": "#/$defs/word"},
                    "version": {"type": "string", "minLength": 1},
                },
            },
            "schema_version": {"const": SCHEMA_VERSION},
            "vectors": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/vector"}},
        },
        "$defs": {
            "handler": {"type": "string", "pattern": "^[a-z0-9_]+/[a-z0-9_]+$"},
            "word": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
            "vector": {
                "type": "object",
                "required": ["expected", "flags", "id", "input", "note"],
                "additionalProperties": false,
                "properties": {
                    "expected": {"oneOf": [{"$ref": "#/$defs/completed"}, {"$ref": "#/$defs/failed"}]},
                    "flags": {
                        "type": "array",
                        "minItems": 1,
                        "uniqueItems": true,
                        "items": {"anyOf": [
                            {"enum": edges},
                            {"type": "string", "pattern": "^(completed(_[a-z_]+)?|retry_after_[0-9]+|[A-Z][A-Z0-9_]*)$"},
                        ]},
                    },
                    "id": {"type": "string", "pattern": "^[a-z0-9_]+-[0-9a-f]{12}$"},
                    "input": {"$ref": "#/$defs/input"},
                    "note": {"type": "string", "pattern": "\\S"},
                },
            },
            "completed": {
                "type": "object",
                "required": ["metadata", "result", "status"],
                "additionalProperties": false,
                "properties": {"metadata": object, "result": object, "status": {"const": "completed"}},
            },
            "failed": {
                "type": "object",
                "required": ["code", "context", "kind", "message", "retry_after", "status"],
                "additionalProperties": false,
                "properties": {
                    "code": {"type": ["string", "null"]},
                    "context": object,
                    "kind": {"enum": ["permanent", "retryable"]},
                    "message": {"type": "string"},
                    "retry_after": {"type": ["number", "null"]},
                    "status": {"const": "failed"},
                },
            },
            "input": {
                "type": "object",
                "required": ["ambient", "attempt", "context", "dependencies", "handler", "max_attempts", "step_config"],
                "additionalProperties": false,
                "properties": {
                    "ambient": {
                        "type": "object",
                        "required": ["entropy", "now", "step_uuid", "task_uuid"],
                        "additionalProperties": false,
                        "properties": {
                            "entropy": {"$ref": "#/$defs/word"},
                            "now": {
                                "type": "string",
                                "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$",
                            },
                            "step_uuid": {"type": "string"},
                            "task_uuid": {"type": "string"},
                        },
                    },
                    "attempt": {"type": "integer", "minimum": 1},
                    "context": object,
                    "dependencies": object,
                    "handler": {"$ref": "#/$defs/handler"},
                    "max_attempts": {"type": "integer", "minimum": 1},
                    "step_config": object,
                },
            },
        },
    })
}
