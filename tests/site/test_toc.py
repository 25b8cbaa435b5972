"""The table of contents is written by hand; it must list what there is, once per language, in one
order.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from miniature import ROOT

FRONT, BACK = (
    ["welcome"],
    ["beyond", "project", "how_we_know", "misconceptions", "glossary", "references"],
)
BACK += ["instructors", "lesson_plans"]


def toc_faults(toc: dict, chapters: list[str], exercises: list[str], pages: list[str]) -> list[str]:
    """What is wrong with the table of contents, given the names of the sources."""
    # ch01, ex01, ch02, …
    lessons = sorted([*chapters, *exercises], key=lambda name: (name[2:4], name))
    wanted = [*FRONT, *lessons, *BACK]
    faults = [
        f"book/pages/{name}.md is not in the site"
        for name in sorted(set(pages) - {*wanted, "index"})
    ]
    for lang, part in zip(("ko", "en"), toc["parts"], strict=True):
        listed = [entry["file"] for entry in part["chapters"]]
        expected = [f"notebooks/{lang}/{name}" for name in wanted]
        faults += [f"{file} is missing from _toc.yml" for file in expected if file not in listed]
        faults += [f"{file} has no source" for file in listed if file not in expected]
        if sorted(listed) == sorted(expected) and listed != expected:
            faults.append(f"{lang}: the order differs from {expected}")
    return faults


def stems(folder: str) -> list[str]:
    return [path.stem for path in (ROOT / "book" / folder).glob("*.md")]


def read_toc() -> dict:
    return yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))


def test_the_toc_lists_every_source_in_both_languages_and_in_order() -> None:
    assert toc_faults(read_toc(), stems("chapters"), stems("exercises"), stems("pages")) == []


def test_every_page_of_the_toc_has_one_notebook() -> None:
    toc = read_toc()
    for file in [
        toc["root"],
        *(entry["file"] for part in toc["parts"] for entry in part["chapters"]),
    ]:
        assert len([s for s in (".ipynb", ".md") if (ROOT / (file + s)).is_file()]) == 1, file


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (lambda toc: toc["parts"][1]["chapters"].pop(1), "is missing from _toc.yml"),
        (
            lambda toc: toc["parts"][0]["chapters"].append({"file": "notebooks/ko/ch99_none"}),
            "has no source",
        ),
        (lambda toc: toc["parts"][0]["chapters"].reverse(), "the order differs"),
    ],
)
def test_a_toc_that_disagrees_is_reported(harm: Callable[[dict], None], message: str) -> None:
    toc = read_toc()
    harm(toc)
    faults = toc_faults(toc, stems("chapters"), stems("exercises"), stems("pages"))
    assert len(faults) == 1 and message in faults[0]


def test_the_environment_and_the_sources_are_excluded() -> None:
    excluded = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["exclude_patterns"]
    assert {".*", "_build", "book", "solutions", "tests", "autograder", "*.md"} <= set(excluded)
    assert Path(ROOT / ".gitignore").read_text("utf-8").splitlines().count("_build/") == 1
