"""Whether an outcome agrees with the expected one, and where it does not.

Objects ignore the order of their keys and arrays do not; absent is not null; numbers are compared by mathematical
value, so that 2 is 2.0 and 2**53 + 1 is not the double next to it; strings are compared by code points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.json_values import child


class Absent:
    """What stands where nothing stands."""

    def __repr__(self) -> str:
        return "(absent)"


ABSENT = Absent()


@dataclass(frozen=True)
class Difference:
    """One place, as a JSON Pointer into the outcome document, and what stands there on the two sides."""

    path: str
    expected: Any
    actual: Any


def differences(expected: Any, actual: Any, path: str = "") -> Iterator[Difference]:
    """All places at which two JSON values do not agree, the expected ones in their order."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in [*expected, *sorted(actual.keys() - expected.keys())]:
            yield from differences(expected.get(key, ABSENT), actual.get(key, ABSENT), child(path, key))
    elif isinstance(expected, list) and isinstance(actual, list):
        for index in range(max(len(expected), len(actual))):
            yield from differences(_at(expected, index), _at(actual, index), child(path, index))
    elif not _same(expected, actual):
        yield Difference(path, expected, actual)


def _at(elements: list[Any], index: int) -> Any:
    return elements[index] if index < len(elements) else ABSENT


def _same(expected: Any, actual: Any) -> bool:
    return _kind(expected) == _kind(actual) and bool(expected == actual)


def _kind(value: Any) -> type:
    """Python's 1, 1.0 and True are equal; only the first two are the same JSON."""
    return float if isinstance(value, int) and not isinstance(value, bool) else type(value)
