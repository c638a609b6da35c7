"""The figures made of records: how they are grouped and averaged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from support import Number

R = TypeVar("R")


def group_by(records: Iterable[R], key: Callable[[R], str]) -> dict[str, list[R]]:
    """The groups of records with the same key, in the order in which the keys first occur."""
    groups: dict[str, list[R]] = {}
    for record in records:
        groups.setdefault(key(record), []).append(record)
    return groups


def average(total: Number, count: int) -> float:
    """The mean of ``count`` numbers that sum up to ``total``; of no numbers it is 0."""
    return total / count if count else 0.0
