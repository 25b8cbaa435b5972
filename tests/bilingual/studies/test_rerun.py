"""Lessons under other seeds: what fails says why, and what holds says by how much."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from book.bilingual.cli import main
from book.bilingual.errors import ProblemsFound
from book.bilingual.lesson.plan import make_plan
from book.bilingual.lesson.source import read_lesson
from book.bilingual.studies import margin_record
from book.bilingual.studies.margins import Margin, watched
from book.bilingual.studies.rerun import Rerun, rerun

from ..conftest import Edit

CHAPTER = "book/chapters/ch90_sums.md"


def planted(edit: Edit, code: str) -> None:
    edit(
        CHAPTER,
        "total = root_sum(LIMIT)",
        f"import os\nseed = int(os.environ['COURSE_SEED'])\n{code}\ntotal = root_sum(LIMIT)",
    )


def run(root: Path, *seeds: int) -> Rerun:
    return rerun(root, ("ch90_sums",), seeds, jobs=2, progress=lambda *a: None)[0]


def test_the_seed_that_fails_is_named_with_the_numbers_and_the_others_are_still_tried(
    course: Path, edit: Edit
) -> None:
    planted(edit, "assert 0.5 + seed / 10 > 0.65, 'too small'")
    before = {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}
    found = run(course, 1, 2, 3)
    assert sorted(found.held) == [2, 3]
    (problem,) = found.failed[1]
    assert (
        "COURSE_SEED=1: the cell raises AssertionError: too small; 0.5 + seed / 10 > 0.65: 0.6 >"
        " 0.65" in problem.what
    )
    assert {path: path.read_bytes() for path in course.rglob("*") if path.is_file()} == before


def test_the_closest_call_over_all_seeds_is_shown_with_its_line_and_seed(
    course: Path, edit: Edit
) -> None:
    planted(edit, "assert 1.0 > 0.4\nassert 0.9 < 1 + seed / 100")
    result = CliRunner().invoke(
        main, ["--root", str(course), "rerun", "ch90_sums", "--seeds", "3", "--margins", "1"]
    )
    assert result.exit_code == 0
    assert (
        f"{CHAPTER}:37: 0.9 < 1 + seed / 100, closest at 0.9 < 1.01 (COURSE_SEED=1)"
        in result.output
    )
    assert "1.0 > 0.4" not in result.output
    assert "ch90_sums: 3 of 3 seeds hold" in result.output


def test_a_comparison_that_no_seed_changes_is_not_among_the_closest(
    course: Path, edit: Edit
) -> None:
    planted(edit, "assert 1.0 > 0.999\nassert 0.5 < 1 + seed / 100")
    assert [margin.text for margin, _ in run(course, 1, 2).closest(9)] == ["0.5 < 1 + seed / 100"]
    assert "1.0 > 0.999" in [margin.text for margin, _ in run(course, 1).closest(9)]


def stale(course: Path) -> list[str]:
    lesson = read_lesson(course, "chapter", course / CHAPTER)
    plan = make_plan(course, lesson)
    return [problem.what for problem in margin_record.stale_problems(course, plan)]


def test_kept_seeds_add_up_while_the_code_is_the_same_and_stand_on_the_page(
    course: Path, edit: Edit
) -> None:
    def keep(first: int, count: int) -> str:
        command = ["rerun", "ch90_sums", "--keep", "--first", str(first), "--seeds", str(count)]
        CliRunner().invoke(main, ["--root", str(course), *command])
        return margin_record.table(course, "en").split("\n")[2]

    planted(edit, "assert 1.0 > 0.999\nassert (seed | 1) > 0.4\nassert seed != 4")
    row = "| [`ch90_sums`](ch90_sums.ipynb) | {} | {} | `(seed \\| 1) > 0.4` | `{} > 0.4` | {} |"
    # one seed cannot tell that it is the same under all
    assert "| 1 | yes | `1.0 > 0.999` |" in keep(3, 1)
    assert keep(4, 2).startswith(row.format(3, "no (4)", 3, 3))
    assert keep(1, 2).startswith(row.format(5, "no (4)", 1, 1))
    assert "| 아니요 (4) |" in margin_record.table(course, "ko")
    edit(CHAPTER, "assert seed != 4", "assert seed != 4  # a comment computes nothing")
    assert keep(6, 1).startswith(row.format(6, "no (4)", 1, 1))
    assert stale(course) == []
    edit(CHAPTER, "assert seed != 4", "assert seed != 40")
    assert stale(course) == ["6 seeds were tried on other cells than the lesson has now"]
    assert keep(5, 2).startswith(row.format(2, "yes", 5, 5))


def tried(code: str, text: str = "a < 1", **shown: float) -> Rerun:
    """A lesson of which seeds s1, s2, … found these values of `a`."""
    lesson = Rerun("ch90_sums", "", code)
    for name, value in shown.items():
        seed = int(name.removeprefix("s"))
        lesson.held[seed] = 1.0
        lesson.add(seed, Margin(1, text, 1 - value, f"{value} < 1"))
    return lesson


def test_after_a_change_that_alters_no_number_seeds_that_show_it_let_the_others_count(
    tmp_path: Path,
) -> None:
    margin_record.record(tmp_path, tried("old", s1=0.5, s2=0.75, s3=0.25))
    margin_record.record(tmp_path, tried("new", s1=0.5, s2=0.75), same=True)
    kept = margin_record.read(tmp_path, "ch90_sums")
    assert kept["code"] == "new" and kept["seeds"] == [1, 2, 3]
    assert [each["shown"] for each in kept["compared"]] == ["0.75 < 1"]


def test_a_claim_that_is_made_no_more_leaves_the_record_and_its_failures_when_they_are_tried_again(
    tmp_path: Path,
) -> None:
    before = tried("old", s1=0.5, s2=0.75)
    before.add(2, Margin(2, "time > 5", 0.1, "5.1 > 5"))
    before.failed[3] = []
    margin_record.record(tmp_path, before)
    margin_record.record(tmp_path, tried("new", s2=0.75, s3=0.9), same=True)
    kept = margin_record.read(tmp_path, "ch90_sums")
    assert kept["seeds"] == [1, 2, 3] and kept["failed"] == []
    assert [each["shown"] for each in kept["compared"]] == ["0.9 < 1"]


def test_seeds_do_not_count_on_where_a_number_changed(tmp_path: Path) -> None:
    margin_record.record(tmp_path, tried("old", s1=0.5, s2=0.75))
    before = margin_record.path_of(tmp_path, "ch90_sums").read_bytes()
    failing = tried("new", s2=0.75)
    failing.failed[1] = []
    for lesson, told in (
        (tried("new", s1=0.5), "none of the seeds was the closest at anything before"),
        (tried("new", s2=0.7), "`a < 1` was closest at 0.75 < 1, now 0.7 < 1"),
        (tried("new", s1=0.9, s2=0.75), "`a < 1` comes closer than any seed before: 0.9 < 1"),
        (tried("new", "0 < a < 1", s1=0.5, s2=0.75), "`0 < a < 1` was not compared before"),
        (tried("new", "b < 1", s2=0.75), "`b < 1` was not compared before"),
        (failing, "COURSE_SEED=1 fails now"),
    ):
        with pytest.raises(ProblemsFound, match=re.escape(told)):
            margin_record.record(tmp_path, lesson, same=True)
    assert margin_record.path_of(tmp_path, "ch90_sums").read_bytes() == before


def test_one_seed_of_the_same_numbers_is_enough_on_the_command_line(
    course: Path, edit: Edit
) -> None:
    planted(edit, "step = 0.01\nassert 0.9 < 1 + seed * step")
    command = ["--root", str(course), "rerun", "ch90_sums"]
    CliRunner().invoke(main, [*command, "--seed", "1", "--seed", "2", "--keep"])
    edit(CHAPTER, "step = 0.01", "step = 1 / 100")
    assert stale(course) == ["2 seeds were tried on other cells than the lesson has now"]
    result = CliRunner().invoke(main, [*command, "--same"])
    assert result.exit_code == 0 and "wrote book/margins/ch90_sums.json" in result.output
    assert (
        "COURSE_SEED=1 " in result.output and "COURSE_SEED=2 " not in result.output
    )  # 1 is closer
    assert stale(course) == [] and len(margin_record.read(course, "ch90_sums")["seeds"]) == 2


def test_a_failure_ends_with_status_1_and_lists_its_seeds(course: Path, edit: Edit) -> None:
    planted(edit, "assert seed != 2")
    result = CliRunner().invoke(
        main, ["--root", str(course), "rerun", "ch90_sums", "--seed", "1", "--seed", "2"]
    )
    assert result.exit_code == 1
    assert "seed != 2: 2 != 2" in result.output
    assert "ch90_sums: 1 of 2 seeds hold, fails with 2" in result.output


@pytest.mark.parametrize(
    "code",
    [
        "assert a < b < 3",
        "assert all(x > 0 for x in [a, b]) and b >= 2, f'{a} and {b}'",
        "if a:\n    assert (\n        a\n        == 1\n    )\nc = 5",
        "assert 'x' in 'xyz' and not a > b",
        "def f():\n    assert a < b  # why\n    return a\nf()",
    ],
)
def test_a_watched_cell_does_what_the_cell_does_on_the_same_lines(code: str) -> None:
    from book.bilingual.studies.margins import HELPER

    rewritten = watched(code, 10)
    assert rewritten.count("\n") == code.count("\n")
    names: dict = {"a": 1, "b": 2}
    exec(HELPER, names)
    exec(rewritten, names)


@pytest.mark.parametrize("code", ["%matplotlib inline\nassert 1 > 2", "assert 1 > 0; x = 1"])
def test_what_cannot_be_rewritten_stays(code: str) -> None:
    assert watched(code, 1) == code


def test_tensors_are_compared_as_before_and_their_closest_element_counts() -> None:
    import torch

    from book.bilingual.studies.margins import HELPER

    names: dict = {"t": torch.tensor([0.5, 0.75])}
    exec(HELPER, names)
    exec(watched("assert (t > 0.25).all()", 1), names)
    assert names["__course_margins__"][1, "t > 0.25"][0] == 0.25
