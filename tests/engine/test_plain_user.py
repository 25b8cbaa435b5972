"""The engine as a plain user grades as it does as root. Run by root, who can become somebody else;
anybody else runs all tests as a plain user anyway.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .classroom import NAME, Classroom

ROOT = Path(__file__).resolve().parents[2]
UID = 54_321
# A dot stands before what may lie in a home because the interpreter does.
READER = """import os
found = []
for place in ("/etc/shadow", "/root", "/home", "../../../gradebook.db", "{secret}", "{root}"):
    try:
        if os.path.isdir(place):
            found += [name for name in os.listdir(place) if not name.startswith(".")]
        else:
            found.append(open(place).read())
    except OSError:
        pass
    try:
        open(os.path.join(place, "written"), "w").write("1")
        found.append("written")
    except OSError:
        pass


def gap_mean(x):
    return x.mean(dim=(2, 3)) if found else x.sum(dim=(2, 3))
"""
# In a mount namespace of its own: the account, and a way to an interpreter that lies in root's
# home.
AS_USER = """set -e
cp /etc/passwd "$ROOM/passwd"
echo "course-grader:x:$USER_ID:$USER_ID::$ROOM:/bin/sh" >> "$ROOM/passwd"
mount --bind "$ROOM/passwd" /etc/passwd
for tree in $TREES; do
  closed="/$(echo "$tree" | cut -d/ -f2)"
  if ! setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups test -r "$tree"; then
    mkdir -p "$ROOM/kept"; mount --bind "$tree" "$ROOM/kept"
    mount -t tmpfs -o mode=755 none "$closed"; mkdir -p "$tree"; mount --bind "$ROOM/kept" "$tree"
  fi
done
cd "$ROOM/project"
exec setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups env -i HOME="$ROOM" USER=course-grader \
  PATH="$PATH" PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 "$@"
"""
pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become somebody else; you are a plain user"
)


@pytest.fixture
def room(released: Classroom) -> Iterator[Path]:
    """A folder that the user can reach: the project, and a class of three."""
    folder = Path(tempfile.mkdtemp(prefix="course-plain-"))
    for name in ("autograder", "book", "solutions"):
        kept = shutil.ignore_patterns("__pycache__", "answers", "results")
        shutil.copytree(ROOT / name, folder / "project" / name, ignore=kept)
    own = folder / "own-secret.txt"
    own.write_text("a file of the grading user's own")
    class_ = released.copy(folder / "course")
    class_.hand_in("right")
    class_.hand_in("stub", class_.release)
    reader = READER.format(secret=own, root=folder)
    class_.hand_in("reader", class_.filled({"gap_mean": reader}))
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, UID, UID)
    yield folder
    shutil.rmtree(folder)


def _as_user(room: Path, *command: str) -> subprocess.CompletedProcess[str]:
    trees = {sys.prefix, sys.base_prefix, sysconfig.get_paths()["purelib"]}
    beside = {"ROOM": str(room), "USER_ID": str(UID), "TREES": " ".join(sorted(trees))}
    return subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", AS_USER, "sh", *command],
        env={**os.environ, **beside}, capture_output=True, text=True, timeout=400,
    )  # fmt: skip


def test_a_plain_user_grades_in_the_full_sandbox_and_gives_the_same_points(
    room: Path, classroom: Classroom
) -> None:
    if (
        tried := _as_user(room, "unshare", "--user", "--map-root-user", "--mount", "true")
    ).returncode:
        pytest.skip(f"user namespaces are off for plain users here: {tried.stderr.strip()}")
    offered = _as_user(room, sys.executable, "-m", "autograder.sandbox")
    assert offered.returncode == 0, offered.stdout + offered.stderr
    assert json.loads(offered.stdout.splitlines()[-1])["privileged"] is False
    config = json.dumps({"CourseDirectory": {"root": str(room / "course")}})
    graded = _as_user(
        room, sys.executable, "-m", "autograder.engine", NAME, "--config-json", config
    )
    assert graded.returncode == 0, graded.stdout + graded.stderr
    theirs = Classroom(room / "course", classroom.release, classroom.exercise)
    tests = classroom.exercise.tests.values()
    assert {student: sum(points.values()) for student, points in theirs.scores().items()} == {
        "reader": sum(test.points for test in tests if test.function != "gap_mean"),
        "right": 90.0, "stub": 0.0,
    }  # fmt: skip
    for student in ("right", "stub", "reader"):
        shutil.copytree(
            room / "course" / "submitted" / student, classroom.root / "submitted" / student
        )
    classroom.grade()
    ours, others = (
        [row for row in which.rows() if row[0] != "journal"] for which in (classroom, theirs)
    )  # a journal names the layers' way, which differs
    assert ours == others
    written = [path for path in room.rglob("written")]
    assert written == []
    assert (room / "course" / "gradebook.db").stat().st_uid == UID, "it was not the user who graded"
