"""What handlers log. It reaches nobody."""

from __future__ import annotations

from typing import Any


class LogContext:
    """What a line of a log is about."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)


def log_trace(message: str, fields: Any = None) -> None:
    """Logs a detail."""


def log_debug(message: str, fields: Any = None) -> None:
    """Logs what helps to find a defect."""


def log_info(message: str, fields: Any = None) -> None:
    """Logs what happened."""


def log_warn(message: str, fields: Any = None) -> None:
    """Logs what may be wrong."""


def log_error(message: str, fields: Any = None) -> None:
    """Logs what is wrong."""
