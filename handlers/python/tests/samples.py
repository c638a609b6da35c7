"""Small vectors and handlers for the tests of the replay itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.vectors import Vector

AMBIENT = {
    "entropy": "0123456789abcdef",
    "now": "2026-01-15T09:30:00.000Z",
    "step_uuid": "00000000-0000-4000-8000-000000000002",
    "task_uuid": "00000000-0000-4000-8000-000000000001",
}

HANDLER = """
from tasker_core import *

class Handler(StepHandler):
    handler_name = "miniature/handler"

    def call(self, context):
        {body}
"""


def step_input(
    handler: str, context: dict[str, Any] | None = None, dependencies: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A whole step input."""
    return {
        "ambient": AMBIENT,
        "attempt": 1,
        "context": context or {},
        "dependencies": dependencies or {},
        "handler": handler,
        "max_attempts": 2,
        "step_config": {},
    }


def completed(result: Any) -> dict[str, Any]:
    """A completed outcome."""
    return {"status": "completed", "result": result, "metadata": {}}


def failed(**members: Any) -> dict[str, Any]:
    """A failed outcome."""
    failure: dict[str, Any] = {"kind": "permanent", "code": "NO", "message": "no", "retry_after": None, "context": {}}
    return {"status": "failed", **failure, **members}


def vector(expected: dict[str, Any], handler: str = "miniature/handler", id: str = "handler-000000000000") -> Vector:
    """A vector of a handler that takes nothing."""
    return Vector(Path("a file"), id, "a note", ("boundary", "completed"), step_input(handler), expected)


def write_vectors(directory: Path, vectors: list[Vector]) -> Path:
    """Writes the files of some vectors; answers the directory."""
    for handler in {vector.handler for vector in vectors}:
        documents = [
            {
                "expected": vector.expected,
                "flags": list(vector.flags),
                "id": vector.id,
                "input": vector.step_input,
                "note": vector.note,
            }
            for vector in vectors
            if vector.handler == handler
        ]
        file = directory / f"{handler}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"schema_version": 2, "handler": handler, "vectors": documents}), encoding="utf-8")
    return directory


def write_handler(tree: Path, body: str, name: str = "miniature_handler.py") -> Path:
    """Writes a handler whose ``call`` is ``body``; answers the tree."""
    tree.mkdir(parents=True, exist_ok=True)
    (tree / name).write_text(HANDLER.format(body=body.replace("\n", "\n" + " " * 8)), encoding="utf-8")
    return tree
