"""What all handlers share."""

from support.email import is_email
from support.field import Field
from support.number import (
    Number,
    by_value,
    float_text,
    is_safe,
    nearest,
    number_text,
    round2,
    round4,
    sum_numbers,
    text_to_float,
)
from support.outcome import CheckedHandler, invalid_input, permanent, retryable
from support.times import long_date, utc_now, utc_stamp

__all__ = [
    "CheckedHandler",
    "Field",
    "Number",
    "by_value",
    "float_text",
    "invalid_input",
    "is_email",
    "is_safe",
    "long_date",
    "nearest",
    "number_text",
    "permanent",
    "retryable",
    "round2",
    "round4",
    "sum_numbers",
    "text_to_float",
    "utc_now",
    "utc_stamp",
]
