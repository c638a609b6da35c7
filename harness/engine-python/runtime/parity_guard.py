"""Closes the doors that the interpreter does not announce: the end of the process, and its standard output."""

from __future__ import annotations

import _posixsubprocess
import os
import posix
import sys
from typing import Any, NoReturn

STANDARD_STREAMS = (1, 2)


class DeniedError(BaseException):
    """Raised in a handler that reaches for something that is not its own."""


def install() -> None:
    """Replaces the functions that no audit hook hears of."""
    real_write = posix.write

    def leave(status: int = 0) -> NoReturn:
        raise SystemExit(status)

    def write(fd: int, data: Any) -> int:
        """What is printed belongs to nobody."""
        return memoryview(data).nbytes if fd in STANDARD_STREAMS else real_write(fd, data)

    def fork_exec(*_: Any) -> NoReturn:
        sys.audit("_posixsubprocess.fork_exec")
        raise AssertionError("the sandbox is not installed")

    for module in (os, posix):
        for name, function in (("_exit", leave), ("abort", leave), ("write", write)):
            setattr(module, name, function)
    setattr(_posixsubprocess, "fork_exec", fork_exec)
