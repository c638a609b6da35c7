"""What a handler did, as a document: an outcome, or one of the ends that nobody plans."""

from __future__ import annotations

from typing import Any

from tests.json_values import NotJsonError, plain

Observation = dict[str, Any]

FAILED = ("code", "message", "retry_after", "context")


def observation(end: tuple[Any, ...]) -> Observation:
    """The document of one of the driver's ends."""
    kind, *members = end
    try:
        if kind == "completed":
            result, metadata = (
                plain(value, f"/{name}") for name, value in zip(("result", "metadata"), members, strict=True)
            )
            return {"status": "completed", "result": result, "metadata": metadata}
        if kind in ("permanent", "retryable"):
            # Vectors hold no more of a failure than these.
            failure = {name: plain(value, f"/{name}") for name, value in zip(FAILED, members, strict=False)}
            _check_failure(failure)
            return {"status": "failed", "kind": kind, **failure}
    except NotJsonError as error:
        return {"status": "unserialisable", "path": error.path, "what": error.what}
    if kind == "crashed":
        return {"status": kind, **dict(zip(("class", "message", "trace"), map(str, members), strict=True))}
    if kind == "unsupported":
        return {"status": kind, "what": str(members[0])}
    return {"status": kind}


def _check_failure(failure: dict[str, Any]) -> None:
    code, message, retry_after, context = (failure[name] for name in FAILED)
    is_number = isinstance(retry_after, int | float) and not isinstance(retry_after, bool)
    for name, holds, expected in (
        ("code", code is None or isinstance(code, str), "a string"),
        ("message", isinstance(message, str), "a string"),
        ("retry_after", retry_after is None or is_number, "a number"),
        ("context", isinstance(context, dict), "an object"),
    ):
        if not holds:
            raise NotJsonError(f"/{name}", f"{failure[name]!r}, not {expected}")
