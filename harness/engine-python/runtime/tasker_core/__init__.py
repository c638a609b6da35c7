"""A small implementation of ``tasker_core``, enough to run step handlers without the engine behind them."""

from tasker_core import (
    _aggregation,
    _arguments,
    _batchable,
    _batches,
    _checks,
    _decisions,
    _functional,
    _surface,
    errors,
    logging,
    registry,
    step_handler,
    types,
)
from tasker_core.errors import (
    AuthenticationError,
    AuthorizationError,
    BusinessLogicError,
    ConfigurationError,
    NetworkError,
    NotFoundError,
    PermanentError,
    RateLimitError,
    ResourceContentionError,
    RetryableError,
    ServiceUnavailableError,
    TaskerError,
)
from tasker_core.errors import TimeoutError as StepTimeoutError
from tasker_core.errors import ValidationError as StepValidationError
from tasker_core.logging import log_debug, log_error, log_info, log_trace, log_warn
from tasker_core.registry import HandlerRegistry
from tasker_core.step_handler import StepHandler
from tasker_core.types import ErrorType, StepContext, StepHandlerResult

__all__ = [
    "AuthenticationError",
    "AuthorizationError",
    "BusinessLogicError",
    "ConfigurationError",
    "ErrorType",
    "HandlerRegistry",
    "NetworkError",
    "NotFoundError",
    "PermanentError",
    "RateLimitError",
    "ResourceContentionError",
    "RetryableError",
    "ServiceUnavailableError",
    "StepContext",
    "StepHandler",
    "StepHandlerResult",
    "StepTimeoutError",
    "StepValidationError",
    "TaskerError",
    "log_debug",
    "log_error",
    "log_info",
    "log_trace",
    "log_warn",
]

__version__ = "0.1.8"


def version() -> str:
    """The version of the package."""
    return __version__


_modules = (
    *(_checks, types, errors, logging, step_handler, registry),
    *(_decisions, _batches, _aggregation, _batchable, _arguments, _functional),
)
_implemented = {name: value for module in _modules for name, value in vars(module).items()}
_surface.install(
    {**_implemented, "StepHandlerCallResult": StepHandlerResult, "get_version": version, "version": version}
)
