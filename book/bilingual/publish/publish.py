"""The students' tree: `python -m book.bilingual.publish OUT`, or `make publish`.

    OUT/
      README.md  LICENSE  requirements.txt   written here; the requirements serve Binder,
      and Colab by hand
      notebooks/{ko,en}/                     chapters, exercises as students get them, pages
      docs/                                  the site,
      for GitHub Pages ("deploy from branch", folder /docs)

The site is built anew from a copy that holds only students' files: a table of contents without the
instructors' page, a configuration without the instructors' repository. So there is nothing to leak;
`publish_leaks` looks all the same, and OUT is not touched when it finds something. What OUT held
before is replaced, except `.git`.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from book.bilingual.lesson.links import AddressError, Repositories, notebook_links, repositories
from book.bilingual.publish.publish_leaks import Leak, find_leaks, read_secrets
from book.site.search import ASKED

ROOT = Path(__file__).resolve().parents[3]
# What the notebooks import: taken from pyproject.toml, where each is pinned for a reason.
_STUDENT_PACKAGES = re.compile(
    r"(torch|torchvision|numpy|matplotlib|pillow|scikit-learn|efficientnet[\w-]*|ipykernel)\b(?!-)"
)
# Entries of OUT that this command writes, and may therefore replace.
_OWN = {"README.md", "LICENSE", "requirements.txt", "notebooks", "docs"}

_README = Path(__file__).parent / "students_readme.md"


class PublishError(Exception):
    """The students' tree was not written; the message says why and what to do."""


class LeakError(PublishError):
    """Something that only instructors may see was about to be published."""

    def __init__(self, leaks: list[Leak]) -> None:
        self.leaks = leaks
        shown = "\n".join(f"  {leak}" for leak in leaks[:20]) + ("\n  …" if len(leaks) > 20 else "")
        super().__init__(
            f"not published: {len(leaks)} trace(s) of what only instructors may see.\n{shown}\n"
            "Take it out of the source under book/, run `make notebooks`, and publish again."
        )


def publish(out: Path, root: Path = ROOT, *, take_away: bool = False) -> list[str]:
    """Write the students' tree of the project at `root` to `out`; returns the published pages.

    With `take_away`, the site offers its books and itself as a zip (`book.site.take_away`).

    Raises `PublishError` when `out` holds somebody else's files, the site does not build, or a leak
    is found; `out` is then as it was.
    """
    _check_target(out, root)
    try:
        repos = repositories(root)
    except AddressError as error:
        raise PublishError(f"not published: {error}") from error
    _check_clone(out, repos)
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    pages, toc = public_toc(root, config["sphinx"]["config"].get("course_private_pages", []))
    with tempfile.TemporaryDirectory() as folder:
        stage, tree = Path(folder, "stage"), Path(folder, "tree")
        _copy_pages(root, pages, stage)
        _copy_pages(root, pages, tree)
        _write_stage(root, stage, config, toc)
        _copy_questions(root, pages, stage)
        site = build_site(stage)
        if take_away:
            _offer_books(stage, site)
        shutil.copytree(site, tree / "docs", ignore=shutil.ignore_patterns(".buildinfo*"))
        # Pages would drop folders that start with an underscore
        (tree / "docs" / ".nojekyll").touch()
        _write_front(root, tree, repos, config["html"]["baseurl"], pages)
        leaks = find_leaks(tree, read_secrets(root, repos.instructors))
        if leaks:
            raise LeakError(leaks)
        _replace(tree, out)
    return pages


def public_toc(root: Path, private: Iterable[str]) -> tuple[list[str], dict[str, Any]]:
    """The pages that students may see, root first, and the table of contents without the private
    ones.
    """
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    hidden = set(private)
    for part in toc["parts"]:
        part["chapters"] = [
            entry for entry in part["chapters"] if Path(entry["file"]).name not in hidden
        ]
    return [
        toc["root"],
        *(entry["file"] for part in toc["parts"] for entry in part["chapters"]),
    ], toc


def _check_target(out: Path, root: Path) -> None:
    foreign = (
        sorted(p.name for p in out.iterdir() if p.name not in _OWN | {".git"})
        if out.is_dir()
        else []
    )
    if foreign or out.is_file() or out.resolve() in (root, *root.parents):
        raise PublishError(
            f"not published: {out} holds {', '.join(foreign) or 'the project itself'}, which would"
            " be lost. Name an empty folder, or a clone of the students' repository."
        )
    if not (root / "LICENSE").is_file():
        raise PublishError(
            "not published: LICENSE is missing at the project's root, and students must know their"
            " rights."
        )


def _check_clone(out: Path, repos: Repositories) -> None:
    """Where OUT is a clone from GitHub, it is of the students' repository, and on its branch."""
    if not (out / ".git").exists():
        return

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", "--git-dir", out / ".git", *arguments], capture_output=True, text=True
        ).stdout.strip()

    slug = re.search(
        r"github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?$", git("remote", "get-url", "origin")
    )
    branch = git("branch", "--show-current")
    for what, found, wanted in (
        ("repository", slug[1] if slug else "", repos.students),
        ("branch", branch if slug else "", repos.branch),
    ):
        if found and found != wanted:
            raise PublishError(
                f"not published: {out} is a clone of the {what} {found}, and _config.yml names"
                f" {wanted}: Colab, the repository and the issue buttons would lead students to"
                f" {wanted}. Put it right at the top of _config.yml, then run `make notebooks`."
            )


def _copy_pages(root: Path, pages: list[str], target: Path) -> None:
    for page in pages:
        found = [path for suffix in (".ipynb", ".md") if (path := root / (page + suffix)).is_file()]
        if len(found) != 1:
            raise PublishError(
                f"not published: _toc.yml names {page}, and there are {len(found)} files for it."
                " Run `make notebooks`."
            )
        copy = target / found[0].relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found[0], copy)


def _write_stage(root: Path, stage: Path, config: dict[str, Any], toc: dict[str, Any]) -> None:
    """Everything else that the site's build reads: without any word of the instructors'
    repository.
    """
    config["sphinx"]["config"]["course_repositories"].pop("instructors", None)
    (stage / "_config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    (stage / "_toc.yml").write_text(yaml.safe_dump(toc, allow_unicode=True), "utf-8")
    shutil.copytree(root / "book" / "site" / "static", stage / "book" / "site" / "static")
    glossary = root / "book" / "glossary.yml"
    if glossary.exists():
        shutil.copyfile(glossary, stage / "book" / "glossary.yml")


def _copy_questions(root: Path, pages: list[str], stage: Path) -> None:
    """What readers ask that these pages answer, for the search."""
    (stage / ASKED).mkdir(parents=True, exist_ok=True)
    for name in {Path(page).name for page in pages}:
        if (root / ASKED / f"{name}.yml").is_file():
            shutil.copyfile(root / ASKED / f"{name}.yml", stage / ASKED / f"{name}.yml")


def build_site(stage: Path) -> Path:
    """Build the site of the sources at `stage` with this project's extension; returns its
    folder.
    """
    program = Path(sys.executable).with_name("jupyter-book")
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [program, "build", ".", "-W", "-n", "--keep-going", "-q"],
        cwd=stage,
        env={**os.environ, "PYTHONPATH": path, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        wrong = [
            line
            for line in done.stderr.splitlines()
            if re.search(r"WARNING|ERROR|error:|Error:", line)
        ]
        said = "\n".join(wrong or done.stderr.splitlines()[-20:]).replace(f"{stage}{os.sep}", "")
        raise PublishError(
            f"not published: the students' site does not build.\n{said}\nA link to a page that only"
            " instructors have is a likely cause (course_private_pages in _config.yml)."
        )
    return stage / "_build" / "html"


def _offer_books(stage: Path, site: Path) -> None:
    """Books and zip, made of the students' site alone; the site is then built again, with links to
    them.
    """
    from book.site.take_away import FOLDER, write_books
    from book.site.take_away.pages import TakeAwayError
    from book.site.take_away.zipped import write_zip
    from book.site.words import take_away_name

    try:
        write_books(site)
    except TakeAwayError as error:
        raise PublishError(f"not published: {error}") from error
    build_site(stage)
    write_zip(site, site / FOLDER / take_away_name("zip"))


def _write_front(root: Path, tree: Path, repos: Repositories, site: str, pages: list[str]) -> None:
    names = {Path(page).name for page in pages if (root / f"{page}.ipynb").is_file()}
    readme = _README.read_text("utf-8").format(site=site, links=notebook_links(root, repos, names))
    (tree / "README.md").write_text(readme, "utf-8")
    (tree / "requirements.txt").write_text(requirements(root), "utf-8")
    shutil.copyfile(root / "LICENSE", tree / "LICENSE")


def requirements(root: Path) -> str:
    """What the notebooks import, as pinned in pyproject.toml; torch as its CPU build, since Binder
    has no GPU.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [
        item for item in project["optional-dependencies"]["run"] if _STUDENT_PACKAGES.match(item)
    ]
    return "\n".join(["--extra-index-url https://download.pytorch.org/whl/cpu", *wanted]) + "\n"


def _replace(tree: Path, out: Path) -> None:
    """Put `tree` in the place of what this command wrote to `out` before."""
    out.mkdir(parents=True, exist_ok=True)
    for name in sorted(_OWN):
        old = out / name
        if old.is_dir():
            shutil.rmtree(old)
        else:
            old.unlink(missing_ok=True)
    for path in sorted(tree.iterdir()):
        shutil.move(path, out / path.name)


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m book.bilingual.publish", description="Write the students' tree."
    )
    parser.add_argument(
        "out", type=Path, help="an empty folder, or a clone of the students' repository"
    )
    parser.add_argument(
        "--take-away", action="store_true", help="offer PDF, EPUB and a zip on the site, too"
    )
    given = parser.parse_args(arguments)
    out = given.out
    try:
        pages = publish(out, take_away=given.take_away)
    except PublishError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{len(pages)} pages for students in {out}: site in docs/, notebooks in notebooks/, no"
        " leaks found"
    )
    repos = repositories(ROOT)
    print(
        f"links and issues lead to https://github.com/{repos.students}, branch {repos.branch}"
        " (_config.yml)"
    )
    return 0
