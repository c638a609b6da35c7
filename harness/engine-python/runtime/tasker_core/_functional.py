"""Handlers that are functions with decorators."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, cast, runtime_checkable

from tasker_core._arguments import arguments_of
from tasker_core._batchable import Batchable
from tasker_core._decisions import DecisionMixin, DecisionPointOutcome, DecisionType
from tasker_core.errors import TaskerError
from tasker_core.step_handler import StepHandler
from tasker_core.types import ErrorType, StepContext, StepHandlerResult


@runtime_checkable
class FunctionalHandler(Protocol):
    """A function that keeps the class of its handler."""

    _handler_class: type[StepHandler]
    __name__: str
    __call__: Callable[..., Any]


class RaisedResult(StepHandlerResult):
    """The result of a function that raised."""

    __slots__ = ()


HandlerDecorator = Callable[[Callable[..., Any]], FunctionalHandler]


@dataclass(frozen=True)
class Decision:
    """What a function returns that decides."""

    outcome: DecisionPointOutcome

    @staticmethod
    def route(steps: list[str], **routing_context: Any) -> Decision:
        """Goes on with these steps."""
        return Decision(DecisionPointOutcome.create_steps(steps, routing_context=routing_context))

    @staticmethod
    def skip(reason: str, **routing_context: Any) -> Decision:
        """Goes on with no step."""
        return Decision(DecisionPointOutcome.no_branches(reason, routing_context=routing_context))


@dataclass
class BatchConfig:
    """What a function returns that splits work into batches."""

    total_items: int
    batch_size: int
    metadata: dict[str, Any] = field(default_factory=dict)


def step_handler(name: str, version: str = "1.0.0") -> HandlerDecorator:
    """Makes a handler of a function, which stays what it is and keeps the handler's class. Goes outermost."""

    class FunctionHandler(StepHandler):
        async def call(self, context: StepContext) -> StepHandlerResult:
            return await _called(self, context, lambda _: {}, _result_of)

    return _decorator(FunctionHandler, name, version)


def decision_handler(name: str, version: str = "1.0.0") -> HandlerDecorator:
    """The same for a function that returns a ``Decision``."""

    class FunctionHandler(DecisionMixin, StepHandler):
        async def call(self, context: StepContext) -> StepHandlerResult:
            return await _called(self, context, lambda _: {}, self.decided)

        def decided(self, value: Any) -> StepHandlerResult:
            if not isinstance(value, Decision):
                return _result_of(value)
            outcome = value.outcome
            if outcome.decision_type == DecisionType.CREATE_STEPS:
                return self.decision_success(outcome.next_step_names, outcome.routing_context)
            return self.skip_branches(outcome.reason or "No branches", outcome.routing_context)

    return _decorator(FunctionHandler, name, version)


def batch_analyzer(name: str, worker_template: str, version: str = "1.0.0") -> HandlerDecorator:
    """The same for a function that returns a ``BatchConfig``."""

    class FunctionHandler(Batchable, StepHandler):
        async def call(self, context: StepContext) -> StepHandlerResult:
            return await _called(self, context, lambda _: {}, self.split)

        def split(self, value: Any) -> StepHandlerResult:
            if not isinstance(value, BatchConfig):
                return _result_of(value)
            metadata = value.metadata or {}
            outcome = self.create_batch_outcome(value.total_items, value.batch_size, batch_metadata=metadata)
            return self.batch_analyzer_success(outcome, worker_template_name=worker_template)

    return _decorator(FunctionHandler, name, version)


def batch_worker(name: str, version: str = "1.0.0") -> HandlerDecorator:
    """The same for a function that does a batch, which it is told as ``batch_context``."""

    class FunctionHandler(Batchable, StepHandler):
        async def call(self, context: StepContext) -> StepHandlerResult:
            return await _called(self, context, self.batch, _result_of)

        def batch(self, context: StepContext) -> dict[str, Any]:
            return {"batch_context": self.get_batch_context(context)}

    return _decorator(FunctionHandler, name, version)


def _decorator(handler: type[StepHandler], name: str, version: str) -> HandlerDecorator:
    def decorate(function: Callable[..., Any]) -> FunctionalHandler:
        members = {
            "handler_name": name,
            "handler_version": version,
            "function": staticmethod(function),
            "__doc__": function.__doc__,
            "__module__": function.__module__,
        }
        setattr(function, "_handler_class", type(function.__name__, (handler,), members))
        return cast(FunctionalHandler, function)

    return decorate


async def _called(
    handler: StepHandler,
    context: StepContext,
    more: Callable[[StepContext], dict[str, Any]],
    conclude: Callable[[Any], StepHandlerResult],
) -> StepHandlerResult:
    """Calls the function of a handler; a planned error is a failure."""
    function: Callable[..., Any] = handler.function  # type: ignore[attr-defined]
    try:
        value = function(**arguments_of(function, context), **more(context))
        return conclude(await value if inspect.isawaitable(value) else value)
    except TaskerError as error:
        kind = ErrorType.RETRYABLE_ERROR if error.retryable else ErrorType.PERMANENT_ERROR
        return RaisedResult.failure(error.message, kind, error.retryable, error.metadata, error.error_code)


def _result_of(value: Any) -> StepHandlerResult:
    if isinstance(value, StepHandlerResult):
        return value
    if value is None:
        return StepHandlerResult.success({})
    if isinstance(value, dict):
        return StepHandlerResult.success(value)
    if hasattr(value, "model_dump"):
        return StepHandlerResult.success(value.model_dump(mode="json"))
    return StepHandlerResult.success({"result": value})
