"""The students' tree: what it holds, and that nothing of the instructors' reaches it."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
import yaml

from book.bilingual.lesson.links import repositories
from book.bilingual.publish.publish import LeakError, PublishError, main, publish, requirements
from book.bilingual.publish.publish_leaks import find_leaks, read_secrets
from tests.site.miniature import (
    EXERCISE,
    INSTRUCTORS,
    ROOT,
    replace,
    write_miniature,
    write_notebook,
)


@pytest.fixture
def miniature(tmp_path: Path) -> Path:
    """A small project of one's own, to be harmed."""
    return write_miniature(tmp_path / "project")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The students' tree of this project."""
    out = tmp_path_factory.mktemp("students")
    publish(out)
    return out


def everything(tree: Path) -> dict[str, str]:
    """Each file's text as it lies on the disk, pictures and fonts included."""
    return {
        p.relative_to(tree).as_posix(): p.read_bytes().decode("latin-1")
        for p in tree.rglob("*")
        if p.is_file()
    }


def test_the_tree_holds_notebooks_site_licence_readme_and_requirements_alone(
    published: Path,
) -> None:
    assert {p.name for p in published.iterdir()} == {
        "notebooks",
        "docs",
        "LICENSE",
        "README.md",
        "requirements.txt",
    }
    wanted = {"index.md"} | {
        f"{lang}/{path.name}"
        for lang in ("ko", "en")
        for path in (ROOT / "notebooks" / lang).iterdir()
        if path.suffix in (".md", ".ipynb") and path.stem not in ("instructors", "lesson_plans")
    }
    given = published / "notebooks"
    assert {p.relative_to(given).as_posix() for p in given.rglob("*") if p.is_file()} == wanted


def test_no_file_holds_a_solution_mark_a_hidden_test_or_the_instructors_address(
    published: Path,
) -> None:
    slug = repositories(ROOT).instructors
    assert slug
    for name, text in everything(published).items():
        assert slug not in text, name
        assert not re.search(
            r"BEGIN SOLUTION|END SOLUTION|HIDDEN TESTS|solutions/(ko|en)/", text
        ), name
        assert "instructors" not in name


def test_no_exercise_shows_a_hidden_case_or_a_model_answer(published: Path) -> None:
    assert read_secrets(ROOT, INSTRUCTORS).cases, (
        "there are no hidden cases to look for, so this test shows nothing"
    )
    assert find_leaks(published, read_secrets(ROOT, INSTRUCTORS)) == []


def test_the_search_index_knows_students_pages_only(published: Path) -> None:
    for lang in ("ko", "en"):
        text = (published / "docs" / f"search-{lang}.js").read_text("utf-8")
        pages = [
            page["p"] for page in json.loads(text[text.index("(") + 1 : text.rindex(")")])["pages"]
        ]
        assert f"notebooks/{lang}/ch01_pooling.html" in pages
        assert not [page for page in pages if "instructors" in page or "solution" in page]


def test_exercise_notebooks_raise_where_the_solution_stood(published: Path) -> None:
    notebooks = sorted((published / "notebooks").glob("*/ex*.ipynb"))
    assert notebooks
    for path in notebooks:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        solutions = [
            c
            for c in cells
            if c["cell_type"] == "code" and c["metadata"].get("nbgrader", {}).get("solution")
        ]
        assert solutions
        for cell in solutions:
            assert "raise NotImplementedError" in "".join(cell["source"])
            assert cell["outputs"] == []


def test_the_readme_opens_every_notebook_of_the_tree_in_colab(published: Path) -> None:
    readme = (published / "README.md").read_text("utf-8")
    opened = set(
        re.findall(
            r"colab\.research\.google\.com/github/([\w.-]+/[\w.-]+)/blob/main/(notebooks/\S+?)\)",
            readme,
        )
    )
    assert {slug for slug, _ in opened} == {repositories(ROOT).students}
    assert {path for _, path in opened} == {
        p.relative_to(published).as_posix() for p in (published / "notebooks").glob("*/*.ipynb")
    }


def test_requirements_are_what_the_notebooks_import() -> None:
    lines = requirements(ROOT).splitlines()
    assert "torch==2.13.0" in lines and "torchvision==0.28.0" in lines
    assert [line for line in lines if line.startswith("scikit-learn")]  # photographs
    assert not [line for line in lines if line.startswith(("nbgrader", "SQLAlchemy", "nbclient"))]


def write_old_tree(out: Path) -> Path:
    """What an earlier run might have left, in a clone of the students' repository."""
    (out / ".git").mkdir(parents=True)
    (out / "docs").mkdir()
    (out / "docs" / "old.html").write_text("old", "utf-8")
    (out / "README.md").write_text("old", "utf-8")
    return out


def test_publishing_replaces_what_was_there_and_keeps_git(miniature: Path, tmp_path: Path) -> None:
    out = write_old_tree(tmp_path / "out")
    publish(out, miniature)
    assert (out / ".git").is_dir() and not (out / "docs" / "old.html").exists()
    assert "From Pooling to GAP" in (out / "README.md").read_text("utf-8")
    assert not list(out.rglob("instructors*"))
    assert (out / "docs" / ".nojekyll").exists() and (out / "docs" / "404.html").exists()


def test_a_folder_with_other_files_is_left_alone(miniature: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("years of work", "utf-8")
    with pytest.raises(PublishError, match=r"holds thesis\.tex, which would be lost"):
        publish(tmp_path / "out", miniature)
    with pytest.raises(PublishError, match="would be lost"):
        publish(miniature, miniature)


def test_a_planted_leak_stops_publishing_and_leaves_the_old_tree(
    miniature: Path, tmp_path: Path
) -> None:
    out = write_old_tree(tmp_path / "out")
    before = everything(out)
    notebook = miniature / "notebooks" / "ko" / "ex01_small.ipynb"
    write_notebook(
        notebook, "# 과제 1. 작은 과제", "def double(x):\n    return x.mul(2.0).contiguous()"
    )
    with pytest.raises(LeakError, match="not published") as caught:
        publish(out, miniature)
    assert everything(out) == before
    assert {leak.path for leak in caught.value.leaks} == {
        "notebooks/ko/ex01_small.ipynb",
        "docs/notebooks/ko/ex01_small.html",  # where highlighting wraps each token in a tag
        "docs/_sources/notebooks/ko/ex01_small.ipynb",
    }
    assert "return x.mul(2.0).contiguous()" in str(caught.value)


def test_a_link_to_the_instructors_page_stops_publishing(miniature: Path, tmp_path: Path) -> None:
    replace(
        miniature / "notebooks/en/welcome.md",
        "is taught.",
        "is taught. [For instructors](instructors.md)",
    )
    with pytest.raises(
        PublishError, match=r"does not build(?s:.*)instructors(?s:.*)course_private_pages"
    ):
        publish(tmp_path / "out", miniature)


def test_a_page_without_a_notebook_is_named(miniature: Path, tmp_path: Path) -> None:
    (miniature / "notebooks/ko/ch01_pooling.ipynb").unlink()
    with pytest.raises(
        PublishError, match=r"names notebooks/ko/ch01_pooling, and there are 0 files"
    ):
        publish(tmp_path / "out", miniature)


def test_the_command_says_why_it_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").touch()
    assert main([str(tmp_path / "mine")]) == 1
    assert "holds a.txt" in capsys.readouterr().err


PLANTS = {
    "a solution's mark": (
        "notebooks/ko/ch01.ipynb",
        {"source": ["### BEGIN SOLUTION\n", "x"]},
        "BEGIN SOLUTION",
    ),
    "hidden tests in metadata": (
        "notebooks/ko/ch01.ipynb",
        {"metadata": {"x": "### END HIDDEN TESTS"}},
        "END HIDDEN",
    ),
    "a hidden case in an output": (
        "notebooks/en/ch01.ipynb",
        {"outputs": [{"text": ["- kind: x\n", "  inputs: [{shape: [3, 4, 17, 9]}]"]}]},
        "hidden case",
    ),
    "a model answer": (
        "docs/x.html",
        "<p>Because doubling <em>scales</em> all of the values by one and the same ratio.</p>",
        "model answer",
    ),
    "a Korean model answer": (
        "docs/x.md",
        "두 배로 만들면 모든 값이 같은 비율로 커지기 때문입니다.",
        "model answer",
    ),
    "a highlighted solution": (
        "docs/notebooks/en/ex01_small.html",
        "<pre>    <span>return</span> <span>x</span>.mul(<span>2.0</span>).contiguous()</pre>",
        "line of ex01_small's solution",
    ),
    "the instructors' address": (
        "docs/x.html",
        f'<a href="https://github.com/{INSTRUCTORS}">x</a>',
        "repository",
    ),
    "a link to a solution": (
        "README.md",
        "[x](solutions/ko/ex01_small/ex01_small.ipynb)",
        "folder of solutions",
    ),
    "a solution's file": (
        "docs/solutions/ko/ex01_small.ipynb",
        {"cells": []},
        "file of the instructors",
    ),
    "the search index": (
        "docs/search-ko.js",
        'courseSearch.add({"pages": ["END SOLUTION"]});',
        "END SOLUTION",
    ),
    "a comment in a picture": (
        "docs/_images/x.png",
        "\x89PNG tEXt BEGIN HIDDEN TESTS",
        "BEGIN HIDDEN",
    ),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_leak_is_found(plant: str, miniature: Path, tmp_path: Path) -> None:
    name, content, message = PLANTS[plant]
    path = tmp_path / "tree" / name
    path.parent.mkdir(parents=True)
    path.write_text(
        content if isinstance(content, str) else json.dumps(content),
        "latin-1" if "\x89" in content else "utf-8",
    )
    leaks = find_leaks(tmp_path / "tree", read_secrets(miniature, INSTRUCTORS))
    assert [leak.path for leak in leaks] == [name] * len(leaks) and leaks
    assert message in str(leaks[0])


def test_a_chapter_may_teach_a_line_that_a_solution_uses(miniature: Path, tmp_path: Path) -> None:
    path = tmp_path / "tree" / "notebooks" / "ko" / "ch01_pooling.ipynb"
    path.parent.mkdir(parents=True)
    write_notebook(path, "# 풀링", "return x.mul(2.0).contiguous()")
    assert find_leaks(tmp_path / "tree", read_secrets(miniature, INSTRUCTORS)) == []


def test_an_exercises_own_snippets_and_short_idioms_are_no_secret(miniature: Path) -> None:
    snippets = miniature / "book" / "snippets"
    snippets.mkdir()
    (snippets / "checks.py").write_text("from book.snippets.deep import same\n", "utf-8")
    (snippets / "deep.py").write_text(
        "return x.mul(2.0).contiguous()  # as it should be\n", "utf-8"
    )
    (snippets / "other.py").write_text("with torch.no_grad():\n", "utf-8")
    source = miniature / "book" / "exercises" / "ex01_small.md"
    replace(
        source,
        "    ### END SOLUTION",
        "    with torch.no_grad():\n        pass\n    ### END SOLUTION",
    )
    assert read_secrets(miniature, INSTRUCTORS).solutions["ex01_small"] == (
        "return x.mul(2.0).contiguous()",
    )
    replace(
        source,
        "# Assignment 1. A small one",
        "# A\n\n```{code-cell} ipython3\n:snippets: [checks]\n```",
    )
    assert read_secrets(miniature, INSTRUCTORS).solutions["ex01_small"] == ()


def test_what_students_are_shown_anyway_is_no_secret(miniature: Path) -> None:
    source = miniature / "book" / "exercises" / "ex01_small.md"
    source.write_text(
        EXERCISE.replace("# Assignment", "`return x.mul(2.0).contiguous()`\n\n# Assignment"),
        "utf-8",
    )
    assert read_secrets(miniature, INSTRUCTORS).solutions["ex01_small"] == ()


def test_the_private_pages_are_those_that_the_toc_knows() -> None:
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["sphinx"]["config"]
    toc = (ROOT / "_toc.yml").read_text("utf-8")
    assert config["course_private_pages"] == ["instructors", "lesson_plans"]
    assert all(
        f"notebooks/{lang}/{page}" in toc
        for lang in ("ko", "en")
        for page in config["course_private_pages"]
    )


@pytest.mark.browser
def test_the_students_site_offers_books_of_its_own_pages(miniature: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(out, miniature, take_away=True)
    offered = out / "docs" / "take-away"
    names = {
        f"from-pooling-to-gap-{lang}.{kind}" for lang in ("ko", "en") for kind in ("pdf", "epub")
    }
    assert {path.name for path in offered.iterdir()} == names | {"from-pooling-to-gap.zip"}
    welcome = (out / "docs" / "notebooks" / "ko" / "welcome.html").read_text("utf-8")
    assert all(
        f'href="../../take-away/from-pooling-to-gap{end}"' in welcome
        for end in ("-ko.pdf", "-ko.epub", ".zip")
    )
    with zipfile.ZipFile(offered / "from-pooling-to-gap.zip") as archive:
        assert not [name for name in archive.namelist() if "instructors" in name]
