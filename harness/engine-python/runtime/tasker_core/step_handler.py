"""A handler as a class with ``call``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

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


if TYPE_CHECKING:
    Mixin = StepHandler
else:

    class Mixin:
        """What a class extends before or behind StepHandler."""
