import subprocess
import sys

import pytest

from autograder import exercise, inprocess
from book.bilingual.lesson.exercise import with_hidden_tests

NAME = "ex02_gap_three_ways"


def test_reference_passes_every_test_cell():
    of = exercise.load(NAME)
    for test in of.tests:
        inprocess.check(NAME, test, {**of.reference(), "In": ["", *of.solutions.values()]})


def test_wrong_answer_raises_its_bilingual_hint():
    of = exercise.load(NAME)
    namespace = of.namespace({"gap_mean": "def gap_mean(x):\n    return x.sum((2, 3))"})
    with pytest.raises(AssertionError) as caught:
        inprocess.check(NAME, "test_gap_mean", namespace)
    assert (
        str(caught.value)
        == "`gap_mean`: 평균이 아니라 합입니다.\n`gap_mean`: that is the sum, not the mean."
    )


def test_source_of_the_notebook_is_read_where_ipython_keeps_it():
    of = exercise.load(NAME)
    answer = (
        "def gap_mean(x):\n    import torch as t\n    return getattr(t, 'me' + 'an')(x, (2, 3))"
    )
    namespace = of.namespace({"gap_mean": answer})
    inprocess.check(NAME, "test_gap_mean__route", namespace)
    with pytest.raises(AssertionError, match="should get its answer from the result of `mean`"):
        inprocess.check(NAME, "test_gap_mean__route", namespace | {"In": ["", answer]})


def test_start_of_each_process_compiles_no_grammar():
    code = "import autograder, nbformat, jsonschema, sys; print('lark' in sys.modules)"
    assert (
        subprocess.check_output([sys.executable, "-c", code], text=True, cwd=exercise.ROOT)
        == "False\n"
    )


def test_kernel_pays_little_for_the_runner():
    """In a kernel that has torch, the runner's own imports take a tenth of torch's CPU, and heavy
    packages stay out.
    """
    code = (
        "import time, sys; start = time.process_time(); import torch; middle ="
        " time.process_time(); from autograder import inprocess;"
        f" inprocess.exercise.load({NAME!r}); print((time.process_time() - middle) / (middle -"
        " start)); print([m for m in ('jupytext', 'nbformat', 'torch._dynamo', 'rich') if m in"
        " sys.modules])"
    )
    share, heavy = subprocess.check_output(
        [sys.executable, "-c", code], text=True, cwd=exercise.ROOT
    ).splitlines()
    assert float(share) < 0.5  # one heavy package more, and it is over
    assert heavy == "[]"


def hidden_block(lang: str = "en") -> str:
    return with_hidden_tests("visible = True", NAME, "test_gap_mean", lang)


def test_generated_block_runs_the_hidden_cases():
    of = exercise.load(NAME)
    exec(hidden_block(), of.namespace({}))
    with pytest.raises(AssertionError, match="`gap_mean`"):
        exec(hidden_block(), of.namespace({"gap_mean": "def gap_mean(x):\n    return x"}))


@pytest.mark.parametrize(
    ("lang", "said"), [("ko", "숨은 테스트를 실행하지 않았습니다"), ("en", "Hidden tests not run")]
)
def test_generated_block_says_in_its_language_that_the_grader_is_not_there(
    monkeypatch, capsys, lang, said
):
    monkeypatch.setitem(sys.modules, "autograder.inprocess", None)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    exec(hidden_block(lang), {})
    assert capsys.readouterr().out.startswith(said)


def test_generated_block_gives_no_points_where_the_grader_is_not_there_while_grading(monkeypatch):
    monkeypatch.setitem(sys.modules, "autograder.inprocess", None)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(ImportError):
        exec(hidden_block(), {})
