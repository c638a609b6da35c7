"""Texts of times, in UTC and in English whatever the locale."""

from __future__ import annotations

from datetime import datetime, timezone

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def utc_now() -> datetime:
    """The time, in whole seconds."""
    return datetime.now(timezone.utc).replace(microsecond=0)


def utc_stamp(time: datetime) -> str:
    """``YYYY-MM-DDTHH:MM:SSZ``."""
    return time.isoformat().replace("+00:00", "Z")


def long_date(time: datetime) -> str:
    """With a two-digit day: ``December 01, 2026``."""
    return f"{MONTHS[time.month - 1]} {time.day:02}, {time.year:04}"
