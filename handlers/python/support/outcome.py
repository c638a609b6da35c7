"""How a handler fails: its body raises, but what leaves the handler is a returned result.

A worker may retry whatever is raised at it and drop the code; a returned failure keeps its kind, its code and its
delay.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from tasker_core import ErrorType, PermanentError, RetryableError, StepContext, StepHandler, StepHandlerResult


class CheckedHandler(StepHandler):
    """A handler whose planned errors become returned failures."""

    def call(self, context: StepContext) -> StepHandlerResult:
        """Runs ``handle``."""
        try:
            return self.handle(context)
        except PermanentError as error:
            metadata = {key: value for key, value in error.metadata.items() if key != "error_code"}
            return self.failure(error.message, ErrorType.PERMANENT_ERROR, False, metadata, error.error_code)
        except RetryableError as error:
            return self.failure(error.message, ErrorType.RETRYABLE_ERROR, True, error.metadata)

    @abstractmethod
    def handle(self, context: StepContext) -> StepHandlerResult:
        """The handler's work; it may raise what ``permanent`` and ``retryable`` make."""


def permanent(code: str, message: str, **context: Any) -> PermanentError:
    """A failure that no retry can mend; ``code`` names the reason."""
    return PermanentError(message, error_code=code, context=context)


def retryable(retry_after: int, message: str, **context: Any) -> RetryableError:
    """A failure worth another attempt after ``retry_after`` seconds."""
    return RetryableError(message, retry_after=retry_after, context=context)


def invalid_input(path: str, expected: str) -> PermanentError:
    """The answer to an input that can not be read: the value at ``path`` (a JSON Pointer) is not ``expected``."""
    return permanent("INVALID_INPUT", f"invalid input at {path}: expected {expected}", path=path)
