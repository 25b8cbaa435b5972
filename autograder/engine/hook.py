"""Makes `nbgrader autograde`, and the formgrader's button, grade with this engine. Called from
`nbgrader_config.py`.

Theory of operation. nbgrader's `Autograde.start` grades students one after another in its own
process: `chdir` and `os.environ` are the process's, so parallel means processes, and the
formgrader's server has threads, so workers must not be forked there. `install` replaces `start` by
one that runs `python -m autograder.engine` with the same configuration, passes its lines on to
nbgrader's log (the progress bar goes to the terminal itself), and raises nbgrader's own error if a
hand-in could not be graded. nbgrader is pinned to the version whose internals this relies on.
`$AUTOGRADER_STOCK=1` leaves nbgrader alone; `$AUTOGRADER_ACCEPT_MISSING` and `$AUTOGRADER_CLUSTER`
stand for the options of the same names.
"""

import contextlib
import gc
import glob
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from nbgrader import api
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.dbutil import ALEMBIC_DIR
from nbgrader.exchange.default import ExchangeReleaseFeedback

from .. import settings
from . import terminal
from .handin import SECRET

_ROOT = Path(__file__).resolve().parents[2]
_PATHS = (
    "root",
    "course_id",
    "db_url",
    "submitted_directory",
    "autograded_directory",
    "release_directory",
    "source_directory",
    "directory_structure",
)
_VERSION = re.compile(r"^revision = ['\"](\w+)['\"]", re.MULTILINE)
_BEFORE = re.compile(r"^down_revision = ['\"](\w+)['\"]", re.MULTILINE)
_config_files: list[str] = []
_stock_start = Autograde.start
_stock_release = ExchangeReleaseFeedback.copy_files
_stock_version = api.get_alembic_version


def install(config: str = "") -> None:
    """Replace what is ours. May be called twice. `config`: nbgrader's configuration file, for the
    formgrader's server, which does not tell which one it has read.
    """
    ExchangeReleaseFeedback.copy_files = _release_feedback
    api.get_alembic_version = _newest_schema
    if config:
        _config_files.append(config)
    if not settings.STOCK():
        Autograde.start = _start


def uninstall() -> None:
    """Give nbgrader its own back."""
    Autograde.start = _stock_start
    ExchangeReleaseFeedback.copy_files = _stock_release
    api.get_alembic_version = _stock_version


def _newest_schema() -> str:
    """What a new gradebook is marked with. nbgrader asks the command `alembic`, which has to be on
    `PATH` and imports nbgrader once more, for two seconds; alembic itself takes a third of one.
    """
    texts = [path.read_text("utf-8") for path in Path(ALEMBIC_DIR, "versions").glob("*.py")]
    later = {match[1] for text in texts for match in [_BEFORE.search(text)] if match}
    (newest,) = {match[1] for text in texts for match in [_VERSION.search(text)] if match} - later
    return newest


def _start(self: Any) -> None:
    course = self.coursedir
    command = [
        sys.executable,
        "-m",
        "autograder.engine",
        course.assignment_id,
        "--config-json",
        json.dumps(_settings(self)),
    ]
    if self.force:
        command.append("--force")
    if course.student_id != "*":
        command.append(f"--student={course.student_id}")
    command += settings.engine_options()
    streams = terminal.hand_on()
    streams["env"]["PYTHONPATH"] = os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **streams
    ) as process:
        for line in process.stdout or ():
            if line.strip():
                self.log.info("%s", line.rstrip())
    gc.freeze()  # Python would search all that nbgrader imported once more when it ends: 0.3 s
    if process.returncode != 0:
        raise NbGraderException(
            f"Some hand-ins of {course.assignment_id} could not be graded; see the lines above."
        )


def _release_feedback(self: Any) -> None:
    """As nbgrader does it, for the hand-ins that came through the exchange: one from an LMS has no
    place to be returned to, and would end the command for everybody.
    """
    course, outside = self.coursedir, []
    pattern = course.format_path(
        course.feedback_directory, "(?P<student_id>.*)", course.assignment_id, escape=True
    )
    for folder in sorted(glob.glob(self.src_path)):
        if not all(Path(folder, name).is_file() for name in ("timestamp.txt", SECRET)):
            outside += [match["student_id"]] if (match := re.match(pattern, folder)) else []
    if outside:
        self.log.warning(
            "Not handed in through the exchange, so not returned through it: %s", ", ".join(outside)
        )
    excluded = course.student_id_exclude
    course.student_id_exclude = ",".join(filter(None, [excluded, *outside]))
    try:
        _stock_release(self)
    finally:
        course.student_id_exclude = excluded


def _settings(converter: Any) -> dict[str, Any]:
    """What the engine needs of nbgrader's configuration, as JSON can hold it. `files`: the
    configuration files, which the engine loads again beneath it, for what JSON cannot hold: plugins
    given as classes, and changes to `sys.path`.
    """
    config = {
        section: _plain(dict(values))
        for section, values in converter.config.items()
        if isinstance(values, dict)
    }
    config.setdefault("CourseDirectory", {}).update(
        {name: getattr(converter.coursedir, name) for name in _PATHS}
    )
    # the formgrader's server does not tell
    loaded = getattr(converter.parent, "loaded_config_files", None)
    return {"config": config, "files": list(loaded or _config_files[-1:])}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    kept = {}
    for name, value in values.items():
        with contextlib.suppress(TypeError, ValueError):
            kept[name] = json.loads(json.dumps(value))
    return kept
