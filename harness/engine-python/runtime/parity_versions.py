"""Whether a call may have left something, told by the versions of dicts, in a process that no Rust is in."""

from __future__ import annotations

import _thread
import ctypes
from collections.abc import Callable
from operator import itemgetter
from typing import Any

import parity_builtins
import parity_doors
from parity_doors import DOORS

parity_builtins.keep(globals())

WORD = 8

#: Where CPython keeps the version of a dict: behind its count of references, its type, and its count of members.
OFFSET = 3 * WORD

#: The memory of this process as numbers, made before the sandbox keeps everybody from it.
_memory = (ctypes.c_uint64 * (1 << 44)).from_address(0)


def _place(dictionary: dict[Any, Any]) -> int:
    return (id(dictionary) + OFFSET) // WORD


def _has_versions() -> bool:
    """Whether this Python keeps one: it changes with a write, and with nothing else."""
    dictionary: dict[str, int] = {"a": 1}
    place = _place(dictionary)
    before = _memory[place]
    is_quiet = dictionary["a"] == 1 and _memory[place] == before
    dictionary["a"] = 2
    return is_quiet and _memory[place] != before


class Versions:
    """The versions of everything that handlers share."""

    def __init__(self) -> None:
        self.are_there = _has_versions()
        self.dicts: list[dict[Any, Any]] = []
        self.read: Callable[[Any], Any] = lambda _: None
        self.taken: Any = None
        self.take()

    def take(self) -> None:
        """Takes them as they are now."""
        if self.are_there:
            self.dicts = DOORS.dicts()  # which keeps them where they are
            self.read = itemgetter(*map(_place, self.dicts))
            self.taken = self.read(_memory)

    def take_again(self) -> None:
        """Takes those of the same dicts, now that another tree's modules are those of the interpreter."""
        self.taken = self.read(_memory)

    def may_have_changed(self) -> bool:
        """Whether there was a write since they were taken, or something else than a dict was changed."""
        if self.are_there and self.read(_memory) == self.taken:
            return _thread._count() > 0 or parity_doors.locale_name() != DOORS.locale
        return True
