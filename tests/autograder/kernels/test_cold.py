"""Where there is no Linux: nothing is graded without consent, then each hand-in in an ordinary
kernel, as is said.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.engine import __main__, classrun
from autograder.engine.session import Budget
from autograder.sandbox import LAYERS, LayerReport, SandboxError
from tests.engine import processes
from tests.engine.classroom import NAME, Classroom

ROOT = Path(__file__).resolve().parents[3]
CLASS = {
    "right": {},
    "half": {"gap_mean": "def gap_mean(x):\n    return x.mean(dim=2)\n"},
    "ends": {"gap_mean": "import os\n\n\ndef gap_mean(x):\n    os._exit(1)\n"},
    "loops": {"gap_mean": "while True:\n    pass\n"},
    "stays": {
        "gap_mean": (
            "import os\nif os.fork() == 0:\n    while True: pass\ndef gap_mean(x):\n    return"
            " x.mean((2, 3))"
        )
    },
}
BUDGET = Budget(cell_s=4.0, probe_s=10.0, total_s=60.0)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `probe` finds it on a Mac."""
    report = LayerReport(dict.fromkeys(LAYERS, "needs Linux, this is darwin"), False)
    monkeypatch.setattr(classrun, "probe", lambda: report)
    monkeypatch.setattr(__main__, "probe", lambda: report)


def test_without_consent_nothing_is_graded_and_the_danger_is_named(
    classroom: Classroom, elsewhere: None
) -> None:
    classroom.hand_in("right")
    with pytest.raises(
        SandboxError, match=r"this is darwin.*would run as you.*--accept-missing all"
    ):
        classroom.grade()
    with pytest.raises(SandboxError, match="no sandbox at all"):
        classroom.grade(accept_missing=("net", "pid"))
    assert not (classroom.root / "autograded").exists()


def test_cold_grading_gives_the_points_of_the_sandbox_and_is_recorded(
    classroom: Classroom, released: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cold = released.copy(tmp_path / "cold")
    for student, changes in CLASS.items():
        classroom.hand_in(student, classroom.filled(changes))
        cold.hand_in(student, cold.filled(changes))
    classroom.grade(budget=BUDGET)
    report = LayerReport(dict.fromkeys(LAYERS, "needs Linux, this is darwin"), False)
    monkeypatch.setattr(classrun, "probe", lambda: report)
    monkeypatch.setenv("COURSE_SECRET_OF_TEST", "1")
    before = set(processes.children(os.getpid()))
    outcome = cold.grade(budget=BUDGET, accept_missing=("all",))
    assert outcome.failed == {} and len(outcome.graded) == len(CLASS)
    assert cold.scores() == classroom.scores()
    assert {entry["kind"] for entry in outcome.incidents["ends"]} >= {"died"}
    assert {entry["kind"] for entry in outcome.incidents["loops"]} == {"timeout"}
    journal = [row for row in cold.rows() if row[0] == "journal"]
    assert {(row[4], row[5]) for row in journal} == {("", " ".join(LAYERS))}
    assert set(processes.children(os.getpid())) <= before
    assert cold.grade(budget=BUDGET, accept_missing=("all",)).graded == []


def test_the_command_says_in_the_end_that_there_was_no_sandbox(
    classroom: Classroom, elsewhere: None, capsys: pytest.CaptureFixture[str]
) -> None:
    classroom.hand_in("right")
    config = f'{{"CourseDirectory": {{"root": "{classroom.root}"}}}}'
    with pytest.raises(SystemExit) as ended:
        __main__.main([NAME, "--accept-missing", "all", "--config-json", config])
    assert ended.value.code == 0
    assert "Graded with NO SANDBOX AT ALL, as you accepted." in capsys.readouterr().out
    assert "OFF pid" in (classroom.root / "reports" / NAME / "incidents.html").read_text()


def test_the_engine_can_be_imported_where_linuxs_modules_are_not(tmp_path: Path) -> None:
    """Without `resource`, `os.fork` and the like, as on Windows."""
    program = (
        "import os, socket, sys, pathlib\nimport nbgrader.api, nbgrader.preprocessors,"
        " nbgrader.converters, torch, zmq, jupyter_client.manager\nimport click,"
        " rich.progress\nsys.modules['resource'] = sys.modules['fcntl'] = None\nfor name in"
        " ('fork', 'pidfd_open', 'O_NOFOLLOW', 'O_NONBLOCK', 'O_CLOEXEC'):\n    delattr(os,"
        " name)\nsys.platform = 'win32'\nimport autograder.engine.__main__,"
        " autograder.engine.classrun, autograder.engine.report\nfrom autograder.sandbox import"
        " probe\nprint(probe().active, 'this is win32' in probe().describe())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "[] True\n", done.stderr[-2000:]
