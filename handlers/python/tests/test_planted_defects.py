"""A wrong handler fails the vectors that show its defect, and no others."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.samples import completed, step_input, vector, write_handler, write_vectors
from tests.subject import PYTHON, Subject
from tests.vectors import Vector

DEFECTS = PYTHON.parents[1] / "fixtures" / "defects"

CART = "ecommerce/validate_cart"
PAYMENT = "payments/validate_payment_eligibility"
USER = "microservices/create_user_account"


def cart(product: int, quantity: float) -> dict[str, Any]:
    return step_input(CART, {"cart_items": [{"product_id": product, "quantity": quantity}]})


def payment(payment_id: str, amount: float) -> dict[str, Any]:
    return step_input(PAYMENT, {"payment_id": payment_id, "refund_amount": amount})


def user(email: str) -> dict[str, Any]:
    return step_input(USER, {"user_info": {"email": email, "name": "a"}})


INPUTS = {
    "whole-unit": cart(1, 1),
    "half-a-unit": cart(1, 0.5),
    "half-of-another": cart(2, 0.5),
    "out-of-stock": cart(4, 1),
    "plain-payment": payment("pay_a", 1),
    "broken-payment": payment("pay_a\n", 1),
    "payment-of-nothing": payment("pay_a", 0),
    "new-user": user("a@example.com"),
    "not-a-user": user("a"),
}


def run_pytest(*arguments: str | Path) -> tuple[int, str, set[str]]:
    """Exit code, output, and the vectors that failed."""
    command = [sys.executable, "-m", "pytest", "-q", "-rf", "tests/test_vectors.py", *map(str, arguments)]
    ended = subprocess.run(command, cwd=PYTHON, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout + ended.stderr, set(re.findall(r"^FAILED .*\[(.*?)\]", ended.stdout, re.M))


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What our own handlers answer."""
    ours = Subject(PYTHON)
    try:
        chosen = [Vector(Path(), id, "a note", ("completed",), each, ours.call(each)) for id, each in INPUTS.items()]
    finally:
        ours.close()
    return write_vectors(tmp_path_factory.mktemp("vectors"), chosen)


@pytest.mark.parametrize(
    ("defect", "failing"),
    [
        ("line_total_rounded_half_even", {"half-a-unit"}),
        ("item_count_counts_units", {"half-a-unit", "half-of-another"}),
        ("out_of_stock_is_permanent", {"out-of-stock"}),
        ("payment_id_with_line_break", {"broken-payment"}),
        ("user_id_two_digits_short", {"new-user"}),
    ],
)
def test_a_defect_fails_exactly_its_vectors(vectors: Path, defect: str, failing: set[str]) -> None:
    code, output, failed = run_pytest(f"--vectors={vectors}", f"--tree={DEFECTS / defect}")
    assert (code, failed) == (1, failing), output
    assert "vectors are for handlers that" in output


def test_a_handler_without_defect_passes(vectors: Path) -> None:
    code, output, failed = run_pytest(f"--vectors={vectors}", "-k", "test_vector[")
    assert (code, failed) == (0, set()), output
    assert f"{len(INPUTS)} passed" in output


def test_a_handler_that_no_vector_is_for_fails_the_run(vectors: Path) -> None:
    code, output, _ = run_pytest(f"--vectors={vectors}", "-k", "every_handler")
    assert code == 1
    assert "ecommerce/create_order" in output


def test_a_vector_without_a_handler_fails_the_run(tmp_path: Path) -> None:
    directory = write_vectors(tmp_path, [vector(completed({}))])
    code, output, failed = run_pytest(f"--vectors={directory}", "-k", "test_vector[")
    assert (code, failed) == (1, {"handler-000000000000"})
    assert "no handler miniature/handler in" in output


def test_a_tree_that_no_vector_is_for_is_an_error(vectors: Path, tmp_path: Path) -> None:
    tree = write_handler(tmp_path, "return self.success({})")
    code, output, _ = run_pytest(f"--vectors={vectors}", f"--tree={tree}")
    assert code not in (0, 1)
    assert "no vectors for the handlers of" in output


def test_no_vectors_are_an_error(tmp_path: Path) -> None:
    code, output, _ = run_pytest(f"--vectors={tmp_path / 'nowhere'}")
    assert code not in (0, 1)
    assert "no such directory" in output
