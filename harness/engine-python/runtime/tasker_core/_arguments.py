"""What a handler that is a function is called with."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from tasker_core.types import StepContext

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


def arguments_of(function: Function, context: StepContext) -> dict[str, Any]:
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
