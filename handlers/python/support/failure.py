"""How a handler fails: its body raises, but what leaves the handler is a returned failure.

Tasker's worker retries what a class raises, and drops the code. A returned failure keeps its kind, and its code and
context if they are in the metadata, which is all that the worker sends on.
"""

from __future__ import annotations

from typing import Any

from tasker_core import ErrorType, PermanentError, RetryableError


def failure_of(error: PermanentError | RetryableError) -> tuple[str, ErrorType, bool, dict[str, Any], str | None]:
    """The arguments of ``self.failure`` for an error that the handler planned."""
    error_type = ErrorType.RETRYABLE_ERROR if error.retryable else ErrorType.PERMANENT_ERROR
    metadata = {name: value for name, value in error.metadata.items() if name in ("error_code", "retry_after")}
    context = {name: value for name, value in error.metadata.items() if name not in metadata}
    if context:
        metadata["context"] = context
    return error.message, error_type, error.retryable, metadata, error.error_code


def invalid_input(path: str, expected: str) -> PermanentError:
    """The answer to an input that cannot be read: the value at ``path`` (a JSON Pointer) is not ``expected``."""
    message = f"invalid input at {path}: expected {expected}"
    return PermanentError(message, error_code="INVALID_INPUT", context={"path": path})
