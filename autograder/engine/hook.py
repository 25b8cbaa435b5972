"""Makes `nbgrader autograde`, and the formgrader's button, grade with this engine. Called from `nbgrader_config.py`.

Theory of operation. nbgrader's `Autograde.start` grades students one after another in its own process: `chdir` and
`os.environ` are the process's, so parallel means processes, and the formgrader's server has threads, so workers must
not be forked there. `install` replaces `start` by one that runs `python -m autograder.engine` with the same
configuration, passes its lines on to nbgrader's log (the progress bar goes to the terminal itself), and raises
nbgrader's own error if a hand-in could not be graded. nbgrader is pinned to the version whose internals this relies on.
`$AUTOGRADER_STOCK=1` leaves nbgrader alone; `$AUTOGRADER_ACCEPT_MISSING` and `$AUTOGRADER_CLUSTER` stand for the
options of the same names.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, NbGraderException

from . import terminal

_ROOT = Path(__file__).resolve().parents[2]
_stock_start = Autograde.start


def install() -> None:
    """Replace `Autograde.start`. May be called twice."""
    if os.environ.get("AUTOGRADER_STOCK") != "1":
        Autograde.start = _start


def uninstall() -> None:
    """Give nbgrader its own back."""
    Autograde.start = _stock_start


def _start(self: Any) -> None:
    course = self.coursedir
    names = (
        "root",
        "course_id",
        "db_url",
        "submitted_directory",
        "autograded_directory",
        "release_directory",
        "source_directory",
        "directory_structure",
    )
    settings = {"CourseDirectory": {name: getattr(course, name) for name in names}}
    if "LateSubmissionPlugin" in self.config or "AssignLatePenalties" in self.config:
        settings |= {
            key: self.config[key] for key in ("LateSubmissionPlugin", "AssignLatePenalties") if key in self.config
        }
    command = [
        sys.executable,
        "-m",
        "autograder.engine",
        course.assignment_id,
        "--config-json",
        json.dumps(settings, default=str),
    ]
    if self.force:
        command.append("--force")
    if course.student_id != "*":
        command += ["--student", course.student_id]
    if accepted := os.environ.get("AUTOGRADER_ACCEPT_MISSING"):
        command += ["--accept-missing", accepted]
    if cluster := os.environ.get("AUTOGRADER_CLUSTER"):
        command += ["--cluster", cluster]
    streams = terminal.hand_on()
    streams["env"]["PYTHONPATH"] = os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **streams) as process:
        for line in process.stdout or ():
            if line.strip():
                self.log.info("%s", line.rstrip())
    if process.returncode != 0:
        raise NbGraderException(f"Some hand-ins of {course.assignment_id} could not be graded; see the lines above.")
