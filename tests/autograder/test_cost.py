"""Grading one notebook in a cold kernel costs little, and little of it is ours."""

import nbformat
import pytest

from autograder import cost, exercise

HIDDEN = (
    "assert f() == 1\n### BEGIN HIDDEN TESTS\nfrom autograder import inprocess\n### END HIDDEN"
    " TESTS"
)


def test_hidden_cases_are_left_out_of_a_copy():
    graded = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(HIDDEN)])
    assert cost.without_hidden_cases(graded).cells[0].source == "assert f() == 1\n"
    assert graded.cells[0].source == HIDDEN


def test_instructors_notebooks_hold_hidden_cases():
    for name in exercise.names():
        source = cost.ROOT / "solutions" / "ko" / name / f"{name}.ipynb"
        notebook = nbformat.read(source, as_version=4)
        assert cost.without_hidden_cases(notebook) != notebook


@pytest.mark.prove
@pytest.mark.parametrize("name", exercise.names())
def test_grading_a_notebook_stays_within_its_limits_of_cpu_time(name):
    total, ours = cost.measure(name)
    assert total < cost.TOTAL and ours < cost.OURS
