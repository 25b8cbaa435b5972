"""What chapters cost: kept by `rerun --keep`, stated by the studies' rows, shown and bounded."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from book.bilingual.build.execute import Cost
from book.bilingual.gates.check import check
from book.bilingual.studies import costs, margin_record, studies
from book.bilingual.studies.rerun import Rerun

ROOT = Path(__file__).parents[3]


def kept(root: Path, *measured: Cost) -> None:
    lesson = Rerun("ch90_sums", "", "sha256:1", held={1: 2.0}, costs=list(measured))
    margin_record.record(root, lesson)


def test_the_least_time_and_the_most_memory_of_all_seeds_are_kept_over_several_runs(
    course: Path,
) -> None:
    kept(course, Cost(9.04, 300.4), Cost(7, 400))
    kept(course, Cost(8, 500))
    assert "| [`ch90_sums`](ch90_sums.ipynb) | 7 s | 500 MiB |" in costs.table(course, "en")
    assert "| 7초 | 500 MiB |" in costs.table(course, "ko")
    kept(course)
    assert "| 7 s | 500 MiB |" in costs.table(course, "en")


@pytest.mark.parametrize(
    ("cost", "what"),
    [
        (Cost(46, 10), "46 s of CPU for the live cells; 45"),
        (Cost(1, 2049), "2049 MiB of memory for the live cells"),
    ],
)
def test_a_chapter_that_takes_too_much_is_refused(course: Path, cost: Cost, what: str) -> None:
    kept(course, cost)
    said = [
        problem.what for problem in check(course) if problem.path == "book/margins/ch90_sums.json"
    ]
    assert len(said) == 2 and what in " ".join(said)  # the other: seeds of other cells


def test_studies_of_over_an_hour_on_two_cores_are_refused(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = replace(studies.load(course)[0], name="ch90_long")
    monkeypatch.setattr(studies, "load", lambda root: [declared])
    monkeypatch.setattr(
        studies, "read", lambda root, name: {"rows": [{"seconds": 3000.0}, {"seconds": 4300.0}]}
    )
    assert [problem.what for problem in costs.problems(course)] == [
        "4300 s for the studies on 2 cores; 3600 are the most"
    ]


def test_every_row_of_every_study_states_its_seconds() -> None:
    for path in sorted((ROOT / "book/results").glob("*.json")):
        rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
        assert all(row["seconds"] > 0 for row in rows), path.name
