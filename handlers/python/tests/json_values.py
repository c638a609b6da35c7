"""JSON texts into Python values by the harness's rules, and which Python values are JSON."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import parity_json

# An integer that no 64 bits hold is read as the nearest double.
SMALLEST, GREATEST = -(1 << 63), (1 << 64) - 1

# How deep a value may nest.
MAX_DEPTH = 200


def read(text: str) -> Any:
    """The value of a JSON text; a ``ValueError`` if it is none, also for NaN and a name that occurs twice."""
    return json.loads(text, parse_int=_integer, parse_constant=_constant, object_pairs_hook=_object)


def _integer(digits: str) -> int | float:
    integer = int(digits)
    is_negative_zero = integer == 0 and digits.startswith("-")
    return integer if SMALLEST <= integer <= GREATEST and not is_negative_zero else float(digits)


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(members)
    if len(names) < len(members):
        raise ValueError(f"an object has a name twice: {sorted(name for name, _ in members)}")
    return names


class NotJsonError(Exception):
    """A value that is not JSON: where, as a JSON Pointer, and what stands there."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(f"{what} at {path}")
        self.path = path
        self.what = what


def child(path: str, name: object) -> str:
    """The JSON Pointer of a member."""
    return f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"


def plain(value: Any, path: str) -> Any:
    """``value`` as JSON, as Tasker's worker sends it, or a ``NotJsonError``."""
    try:
        return parity_json.plain(value, MAX_DEPTH)
    except parity_json.NotJson as error:
        raise NotJsonError(path + error.pointer(), error.what) from error
