"""Closes the doors that the interpreter does not announce: the end of the process, and its standard streams."""

from __future__ import annotations

import _posixsubprocess
import os
import posix
import sys
from collections.abc import Callable
from typing import Any, NoReturn

STANDARD_STREAMS = (1, 2)

#: Where the arguments of ``fork_exec`` say what the new process reads and writes.
PLACES_OF_STREAMS = (6, 9, 11)


class DeniedError(BaseException):
    """Raised in a handler that reaches for something that is not its own."""


def install() -> None:
    """Replaces the functions that no audit hook hears of, and those that hand the process's own streams on."""
    real_write = posix.write
    real_fork_exec = _posixsubprocess.fork_exec
    nowhere = posix.open(os.devnull, posix.O_RDWR)

    def leave(status: int = 0) -> NoReturn:
        raise SystemExit(status)

    def write(fd: int, data: Any) -> int:
        """What is printed belongs to nobody."""
        return memoryview(data).nbytes if fd in STANDARD_STREAMS else real_write(fd, data)

    def fork_exec(*arguments: Any) -> Any:
        sys.audit("_posixsubprocess.fork_exec")
        given = list(arguments)
        for place in PLACES_OF_STREAMS:
            if given[place] in (-1, 0, *STANDARD_STREAMS):
                given[place] = nowhere
        return real_fork_exec(*given)

    def without_streams(spawn: Callable[..., int]) -> Callable[..., int]:
        shut = [(os.POSIX_SPAWN_DUP2, nowhere, fd) for fd in (0, *STANDARD_STREAMS)]

        def spawned(path: Any, argv: Any, env: Any, *, file_actions: Any = (), **options: Any) -> int:
            return spawn(path, argv, env, file_actions=[*shut, *(file_actions or ())], **options)

        return spawned

    def system(command: Any) -> int:
        sys.audit("os.system", command)
        child = posix_spawn("/bin/sh", ["sh", "-c", command], os.environ)
        return os.waitpid(child, 0)[1]

    posix_spawn = without_streams(posix.posix_spawn)
    replaced: dict[str, Callable[..., Any]] = {
        "_exit": leave,
        "abort": leave,
        "posix_spawn": posix_spawn,
        "posix_spawnp": without_streams(posix.posix_spawnp),
        "system": system,
        "write": write,
    }
    for module in (os, posix):
        for name, function in replaced.items():
            setattr(module, name, function)
    setattr(_posixsubprocess, "fork_exec", fork_exec)
