"""Grading a class: equal to stock nbgrader for honest work, the same however often and however
interrupted.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from autograder.engine import hook
from autograder.engine.classrun import Outcome
from autograder.errors import GradingError
from autograder.sandbox import SandboxError
from tests.engine import processes
from tests.engine.classroom import NAME, Classroom

ROOT = Path(__file__).resolve().parents[3]
HALF = {
    "gap_mean": "def gap_mean(x):\n    return x.mean(dim=2)\n",
    "gap_adaptive": "gap_adaptive = None\n",
}


def grade(room: Classroom, **options: object) -> Outcome:
    return room.grade(**options)


def total(room: Classroom, student: str) -> float:
    return sum(room.scores()[student].values())


def test_right_answer_gets_all_points_and_stub_none(classroom: Classroom) -> None:
    classroom.hand_in("right")
    classroom.hand_in("stub", classroom.release)
    outcome = grade(classroom)
    assert total(classroom, "right") == classroom.exercise.points == 90
    assert total(classroom, "stub") == 0
    assert outcome.incidents == {"right": [], "stub": []}


def test_hint_is_in_the_graded_notebook_for_feedback(classroom: Classroom) -> None:
    classroom.hand_in("half", classroom.filled(HALF))
    grade(classroom)
    graded = nbformat.read(classroom.root / "autograded" / "half" / NAME / f"{NAME}.ipynb", 4)
    (cell,) = (
        c for c in graded.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "test_gap_mean"
    )
    korean, english = cell.outputs[0].evalue.split("\n")
    assert "gap_mean" in korean and "gap_mean" in english
    assert cell.metadata["autograder"] == {"case": "values", "hint": {"ko": korean, "en": english}}


def test_grading_twice_changes_nothing_and_does_nothing(classroom: Classroom) -> None:
    classroom.hand_in("a"), classroom.hand_in("b", classroom.filled(HALF))
    grade(classroom)
    before = classroom.rows()
    assert len(grade(classroom).skipped) == 2
    assert classroom.rows() == before
    assert len(grade(classroom, force=True).graded) == 2
    assert classroom.rows() == before


def test_a_reworded_hint_of_the_release_grades_nobody_again_and_another_release_everybody(
    classroom: Classroom,
) -> None:
    classroom.hand_in("a")
    grade(classroom)
    path = classroom.root / "release" / NAME / f"{NAME}.ipynb"
    given = path.read_text(encoding="utf-8")
    reworded = given.replace(
        "`{name}`: 평균이 아니라 합입니다.", "`{name}`: 합이지 평균이 아닙니다."
    )
    assert reworded != given
    path.write_text(reworded, encoding="utf-8")
    assert grade(classroom).skipped == ["a"]
    path.write_text(reworded.replace("sum_hint", "total_hint"), encoding="utf-8")
    assert grade(classroom).skipped == []


def test_resubmission_without_cells_keeps_no_old_points(classroom: Classroom) -> None:
    folder = classroom.hand_in("a")
    grade(classroom)
    notebook = classroom.filled()
    notebook.cells = [
        c
        for c in notebook.cells
        if "gap_mean" not in str(c.metadata.get("nbgrader", {}).get("grade_id"))
    ]
    nbformat.write(notebook, folder / f"{NAME}.ipynb")
    grade(classroom)
    scores = classroom.scores()["a"]
    assert {name for name, points in scores.items() if points == 0} == {
        n for n in scores if n.startswith("test_gap_mean")
    }


def test_manual_score_survives_a_regrade(classroom: Classroom) -> None:
    classroom.hand_in("a")
    grade(classroom)
    with Gradebook(classroom.directory.db_url) as book:
        book.find_grade("short_answer", NAME, NAME, "a").manual_score = 7
        book.db.commit()
    grade(classroom, force=True)
    (row,) = (row for row in classroom.rows() if row[:3] == ("grade", "a", "short_answer"))
    assert row[4:] == (7.0, True)


def test_late_hand_in_is_recorded_with_its_time(classroom: Classroom) -> None:
    classroom.hand_in("a", stamp="2026-01-02 03:04:05 UTC")
    grade(classroom)
    assert any(
        row[:2] == ("submission", "a") and str(row[2]).startswith("2026-01-02 03:04:05")
        for row in classroom.rows()
    )


def test_identical_hand_ins_get_identical_points_and_inputs(classroom: Classroom) -> None:
    for student in ("a", "b"):
        classroom.hand_in(student, classroom.filled(HALF))
    outcome = grade(classroom)
    first, second = outcome.graded
    assert first.digest == second.digest and first.scores == second.scores
    assert first.notebook == second.notebook


def test_grades_equal_those_of_stock_nbgrader(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    classroom.hand_in("right"), classroom.hand_in("stub", classroom.release)
    classroom.hand_in("half", classroom.filled(HALF))
    grade(classroom)
    ours = classroom.scores()
    answers = _add_hidden_tests(classroom)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    hook.uninstall()
    patient = {"timeout": 600}  # its own 30 s of wall time are little on a busy machine
    config = Config(
        {
            "CourseDirectory": {"root": str(answers)},
            "Execute": patient,
            "ExecutePreprocessor": dict(patient),
        }
    )
    result = NbGraderAPI(config=config).autograde(NAME, "*", force=True)
    assert result["success"], result
    assert Classroom(answers, classroom.release, classroom.exercise).scores() == ours


def _add_hidden_tests(room: Classroom) -> Path:
    """The same class with hidden tests that run in process, as stock nbgrader needs them."""
    source = room.root / "source" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(source, 4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name.startswith("test_"):
            check = f"from autograder.inprocess import check\ncheck({NAME!r}, {name!r}, globals())"
            cell.source += f"\n### BEGIN HIDDEN TESTS\n{check}\n### END HIDDEN TESTS"
    nbformat.write(notebook, source)
    answer = NbGraderAPI(
        config=Config({"CourseDirectory": {"root": str(room.root)}})
    ).generate_assignment(NAME, force=True)
    assert answer["success"], answer
    return room.root


def test_nbgrader_autograde_goes_through_the_engine(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    classroom.hand_in("a"), classroom.hand_in("b", b"{")
    hook.install()
    try:
        result = NbGraderAPI(
            config=Config({"CourseDirectory": {"root": str(classroom.root)}})
        ).autograde(NAME, "*")
    finally:
        hook.uninstall()
    assert result["success"], result
    assert total(classroom, "a") == 90 and total(classroom, "b") == 0
    report = json.loads((classroom.root / "reports" / NAME / "incidents.json").read_text())
    assert report["incidents"]["b"][0]["kind"] == "unreadable"
    page = (classroom.root / "reports" / NAME / "incidents.html").read_text()
    assert "truncated or no JSON" in page


def test_stock_feedback_can_be_made_from_the_result(classroom: Classroom) -> None:
    classroom.hand_in("half", classroom.filled(HALF))
    grade(classroom)
    result = NbGraderAPI(
        config=Config({"CourseDirectory": {"root": str(classroom.root)}})
    ).generate_feedback(NAME)
    assert result["success"], result
    page = (classroom.root / "feedback" / "half" / NAME / f"{NAME}.html").read_text()
    assert "gap_mean" in page


def test_unreleased_assignment_is_refused_with_the_command(classroom: Classroom) -> None:
    (classroom.root / "release" / NAME / f"{NAME}.ipynb").unlink()
    with pytest.raises(GradingError, match=f"nbgrader generate_assignment {NAME}"):
        grade(classroom)


def test_consent_to_a_missing_layer_is_recorded(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.engine import classrun

    real = classrun.probe
    monkeypatch.setattr(classrun, "probe", lambda: real().without(["net"]))
    classroom.hand_in("a")
    with pytest.raises(SandboxError, match="lacks net"):
        grade(classroom)
    classroom.server = None
    grade(classroom, accept_missing=("net",))
    (row,) = (row for row in classroom.rows() if row[0] == "journal")
    assert row[5] == "net" and "net" not in row[4].split()


@dataclass(frozen=True)
class _Peace:
    """A class of six that was graded undisturbed. `project`: a copy of what points depend on, so
    that work on the sources meanwhile changes no fingerprint; `seconds`: how long it took.
    """

    rows: list[tuple[object, ...]]
    project: Path
    seconds: float


@pytest.fixture(scope="module")
def undisturbed(released: Classroom, tmp_path_factory: pytest.TempPathFactory) -> _Peace:
    project = tmp_path_factory.mktemp("project")
    for name in ("autograder", "book", "solutions"):
        shutil.copytree(
            ROOT / name,
            project / name,
            ignore=shutil.ignore_patterns("__pycache__", "answers", "results"),
        )
    room = released.copy(tmp_path_factory.mktemp("peace"))
    _six(room)
    started = time.monotonic()
    _run(room, project)
    return _Peace(room.rows(), project, time.monotonic() - started)


def _command(room: Classroom) -> list[str]:
    config = json.dumps({"CourseDirectory": {"root": str(room.root)}})
    return [
        sys.executable,
        "-m",
        "autograder.engine",
        NAME,
        "--workers",
        "2",
        "--config-json",
        config,
    ]


def _run(room: Classroom, project: Path) -> None:
    done = subprocess.run(_command(room), cwd=project, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def _six(room: Classroom) -> None:
    for number in range(4):
        room.hand_in(f"s{number}", room.filled(HALF) if number % 2 else None)
    room.hand_in("broken", b"{"), room.hand_in("stub", room.release)


@pytest.mark.parametrize("seed", range(5))
def test_run_killed_at_a_random_moment_and_run_again_equals_an_undisturbed_one(
    seed: int, undisturbed: _Peace, released: Classroom, tmp_path: Path
) -> None:
    _kill_once_and_compare(seed, undisturbed, released.copy(tmp_path / "course"))


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(5, 105))
def test_a_hundred_kills(
    seed: int, undisturbed: _Peace, released: Classroom, tmp_path: Path
) -> None:
    _kill_once_and_compare(seed, undisturbed, released.copy(tmp_path / "course"))


def _kill_once_and_compare(seed: int, undisturbed: _Peace, room: Classroom) -> None:
    """SIGKILL to the coordinator, a worker, the fork server or a kernel, chosen by `seed`, at a
    moment of the run chosen by `seed`.
    """
    _six(room)
    chance = random.Random(seed)
    process = subprocess.Popen(
        _command(room),
        cwd=undisturbed.project,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + chance.uniform(0.05, 1.0) * undisturbed.seconds
    while time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
    victim = (
        process.pid
        if seed % 3 == 0
        else chance.choice([*processes.children(process.pid), process.pid])
    )
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    process.wait(180)
    _run(room, undisturbed.project)
    assert room.rows() == undisturbed.rows
