"""What a handler answered as plain JSON values, or where it is none: the rules of the embedded interpreter."""

from __future__ import annotations

import math
from typing import Any

#: A document may nest this deep: what is around it must fit into what JSON parsers take.
MAX_DEPTH = 120

#: Shared members make a small object a document without end.
MAX_VALUES = 1_000_000

INTEGERS = range(-(1 << 63), 1 << 64)


class NotJson(Exception):
    """What stands where no JSON value stands, and the names on the way there, innermost first."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
        self.path: list[str] = []

    def pointer(self) -> str:
        """The place as a JSON Pointer."""
        return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in reversed(self.path))


def plain(value: Any, max_depth: int = MAX_DEPTH) -> Any:
    """The value out of lists, dicts and plain scalars. Tuples count as lists, and subclasses as what they extend."""
    return _Reader(max_depth).read(value, 0)


class _Reader:
    def __init__(self, max_depth: int) -> None:
        self.max_depth = max_depth
        self.values = 0

    def read(self, value: Any, depth: int) -> Any:
        self.values += 1
        if self.values > MAX_VALUES:
            raise NotJson(f"more than {MAX_VALUES} values")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return _text(value, "a lone surrogate")
        if isinstance(value, float):
            return _float(float(value))
        if isinstance(value, int):
            if value not in INTEGERS:
                raise NotJson("an integer beyond 64 bits")
            return int(value)
        if not isinstance(value, dict | list | tuple):
            raise NotJson(noun(value))
        if depth == self.max_depth:
            raise NotJson(f"nesting deeper than {self.max_depth}")
        if isinstance(value, dict):
            return {_key(key): self._below(key, member, depth) for key, member in value.items()}
        return [self._below(str(index), element, depth) for index, element in enumerate(value)]

    def _below(self, name: str, value: Any, depth: int) -> Any:
        try:
            return self.read(value, depth + 1)
        except NotJson as error:
            error.path.append(name)
            raise


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise NotJson(f"a dict with {noun(key)} as a key")
    return _text(key, "a dict with a lone surrogate in a key")


def _text(text: str, what: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotJson(what) from None
    return str.__str__(text)


def _float(value: float) -> float:
    if math.isfinite(value):
        return value
    raise NotJson("NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity")


def noun(value: Any) -> str:
    """What a value is, with its article: ``a set``, ``an int``."""
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in tuple('aeiou') else 'a'} {name}"
