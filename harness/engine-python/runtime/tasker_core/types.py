"""What goes into a handler and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, overload

from tasker_core._checks import document


class ErrorType(str, Enum):
    """Names of the kinds of failure."""

    PERMANENT_ERROR = "permanent_error"
    RETRYABLE_ERROR = "retryable_error"
    VALIDATION_ERROR = "validation_error"
    TIMEOUT = "timeout"
    HANDLER_ERROR = "handler_error"


class _Success:
    """``StepHandlerResult.success(…)`` makes a result, while ``result.success`` tells whether one is a success."""

    @overload
    def __get__(self, instance: None, owner: type[StepHandlerResult]) -> Callable[..., StepHandlerResult]: ...
    @overload
    def __get__(self, instance: StepHandlerResult, owner: type[StepHandlerResult]) -> bool: ...
    def __get__(
        self, instance: StepHandlerResult | None, owner: type[StepHandlerResult]
    ) -> Callable[..., StepHandlerResult] | bool:
        return _completed if instance is None else instance.is_success


_UNSET: Any = object()


@dataclass(slots=True, init=False)
class StepHandlerResult:
    """What a handler returns."""

    is_success: bool
    result: dict[str, Any] | None = None
    error_message: str | None = None
    error_type: str | None = None
    error_code: str | None = None
    retryable: bool = True
    metadata: dict[str, Any] = field(default_factory=dict)

    success = _Success()

    def __init__(
        self,
        is_success: bool = _UNSET,
        result: dict[str, Any] | None = None,
        error_message: str | None = None,
        error_type: str | None = None,
        error_code: str | None = None,
        retryable: bool = True,
        metadata: dict[str, Any] | None = None,
        *,
        success: bool = _UNSET,
    ) -> None:
        """``success`` is another name of ``is_success``."""
        self.is_success = success if is_success is _UNSET else is_success
        if self.is_success is _UNSET:
            raise TypeError("a result says whether it is_success")
        self.result = None if result is None else document("StepHandlerResult.result", result)
        self.error_message = error_message
        self.error_type = error_type
        self.error_code = error_code
        self.retryable = retryable
        self.metadata = {} if metadata is None else document("StepHandlerResult.metadata", metadata)

    def is_success_result(self) -> bool:
        """Whether the step is done."""
        return self.is_success

    def is_failure_result(self) -> bool:
        """Whether the step failed."""
        return not self.is_success

    def model_dump(self, *_: Any, **__: Any) -> dict[str, Any]:
        """The result as a document."""
        names = ("is_success", "result", "error_message", "error_type", "error_code", "retryable", "metadata")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def failure(
        cls,
        message: str,
        error_type: str | ErrorType = ErrorType.HANDLER_ERROR,
        retryable: bool = True,
        metadata: dict[str, Any] | None = None,
        error_code: str | None = None,
    ) -> StepHandlerResult:
        """The step failed; ``retryable`` says whether another attempt may succeed."""
        kind = error_type.value if isinstance(error_type, ErrorType) else error_type
        return cls(False, None, message, kind, error_code, retryable, {} if metadata is None else metadata)


def _completed(result: dict[str, Any] | None = None, metadata: dict[str, Any] | None = None) -> StepHandlerResult:
    return StepHandlerResult(True, {} if result is None else result, metadata=metadata)


@dataclass(slots=True)
class StepContext:
    """Everything a handler is given for one call."""

    task_uuid: str
    step_uuid: str
    correlation_id: str
    handler_name: str
    input_data: dict[str, Any]
    dependency_results: dict[str, Any]
    step_config: dict[str, Any]
    step_inputs: dict[str, Any]
    retry_count: int
    max_retries: int
    stored_checkpoint: dict[str, Any] | None = None

    def get_input(self, key: str) -> Any:
        """A field of the task's input; ``None`` when it is missing."""
        return self.input_data.get(key)

    def get_input_or(self, key: str, default: Any = None) -> Any:
        """The same with a default for what is missing or ``None``; 0, False and "" are kept."""
        value = self.input_data.get(key)
        return default if value is None else value

    def get_config(self, key: str) -> Any:
        """A field of the step's configuration; ``None`` when it is missing."""
        return self.step_config.get(key)

    def get_dependency_result(self, step: str) -> Any:
        """The result of an earlier step; a stored dict with the key "result" is opened once."""
        stored = self.dependency_results.get(step)
        return stored["result"] if isinstance(stored, dict) and "result" in stored else stored

    def get_dependency_field(self, step: str, *path: str) -> Any:
        """A field inside the result of an earlier step; ``None`` when the way there is missing."""
        value = self.get_dependency_result(step)
        for key in path:
            if not isinstance(value, dict):
                return None
            value = value.get(key)
        return value

    def get_dependency_result_keys(self) -> list[str]:
        """The names of the earlier steps that have a result."""
        return list(self.dependency_results)

    def get_all_dependency_results(self, prefix: str = "") -> list[Any]:
        """The results of the earlier steps whose name begins with ``prefix``, without those that are ``None``."""
        results = (self.get_dependency_result(step) for step in self.dependency_results if step.startswith(prefix))
        return [result for result in results if result is not None]

    def is_retry(self) -> bool:
        """Whether an earlier attempt failed."""
        return self.retry_count > 0

    def is_last_retry(self) -> bool:
        """Whether no attempt is left after this one."""
        return self.retry_count >= self.max_retries - 1

    @property
    def checkpoint(self) -> dict[str, Any] | None:
        """Where an earlier call of this step stopped, if one did."""
        return self.stored_checkpoint

    @property
    def checkpoint_cursor(self) -> Any:
        """The position in it."""
        return self.checkpoint.get("cursor") if self.checkpoint else None

    @property
    def checkpoint_items_processed(self) -> Any:
        """The items before it."""
        return self.checkpoint.get("items_processed", 0) if self.checkpoint else 0

    @property
    def accumulated_results(self) -> Any:
        """What was gathered before it."""
        return self.checkpoint.get("accumulated_results") if self.checkpoint else None

    def has_checkpoint(self) -> bool:
        """Whether there is one."""
        return self.checkpoint_cursor is not None
