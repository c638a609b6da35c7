"""The exceptions by which a handler refuses a step, and whether each of them is worth another attempt."""

from __future__ import annotations

from typing import Any


class TaskerError(Exception):
    """What all of them share.

    ``context`` is merged into ``metadata`` together with ``error_code`` and ``retry_after``.
    """

    default_retryable = True

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
        self.retryable = self.default_retryable if retryable is None else retryable
        self.error_code = error_code
        self.retry_after = retry_after
        self.metadata = {**(metadata or {}), **(context or {})}
        if error_code is not None:
            self.metadata["error_code"] = error_code
        if retry_after is not None:
            self.metadata["retry_after"] = retry_after


class RetryableError(TaskerError):
    """Another attempt may succeed."""


class TimeoutError(TaskerError):
    """Something took too long."""


class NetworkError(TaskerError):
    """Something could not be reached."""


class RateLimitError(TaskerError):
    """Too much was asked of a service."""


class ServiceUnavailableError(TaskerError):
    """A service is down."""


class ResourceContentionError(TaskerError):
    """Something is in use."""


class PermanentError(TaskerError):
    """No attempt can succeed."""

    default_retryable = False


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
