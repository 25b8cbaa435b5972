"""Addresses: students' links lead to the students' repository, solutions to the instructors'."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from miniature import ROOT

from book.bilingual.links import AddressError, colab_links, lesson_title, parse_repositories, repositories

STUDENTS = "https://github.com/a/b"


def test_a_repository_is_recognised_however_github_writes_it() -> None:
    for address in (STUDENTS, STUDENTS + "/", STUDENTS + ".git"):
        assert parse_repositories({"students": address}, "main").students == "a/b"


@pytest.mark.parametrize("address", ["", "a/b", "https://gitlab.com/a/b", "https://github.com/a"])
def test_another_address_is_refused_with_its_value(address: str) -> None:
    with pytest.raises(AddressError, match=re.escape(repr(address))):
        parse_repositories({"students": address}, "main")


def test_the_two_repositories_differ_and_the_themes_button_leads_to_the_students() -> None:
    repos, config = repositories(ROOT), yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    assert repos.students != repos.instructors
    assert config["repository"]["url"] == f"https://github.com/{repos.students}"
    assert config["repository"]["branch"] == repos.branch


def test_colab_opens_notebooks_of_the_branch() -> None:
    repos = parse_repositories({"students": STUDENTS, "instructors": "https://github.com/a/c"}, "2025 autumn")
    assert repos.colab("notebooks/ko/x.ipynb") == (
        "https://colab.research.google.com/github/a/b/blob/2025%20autumn/notebooks/ko/x.ipynb"
    )
    assert "/a/c/" in repos.colab("solutions/ko/x/x.ipynb", solution=True)
    assert repos.binder("notebooks/ko/x.ipynb").endswith(
        "/a/b/2025%20autumn?urlpath=lab%2Ftree%2Fnotebooks%2Fko%2Fx.ipynb"
    )


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_instructors_page_lists_every_lesson_and_solution_in_both_languages(lang: str) -> None:
    repos, text = repositories(ROOT), colab_links(ROOT, lang)
    for source in [*(ROOT / "book" / "chapters").glob("*.md"), *(ROOT / "book" / "exercises").glob("*.md")]:
        for code in ("ko", "en"):
            assert repos.colab(f"notebooks/{code}/{source.stem}.ipynb") in text
    for source in (ROOT / "book" / "exercises").glob("*.md"):
        for code in ("ko", "en"):
            assert repos.colab(f"solutions/{code}/{source.stem}/{source.stem}.ipynb", solution=True) in text


def test_only_solutions_lead_to_the_instructors_repository() -> None:
    repos = repositories(ROOT)
    for slug, path in re.findall(r"/github/([\w.-]+/[\w.-]+)/blob/main/(\S+?)\)", colab_links(ROOT, "en")):
        assert slug == (repos.instructors if path.startswith("solutions/") else repos.students)


def test_without_an_instructors_repository_there_are_no_solution_links(
    miniature: Path, edit: Callable[[Path, str, str], None]
) -> None:
    edit(
        miniature / "_config.yml",
        "      instructors: https://github.com/pooling-to-gap/pooling-to-gap-instructors\n",
        "",
    )
    with pytest.raises(AddressError, match="instructors is empty"):
        colab_links(miniature, "ko")


def test_a_lesson_is_called_by_its_heading_in_each_language(miniature: Path) -> None:
    source = miniature / "book" / "exercises" / "ex01_small.md"
    assert lesson_title(source, "ko") == "과제 1. 작은 과제"
    assert lesson_title(source, "en") == "Assignment 1. A small one"
