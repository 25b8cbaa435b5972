"""Makes `nbgrader autograde`, and the formgrader's button, grade with this engine. Called from
`nbgrader_config.py`.

Theory of operation. nbgrader's `Autograde.start` grades students one after another in its own
process: `chdir` and `os.environ` are the process's, so parallel means processes, and the
formgrader's server has threads, so workers must not be forked there. `install` replaces `start` by
one that runs the engine with the same configuration, passes its lines on to nbgrader's log (the
progress bar goes to the terminal itself), and raises nbgrader's own error if a hand-in could not be
graded. The engine is a copy of this process, which has imported nbgrader; where there are threads
beside, which no copy has, it is `python -m autograder.engine`. nbgrader is pinned to the version
whose internals this relies on.
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
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, NoReturn

from nbgrader import api
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.dbutil import ALEMBIC_DIR
from nbgrader.exchange.default import ExchangeReleaseFeedback

from .. import settings
from ..__main__ import leave
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
    arguments = [course.assignment_id, "--config-json", json.dumps(_settings(self))]
    if self.force:
        arguments.append("--force")
    if course.student_id != "*":
        arguments.append(f"--student={course.student_id}")
    arguments += settings.engine_options()
    gc.freeze()  # Python would search all that nbgrader imported once more when it ends: 0.3 s
    lines, wait = (_copied if _is_alone() else _anew)(arguments)
    try:
        with lines:
            for line in lines:
                if line.strip():
                    self.log.info("%s", line.rstrip())
    finally:
        status = wait()
    if status != 0:
        raise NbGraderException(
            f"Some hand-ins of {course.assignment_id} could not be graded; see the lines above."
        )


def _is_alone() -> bool:
    """Whether a copy of this process would lack nothing: it has no other thread's doings."""
    return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1


def _anew(arguments: list[str]) -> tuple[IO[str], Callable[[], int]]:
    """The engine as a process of its own: its lines, and what waits for its status."""
    streams = terminal.hand_on()
    streams["env"]["PYTHONPATH"] = os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder.engine", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **streams,
    )  # fmt: skip
    assert process.stdout is not None
    return process.stdout, process.wait


def _copied(arguments: list[str]) -> tuple[IO[str], Callable[[], int]]:
    """The same as a copy of this process."""
    environment = terminal.hand_on()["env"]
    reader, writer = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _be_engine(arguments, writer, environment)
    os.close(writer)
    lines = open(reader, encoding="utf-8", errors="replace")  # noqa: SIM115 - the caller closes it
    return lines, lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _be_engine(arguments: list[str], writer: int, environment: dict[str, str]) -> NoReturn:
    """Go on as the engine's command, in a fork."""
    try:
        os.dup2(writer, 1), os.dup2(writer, 2)
        os.close(writer)
        os.environ.update(environment)
        sys.stdout = open(1, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115
        from .__main__ import main

        main(arguments, prog_name="python -m autograder.engine")
    except SystemExit as ended:
        leave(ended)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


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
