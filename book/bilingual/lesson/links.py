"""Addresses: the two repositories, Colab and Binder links, and the instructors' list of Colab
links.

The course has two repositories, named once, at the top of `_config.yml`: the students' (public: the
site and the students' notebooks) and the instructors' (solutions and hidden cases too). What
students can click leads to the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import yaml

LANGUAGES = ("ko", "en")
COLAB = "https://colab.research.google.com/github"
BINDER = "https://mybinder.org/v2/gh"
_GITHUB = re.compile(r"https://github\.com/(?P<slug>[\w.-]+/[\w.-]+?)(?:\.git)?/?")

_HEADERS = {
    "ko": {
        "chapters": ["장", "한국어", "영어"],
        "exercises": ["과제", "한국어", "영어", "풀이(한국어)", "풀이(영어)"],
    },
    "en": {
        "chapters": ["Chapter", "Korean", "English"],
        "exercises": ["Assignment", "Korean", "English", "Solution (Korean)", "Solution (English)"],
    },
}
_OPEN = {"ko": ("열기", "풀이"), "en": ("open", "solution")}


class AddressError(ValueError):
    """`_config.yml` does not name the two repositories as it should."""


@dataclass(frozen=True)
class Repositories:
    """The two GitHub repositories, as `owner/name`, and the branch that both publish."""

    students: str
    instructors: str  # empty in the students' tree, which must not know it
    branch: str

    def colab(self, path: str, *, solution: bool = False) -> str:
        """Colab's address of the notebook at `path`, in the students' repository unless it is a
        solution.
        """
        slug = self.instructors if solution else self.students
        return f"{COLAB}/{slug}/blob/{quote(self.branch)}/{quote(path)}"

    def binder(self, path: str) -> str:
        """Binder's address of the students' notebook at `path`."""
        branch, place = quote(self.branch, safe=""), quote(f"lab/tree/{path}", safe="")
        return f"{BINDER}/{self.students}/{branch}?urlpath={place}"


def repositories(root: Path) -> Repositories:
    """The addresses that `_config.yml` under `root` names.

    Raises `AddressError` when one is missing or is not a GitHub repository, or when another key
    names another one.
    """
    whole = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    config = whole["sphinx"]["config"]
    found = parse_repositories(
        config.get("course_repositories") or {}, config.get("course_branch") or "main"
    )
    repository, site = whole.get("repository") or {}, config.get("html_baseurl")
    check_buttons(found, repository.get("url"), repository.get("branch"))
    if site and not re.fullmatch(r"https?://[^\s?#]+/", site):
        raise AddressError(
            f"html_baseurl in _config.yml is {site!r}: every page's canonical address is made from"
            " it. Write it as https://OWNER.github.io/NAME/, with the slash at its end."
        )
    if (other := (whole.get("html") or {}).get("baseurl")) not in (None, site):
        raise AddressError(
            f"html.baseurl in _config.yml is {other!r}, and html_baseurl at its top is {site!r}:"
            " pages would name two addresses. Write `baseurl: *site`."
        )
    return found


def check_buttons(repos: Repositories, url: str | None, branch: str | None) -> None:
    """Raises `AddressError` unless the theme's buttons lead to the students' repository and
    branch.
    """
    match = _GITHUB.fullmatch(url or "")
    if url and (not match or match["slug"] != repos.students):
        raise AddressError(
            f"repository.url in _config.yml is {url!r}, and course_repositories.students is"
            f" {repos.students}: the repository and issue buttons would lead students somewhere"
            " else. Write `url: *students`."
        )
    if branch and str(branch) != repos.branch:
        raise AddressError(
            f"repository.branch in _config.yml is {branch!r}, and course_branch is"
            f" {repos.branch!r}: Colab and the repository's button would show two versions. Write"
            " `branch: *branch`."
        )


def parse_repositories(addresses: dict[str, str], branch: str) -> Repositories:
    """Check the two addresses; called with what Sphinx read, or by `repositories` with the file's
    own values.
    """
    slugs = {}
    for who in ("students", "instructors"):
        address = addresses.get(who, "")
        match = _GITHUB.fullmatch(address)
        if not match and (address or who == "students"):
            raise AddressError(
                f"course_repositories.{who} in _config.yml is {address!r}: Colab opens only GitHub"
                " repositories, so pages would have no working link. Write it as"
                " https://github.com/OWNER/NAME."
            )
        slugs[who] = match["slug"] if match else ""
    return Repositories(slugs["students"], slugs["instructors"], branch)


def colab_links(root: Path, lang: str) -> str:
    """Two Markdown tables of Colab links: every chapter, and every exercise with its solution, in
    both editions.

    Fills the line `{{colab-links}}` of the instructors' page in `lang`. Lists the sources, so no
    lesson is forgotten.
    """
    repos = repositories(root)
    if not repos.instructors:
        raise AddressError(
            "_config.yml: course_repositories.instructors is empty, so solutions have no address. "
            "Name the instructors' repository, or leave the line {{colab-links}} out."
        )
    tables = []
    for kind in ("chapters", "exercises"):
        rows = [_row(repos, source, lang, kind) for source in _sources(root, kind)]
        if rows:
            header = _HEADERS[lang][kind]
            tables.append(
                "\n".join([_line(header), _line(["---"] * len(header)), *map(_line, rows)])
            )
    return "\n\n".join(tables)


_ROOMS = ("chapters", "exercises", "pages")  # a page with code is a notebook, too


def notebook_links(root: Path, repos: Repositories, names: set[str]) -> str:
    """A Markdown table of the notebooks `names`, each title a Colab link; for the students'
    repository's README.
    """
    rows = [["한국어", "English"], ["---", "---"]]
    for source in [path for kind in _ROOMS for path in _sources(root, kind)]:
        if source.stem not in names:
            continue
        path = "notebooks/{}/" + source.stem + ".ipynb"
        rows.append(
            [
                f"[{lesson_title(source, code)}]({repos.colab(path.format(code))})"
                for code in LANGUAGES
            ]
        )
    return "\n".join(map(_line, rows))


def _sources(root: Path, kind: str) -> list[Path]:
    return sorted((root / "book" / kind).glob("*.md"))


def lesson_title(source: Path, lang: str) -> str:
    """First heading of the lesson's `lang` edition, without its mark-up."""
    inside = False
    for line in source.read_text("utf-8").splitlines():
        if line.startswith("+++"):
            inside = f'"lang": "{lang}"' in line
        elif inside and line.startswith("# "):
            return re.sub(r"[*`]", "", line[2:]).strip().replace("|", r"\|")
    return source.stem


def _row(repos: Repositories, source: Path, lang: str, kind: str) -> list[str]:
    name, (word, solution) = source.stem, _OPEN[lang]
    links = [
        _link(word, name, code, repos.colab(f"notebooks/{code}/{name}.ipynb")) for code in LANGUAGES
    ]
    if kind == "exercises":
        path = "solutions/{}/{}/{}.ipynb"
        links += [
            _link(solution, name, code, repos.colab(path.format(code, name, name), solution=True))
            for code in LANGUAGES
        ]
    return [lesson_title(source, lang), *links]


def _link(word: str, name: str, code: str, address: str) -> str:
    """A link whose text says which notebook it opens, for those who hear links out of their row."""
    return f"[{word}: {name.split('_')[0]}\u00a0{code}]({address})"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
