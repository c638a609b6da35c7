"""Contexts of the Tasker package that is installed, made from the events that its worker receives."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import Any

TYPES: Any = import_module("tasker_core.types")

#: What is tested; there is an ``ImportError`` if it is not installed.
VERSION = version("tasker-py")

# Nothing that a handler asks for is lacking.
_SURFACE = ModuleType("tasker_core._surface")
setattr(_SURFACE, "asked", [])
sys.modules[_SURFACE.__name__] = _SURFACE

# A failure that a function raised looks like one that was returned.
_FUNCTIONAL = ModuleType("tasker_core._functional")
setattr(_FUNCTIONAL, "RaisedResult", type("RaisedResult", (), {}))
sys.modules[_FUNCTIONAL.__name__] = _FUNCTIONAL


def context_of(step_input: dict[str, Any]) -> Any:
    """What a handler is called with for a step input."""
    ambient = step_input["ambient"]
    event = TYPES.FfiStepEvent(
        event_id=ambient["step_uuid"],
        task_uuid=ambient["task_uuid"],
        step_uuid=ambient["step_uuid"],
        correlation_id=ambient["task_uuid"],
        task_sequence_step={
            "task": {"task": {"context": step_input["context"]}},
            "dependency_results": {step: {"result": result} for step, result in step_input["dependencies"].items()},
            "step_definition": {"handler": {"initialization": step_input["step_config"]}},
            "workflow_step": {
                "attempts": step_input["attempt"] - 1,
                "max_attempts": step_input["max_attempts"],
                "inputs": step_input.get("step_inputs"),
                "checkpoint": step_input.get("checkpoint"),
            },
        },
    )
    return TYPES.StepContext.from_ffi_event(event, step_input["handler"])
