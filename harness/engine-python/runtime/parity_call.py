"""Calls the handlers of a tree, and makes the replies of what they did."""

from __future__ import annotations

import ctypes
from typing import Any

import parity_ambient
import parity_builtins
import parity_doors
import parity_driver
import parity_guard
import parity_json
import parity_sandbox
import parity_streams
import parity_versions

parity_builtins.keep(globals())

#: The members of the driver's ends, by their first one.
COMPLETED = ("result", "metadata")
FAILED = ("code", "message", "retry_after", "context", "error_type", "raised")

_set_async_exc = ctypes.pythonapi.PyThreadState_SetAsyncExc


class Calls:
    """The handlers of one tree."""

    def __init__(self, root: str, files: list[str]) -> None:
        self.streams = parity_streams.Streams()
        parity_ambient.install(self.streams)
        parity_guard.install()
        self.sandbox = parity_sandbox.Sandbox(root)
        self.sandbox.install()
        parity_driver.interrupt = _interrupt
        parity_doors.DOORS.start(self.streams.type_modified)
        self.tree = parity_driver.Tree(root, files)
        self.not_loaded = [problem for file in files if (problem := self._load(file))]
        self.sightings = self.tree.sightings()
        self.places: dict[str, int] = {}
        self.realms: dict[str, tuple[Any, Any]] = {}
        self.versions = parity_versions.Versions()

    def _load(self, file: str) -> dict[str, Any] | None:
        """Why a file cannot be loaded, if it cannot."""
        self.streams.rewind()
        problem = parity_driver.load(self.tree, file)
        if problem is None:
            return None
        place, line, message = problem
        return {"file": file, "line": line, "place": None if place == file else place, "message": message}

    def found(self) -> list[dict[str, Any]]:
        """What was found, in the order from which ``assign`` chooses."""
        return [
            {"declared": declared, "name": name, "file": file, "line": line, "extended": extended, "methods": methods}
            for declared, name, file, line, extended, methods, _ in self.sightings
        ]

    def assign(self, handlers: dict[str, int]) -> None:
        """Takes the places of the handlers in what was found."""
        self.places = handlers

    def is_new(self, handler: str) -> bool:
        """Whether a handler is called for the first time, so that it is to be loaded."""
        return handler not in self.realms

    def load(self, handler: str) -> str | None:
        """Loads a handler by itself; why it cannot be loaded, if it cannot."""
        self.sandbox.is_loading = True
        self.streams.rewind()
        method = handler.partition("#")[2] or None
        try:
            self.realms[handler] = parity_driver.realm(self.tree, self.places[handler], method)
        except ImportError as error:
            return str(error)
        self.versions.take()
        return None

    def answer(self, step_input: dict[str, Any]) -> dict[str, Any]:
        """The reply to a run of a handler that is loaded, without its id."""
        tree, cls = self.realms[step_input["handler"]]
        if parity_driver.Tree.active is not tree:
            tree.activate()
            self.versions.take_again()
        self.streams.reset(step_input["ambient"])
        self.sandbox.is_loading, self.sandbox.denial = False, None
        # Making a document runs the handler's code, too, where a generator is iterated over.
        outcome = _outcome(parity_driver.call_input(tree, cls, step_input))
        left = None
        if self.versions.may_have_changed():
            left = parity_driver.left_behind()
            self.versions.take()
        if left is not None:
            kind, what = left
            self.streams.forget_zone()
            if kind == "spoiled":
                return {"type": "spoiled", "what": what}
            return {"type": "result", "outcome": {"status": "left_behind", "what": what}}
        # Whatever the handler made of the refusal.
        return {"type": "result", "outcome": self.sandbox.denial or outcome}


def _outcome(end: tuple[Any, ...]) -> dict[str, Any]:
    """The document of one of the driver's ends."""
    kind, *values = end
    if kind == "completed":
        return _document({"status": "completed"}, COMPLETED, values)
    if kind in ("permanent", "retryable"):
        return _document({"status": "failed", "kind": kind}, FAILED, values)
    if kind == "crashed":
        name, message, trace = (str(value).encode(errors="replace").decode() for value in values)
        return {"status": "crashed", "class": name, "message": message, "trace": trace}
    if kind == "unsupported":
        return {"status": kind, "what": values[0]}
    return {"status": kind}


def _document(head: dict[str, Any], names: tuple[str, ...], values: list[Any]) -> dict[str, Any]:
    document = dict(head)
    for name, value in zip(names, values, strict=True):
        try:
            document[name] = parity_json.plain(value)
        except parity_json.NotJson as error:
            error.is_below(name)
            return {"status": "unserialisable", "path": error.pointer(), "what": error.what}
        except SystemExit:
            return {"status": "exited"}
        except MemoryError:
            return {"status": "out_of_memory"}
        except parity_guard.DeniedError:
            return {"status": "denied"}  # which the sandbox has noted
    return document


def _interrupt(thread: int, error: type[BaseException]) -> None:
    """Raises an exception in another thread."""
    _set_async_exc(ctypes.c_ulong(thread), ctypes.py_object(error))
