"""The exceptions by which a handler refuses a step, and whether each of them is worth another attempt."""

from __future__ import annotations

from typing import Any


class TaskerError(Exception):
    """What all of them share.

    ``context`` is merged into ``metadata`` together with ``error_code`` and ``retry_after``.
    """

    message: str = ""
    retryable: bool = True
    error_code: str | None = None
    retry_after: float | None = None

    def __init__(
        self,
        message: str,
        *,
        retryable: bool | None = None,
        metadata: dict[str, Any] | None = None,
        error_code: str | None = None,
        retry_after: float | None = None,
        context: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        if retryable is not None:
            self.retryable = retryable
        self.error_code = error_code
        self.retry_after = retry_after
        self.metadata = {**(metadata or {}), **(context or {})}
        if error_code is not None:
            self.metadata["error_code"] = error_code
        if retry_after is not None:
            self.metadata["retry_after"] = retry_after

    def to_dict(self) -> dict[str, Any]:
        """The error as a document."""
        return {
            "error_type": type(self).__name__,
            "message": self.message,
            "retryable": self.retryable,
            "metadata": self.metadata,
        }


class RetryableError(TaskerError):
    """Another attempt may succeed."""


class TimeoutError(RetryableError):
    """Something took too long."""


class NetworkError(RetryableError):
    """Something could not be reached."""


class RateLimitError(RetryableError):
    """Too much was asked of a service."""


class ServiceUnavailableError(RetryableError):
    """A service is down."""


class ResourceContentionError(RetryableError):
    """Something is in use."""


class PermanentError(TaskerError):
    """No attempt can succeed."""

    retryable: bool = False


class ValidationError(PermanentError):
    """The input is refused."""


class NotFoundError(PermanentError):
    """Something does not exist."""


class AuthenticationError(PermanentError):
    """Nobody knows who asks."""


class AuthorizationError(PermanentError):
    """Whoever asks may not."""


class ConfigurationError(PermanentError):
    """The handler is set up wrongly."""


class BusinessLogicError(PermanentError):
    """A rule of the business forbids it."""


class FFIError(TaskerError):
    """The worker and its engine do not understand each other."""


class ConversionError(TaskerError):
    """A value cannot be passed between the worker and its engine."""


class WorkerNotInitializedError(TaskerError):
    """There is no worker."""


class WorkerBootstrapError(TaskerError):
    """The worker does not start."""


class WorkerAlreadyRunningError(TaskerError):
    """There is a worker already."""


class ErrorClassifier:
    """Tells which exceptions are worth another attempt."""

    PERMANENT_ERROR_CLASSES: tuple[type[BaseException], ...] = (
        PermanentError,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        AssertionError,
        SyntaxError,
        NameError,
        ImportError,
        NotImplementedError,
    )
    RETRYABLE_ERROR_CLASSES: tuple[type[BaseException], ...] = (RetryableError, OSError)

    def __init__(self, *, default_retryable: bool = True) -> None:
        self._default_retryable = default_retryable

    def retryable(self, exception: BaseException) -> bool:
        """Whether an exception is worth another attempt."""
        if hasattr(exception, "retryable"):
            return bool(exception.retryable)
        if isinstance(exception, self.PERMANENT_ERROR_CLASSES):
            return False
        return isinstance(exception, self.RETRYABLE_ERROR_CLASSES) or self._default_retryable

    def permanent(self, exception: BaseException) -> bool:
        """Whether no attempt can succeed."""
        return not self.retryable(exception)


_CLASSIFIER = ErrorClassifier()


def get_classifier() -> ErrorClassifier:
    """The classifier that everybody uses."""
    return _CLASSIFIER


def is_retryable(exception: BaseException) -> bool:
    """Whether an exception is worth another attempt."""
    return _CLASSIFIER.retryable(exception)


def is_permanent(exception: BaseException) -> bool:
    """Whether no attempt can succeed."""
    return _CLASSIFIER.permanent(exception)
