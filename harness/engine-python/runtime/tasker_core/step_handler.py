"""The two ways of writing a handler: a class with ``call``, or a function with decorators."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
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

    def config_schema(self) -> dict[str, Any] | None:
        """JSON Schema of the handler's configuration, if there is one."""
        return None

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r}, version={self.version!r})"

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


def depends_on(**parameters: str | tuple[str, type]) -> Callable[[Function], Function]:
    """Hands the result of a step to a parameter, as it is or as an instance of a model."""

    def decorate(function: Function) -> Function:
        _note(function, "_depends_on", {**getattr(function, "_depends_on", {}), **parameters})
        return function

    return decorate


def inputs(*names: str | type) -> Callable[[Function], Function]:
    """Hands fields of the task's input to parameters of the same name, or all of them as one model."""

    def decorate(function: Function) -> Function:
        if len(names) == 1 and isinstance(names[0], type):
            _note(function, "_input_model", names[0])
        else:
            _note(function, "_inputs", [*getattr(function, "_inputs", []), *names])
        return function

    return decorate


def _note(function: Function, name: str, value: Any) -> None:
    setattr(function, name, value)


def _input_of(model: type, context: StepContext) -> Any:
    """The task's input as a model. What is missing is ``None``, unless a dataclass has a default for it."""
    if is_dataclass(model):
        known = {each.name: each for each in fields(model) if each.init}
        has_default = {
            name for name, each in known.items() if each.default is not MISSING or each.default_factory is not MISSING
        }
        names = [name for name in known if name in context.input_data or name not in has_default]
    else:
        names = list(getattr(model, "model_fields", context.input_data))
    return model(**{name: context.get_input(name) for name in names})


def _result_as(model: type, result: Any) -> Any:
    """An earlier step's result as a model, if it is an object."""
    if not isinstance(result, dict):
        return result
    if hasattr(model, "model_validate"):
        return model.model_validate(result)
    known = {each.name for each in fields(model)} if is_dataclass(model) else set(result)
    return model(**{name: value for name, value in result.items() if name in known})


def _arguments(function: Function, context: StepContext) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for parameter, source in getattr(function, "_depends_on", {}).items():
        if isinstance(source, tuple):
            step, model = source
            arguments[parameter] = _result_as(model, context.get_dependency_result(step))
        else:
            arguments[parameter] = context.get_dependency_result(source)
    model = getattr(function, "_input_model", None)
    if model is not None:
        arguments["inputs"] = _input_of(model, context)
    else:
        arguments.update({name: context.get_input(name) for name in getattr(function, "_inputs", [])})
    parameters = inspect.signature(function).parameters
    for name in ("context", "_context"):
        if name in parameters:
            return {**arguments, name: context}
    return arguments


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


def _failure_of(error: TaskerError) -> StepHandlerResult:
    kind = ErrorType.RETRYABLE_ERROR if error.retryable else ErrorType.PERMANENT_ERROR
    return StepHandlerResult.failure(error.message, kind, error.retryable, error.metadata, error.error_code)


def step_handler(name: str, version: str = "1.0.0") -> Callable[[Function], Function]:
    """Makes a handler of a function, which stays what it is and keeps the handler's class. Goes outermost."""

    def decorate(function: Function) -> Function:
        class FunctionHandler(StepHandler):
            handler_name = name
            handler_version = version

            async def call(self, context: StepContext) -> StepHandlerResult:
                try:
                    value = function(**_arguments(function, context))
                    return _result_of(await value if inspect.isawaitable(value) else value)
                except TaskerError as error:
                    return _failure_of(error)

        FunctionHandler.__name__ = FunctionHandler.__qualname__ = function.__name__
        FunctionHandler.__module__ = function.__module__
        FunctionHandler.__doc__ = function.__doc__
        _note(function, "_handler_class", FunctionHandler)
        return function

    return decorate
