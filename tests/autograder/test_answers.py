"""The answer library: right answers score 90, wrong ones what their teacher says, with the hint
that must appear.
"""

import json
from pathlib import Path

import nbformat
import pytest

from autograder import answers, exercise, judge
from autograder.answers import ANSWERS, Answer, load_answers, read_answer
from autograder.errors import AnswerError
from autograder.probe import entry

ASSIGNMENTS = sorted(path.name for path in ANSWERS.iterdir() if path.is_dir())
LIBRARY = [answer for name in ASSIGNMENTS for answer in load_answers(name)]
RIGHT = [answer for answer in LIBRARY if not answer.loses]


def label(answer: Answer) -> str:
    return f"{answer.assignment}-{answer.name}"


@pytest.mark.parametrize("answer", LIBRARY, ids=label)
def test_answer_gets_the_teachers_points_and_hints(answer):
    outcomes = answers.grade(answer)
    assert answers.complaints(answer, outcomes) == []
    assert sum(outcome.points for outcome in outcomes.values()) == answer.points


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_library_holds_three_right_and_twelve_wrong_answers_and_the_stub(name):
    found = load_answers(name)
    assert sum(not answer.loses for answer in found) >= 3
    assert sum(bool(answer.loses) for answer in found) >= 12
    assert any(answer.points == 0 and answer.rest == "stub" for answer in found)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_test_cell_is_lost_by_some_answer_that_keeps_others(name):
    partial = [answer for answer in load_answers(name) if 0 < answer.points < 90]
    assert {test for answer in partial for test in answer.loses} == set(exercise.load(name).tests)


@pytest.mark.parametrize("answer", RIGHT, ids=label)
@pytest.mark.parametrize("draws", [2, pytest.param(30, marks=pytest.mark.prove)])
def test_right_answer_passes_however_the_inputs_fall(answer, draws):
    of = exercise.load(answer.assignment)
    namespace = of.namespace(answer.sources(of))
    for submission in map(str, range(draws)):
        for test in of.tests.values():
            found = judge.judge_test(
                of, test, lambda request: entry.answer(request, namespace), submission=submission
            )
            assert found.passed, (submission, found)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_assignment_has_a_sample_class_in_both_languages(name):
    sample = [answer for answer in load_answers(name) if answer.student]
    assert len(sample) >= 8 and len({answer.student for answer in sample}) == len(sample)
    assert {answer.language for answer in sample} == {"ko", "en"}
    assert {answer.points for answer in sample} >= {0, 90} and len(
        {answer.points for answer in sample}
    ) >= 4


def test_sample_class_has_the_hand_ins_that_it_should():
    sample = {
        answer.name: answer for answer in load_answers("ex02_gap_three_ways") if answer.student
    }
    wanted = {
        "empty_stub",
        "one_way_three_times",
        "wrong_axis",
        "sum_for_mean",
        "hard_coded_shape",
        "crash",
    }
    assert wanted < set(sample)
    assert sum(not answer.loses for answer in sample.values()) == 2


def test_untouched_cells_are_the_stub_in_the_students_language_or_the_reference():
    of = exercise.load("ex02_gap_three_ways")
    stub = next(answer for answer in LIBRARY if answer.name == "empty_stub").sources(of)["gap_mean"]
    assert "여기에 답을 쓰세요" in stub and "return" not in stub and "SOLUTION" not in stub
    reference = next(answer for answer in LIBRARY if answer.name == "reference").sources(of)[
        "gap_mean"
    ]
    assert "return x.mean(dim=(2, 3))" in reference and "SOLUTION" not in reference


def test_notebook_holds_the_answers_cells_and_nothing_else_changes():
    answer = next(answer for answer in LIBRARY if answer.name == "right_functional")
    graded = {"grade_id": "gap_mean", "solution": True, "grade": False}
    manual = {"grade_id": "short_answer", "solution": True, "grade": True}
    cells = [
        nbformat.v4.new_markdown_cell("산문"),
        nbformat.v4.new_code_cell("stub", metadata={"nbgrader": graded}),
        nbformat.v4.new_markdown_cell("여기에 답을 쓰세요.", metadata={"nbgrader": manual}),
    ]
    released = nbformat.v4.new_notebook(cells=cells)
    before = json.dumps(released)
    found = answers.notebook(answer, released)
    assert found.cells[0].source == "산문"
    assert found.cells[1].source == answer.cells["gap_mean"]
    assert found.cells[2].source.startswith("flatten 헤드는")
    assert json.dumps(released) == before


GOOD = (
    '"""Title.\n\nlanguage: ko\npoints: 90\nloses: {}\n"""\n\n# cell: gap_mean\ndef gap_mean(x):\n '
    "   return x\n"
)
FAULTS = {
    "no docstring": ("x = 1\n", "no docstring"),
    "no YAML": (GOOD.replace("language: ko", "language: [ko"), "is not YAML"),
    "unknown key": (GOOD.replace("loses", "looses"), "unknown key 'looses'"),
    "unknown language": (GOOD.replace("language: ko", "language: kr"), "language is 'kr'"),
    "unknown cell": (
        GOOD.replace("# cell: gap_mean", "# cell: gap_maen"),
        "cell 'gap_maen' is unknown",
    ),
    "unknown test": (
        GOOD.replace("loses: {}", "loses: {test_gap: x}"),
        "loses 'test_gap' is unknown",
    ),
    "points that do not add up": (
        GOOD.replace("points: 90", "points: 89"),
        "points is 89, but the tests in `loses` leave 90",
    ),
    "unknown rest": (GOOD.replace("loses", "rest: nothing\nloses"), "rest is 'nothing'"),
}


@pytest.mark.parametrize(("text", "message"), FAULTS.values(), ids=FAULTS)
def test_fault_in_an_answer_is_named(tmp_path: Path, text, message):
    path = tmp_path / "odd.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AnswerError, match=r"odd\.py") as caught:
        read_answer(path, exercise.load("ex02_gap_three_ways"))
    assert message in str(caught.value)


def test_disagreement_between_teacher_and_grader_is_reported(tmp_path: Path):
    path = tmp_path / "odd.py"
    path.write_text(GOOD, encoding="utf-8")
    generous = read_answer(path, exercise.load("ex02_gap_three_ways"))
    found = answers.complaints(generous, answers.grade(generous))
    assert [line.partition(":")[0] for line in found] == [
        "test_gap_mean lost", "test_gap_mean__layout lost", "test_gap_mean__route lost",
    ]  # fmt: skip


def test_points_weighed_otherwise_are_named_and_mended_by_one_command(tmp_path: Path, capsys):
    path = tmp_path / "ex02_gap_three_ways" / "odd.py"
    path.parent.mkdir()
    path.write_text(GOOD.replace("points: 90", "points: 84"), encoding="utf-8")
    (line,) = answers.check(tmp_path)
    assert (
        line.startswith("ex02_gap_three_ways/odd.py: points is 84, but")
        and "autograder.answers --fix" in line
    )
    assert answers.check(tmp_path, fix=True) == [] and path.read_text(encoding="utf-8") == GOOD
    assert "ex02_gap_three_ways/odd.py: points: 90" in capsys.readouterr().out
    assert answers.check(tmp_path) == []
