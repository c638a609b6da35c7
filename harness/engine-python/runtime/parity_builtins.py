"""The builtins of our own modules: what a handler makes of everybody else's does not reach them."""

from __future__ import annotations

import builtins
from typing import Any

_own = dict(vars(builtins))


def keep(module: dict[str, Any]) -> None:
    """Gives the functions that a module makes from here on builtins that nobody else can change."""
    # That is the name by which a function finds them when it is made.
    module["__builtins__"] = _own
