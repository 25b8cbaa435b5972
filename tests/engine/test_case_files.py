"""Every hand-in of `cases/` gets what its header wants: all of an assignment in one class, between
two right ones.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import exercise
from autograder.engine.classrun import Outcome
from autograder.engine.session import Budget
from autograder.kernels.handle import ForkServer

from .case_files import CASES, FOLDER, Case, completed, problems
from .classroom import Classroom

Run = tuple[Classroom, Outcome]
USUAL = Budget.cell_s


@pytest.fixture(scope="module")
def graded(
    confined: ForkServer, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[..., Run]:
    """The class of an assignment and a time limit, graded when first asked for. Cases marked
    `prove` are in it when one of them runs.
    """
    runs: dict[tuple[str, float], Run] = {}
    wanted = {
        item.callspec.params.get("case")
        for item in request.session.items
        if hasattr(item, "callspec")
    }

    def grade(assignment: str, cell_s: float = USUAL) -> Run:
        key = assignment, cell_s
        if key not in runs:
            room = Classroom.make(tmp_path_factory.mktemp(assignment), assignment)
            room.server = confined
            for honest in ("00-first", "zz-last"):
                room.hand_in(honest)
            for case in CASES[assignment]:
                if case in wanted and case.cell_s == cell_s:
                    room.hand_in(case.name, case.data())
            runs[key] = room, room.grade(budget=Budget(cell_s=cell_s))
        return runs[key]

    return grade


def _limits(assignment: str) -> set[float]:
    return {USUAL, *(case.cell_s for case in CASES[assignment])}


def _parameters() -> list[object]:
    cases = [case for found in CASES.values() for case in found]
    return [
        pytest.param(
            case,
            id=f"{case.assignment}-{case.name}",
            marks=[pytest.mark.prove] if case.prove else [],
        )
        for case in cases
    ]


@pytest.mark.parametrize("case", _parameters())
def test_case_gets_what_it_deserves(case: Case, graded: Callable[..., Run]) -> None:
    room, outcome = graded(case.assignment, case.cell_s)
    scores, hints = room.scores().get(case.name, {}), room.hints(case.name)
    assert problems(case, outcome, scores, hints) == []


@pytest.mark.parametrize("assignment", list(CASES))
def test_right_answers_beside_them_keep_all_points(
    assignment: str, graded: Callable[..., Run]
) -> None:
    for limit in _limits(assignment):
        room, outcome = graded(assignment, limit)
        for student in ("00-first", "zz-last"):
            assert sum(room.scores()[student].values()) == 90 and outcome.incidents[student] == []


@pytest.mark.parametrize("assignment", list(CASES))
def test_nothing_of_the_class_could_not_be_graded_unless_its_header_says_so(
    assignment: str, graded: Callable[..., Run]
) -> None:
    for limit in _limits(assignment):
        _, outcome = graded(assignment, limit)
        assert set(outcome.failed) <= {case.name for case in CASES[assignment] if case.fails}


@pytest.mark.prove
@pytest.mark.parametrize("assignment", list(CASES))
def test_second_run_over_the_same_bytes_gives_the_same_points(
    assignment: str, graded: Callable[..., Run]
) -> None:
    room, _ = graded(assignment)
    before = room.scores()
    room.grade(force=True)
    assert room.scores() == before


def test_hand_in_older_than_a_function_gets_the_right_answer_to_it_where_it_belongs() -> None:
    of = exercise.load("ex02_gap_three_ways")
    data = completed((FOLDER / of.name / "exit_in_last_cell.ipynb").read_bytes(), of)
    assert completed(data, of) == data, "one that lacks nothing was touched"
    older = json.loads(data)
    lacks = [cell for cell in older["cells"] if "head_parameters" not in str(cell["metadata"])]
    younger = completed(json.dumps(older | {"cells": lacks}).encode(), of)
    cells = json.loads(younger)["cells"]
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    assert names == [None, None, *of.solutions, "short_answer", None]
    assert of.solutions["head_parameters"] in cells[names.index("head_parameters")]["source"]


@pytest.mark.parametrize("name", ["head_parameter", "test_gap_means"])
def test_loses_of_a_case_names_what_there_is(name: str) -> None:
    of = exercise.load("ex02_gap_three_ways")
    case = Case(of.name, FOLDER / of.name / "usual_lines.ipy", loses={name: ""})
    with pytest.raises(ValueError, match=f"usual_lines.ipy: `loses` names \\['{name}'\\]"):
        case.lost(of)


def test_stub_loses_the_tests_of_all_functions_that_its_file_does_not_give(tmp_path: Path) -> None:
    of = exercise.load("ex04_residual_block")
    path = tmp_path / "block_alone.ipy"
    path.write_text('"""A block.\n\n"""\n# cell: BasicBlock\nclass BasicBlock: pass\n')
    lost = Case(of.name, path, rest="stub").lost(of)
    assert lost == {test.id: "" for test in of.tests.values() if test.function != "BasicBlock"}
    assert Case(of.name, path).lost(of) == {}
