"""What handlers share and nobody looks at after every call: it is put back when another handler's turn comes."""

from __future__ import annotations

import gc
import sys
import types
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

import parity_builtins

parity_builtins.keep(globals())

#: Modules whose functions are swept.
WITH_FUNCTIONS = ("collections", "fractions", "hashlib", "json", "random", "statistics", "string", "uuid")


class Sweep:
    """What handlers share that is no namespace, as it was when the handlers were loaded."""

    def __init__(self) -> None:
        self.put_backs: list[Callable[[], None]] = []

    def take(self) -> None:
        """Takes everything as it is now."""
        lists = [sys.path_hooks, sys.meta_path, getattr(sys.modules.get("warnings"), "filters", [])]
        limit, is_collecting = sys.getrecursionlimit(), gc.isenabled()
        trace, profile = sys.gettrace(), sys.getprofile()
        self.put_backs = [
            *(_list_back(each) for each in lists),
            lambda: sys.setrecursionlimit(limit),
            gc.enable if is_collecting else gc.disable,
            lambda: None if sys.gettrace() is trace else sys.settrace(trace),
            lambda: None if sys.getprofile() is profile else sys.setprofile(profile),
            *_decimal_backs(),
            _functions_back(),
        ]

    def put_back(self) -> None:
        """Makes everything what it was."""
        for put_back in self.put_backs:
            put_back()


def _list_back(live: list[Any]) -> Callable[[], None]:
    before = list(live)

    def put_back() -> None:
        if len(live) != len(before) or any(now is not then for now, then in zip(live, before, strict=True)):
            live[:] = before

    return put_back


def _decimal_backs() -> Iterator[Callable[[], None]]:
    """The contexts that new ones are made of."""
    decimal = sys.modules.get("decimal")
    if decimal is None:
        return
    for name in ("DefaultContext", "BasicContext", "ExtendedContext"):
        yield _context_back(getattr(decimal, name))


def _context_back(live: Any) -> Callable[[], None]:
    settings = attrgetter(*SETTINGS)
    before, traps = settings(live), dict(live.traps)

    def put_back() -> None:
        if settings(live) != before or live.traps != traps:
            for name, value in zip(SETTINGS, before, strict=True):
                setattr(live, name, value)
            live.traps.update(traps)

    return put_back


#: What makes a difference to the results of decimal arithmetic, beside the traps.
SETTINGS = ("prec", "rounding", "Emin", "Emax", "capitals", "clamp")

#: The insides of a function.
INSIDES = ("__code__", "__defaults__", "__kwdefaults__")


def _functions_back() -> Callable[[], None]:
    members = [member for name in WITH_FUNCTIONS for member in vars(sys.modules.get(name, types)).values()]
    functions = [member for member in members if type(member) is types.FunctionType]
    insides = attrgetter(*INSIDES)
    before = list(map(insides, functions))

    def put_back() -> None:
        for live, then in zip(functions, before, strict=True):
            if any(now is not it for now, it in zip(insides(live), then, strict=True)):
                for name, value in zip(INSIDES, then, strict=True):
                    setattr(live, name, value)

    # What is equal need not be looked at one by one.
    return lambda: None if list(map(insides, functions)) == before else put_back()
