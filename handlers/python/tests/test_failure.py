"""What a failed handler returns keeps its code and its context on Tasker's worker, which sends these two on."""

from __future__ import annotations

from tasker_core import ErrorType, PermanentError, RetryableError

from support import failure_of


def test_a_permanent_failure_has_its_code_and_context_in_the_metadata() -> None:
    error = PermanentError("declined", error_code="DECLINED", context={"status": "lost"})
    metadata = {"error_code": "DECLINED", "context": {"status": "lost"}}
    assert failure_of(error) == ("declined", ErrorType.PERMANENT_ERROR, False, metadata, "DECLINED")


def test_a_failure_without_context_has_none_in_the_metadata() -> None:
    error = RetryableError("busy", retry_after=15)
    assert failure_of(error) == ("busy", ErrorType.RETRYABLE_ERROR, True, {"retry_after": 15}, None)
