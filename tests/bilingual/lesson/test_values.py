"""Placeholders are evaluated among the notebook's own names and leave none of theirs."""

import pytest

from book.bilingual.lesson import values


def evaluate(expr: str, spec: str, **names: object) -> values.Value:
    """As a kernel answers a `user_expressions` request."""
    result = eval(values.probe(expr, spec), names)
    names.pop("__builtins__")
    assert set(names) == {"own", "value", "show", "json"} & set(names), (
        "nothing is left in the notebook"
    )
    return values.parse({"status": "ok", "data": {"text/plain": repr(result)}})


@pytest.mark.parametrize("name", ["own", "value", "show", "json"])
def test_a_notebook_may_use_any_name(name: str) -> None:
    assert evaluate(f"{name} + 1", ".1f", **{name: 1.25}) == values.Value("2.2", 2.25)


def test_a_value_without_a_number_is_its_text() -> None:
    assert evaluate("'GAP'", "") == values.Value("GAP", None)


def test_an_infinite_value_is_an_error() -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        evaluate("1e999", "")


def test_an_error_in_the_kernel_names_it() -> None:
    with pytest.raises(values.EvaluationError, match="NameError: x"):
        values.parse({"status": "error", "ename": "NameError", "evalue": "x"})
