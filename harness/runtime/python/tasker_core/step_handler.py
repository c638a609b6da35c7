"""The two ways of writing a handler: a class with ``call``, or a function with decorators."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, ClassVar

from tasker_core.errors import TaskerError
from tasker_core.types import ErrorType, StepContext, StepHandlerResult


class StepHandler(ABC):
    """A handler as a class."""

    handler_name: ClassVar[str] = ""
    handler_version: ClassVar[str] = "1.0.0"

    @abstractmethod
    def call(self, context: StepContext) -> Any:
        """Does the step's work; may be a coroutine function."""

    @property
    def name(self) -> str:
        """The handler's name."""
        return self.handler_name or type(self).__name__

    @property
    def version(self) -> str:
        """The handler's version."""
        return self.handler_version

    @property
    def capabilities(self) -> list[str]:
        """What the handler can do."""
        return ["process"]

    def config_schema(self) -> dict[str, Any]:
        """JSON Schema of the handler's configuration."""
        return {"type": "object", "properties": {}, "additionalProperties": True}

    def success(
        self, result: dict[str, Any] | None = None, metadata: dict[str, Any] | None = None
    ) -> StepHandlerResult:
        """The step is done."""
        return StepHandlerResult.success(result, metadata)

    def failure(
        self,
        message: str,
        error_type: str | ErrorType = ErrorType.HANDLER_ERROR,
        retryable: bool = True,
        metadata: dict[str, Any] | None = None,
        error_code: str | None = None,
    ) -> StepHandlerResult:
        """The step failed."""
        return StepHandlerResult.failure(message, error_type, retryable, metadata, error_code)


Function = Callable[..., Any]


def _bind(function: Function, **more: Any) -> dict[str, Any]:
    """What the decorators below the outermost one leave on the function for it."""
    bindings: dict[str, Any] = function.__dict__.setdefault("_tasker_bindings", {})
    bindings.update(more)
    return bindings


def depends_on(**parameters: str | tuple[str, type]) -> Callable[[Function], Function]:
    """Hands the result of a step to a parameter, as it is or as an instance of a model."""

    def decorate(function: Function) -> Function:
        _bind(function, **{name: ("dependency", source) for name, source in parameters.items()})
        return function

    return decorate


def inputs(*names: str | type) -> Callable[[Function], Function]:
    """Hands fields of the task's input to parameters of the same name, or all of them as one model."""

    def decorate(function: Function) -> Function:
        for name in names:
            if isinstance(name, str):
                _bind(function, **{name: ("input", name)})
            else:
                _bind(function, inputs=("model", name))
        return function

    return decorate


def _model(model: type, data: Any) -> Any:
    if not isinstance(data, dict):
        return None if data is None else model(data)
    if hasattr(model, "model_validate"):
        return model.model_validate(data)
    known = {each.name for each in fields(model)} if is_dataclass(model) else set(data)
    return model(**{name: value for name, value in data.items() if name in known})


def _argument(context: StepContext, kind: str, source: Any) -> Any:
    if kind == "input":
        return context.get_input(source)
    if kind == "model":
        return _model(source, context.input_data)
    if isinstance(source, tuple):
        step, model = source
        return _model(model, context.get_dependency_result(step))
    return context.get_dependency_result(source)


def _result_of(value: Any) -> StepHandlerResult:
    if isinstance(value, StepHandlerResult):
        return value
    if value is None:
        return StepHandlerResult.success({})
    if isinstance(value, dict):
        return StepHandlerResult.success(value)
    if hasattr(value, "model_dump"):
        return StepHandlerResult.success(value.model_dump())
    if is_dataclass(value) and not isinstance(value, type):
        return StepHandlerResult.success({each.name: getattr(value, each.name) for each in fields(value)})
    return StepHandlerResult.success({"result": value})


def _failure_of(error: TaskerError) -> StepHandlerResult:
    kind = ErrorType.RETRYABLE_ERROR if error.retryable else ErrorType.PERMANENT_ERROR
    return StepHandlerResult.failure(error.message, kind, error.retryable, error.metadata, error.error_code)


def step_handler(name: str, version: str = "1.0.0") -> Callable[[Function], type[StepHandler]]:
    """Makes a handler class of a function. Goes outermost."""

    def decorate(function: Function) -> type[StepHandler]:
        bindings = _bind(function)
        takes_context = "context" in inspect.signature(function).parameters

        def arguments(context: StepContext) -> dict[str, Any]:
            given = {parameter: _argument(context, *binding) for parameter, binding in bindings.items()}
            return {**given, "context": context} if takes_context else given

        class FunctionHandler(StepHandler):
            handler_name = name
            handler_version = version

            async def call(self, context: StepContext) -> StepHandlerResult:
                try:
                    value = function(**arguments(context))
                    return _result_of(await value if inspect.isawaitable(value) else value)
                except TaskerError as error:
                    return _failure_of(error)

        FunctionHandler.__name__ = FunctionHandler.__qualname__ = function.__name__
        FunctionHandler.__module__ = function.__module__
        FunctionHandler.__doc__ = function.__doc__
        return FunctionHandler

    return decorate
