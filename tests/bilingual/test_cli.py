"""The commands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from book.bilingual.cli import main

from .conftest import Edit


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(root), *arguments])


def test_build_and_check_say_that_nothing_is_to_do(course: Path) -> None:
    assert "everything is up to date" in run(course, "build").output
    assert "nothing is stale" in run(course, "check").output


def test_a_wrong_source_ends_the_build_with_its_place_and_without_a_traceback(
    course: Path, edit: Edit
) -> None:
    edit("book/chapters/ch90_sums.md", ":snippets: [sums]", ":snippets: [summs]")
    result = run(course, "build")
    assert result.exit_code == 1
    assert "ch90_sums.md:25: cell 3 (code): unknown snippet 'summs'" in result.output
    assert "mend: use one of base, runs, sums" in result.output
    assert "Nothing was written." in result.output
    assert "Traceback" not in result.output


def test_check_counts_its_problems_and_fails(course: Path, edit: Edit) -> None:
    edit("book/pages/about.md", "A very small course.", "A small course.")
    result = run(course, "check", "about")
    assert result.exit_code == 1
    assert "2 problems" in result.output  # changed alone, and the generated page differs


def test_review_settles_what_check_named(course: Path, edit: Edit) -> None:
    edit("book/pages/about.md", "A very small course.", "A small course.")
    run(course, "build")
    assert run(course, "check").exit_code == 1
    assert "recorded in book/reviews/about.json" in run(course, "review", "about", "22").output
    assert run(course, "check").exit_code == 0


def test_review_of_a_line_without_a_pair_is_refused(course: Path) -> None:
    result = run(course, "review", "about", "3")
    assert result.exit_code == 1
    assert "about.md:3: no pair stands there" in result.output


@pytest.mark.parametrize("name", ["ch91_new", "ex91_new", "faq"])
def test_a_new_lesson_builds_and_passes_the_gates(course: Path, name: str) -> None:
    assert run(course, "new", name).exit_code == 0
    built = run(course, "build", name)
    assert built.exit_code == 0, built.output
    assert run(course, "check").exit_code == 0


@pytest.mark.parametrize(
    ("name", "part"), [("ch90_sums", "exists already"), ("Kapitel 1", "is no name for a page")]
)
def test_a_new_lesson_needs_a_free_and_proper_name(course: Path, name: str, part: str) -> None:
    result = run(course, "new", name)
    assert result.exit_code == 1
    assert part in result.output


def test_stale_studies_alone_are_rerun(course: Path, edit: Edit) -> None:
    assert "no study is stale" in run(course, "results", "--stale-only").output
    edit("book/snippets/sums.py", "gauss(0, 0.1)", "gauss(0, 0.2)")
    assert "wrote book/results/noisy_sum.json" in run(course, "results", "--stale-only").output


def test_the_row_to_recompute_is_drawn_by_a_seed_that_is_shown(course: Path) -> None:
    first = run(course, "results", "--check-row", "--choice", "7")
    assert first.exit_code == 0, first.output
    assert "recomputing 1 of 4 rows (--choice 7)" in first.output
    assert run(course, "results", "--check-row", "--choice", "7").output == first.output
    assert "recomputing 4 of 4 rows" in run(course, "results", "--check-row", "all").output
    assert (
        "noisy_sum: recomputing 4 of 4 rows"
        in run(course, "results", "--check-row", "noisy_sum", "all").output
    )


def test_row_that_needs_data_this_machine_lacks_is_named_and_not_compared(
    course: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader = 'import os\n\nDATA_IS_REAL = "NO_DATA_HERE" not in os.environ\n'
    (course / "book/snippets/data.py").write_text(loader, encoding="utf-8")
    edit(
        "book/snippets/sums.py",
        "import random\n",
        "import random\n\nfrom book.snippets.data import DATA_IS_REAL\n",
    )
    run(course, "results")
    monkeypatch.setenv("NO_DATA_HERE", "1")
    result = run(course, "results", "--check-row")
    assert result.exit_code == 0
    assert "noisy_sum: not compared. study 'noisy_sum' ran on stand-in data" in result.output


def test_every_command_explains_itself() -> None:
    for command in main.commands.values():
        assert command.help and len(command.help) > 40


def test_the_tool_never_imports_torch(course: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from book.bilingual import cli\n"
        "from book.bilingual.gates import check\nfrom book.bilingual.studies import studies\n"
        f"assert check.check(Path({str(course)!r})) == []; assert 'torch' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        cwd=Path(__file__).resolve().parents[2],
        timeout=600,
    )
