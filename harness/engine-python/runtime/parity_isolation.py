"""Context variables of a tree: what its import sets is there in every call, and what a call sets ends with it.

The context of decimal arithmetic is one of them. It is an object that a call can change: every call gets a copy.
"""

from __future__ import annotations

import contextvars
import sys
from collections.abc import Callable
from typing import Any

import parity_builtins

parity_builtins.keep(globals())

#: The variable in which the module decimal keeps its context.
DECIMAL = "decimal_context"

#: How the names of our own variables begin, which belong to a call and not to the import of its module.
OF_THE_CALL = "parity_"

#: What makes a difference to results. The flags only tell what has happened.
SETTINGS = ("prec", "rounding", "Emin", "Emax", "capitals", "clamp", "traps")


class Isolation:
    """The context variables that every call of a tree starts with."""

    def __init__(self) -> None:
        self.context = contextvars.Context()
        #: Makes the calls' own decimal context, if the tree has settings of its own.
        self.own_decimal: Callable[[], None] | None = None

    def load(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Calls a function that imports something of the tree."""
        try:
            return self.context.run(function, *arguments)
        finally:
            self._take_variables()

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Calls a function whose changes nobody else sees."""
        context = self.context.copy()
        if self.own_decimal is not None:
            context.run(self.own_decimal)
        return context.run(function, *arguments)

    def _take_variables(self) -> None:
        """Takes out what is no call's. A decimal context that is like any new one need not be copied."""
        variables = list(self.context.items())
        settings = next((value for variable, value in variables if variable.name == DECIMAL), None)
        self.context = contextvars.Context()
        for variable, value in variables:
            if variable.name != DECIMAL and not variable.name.startswith(OF_THE_CALL):
                self.context.run(variable.set, value)
        if settings is None:
            return
        decimal = sys.modules["decimal"]
        if any(getattr(settings, name) != getattr(decimal.DefaultContext, name) for name in SETTINGS):
            settings.clear_flags()
            self.own_decimal = lambda: decimal.setcontext(settings.copy())
        else:
            self.own_decimal = None
