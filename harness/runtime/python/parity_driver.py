"""Loads trees of handlers and calls handlers, and names what they did in tuples that Rust reads."""

from __future__ import annotations

import _thread
import builtins
import importlib
import inspect
import os
import sys
import traceback
from collections.abc import Callable
from types import ModuleType, TracebackType
from typing import Any

import parity_loop
from tasker_core import StepContext, StepHandler, StepHandlerResult
from tasker_core.errors import TaskerError

SUFFIX = "_handler.py"
SKIPPED = {"__pycache__", "node_modules"}


BUILTINS = vars(builtins)
BUILTINS_AT_START = dict(BUILTINS)

#: Raises an exception in another thread. Rust puts it here.
interrupt: Callable[[int, type[BaseException]], None]


class DeadlineError(BaseException):
    """Raised in a handler that takes too long."""

    def __str__(self) -> str:
        return "it takes too long"


class BadFile(Exception):
    """A file that can not be loaded: its name below the tree, the line if one is known, and what is wrong."""


class Tree:
    """The handlers below one directory, and the modules that belong to them."""

    active: Tree | None = None

    def __init__(self, root: str) -> None:
        self.root = f"{root}/"
        self.modules: dict[str, ModuleType] = {}
        self.files = sorted(self._files())

    def _files(self) -> list[str]:
        found = []
        for folder, folders, files in os.walk(self.root):
            folders[:] = sorted(name for name in folders if name not in SKIPPED and not name.startswith("."))
            found += [
                f"{folder.removesuffix(os.sep)}/{name}"[len(self.root) :] for name in files if name.endswith(SUFFIX)
            ]
        return found

    def activate(self) -> None:
        """Makes this tree the one whose modules are imported, also by an import inside a handler."""
        if Tree.active is self:
            return
        if Tree.active is not None:
            Tree.active._deactivate()
        Tree.active = self
        sys.path.insert(0, self.root)
        sys.modules.update(self.modules)

    def _deactivate(self) -> None:
        sys.path.remove(self.root)
        self.modules = {name: module for name, module in sys.modules.items() if self._owns(module)}
        for name in self.modules:
            del sys.modules[name]

    def _owns(self, module: ModuleType) -> bool:
        places = [getattr(module, "__file__", None), *(getattr(module, "__path__", None) or ())]
        return any(place is not None and place.startswith(self.root) for place in places)

    def load(self) -> list[tuple[str, type[StepHandler], str]]:
        """Imports every handler file; answers identity, class and file of every handler."""
        self.activate()
        importlib.invalidate_caches()
        handlers = [handler for file in self.files for handler in self._load(file)]
        left = left_behind()
        if left is not None:
            raise BadFile(self.files[0], None, f"it or another file of the tree leaves {left[1]} when it is imported")
        return handlers

    def _load(self, file: str) -> list[tuple[str, type[StepHandler], str]]:
        name = file.removesuffix(".py").replace(os.sep, ".")
        try:
            module = importlib.import_module(name)
        except SyntaxError as error:
            place = error.filename or ""
            place = place.removeprefix(self.root) if place.startswith(self.root) else file
            raise BadFile(place, error.lineno, f"{type(error).__name__}: {error.msg}") from error
        except BaseException as error:
            place, line = self._innermost(error.__traceback__) or (file, None)
            raise BadFile(place, line, f"{type(error).__name__}: {error}") from error
        found = [
            member
            for member in vars(module).values()
            if inspect.isclass(member) and issubclass(member, StepHandler) and member.__module__ == module.__name__
        ]
        handlers = [(handler.handler_name, handler, file) for handler in found if not inspect.isabstract(handler)]
        if not handlers:
            raise BadFile(file, None, "no handler here; define a class that extends tasker_core.StepHandler")
        for identity, handler, _ in handlers:
            if not (isinstance(identity, str) and all(identity.split("/")) and identity.count("/") == 1):
                _, line = inspect.getsourcelines(handler)
                advice = f"give class {handler.__name__} a handler_name of the form 'namespace/step'"
                raise BadFile(file, line, f"{advice} (it is {identity!r})")
        return handlers

    def _innermost(self, trace: TracebackType | None) -> tuple[str, int | None] | None:
        frames = [frame for frame in traceback.extract_tb(trace) if frame.filename.startswith(self.root)]
        return (frames[-1].filename.removeprefix(self.root), frames[-1].lineno) if frames else None

    def trace(self, error: BaseException) -> str:
        """The frames of the tree, the innermost last."""
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(self.root)]
        return "\n".join(f"{frame.filename.removeprefix(self.root)}:{frame.lineno} {frame.name}" for frame in frames)


def call(
    tree: Tree,
    handler: type[StepHandler],
    identity: str,
    task_uuid: str,
    step_uuid: str,
    context: dict[str, Any],
    dependencies: dict[str, Any],
    step_config: dict[str, Any],
    retry_count: int,
    max_retries: int,
) -> tuple[Any, ...]:
    """Calls a handler and names how it ended."""
    tree.activate()
    # In an envelope, so that the package opens this one and never touches the value.
    stored = {step: {"result": result} for step, result in dependencies.items()}
    step_context = StepContext(
        task_uuid, step_uuid, task_uuid, identity, context, stored, step_config, {}, retry_count, max_retries
    )
    try:
        result = handler().call(step_context)
        return _planned(parity_loop.run(result) if inspect.isawaitable(result) else result)
    except TaskerError as error:
        return _failed(error.retryable, error.error_code, error.message, error.metadata)
    except (parity_loop.NeverSettlesError, DeadlineError):
        return ("timed_out",)
    except SystemExit:
        return ("exited",)
    except MemoryError:
        return ("out_of_memory",)
    except RecursionError:
        return ("stack_overflow",)
    except BaseException as error:
        return ("crashed", type(error).__name__, _text(error), tree.trace(error))


def bare_loop(tree: Tree, calls: list[tuple[Any, ...]]) -> None:
    """Calls one handler after the other, with nothing around it: what a campaign is measured against."""
    tree.activate()
    for handler, identity, task_uuid, step_uuid, context, dependencies, step_config, retry_count, max_retries in calls:
        stored = {step: {"result": result} for step, result in dependencies.items()}
        step_context = StepContext(
            task_uuid, step_uuid, task_uuid, identity, context, stored, step_config, {}, retry_count, max_retries
        )
        try:
            result = handler().call(step_context)
            if inspect.isawaitable(result):
                parity_loop.run(result)
        except Exception:
            continue


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as second:
        return f"a message that can not be read: {type(second).__name__}"


def _planned(result: Any) -> tuple[Any, ...]:
    if not isinstance(result, StepHandlerResult):
        return ("crashed", type(result).__name__, "the handler returned no StepHandlerResult", "")
    if result.is_success:
        return ("completed", result.result, result.metadata)
    return _failed(result.retryable, result.error_code, result.error_message, result.metadata)


def _failed(retryable: bool, code: str | None, message: str | None, metadata: dict[str, Any]) -> tuple[Any, ...]:
    rest = {key: value for key, value in metadata.items() if key not in ("error_code", "retry_after")}
    code = metadata.get("error_code") if code is None else code
    return ("retryable" if retryable else "permanent", code, message, metadata.get("retry_after"), rest)


def left_behind() -> tuple[Any, ...] | None:
    """What the last call left that would change later ones, now undone; ``spoiled`` if it can not be undone."""
    if _thread._count():
        if _wait_for_threads(lambda _: None):
            return None
        ended = _wait_for_threads(lambda thread: interrupt(thread, DeadlineError))  # noqa: F821
        return ("left_behind", "a running thread") if ended else ("spoiled", "a thread that can not be ended")
    if BUILTINS != BUILTINS_AT_START:
        # Nothing here calls a builtin function: it may be the wrong one.
        changed = ""
        for name in {**BUILTINS, **BUILTINS_AT_START}:
            if name not in BUILTINS_AT_START:
                del BUILTINS[name]
            elif name in BUILTINS and BUILTINS[name] is BUILTINS_AT_START[name]:
                continue
            else:
                BUILTINS[name] = BUILTINS_AT_START[name]
            changed = changed or name
        return ("left_behind", f"another builtins.{changed}")
    return None


def _wait_for_threads(treat: Callable[[int], None]) -> bool:
    """Waits, in real time, until no other thread runs, and treats the others meanwhile; tells whether they ended.

    The workers of an executor that is thrown away end by themselves, a little later.
    """
    own = _thread.get_ident()
    pause = _thread.allocate_lock()
    pause.acquire()
    for _ in range(20):
        for thread in sys._current_frames():
            if thread != own:
                treat(thread)
        pause.acquire(timeout=0.005)
        if not _thread._count():
            return True
    return False
