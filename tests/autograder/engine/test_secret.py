"""What is said about `$COURSE_SECRET` before a class is graded."""

import json
import subprocess
import sys

import pytest

from autograder.engine import secret
from tests.engine.classroom import NAME, Classroom
from tests.engine.course import ROOT


def test_an_empty_secret_is_said_before_anything_is_graded(classroom: Classroom) -> None:
    assert secret.notes(classroom.directory.db_url, NAME, b"") == [secret.UNSET]
    assert secret.notes(classroom.directory.db_url, NAME, b"something") == []


def test_a_changed_and_a_forgotten_secret_are_said_with_the_number_of_hand_ins_they_regrade(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_SECRET", "of this term")
    classroom.hand_in("anna")
    classroom.grade()
    url = classroom.directory.db_url
    assert secret.notes(url, NAME, b"of this term") == []
    (changed,) = secret.notes(url, NAME, b"another")
    assert f"has changed since {NAME} was last graded: all 1 hand-ins are graded anew" in changed
    (forgotten,) = secret.notes(url, NAME, b"")
    assert "is not set any more" in forgotten and "all 1 hand-ins are graded anew" in forgotten
    assert "of this term" not in repr(classroom.rows())


def test_the_engine_says_it_before_it_grades(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_SECRET", "of this term")
    classroom.hand_in("anna")
    classroom.grade()
    config = json.dumps({"CourseDirectory": {"root": str(classroom.root)}})
    command = [sys.executable, "-m", "autograder.engine", NAME, "--config-json", config]
    monkeypatch.setenv("COURSE_SECRET", "another")
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    assert "COURSE_SECRET has changed" in said.splitlines()[0] and "1 graded" in said
