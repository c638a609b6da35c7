"""Finding handlers by name."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any, ClassVar

from tasker_core.step_handler import StepHandler


class MethodDispatchWrapper:
    """A handler whose ``call`` is another one of its methods."""

    def __init__(self, handler: Any, target_method: str) -> None:
        if not hasattr(handler, target_method):
            raise AttributeError(f"Handler {type(handler).__name__} does not have method '{target_method}'")
        self._handler = handler
        self._target_method = target_method
        self._method = getattr(handler, target_method)

    @property
    def handler(self) -> Any:
        """The handler itself."""
        return self._handler

    @property
    def target_method(self) -> str:
        """The name of the method."""
        return self._target_method

    def call(self, context: Any) -> Any:
        """Calls the method."""
        return self._method(context)

    def unwrap(self) -> Any:
        """The handler itself."""
        return self._handler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._handler, name)

    def __repr__(self) -> str:
        return f"MethodDispatchWrapper({type(self._handler).__name__}, target_method={self._target_method!r})"


class HandlerRegistry:
    """The handlers of a worker, by name."""

    _instance: ClassVar[HandlerRegistry | None] = None

    def __init__(self) -> None:
        self._handlers: dict[str, type[StepHandler]] = {}

    @classmethod
    def instance(cls, skip_bootstrap: bool = False) -> HandlerRegistry:  # noqa: ARG003
        """The worker's registry."""
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance

    @classmethod
    def reset_instance(cls) -> None:
        """Forgets the worker's registry."""
        cls._instance = None

    def register(self, name: str, handler_class: type[StepHandler]) -> None:
        """Puts a handler under a name."""
        if not inspect.isclass(handler_class) or not issubclass(handler_class, StepHandler):
            raise ValueError(f"handler_class must be a StepHandler subclass, got {handler_class}")
        self._handlers[name] = handler_class

    def unregister(self, name: str) -> bool:
        """Takes a handler away; says whether there was one."""
        return self._handlers.pop(name, None) is not None

    def get_handler_class(self, name: str) -> type[StepHandler] | None:
        """The handler of this name."""
        return self._handlers.get(name)

    def handler_count(self) -> int:
        """How many handlers there are."""
        return len(self._handlers)

    def clear(self) -> None:
        """Takes all handlers away."""
        self._handlers.clear()

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
        try:
            root = importlib.import_module(package)
        except ImportError:
            return 0
        modules = [root]
        for info in pkgutil.walk_packages(getattr(root, "__path__", []), f"{package}."):
            try:
                modules.append(importlib.import_module(info.name))
            except Exception:
                continue
        found = 0
        for module in modules:
            for member in vars(module).values():
                handler = getattr(member, "_handler_class", member)
                is_handler = inspect.isclass(handler) and issubclass(handler, StepHandler)
                if is_handler and not inspect.isabstract(handler) and handler.handler_name:
                    self.register(handler.handler_name, handler)
                    found += 1
        return found
