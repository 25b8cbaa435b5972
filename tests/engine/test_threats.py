"""Every attack that is a notebook: no points gained, no honest point lost, each named. See
threats/README.md.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from nbformat import NotebookNode

from autograder.engine.classrun import Outcome
from autograder.engine.session import Budget
from autograder.kernels.handle import ForkServer, describe

from . import processes
from .classroom import NAME, Classroom

FOLDER = Path(__file__).with_name("threats")
BUDGET = Budget(cell_s=2.0, probe_s=3.0, total_s=45.0)


@dataclass(frozen=True)
class Threat:
    """One file of `threats/`."""

    name: str
    title: str
    expected: dict[str, Any]
    cells: dict[str, str]
    extras: tuple[tuple[str, str], ...]  # (grade id behind it, source)

    def notebook(self, room: Classroom) -> NotebookNode:
        made = room.filled(self.cells)
        for before, source in self.extras:
            position = next(i for i, cell in enumerate(made.cells) if _grade_id(cell) == before)
            made.cells.insert(position, nbformat.v4.new_code_cell(source))
        return made


def _grade_id(cell: NotebookNode) -> str:
    return str((cell.metadata.get("nbgrader") or {}).get("grade_id", ""))


def read(path: Path) -> Threat:
    head, body = path.read_text(encoding="utf-8").removeprefix('"""').split('"""\n', 1)
    title, _, settings = head.partition("\n\n")
    parts = re.split(r"^# (cell|extra): (?:before )?(\w+)\n", body, flags=re.MULTILINE)[1:]
    sections = [
        (parts[i], parts[i + 1], parts[i + 2].strip("\n") + "\n") for i in range(0, len(parts), 3)
    ]
    cells = {name: source for kind, name, source in sections if kind == "cell"}
    extras = tuple((name, source) for kind, name, source in sections if kind == "extra")
    return Threat(path.stem, title.strip(), yaml.safe_load(settings), cells, extras)


THREATS = {path.stem: read(path) for path in sorted(FOLDER.glob("*.ipy"))}


def problems(threat: Threat, room: Classroom, outcome: Outcome, student: str) -> list[str]:
    """What is not as the threat's file expects."""
    found = []
    if student in outcome.failed:
        return [f"could not be graded: {outcome.failed[student]}"]
    scores = room.scores()[student]
    for test in room.exercise.tests.values():
        wanted = 0.0 if test.function in threat.expected["loses"] else test.points
        if scores[test.id] != wanted:
            found.append(f"{test.id} has {scores[test.id]} points, expected {wanted}")
    incidents = outcome.incidents[student]
    kinds = {entry["kind"] for entry in incidents}
    any_of = threat.expected["incident"] or []
    if any_of and not kinds & set([any_of] if isinstance(any_of, str) else any_of):
        found.append(f"no incident {any_of!r}, only {incidents}")
    for where, words in threat.expected.get("prints", {}).items():
        if words in _printed(room, student, where):
            found.append(f"an output of {where} holds {words!r}")
    says = threat.expected.get("says")
    if says and not any(says in entry["text"] for entry in incidents):
        found.append(f"no incident says {says!r}: {incidents}")
    return found


def _printed(room: Classroom, student: str, where: str) -> str:
    """All outputs of the cell with the grade id `where`; `extra`: of the cells that have none."""
    graded = nbformat.read(room.root / "autograded" / student / NAME / f"{NAME}.ipynb", 4)
    cells = [
        cell
        for cell in graded.cells
        if (_grade_id(cell) or "extra") == where and cell.cell_type == "code"
    ]
    return str([cell.outputs for cell in cells])


def _copies(threat: Threat) -> int:
    """A threat that leaves something for the next hand-in is handed in twice."""
    return 2 if threat.expected.get("twice") else 1


@pytest.fixture(scope="module")
def together(
    released: Classroom, confined: ForkServer, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Classroom, Outcome]:
    """One class: all attackers, an honest student after every eighth."""
    room = released.copy(tmp_path_factory.mktemp("threats"))
    room.server = confined
    for number, threat in enumerate(THREATS.values()):
        for copy in range(_copies(threat)):
            room.hand_in(f"{number:03}-{'again-' * copy}{threat.name}", threat.notebook(room))
        if number % 8 == 0:
            room.hand_in(f"{number:03}-z-honest")
    return room, room.grade(budget=BUDGET)


@pytest.mark.parametrize("name", list(THREATS))
def test_threat_amid_honest_hand_ins(name: str, together: tuple[Classroom, Outcome]) -> None:
    room, outcome = together
    students = [
        found for found in outcome.incidents if re.fullmatch(rf"\d+-(again-)?{name}", found)
    ]
    assert len(students) == _copies(THREATS[name])
    assert [problems(THREATS[name], room, outcome, student) for student in students] == [
        [] for _ in students
    ]


def test_no_honest_student_lost_a_point_or_is_suspected(
    together: tuple[Classroom, Outcome],
) -> None:
    room, outcome = together
    honest = [
        student for student in outcome.incidents if student.endswith("-honest") and "-z-" in student
    ]
    assert len(honest) >= 9
    assert {student: sum(room.scores()[student].values()) for student in honest} == dict.fromkeys(
        honest, 90.0
    )
    assert [outcome.incidents[student] for student in honest] == [[] for _ in honest]


def test_nothing_is_left_running_written_or_open(
    together: tuple[Classroom, Outcome], confined: ForkServer
) -> None:
    assert processes.kernels(confined) == []
    assert not Path("/tmp/unpickled-by-the-grader").exists() and not Path("/tmp/answers").exists()
    assert os.listdir(confined.directory) == ["s"]
    assert describe(confined.address)["threads"] == 1


def test_outputs_hold_no_markup_or_script(together: tuple[Classroom, Outcome]) -> None:
    room, outcome = together
    student = next(found for found in outcome.incidents if found.endswith("-attack_html_output"))
    text = (room.root / "autograded" / student / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    graded = nbformat.reads(text, 4)
    outputs = str([cell.outputs for cell in graded.cells if cell.cell_type == "code"])
    assert (
        "text/html" not in outputs and "javascript" not in outputs and "html-attack" not in outputs
    )
    assert "text-attack" in outputs and "title-attack" in outputs and "\\x1b]" not in outputs


@pytest.mark.prove
@pytest.mark.parametrize("name", list(THREATS))
def test_threat_alone(name: str, classroom: Classroom, confined: ForkServer) -> None:
    students = ["alone", "again"][: _copies(THREATS[name])]
    for student in students:
        classroom.hand_in(student, THREATS[name].notebook(classroom))
    outcome = classroom.grade(budget=BUDGET)
    assert [problems(THREATS[name], classroom, outcome, student) for student in students] == [
        [] for _ in students
    ]
    assert processes.kernels(confined) == []
