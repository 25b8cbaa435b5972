"""A gradebook in PostgreSQL holds the rows that one in SQLite holds. The server is one of this
test's own.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import grade
from tests.autograder.engine.test_classrun import HALF

from .classroom import NAME, Classroom

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.prove


def _programs() -> str | None:
    """The folder of initdb and pg_ctl; Debian keeps them out of the path."""
    found = [
        Path(shutil.which("initdb") or "/nowhere"),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
    ]
    return next((str(path.resolve().parent) for path in found if path.is_file()), None)


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The SQLAlchemy URL of an empty database; the server listens on a socket in its folder
    only.
    """
    programs = _programs()
    if programs is None:
        pytest.skip("initdb is not there: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="course-pg-"))
    become: dict[str, object] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        become = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def run(program: str, *arguments: str) -> None:
        command = [f"{programs}/{program}", *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **become)  # type: ignore[call-overload]
        assert done.returncode == 0, done.stdout + done.stderr

    data = str(folder / "data")
    run(
        "initdb",
        "-D",
        data,
        "-U",
        "course",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    )
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://course@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _hand_in(room: Classroom) -> None:
    room.hand_in("right"), room.hand_in("half", room.filled(HALF), stamp="2026-01-02 03:04:05 UTC")
    room.hand_in("stub", room.release), room.hand_in("broken", b"{"), room.hand_in("김철수")
    room.hand_in("x" * 129)


def _engine(room: Classroom, *options: str, db: str = "") -> str:
    """`python -m autograder.engine` with the course's own configuration."""
    environment = {
        **os.environ,
        "COURSE_DIR": str(room.root),
        "COURSE_DB": db,
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "autograder.engine", NAME, *options]
    done = subprocess.run(
        command,
        cwd=ROOT / "autograder",
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 1, done.stdout + done.stderr  # one folder is refused, see below
    assert "1 refused" in done.stdout, done.stdout
    return done.stdout


def test_rows_in_postgresql_equal_those_in_sqlite_and_nbgrader_reads_them(
    released: Classroom, tmp_path: Path, database: str
) -> None:
    lite, large = released.copy(tmp_path / "lite"), released.copy(tmp_path / "large")
    large.db_url = database
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DIR", str(large.root))
        patch.setenv("COURSE_DB", database)
        grade.nbgrader("generate_assignment", NAME, "--force")
    released_as = f"release/{NAME}/{NAME}.ipynb"  # the journal's fingerprints depend on its bytes
    (large.root / released_as).write_bytes((lite.root / released_as).read_bytes())
    _hand_in(lite), _hand_in(large)
    (large.root / "gradebook.db").unlink()
    _engine(lite)
    _engine(large, db=database)
    assert len(lite.rows()) > 50
    assert large.rows() == lite.rows()
    assert "5 unchanged" in _engine(large, "--db", database), (
        "the option and the variable name one gradebook"
    )
    _engine(large, "--force", db=database)
    assert large.rows() == lite.rows()
    assert not (large.root / "gradebook.db").exists()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DIR", str(large.root))
        patch.setenv("COURSE_DB", database)
        grade.nbgrader("export", NAME, "--to", str(tmp_path / "grades.csv"))
    assert "김철수" in (tmp_path / "grades.csv").read_text(encoding="utf-8")
