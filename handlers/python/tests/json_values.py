"""JSON texts into Python values by the harness's rules, and which Python values are JSON."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

# An integer that no 64 bits hold is read as the nearest double.
SMALLEST, GREATEST = -(1 << 63), (1 << 64) - 1

# How deep a value may nest, and how many values a document may hold: a cycle goes beyond any limit.
MAX_DEPTH = 200
MAX_VALUES = 1_000_000


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
    """``value`` as JSON, or a ``NotJsonError``. Tuples count as lists, subclasses as what they extend."""
    return _Reader().read(value, path, 0)


class _Reader:
    """Reads one document."""

    def __init__(self) -> None:
        self.values = 0

    def read(self, value: Any, path: str, depth: int) -> Any:
        self.values += 1
        if self.values > MAX_VALUES:
            raise NotJsonError(path, f"more than {MAX_VALUES} values")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return _text(value, path, "a lone surrogate")
        if isinstance(value, float):
            return _float(value, path)
        if isinstance(value, int):
            if not SMALLEST <= value <= GREATEST:
                raise NotJsonError(path, "an integer beyond 64 bits")
            return int(value)
        if not isinstance(value, dict | list | tuple):
            raise NotJsonError(path, noun(value))
        if depth == MAX_DEPTH:
            raise NotJsonError(path, f"nesting deeper than {MAX_DEPTH}")
        if isinstance(value, dict):
            return {self._name(key, path): self.read(each, child(path, key), depth + 1) for key, each in value.items()}
        return [self.read(each, child(path, index), depth + 1) for index, each in enumerate(value)]

    def _name(self, key: Any, path: str) -> str:
        if not isinstance(key, str):
            raise NotJsonError(path, f"a dict with {noun(key)} as a key")
        return _text(key, path, "a dict with a lone surrogate in a key")


def _text(text: str, path: str, what: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotJsonError(path, what) from error
    return str.__str__(text)


def _float(value: float, path: str) -> float:
    if math.isnan(value):
        raise NotJsonError(path, "NaN")
    if math.isinf(value):
        raise NotJsonError(path, "Infinity" if value > 0 else "-Infinity")
    return float(value)


def noun(value: Any) -> str:
    """What a value is, with its article: ``a set``, ``an int``."""
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
