"""Multi-seed studies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from book.bilingual.errors import ProblemsFound, StandInError, StudyError
from book.bilingual.studies import studies
from book.bilingual.studies.study_code import code_hash

from ..conftest import Edit

RESULTS = "book/results/noisy_sum.json"
SNIPPET = "book/snippets/sums.py"


def study(root: Path) -> studies.Study:
    return studies.load(root)[0]


def test_results_hold_every_row_with_its_setting_and_how_it_was_made(course: Path) -> None:
    results = json.loads((course / RESULTS).read_text(encoding="utf-8"))
    assert [(row["n"], row["seed"]) for row in results["rows"]] == [(2, 0), (2, 1), (3, 0), (3, 1)]
    assert set(results) == {
        "study",
        "code",
        "seeds",
        "device",
        "threads",
        "versions",
        "date",
        "rows",
    }
    assert (results["threads"], results["seeds"]) == (1, [0, 1])
    assert all(row["seconds"] >= 0 for row in results["rows"])


def test_parallel_processes_give_the_same_rows_in_the_same_order(course: Path) -> None:
    before = studies.read(course, "noisy_sum")
    progress: list[int] = []
    after = studies.run(
        course, study(course), jobs=3, progress=lambda done, total: progress.append(done)
    )
    assert before is not None
    assert [row["total"] for row in after["rows"]] == [row["total"] for row in before["rows"]]
    assert max(progress) == 4


@pytest.mark.parametrize(
    ("path", "old", "new", "part"),
    [
        (SNIPPET, "range(1, n + 1)", "range(n + 1)", "its code changed"),
        ("book/snippets/base.py", "math.sqrt(x)", "x**0.5", "its code changed"),
        ("book/studies.yml", "seeds: [0, 1]", "seeds: [0, 1, 2]", "its grid or seeds changed"),
        ("book/studies.yml", "noisy_sum:", "other_sum:", "was never run"),
    ],
)
def test_a_stale_study_is_reported(
    course: Path, edit: Edit, path: str, old: str, new: str, part: str
) -> None:
    edit(path, old, new)
    assert part in str(studies.stale_problems(course)[0])


def test_comments_and_docstrings_do_not_make_a_study_stale(course: Path, edit: Edit) -> None:
    edit(SNIPPET, '"""Sum of the roots of 1 to n."""', '"""The sum of roots."""\n    # by fsum')
    assert studies.stale_problems(course) == []


def test_a_function_that_shares_its_name_with_a_variable_does_not_count(
    course: Path, edit: Edit
) -> None:
    edit(SNIPPET, "LIMIT = 3\n", "LIMIT = 3\n\n\ndef i() -> int:\n    return 1\n")
    assert studies.stale_problems(course) == []


def test_a_function_that_is_called_inside_another_counts(course: Path, edit: Edit) -> None:
    edit(
        SNIPPET,
        "root_of(i) for i in range(1, n + 1)",
        "root_of(i) * LIMIT for i in range(1, n + 1)",
    )
    before = code_hash(course, study(course).run)
    edit(SNIPPET, "LIMIT = 3", "LIMIT = 4")
    assert code_hash(course, study(course).run) != before


def test_results_of_no_study_are_reported(course: Path) -> None:
    (course / "book/results/old.json").write_text("{}", encoding="utf-8")
    assert "no study in book/studies.yml makes it" in str(studies.stale_problems(course)[0])


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("noisy_sum:", "noisy-sum:", "not an identifier"),
        ("book.snippets.sums:measure", "os:system", "not book.snippets.module:function"),
        ("book.snippets.sums:measure", "book.snippets.gone:measure", "unknown snippet 'gone'"),
        ("grid: {n: [2, 3]}", "grid: {n: 2}", "not lists of values"),
        ("seeds: [0, 1]", "seeds: 5", "not a list of whole numbers"),
        ("seeds: [0, 1]", "seed: 5", "needs `run` and `seeds`"),
    ],
)
def test_a_bad_declaration_is_reported(
    course: Path, edit: Edit, old: str, new: str, part: str
) -> None:
    edit("book/studies.yml", old, new)
    with pytest.raises(ProblemsFound) as caught:
        studies.load(course)
    assert part in str(caught.value)


def test_a_recomputed_row_agrees(course: Path) -> None:
    assert studies.check_rows(course, study(course), [2]) == [{"n": 3, "seed": 0}]


def test_a_row_that_was_changed_by_hand_is_caught(course: Path, edit: Edit) -> None:
    recorded = studies.read(course, "noisy_sum")
    assert recorded is not None
    edit(RESULTS, str(recorded["rows"][2]["total"]), "4.3")
    assert studies.check_rows(course, study(course), [0])
    with pytest.raises(StudyError, match=r"total is 4\.24\d+, recorded 4\.3 \(±0\.001\)"):
        studies.check_rows(course, study(course), [2])


def test_a_row_of_a_stale_study_is_not_compared(course: Path, edit: Edit) -> None:
    edit(SNIPPET, "range(1, n + 1)", "range(n + 1)")
    with pytest.raises(StudyError, match="is stale"):
        studies.check_rows(course, study(course), [0])


@pytest.mark.parametrize(
    ("new", "part"),
    [
        ("raise ValueError('no luck')", "no luck"),
        ('return {"total": float("nan")}', "results hold finite numbers only"),
        ("import os; os._exit(3)", "the process died"),
    ],
)
def test_a_row_that_fails_leaves_the_results_as_they_were(
    course: Path, edit: Edit, new: str, part: str
) -> None:
    before = (course / RESULTS).read_bytes()
    edit(SNIPPET, '    """One row of the study: a noisy sum."""\n', f"    {new}\n")
    with pytest.raises(StudyError, match=part):
        studies.run(course, study(course), jobs=2)
    assert (course / RESULTS).read_bytes() == before


def test_a_study_on_stand_in_data_is_refused(course: Path, edit: Edit) -> None:
    (course / "book/snippets/data.py").write_text("DATA_IS_REAL = False\n", encoding="utf-8")
    edit(
        SNIPPET, "import random\n", "import random\n\nfrom book.snippets.data import DATA_IS_REAL\n"
    )
    with pytest.raises(StandInError, match="ran on stand-in data"):
        studies.run(course, study(course))
