"""Addresses: students' links lead to the students' repository, solutions to the instructors'."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from miniature import ROOT

from book.bilingual.gates import check
from book.bilingual.lesson.links import (
    AddressError,
    colab_links,
    lesson_title,
    parse_repositories,
    repositories,
)
from book.bilingual.publish.publish import PublishError, publish

Edit = Callable[[Path, str, str], None]
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


def test_changing_the_four_lines_changes_every_address_of_the_configuration(
    miniature: Path, edit: Edit
) -> None:
    path = miniature / "_config.yml"
    edit(path, "pooling-to-gap/pooling-to-gap-instructors\n", "kim/course-private\n")
    edit(
        path,
        "https://github.com/pooling-to-gap/pooling-to-gap\n",
        "https://github.com/kim/course\n",
    )
    edit(path, "&branch main", "&branch autumn")
    edit(path, "https://pooling-to-gap.github.io/pooling-to-gap/", "https://kim.github.io/course/")
    assert "pooling-to-gap" not in path.read_text("utf-8")
    repos, config = repositories(miniature), yaml.safe_load(path.read_text("utf-8"))
    assert (repos.students, repos.instructors, repos.branch) == (
        "kim/course",
        "kim/course-private",
        "autumn",
    )
    assert config["repository"] == {
        "url": "https://github.com/kim/course",
        "branch": "autumn",
        "path_to_book": "",
    }
    assert (
        config["html"]["baseurl"]
        == config["sphinx"]["config"]["html_baseurl"]
        == "https://kim.github.io/course/"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "  url: *students",
            "  url: https://github.com/a/upstream",
            "issue buttons would lead students somewhere else",
        ),
        ("  branch: *branch", "  branch: other", "would show two versions"),
        ("  baseurl: *site", "  baseurl: https://a.github.io/b/", "would name two addresses"),
        (
            "gap.github.io/pooling-to-gap/",
            "gap.github.io/pooling-to-gap",
            "with the slash at its end",
        ),
    ],
)
def test_an_address_that_disagrees_stops_check_and_publish(
    miniature: Path, tmp_path: Path, edit: Edit, old: str, new: str, said: str
) -> None:
    edit(miniature / "_config.yml", old, new)
    assert said in check._address_problems(miniature)[0].what
    with pytest.raises(PublishError, match=said):
        publish(tmp_path / "out", miniature)
    assert not (tmp_path / "out").exists()


def test_a_clone_of_another_repository_or_branch_is_not_published_into(
    miniature: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for address, branch, said in (
        ("git@github.com:kim/course.git", "main", "a clone of the repository kim/course"),
        ("https://github.com/pooling-to-gap/pooling-to-gap", "old", "a clone of the branch old"),
    ):
        subprocess.run(["git", "init", "-q", "-b", branch, out], check=True)
        subprocess.run(["git", "-C", out, "remote", "add", "origin", address], check=True)
        with pytest.raises(PublishError, match=said):
            publish(out, miniature)
        shutil.rmtree(out)


def test_colab_opens_notebooks_of_the_branch() -> None:
    repos = parse_repositories(
        {"students": STUDENTS, "instructors": "https://github.com/a/c"}, "2025 autumn"
    )
    assert (
        repos.colab("notebooks/ko/x.ipynb")
        == "https://colab.research.google.com/github/a/b/blob/2025%20autumn/notebooks/ko/x.ipynb"
    )
    assert "/a/c/" in repos.colab("solutions/ko/x/x.ipynb", solution=True)
    assert repos.binder("notebooks/ko/x.ipynb").endswith(
        "/a/b/2025%20autumn?urlpath=lab%2Ftree%2Fnotebooks%2Fko%2Fx.ipynb"
    )


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_instructors_page_lists_every_lesson_and_solution_in_both_languages(lang: str) -> None:
    repos, text = repositories(ROOT), colab_links(ROOT, lang)
    for source in [
        *(ROOT / "book" / "chapters").glob("*.md"),
        *(ROOT / "book" / "exercises").glob("*.md"),
    ]:
        for code in ("ko", "en"):
            assert repos.colab(f"notebooks/{code}/{source.stem}.ipynb") in text
    for source in (ROOT / "book" / "exercises").glob("*.md"):
        for code in ("ko", "en"):
            assert (
                repos.colab(f"solutions/{code}/{source.stem}/{source.stem}.ipynb", solution=True)
                in text
            )


def test_only_solutions_lead_to_the_instructors_repository() -> None:
    repos = repositories(ROOT)
    for slug, path in re.findall(
        r"/github/([\w.-]+/[\w.-]+)/blob/main/(\S+?)\)", colab_links(ROOT, "en")
    ):
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
