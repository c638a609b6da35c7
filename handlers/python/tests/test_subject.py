"""Miniature handlers, most of them wrong: whatever they do is told, and the next call does not suffer from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.samples import step_input, write_handler
from tests.subject import Subject, TreeError

INPUT = step_input("miniature/handler", {"a": 1})


@contextmanager
def started(tree: Path, deadline: float = 10.0) -> Iterator[Subject]:
    subject = Subject(tree, deadline)
    try:
        yield subject
    finally:
        subject.close()


def observed(tree: Path, body: str, deadline: float = 10.0) -> dict[str, Any]:
    with started(write_handler(tree, body), deadline) as subject:
        return subject.call(INPUT)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "return self.success({'a': len})",
            {"status": "unserialisable", "path": "/result/a", "what": "a builtin_function_or_method"},
        ),
        (
            "return self.success({}, {'a': range(2)})",
            {"status": "unserialisable", "path": "/metadata/a", "what": "a range"},
        ),
        (
            "a = {}\na['a'] = a\nreturn self.success(a)",
            {"status": "unserialisable", "path": "/result", "what": "a cycle"},
        ),
        ("return {'a': 1}", {"status": "crashed", "class": "dict"}),
        ("raise KeyError('a')", {"status": "crashed", "class": "KeyError", "message": "'a'"}),
        ("return self.call(context)", {"status": "stack_overflow"}),
        ("raise SystemExit(0)", {"status": "exited"}),
        ("import os\nos._exit(0)", {"status": "exited"}),
        ("raise PermanentError('m', error_code='C')", {"status": "failed", "kind": "permanent", "code": "C"}),
        (
            "return self.failure('m', 'permanent_error', False, {'error_code': 'C', 'context': {'a': 1}})",
            {"status": "failed", "code": "C", "context": {"a": 1}},
        ),
        (
            "return self.failure('m', 'permanent_error', False, {'context': {'a': 1}, 'b': 2})",
            {"status": "failed", "code": None, "context": {"context": {"a": 1}, "b": 2}},
        ),
        (
            "raise PermanentError('m', context={'context': {'a': 1}})",
            {"status": "failed", "context": {"context": {"a": 1}}},
        ),
        ("raise RetryableError('m', retry_after=5)", {"status": "failed", "kind": "retryable", "retry_after": 5}),
        ("print('noise')\nreturn self.success({})", {"status": "completed", "result": {}}),
        ("import os\nos.write(1, b'{}\\n')\nreturn self.success({'a': 1})", {"result": {"a": 1}}),
        (
            "import time\ntime.sleep(1e9)\nreturn self.success({'now': time.time()})",
            {"result": {"now": 1_768_469_400}},
        ),
        (
            "return self.success({'count': context.retry_count, 'max': context.max_retries})",
            {"result": {"count": 0, "max": 2}},
        ),
    ],
)
def test_an_end_is_named(tmp_path: Path, body: str, expected: dict[str, Any]) -> None:
    actual = observed(tmp_path, body)
    assert {name: actual.get(name) for name in expected} == expected


def test_a_handler_that_never_ends_is_ended(tmp_path: Path) -> None:
    assert observed(tmp_path, "while True: pass", deadline=1.0) == {"status": "timed_out"}


def test_a_subject_goes_on_after_a_handler_that_broke_it(tmp_path: Path) -> None:
    body = "import os\nif context.get_input('a') == 1: os._exit(1)\nreturn self.success({'b': os.urandom(3).hex()})"
    with started(write_handler(tmp_path, body)) as subject:
        ends = [subject.call(each) for each in (INPUT, step_input("miniature/handler"), INPUT)]
    assert [end["status"] for end in ends] == ["exited", "completed", "exited"]
    assert ends[1]["result"] == {"b": "9daa8f"}


def test_every_call_has_its_own_clock_and_streams(tmp_path: Path) -> None:
    body = """
import datetime, random, secrets, uuid
return self.success({
    "now": datetime.datetime.now(datetime.timezone.utc).isoformat(),
    "today": datetime.date.today().isoformat(),
    "hex": secrets.token_hex(3),
    "float": random.random(),
    "uuid": str(uuid.uuid4()),
})"""
    expected = {
        "now": "2026-01-15T09:30:00+00:00",
        "today": "2026-01-15",
        "hex": "9daa8f",
        "float": 0.447055012079546,
        "uuid": "a407387a-1593-40a1-b49b-5273d5becc6d",
    }
    with started(write_handler(tmp_path, body)) as subject:
        first, second = subject.call(INPUT), subject.call(INPUT)
    assert first["result"] == expected
    assert second == first


def test_a_result_of_an_earlier_step_is_handed_on_as_it_is(tmp_path: Path) -> None:
    body = "return self.success({'a': context.get_dependency_result('earlier')})"
    given = {"result": {"result": -0.0, "__proto__": [18446744073709551615, "\u00e9\U0001f600"]}}
    with started(write_handler(tmp_path, body)) as subject:
        actual = subject.call(step_input("miniature/handler", {}, {"earlier": given}))
    assert repr(actual["result"]) == repr({"a": given})


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no file"),
        ({"a_handler.py": "1 +"}, r"a_handler\.py:1: SyntaxError"),
        ({"a_handler.py": "raise ValueError('a')"}, r"a_handler\.py:1: ValueError: a"),
        ({"a_handler.py": "import support"}, r"ModuleNotFoundError: No module named 'support'"),
        ({"a_handler.py": "import tests"}, r"ModuleNotFoundError: No module named 'tests\.?"),
        ({"a_handler.py": ""}, "no handler here"),
        ({"a_handler.py": "import os\nos._exit(1)"}, "ends the process"),
    ],
)
def test_a_tree_that_does_not_load_says_why(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(TreeError, match=message):
        Subject(tmp_path)


def test_two_handlers_with_one_name_are_an_error(tmp_path: Path) -> None:
    for name in ("a_handler.py", "b_handler.py"):
        write_handler(tmp_path, "return self.success({})", name)
    with pytest.raises(TreeError, match="two handlers miniature/handler"):
        Subject(tmp_path)


def test_a_tree_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TreeError, match="is no directory"):
        Subject(tmp_path / "nowhere")


def test_a_tree_that_never_loads_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a_handler.py").write_text("while True: pass")
    with pytest.raises(TreeError, match="does not load within"):
        Subject(tmp_path, 1.0)
