"""Where a class's data lies: outside of what `make clean` removes, readable by its owner alone."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from autograder import places
from autograder.errors import GradingError
from autograder.exercise import ROOT


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COURSE_DIR", "COURSE_DB", "COURSE_EXCHANGE"):
        monkeypatch.delenv(name, raising=False)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_default_tree_lies_outside_of_the_build_folder_and_is_ignored_by_git_and_the_site():
    assert places.course_dir() == ROOT / "class"
    assert "/class/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert "  - class\n" in (ROOT / "_config.yml").read_text("utf-8")


def test_a_relative_tree_is_the_same_one_from_every_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DIR", "_build/elsewhere")
    here = places.course_dir()
    monkeypatch.chdir(tmp_path)
    assert places.course_dir() == here == ROOT / "_build" / "elsewhere"


def test_a_gradebook_where_the_first_edition_kept_it_stops_with_the_way_to_move_it(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(places, "ROOT", tmp_path)
    monkeypatch.setattr(places, "_FORMER", tmp_path / "_build" / "course")
    (tmp_path / "_build" / "course").mkdir(parents=True)
    (tmp_path / "_build" / "course" / "gradebook.db").touch()
    with pytest.raises(GradingError, match=f"mv {tmp_path}/_build/course {tmp_path}/class"):
        places.course_dir()
    (tmp_path / "_build" / "course").rename(tmp_path / "class")
    assert places.course_dir() == tmp_path / "class"


def test_gradebook_and_hand_ins_are_for_their_owner_alone_and_the_exchange_for_everyone(
    monkeypatch, tmp_path
):
    course = tmp_path / "course"
    monkeypatch.setenv("COURSE_DIR", str(course))
    before = os.umask(0o022)
    try:
        (course / "autograded").mkdir(parents=True)
        (course / "grades.csv").touch()
        places.prepare()
    finally:
        os.umask(before)
    assert mode(course / "gradebook.db") == 0o600 and mode(course / "grades.csv") == 0o600
    assert mode(course / "submitted") == mode(course / "autograded") == 0o700
    assert mode(course) == 0o711 and mode(course / "exchange") == 0o777
    monkeypatch.setenv("COURSE_EXCHANGE", str(tmp_path / "exchange"))
    places.prepare()
    # the administrator's to make
    assert mode(course) == 0o700 and not (tmp_path / "exchange").exists()


def test_an_old_gradebook_that_everyone_could_read_is_closed(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DIR", str(tmp_path))
    (tmp_path / "gradebook.db").touch(0o644)
    (tmp_path / "gradebook.db").chmod(0o644)
    places.prepare()
    assert mode(tmp_path / "gradebook.db") == 0o600


def test_a_tree_that_a_group_shares_is_left_as_it_is(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DIR", str(tmp_path))
    tmp_path.chmod(0o2770)
    (tmp_path / "gradebook.db").touch()
    (tmp_path / "gradebook.db").chmod(0o660)
    places.prepare()
    assert mode(tmp_path / "gradebook.db") == 0o660 and mode(tmp_path) == 0o2770


@pytest.fixture
def makefile(tmp_path) -> Path:
    shutil.copy(ROOT / "Makefile", tmp_path)
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True)


def test_make_clean_leaves_a_class_alone_and_removes_the_sample_class(makefile):
    for tree in ("_build/sample", "_build/mine", "class"):
        (makefile / tree).mkdir(parents=True)
        (makefile / tree / "gradebook.db").touch()
    (makefile / "_build/sample/.sample-class").touch()
    refused = make(makefile, "clean")
    assert (
        refused.returncode and "_build/mine/gradebook.db is a class's gradebook" in refused.stderr
    )
    assert (makefile / "_build/sample/gradebook.db").exists()
    (makefile / "_build/mine").rename(makefile / "mine")
    assert make(makefile, "clean").returncode == 0
    assert not (makefile / "_build").exists() and (makefile / "class/gradebook.db").exists()
    assert make(makefile, "clean").returncode == 0  # nothing there


@pytest.mark.parametrize("folder", ["plain", "과제 2 제출", 'it\'s (here) & "there"'])
def test_make_grade_takes_a_folder_with_any_name(makefile, folder):
    (makefile / ".venv/bin").mkdir(parents=True)
    python = makefile / ".venv/bin/python"
    python.write_text('#!/bin/sh\nprintf "%s|" "$@" > arguments\n')
    python.chmod(0o755)
    done = make(makefile, "-o", ".venv/.run", "grade", "A=ex01_pooling", f"S={folder}")
    assert done.returncode == 0, done.stderr
    assert (makefile / "arguments").read_text() == f"-m|autograder.grade|ex01_pooling|{folder}|"
    make(makefile, "-o", ".venv/.run", "grade")
    assert (makefile / "arguments").read_text() == "-m|autograder.grade|ex02_gap_three_ways|"


def test_grading_needs_neither_browser_nor_fonts():
    planned = subprocess.run(
        ["make", "-n", "-B", "grade"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    assert "autograder.grade" in planned and "chromium" not in planned and "[test" not in planned
