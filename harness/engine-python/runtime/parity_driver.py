"""Loads trees of handlers and calls handlers, and names what they did in tuples that Rust reads."""

from __future__ import annotations

import _thread
import inspect
import sys
from collections.abc import Callable
from typing import Any

import parity_builtins
import parity_loop
from parity_doors import DOORS
from parity_tree import SUFFIX, BadFile, Tree
from tasker_core import StepContext, StepHandlerResult
from tasker_core._functional import RaisedResult
from tasker_core._surface import asked
from tasker_core.errors import TaskerError
from tasker_core.registry import MethodDispatchWrapper

parity_builtins.keep(globals())

__all__ = ["SUFFIX", "BadFile", "Tree", "bare_loop", "call", "call_input", "call_with", "left_behind", "load"]

#: Raises an exception in another thread. Rust puts it here.
interrupt: Callable[[int, type[BaseException]], None]


class DeadlineError(BaseException):
    """Raised in a handler that takes too long."""

    def __str__(self) -> str:
        return "it takes too long"


def load(tree: Tree, file: str) -> tuple[str, int | None, str] | None:
    """Imports a file of a tree; why it cannot be loaded, if it cannot: the place, the line, and what is wrong."""
    try:
        tree.load(file)
    except BadFile as error:
        place, line, message = error.args
        _left_by_import()
        return place, line, message
    finally:
        asked.clear()
    left = _left_by_import()
    return None if left is None else (file, None, f"it leaves {left[1]} when it is imported")


def realm(tree: Tree, place: int, method: str | None) -> tuple[Tree, Callable[[], Any]]:
    """The modules with which a handler is called, and what makes it: its class, unless another method is called."""
    try:
        own, cls = tree.realm(place, method)
        return own, cls if method is None else lambda: MethodDispatchWrapper(cls(), method)
    finally:
        asked.clear()
        left_behind()


def call(
    tree: Tree,
    handler: Callable[[], Any],
    identity: str,
    task_uuid: str,
    step_uuid: str,
    context: dict[str, Any],
    dependencies: dict[str, Any],
    step_config: dict[str, Any],
    retry_count: int,
    max_retries: int,
    step_inputs: dict[str, Any],
    checkpoint: dict[str, Any] | None,
) -> tuple[Any, ...]:
    """Calls a handler and names how it ended."""
    # In an envelope, so that the package opens this one and never touches the value.
    stored = {step: {"result": result} for step, result in dependencies.items()}
    step_context = StepContext(
        task_uuid,
        step_uuid,
        task_uuid,
        identity,
        context,
        stored,
        step_config,
        step_inputs,
        retry_count,
        max_retries,
        checkpoint,
    )
    return call_with(tree, handler, step_context)


def call_input(tree: Tree, handler: Callable[[], Any], step_input: dict[str, Any]) -> tuple[Any, ...]:
    """The same for a step input as a document."""
    ambient = step_input["ambient"]
    return call(
        tree,
        handler,
        step_input["handler"].partition("#")[0],
        ambient["task_uuid"],
        ambient["step_uuid"],
        step_input["context"],
        step_input["dependencies"],
        step_input["step_config"],
        step_input["attempt"] - 1,
        step_input["max_attempts"],
        step_input.get("step_inputs", {}),
        step_input.get("checkpoint"),
    )


def call_with(tree: Tree, handler: Callable[[], Any], step_context: StepContext) -> tuple[Any, ...]:
    """Calls a handler with a context that is there already."""
    tree.activate()
    end = tree.isolation.run(_end, tree, handler, step_context)
    return ("unsupported", _forget_asked()) if asked else end


def _end(tree: Tree, handler: Callable[[], Any], step_context: StepContext) -> tuple[Any, ...]:
    try:
        result = handler().call(step_context)
        return _planned(parity_loop.run(result) if inspect.isawaitable(result) else result)
    except TaskerError as error:
        return _failed(error.retryable, error.error_code, error.message, error.metadata, type(error).__name__, True)
    except (parity_loop.NeverSettlesError, DeadlineError):
        return ("timed_out",)
    except SystemExit:
        return ("exited",)
    except MemoryError:
        return ("out_of_memory",)
    except RecursionError:
        return ("stack_overflow",)
    except BaseException as error:
        # Where the tree is does not matter.
        return ("crashed", type(error).__name__, _text(error).replace(tree.root, ""), tree.trace(error))


def _forget_asked() -> str:
    """What the call asked for first that is not provided."""
    first = asked[0]
    asked.clear()
    return first


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
        return f"a message that cannot be read: {type(second).__name__}"


def _planned(result: Any) -> tuple[Any, ...]:
    if not isinstance(result, StepHandlerResult):
        return ("crashed", type(result).__name__, "the handler returned no StepHandlerResult", "")
    if result.is_success:
        return ("completed", result.result, result.metadata)
    raised = isinstance(result, RaisedResult)
    return _failed(
        result.retryable, result.error_code, result.error_message, result.metadata, result.error_type, raised
    )


def _failed(
    retryable: bool,
    code: str | None,
    message: str | None,
    metadata: dict[str, Any],
    error_type: str | None,
    raised: bool,
) -> tuple[Any, ...]:
    rest = {key: value for key, value in metadata.items() if key not in ("error_code", "retry_after")}
    if not raised and len(rest) == 1 and isinstance(rest.get("context"), dict):
        # Here a failure has its context that is to arrive: of the rest of the metadata Tasker's worker sends nothing.
        rest = rest["context"]
    code = metadata.get("error_code") if code is None else code
    kind = "retryable" if retryable else "permanent"
    return (kind, code, message, metadata.get("retry_after"), rest, error_type, raised)


def left_behind() -> tuple[Any, ...] | None:
    """What the last call left that would change later ones, now undone; ``spoiled`` if it cannot be undone."""
    left = _running_thread()
    changed = DOORS.undo()
    if Tree.active is not None:
        Tree.active.sort_modules()
    return left if left is not None or changed is None else ("left_behind", changed)


def mend() -> None:
    """Forgets what an interrupted call may have left in part: the modules that it imported first, and its loop."""
    if Tree.active is not None:
        for name in sys.modules.keys() - DOORS.modules.keys() - Tree.active.modules.keys():
            del sys.modules[name]
    asyncio = sys.modules.get("asyncio")
    if asyncio is not None:
        asyncio.events._set_running_loop(None)


def _left_by_import() -> tuple[str, str] | None:
    """What no file may leave, now undone. Everything else is how things are from then on."""
    left = _running_thread()
    changed = DOORS.undo_builtins()
    return left if left is not None or changed is None else ("left_behind", changed)


def _running_thread() -> tuple[str, str] | None:
    if not _thread._count() or _wait_for_threads(lambda _: None):
        return None
    ended = _wait_for_threads(lambda thread: interrupt(thread, DeadlineError))  # noqa: F821
    return ("left_behind", "a running thread") if ended else ("spoiled", "a thread that cannot be ended")


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
