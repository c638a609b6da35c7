"""Finding handlers by name."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import ClassVar

from tasker_core.step_handler import StepHandler


class HandlerRegistry:
    """The handlers of a worker, by name."""

    _instance: ClassVar[HandlerRegistry | None] = None

    def __init__(self) -> None:
        self._handlers: dict[str, type[StepHandler]] = {}

    @classmethod
    def instance(cls) -> HandlerRegistry:
        """The worker's registry."""
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance

    def register(self, name: str, handler: type[StepHandler]) -> None:
        """Puts a handler under a name."""
        self._handlers[name] = handler

    def resolve(self, name: str) -> StepHandler | None:
        """An instance of the handler of this name."""
        handler = self._handlers.get(name)
        return None if handler is None else handler()

    def is_registered(self, name: str) -> bool:
        """Whether there is a handler of this name."""
        return name in self._handlers

    def list_handlers(self) -> list[str]:
        """The names."""
        return sorted(self._handlers)

    def discover_handlers(self, package: str) -> int:
        """Registers every handler class in a package by its ``handler_name``; says how many there were."""
        root = importlib.import_module(package)
        found = 0
        for info in pkgutil.walk_packages(root.__path__, f"{package}."):
            module = importlib.import_module(info.name)
            for member in vars(module).values():
                is_handler = inspect.isclass(member) and issubclass(member, StepHandler)
                if is_handler and member.__module__ == module.__name__ and not inspect.isabstract(member):
                    self.register(member.handler_name, member)
                    found += 1
        return found
