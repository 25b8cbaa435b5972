"""The progress bar reaches the terminal of whoever typed the command, and nothing of it the
captured log.
"""

import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.engine.classroom import NAME, Classroom

ROOT = Path(__file__).resolve().parents[3]


def _on_a_terminal(command: list[str], folder: Path, **more: str) -> tuple[str, str]:
    """What a command prints on stdout, and what it draws on a terminal that is its stderr."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **more}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=theirs
    ) as process:
        os.close(theirs)
        drawn = bytearray()
        while chunk := _read(ours):
            drawn += chunk
        assert process.stdout is not None
        printed = process.stdout.read().decode()
    os.close(ours)
    assert process.returncode == 0, printed + drawn.decode()
    return printed, drawn.decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 1 << 16)
    except OSError:  # Linux's end of a terminal
        return b""


def test_nbgrader_autograde_shows_the_bar(classroom: Classroom) -> None:
    classroom.hand_in("anna"), classroom.hand_in("bora")
    (classroom.root / "nbgrader_config.py").write_text(
        "from autograder.engine import hook\n\nhook.install()\n"
    )
    command = [
        sys.executable,
        "-m",
        "nbgrader",
        "autograde",
        NAME,
        f"--course-dir={classroom.root}",
    ]
    _, drawn = _on_a_terminal(command, classroom.root)
    assert "2/2" in drawn and "bora" in drawn and "2 graded, 0 unchanged" in drawn


def test_make_grade_shows_the_bar_and_then_what_is_worth_a_look(
    classroom: Classroom, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    for student, changes in (
        ("anna", {}),
        ("bora", {"gap_mean": "import torch\ntorch.allclose = len\n"}),
    ):
        hand_in = classroom.hand_in(student, classroom.filled(changes)) / f"{NAME}.ipynb"
        (folder / student).mkdir(parents=True)
        (folder / student / hand_in.name).write_bytes(hand_in.read_bytes())
    command = [sys.executable, "-m", "autograder.grade", NAME, str(folder)]
    printed, drawn = _on_a_terminal(
        command, ROOT, COURSE_DIR=str(tmp_path / "course"), COURSE_DB="", COURSE_LANG=""
    )
    assert "2/2" in drawn and "anna" in drawn
    assert "⚠ suspicious: Cell gap_mean patches torch.allclose" in " ".join(
        printed.replace("│", " ").split()
    )
    assert f"report: {tmp_path / 'course' / 'reports' / NAME / 'incidents.html'}" in printed


def test_without_a_terminal_nothing_is_drawn(classroom: Classroom) -> None:
    classroom.hand_in("anna")
    config = f'{{"CourseDirectory": {{"root": "{classroom.root}"}}}}'
    command = [sys.executable, "-m", "autograder.engine", NAME, "--config-json", config]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and "1 graded" in done.stdout and "1/1" not in done.stderr, (
        done.stderr
    )
