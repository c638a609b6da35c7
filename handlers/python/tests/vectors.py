"""The golden vectors: files ``<namespace>/<step>.json`` below one directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.json_values import read

SCHEMA_VERSION = 2

#: Directories beside the namespaces that hold something else.
NO_NAMESPACES = {"workflows", "regressions"}

STEP_INPUT = {"ambient", "attempt", "context", "dependencies", "handler", "max_attempts", "step_config"}
OUTCOMES = {
    "completed": {"status", "result", "metadata"},
    "failed": {"status", "kind", "code", "message", "retry_after", "context"},
}


class VectorError(Exception):
    """Vectors that can not be used."""


@dataclass(frozen=True)
class Vector:
    """One step input with the outcome that every handler has to have."""

    file: Path
    id: str
    note: str
    flags: tuple[str, ...]
    step_input: dict[str, Any]
    expected: dict[str, Any]

    @property
    def handler(self) -> str:
        """The identity of the handler."""
        identity: str = self.step_input["handler"]
        return identity


def load(directory: Path) -> list[Vector]:
    """All vectors; a ``VectorError`` if there are none, or if one can not be read."""
    if not directory.is_dir():
        raise VectorError(f"{directory}: no such directory; name the directory of the vectors with --vectors")
    files = sorted(file for file in directory.glob("*/*.json") if file.parent.name not in NO_NAMESPACES)
    vectors = [vector for file in files for vector in _load_file(file)]
    if not vectors:
        raise VectorError(f"{directory}: no vectors; there should be files <namespace>/<step>.json")
    places: dict[str, Path] = {}
    for vector in vectors:
        if vector.id in places:
            raise VectorError(f"{vector.file}: vector {vector.id} is in {places[vector.id]}, too")
        places[vector.id] = vector.file
    return vectors


def _load_file(file: Path) -> list[Vector]:
    try:
        document = read(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise VectorError(f"{file}: {error}") from error
    try:
        if document["schema_version"] != SCHEMA_VERSION:
            version = document["schema_version"]
            raise VectorError(f"{file}: schema version {version}, this reads {SCHEMA_VERSION}")
        if document["handler"] != f"{file.parent.name}/{file.stem}":
            raise VectorError(f"{file}: its vectors are for {document['handler']}")
        vectors = [_vector(file, document["handler"], each) for each in document["vectors"]]
    except (KeyError, TypeError) as error:
        raise VectorError(f"{file}: not in the format of vectors: {type(error).__name__}: {error}") from error
    if not vectors:
        raise VectorError(f"{file}: no vectors")
    return vectors


def _vector(file: Path, handler: str, each: dict[str, Any]) -> Vector:
    vector = Vector(file, each["id"], each["note"], tuple(each["flags"]), each["input"], each["expected"])
    if set(vector.step_input) != STEP_INPUT or vector.handler != handler:
        raise VectorError(f"{file}: vector {vector.id}: its input is no step input of {handler}")
    if set(vector.expected) != OUTCOMES.get(vector.expected["status"]):
        raise VectorError(f"{file}: vector {vector.id}: what it expects is no outcome")
    return vector
