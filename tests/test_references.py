"""The page of references: what an entry says about its use in the course must be so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_ENTRY = re.compile(
    r"^- (?P<author>[^,(]+).*?\((?P<year>\d{4}[a-z]?)\)\."
    r" \[(?P<title>.+?)\]\((?P<url>\S+)\).*\\\n(?P<note>(?:  .+\n?)+)",
    re.M,
)
FURTHER = ("Further reading", "더 읽을거리")
BEYOND = ("Going further", "더 나아가기")  # the page book/pages/beyond.md, as notes name it
_CITED = re.compile(r"([A-Z][\w-]+)(?: et al\.| and [A-Z][\w-]+)?,? \(?((?:19|20)\d\d[a-z]?)\b")


@dataclass(frozen=True)
class Reference:
    """One entry in one language."""

    author: str
    year: str
    title: str
    url: str
    note: str

    @property
    def chapters(self) -> set[int | str]:
        """The chapters in which its note says that it is used, "assignment N" for an exercise,
        and "beyond" for the page.
        """
        named = re.findall(r"[Cc]hapters? (\d)(?:(?:,| and|, and) (?:chapter )?(\d))?", self.note)
        named += [(a, b) for a, b in re.findall(r"(?:(\d)장과 )?(\d)장", self.note)]
        page = {"beyond" for name in BEYOND if name in self.note}
        assigned = {f"assignment {n}" for n in re.findall(r"(?:과제|assignment) (\d)", self.note)}
        return {int(n) for pair in named for n in pair if n} | assigned | page

    def cited_in(self, text: str) -> bool:
        """Whether `text` names it: its address, its title, or first author and year in one line."""
        key = (
            self.url.removeprefix("https://")
            .removeprefix("doi.org/")
            .removeprefix("arxiv.org/abs/")
        )
        flat = " ".join(text.lower().split())
        said = re.compile(rf"{re.escape(self.author)}[^\n]{{0,80}}?\(?{self.year}")
        return key in text or self.title.lower() in flat or bool(said.search(text))


def side(page: str, lang: str) -> str:
    """What the source `page` says in one language."""
    parts = re.split(r'^\+\+\+ \{"lang": "(ko|en)".*\}$', page, flags=re.M)
    return "\n".join(
        body for found, body in zip(parts[1::2], parts[2::2], strict=True) if found == lang
    )


def references(page: str, lang: str) -> list[Reference]:
    """The entries of the source `page` in one language."""
    return [
        Reference(**{k: v.strip() for k, v in match.groupdict().items()})
        for match in _ENTRY.finditer(side(page, lang))
    ]


def claim_faults(entry: Reference, chapters: dict[int | str, str]) -> list[str]:
    """Uses that the entry claims and no chapter bears out; an entry without any says that it is
    further reading.
    """
    missing = [
        f"{n if isinstance(n, str) else f'chapter {n}'} does not cite it"
        for n in sorted(entry.chapters, key=str)
        if not entry.cited_in(chapters[n])
    ]
    if not entry.chapters and not entry.note.startswith(
        (*FURTHER, "The tool", "The library", "과제를", "이 강의의")
    ):
        missing.append(f"names no chapter, and does not begin with {FURTHER[0]!r}")
    return missing


@pytest.fixture(scope="module")
def chapters() -> dict[int | str, str]:
    found: dict[int | str, str] = {
        int(path.name[2:4]): path.read_text("utf-8")
        for path in sorted((ROOT / "book/chapters").glob("ch*.md"))
    }
    assigned: dict[int | str, str] = {
        f"assignment {path.name[3]}": path.read_text("utf-8")
        for path in sorted((ROOT / "book/exercises").glob("ex0*.md"))
    }
    return found | assigned | {"beyond": (ROOT / "book/pages/beyond.md").read_text("utf-8")}


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_reference_is_cited_where_it_says_or_is_further_reading(
    lang: str, chapters: dict[int | str, str]
) -> None:
    page = (ROOT / "book/pages/references.md").read_text("utf-8")
    entries = references(page, lang)
    assert len(entries) == len(re.findall(r"^- ", page, re.M)) // 2
    faults = [
        f"{e.author} {e.year}: {fault}" for e in entries for fault in claim_faults(e, chapters)
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("note", "fault"),
    [
        ("Cited in chapter 2.", "chapter 2 does not cite it"),
        ("Where it all began.", "names no chapter"),
        ("Further reading: where it all began.", ""),
        ("Used in chapter 1.", ""),
        ('Built in "Going further".', "beyond does not cite it"),
        ("Used in the second half of assignment 4.", ""),
        ("Used in assignment 2.", "assignment 2 does not cite it"),
    ],
)
def test_a_use_that_does_not_exist_is_found(note: str, fault: str) -> None:
    page = (
        '+++ {"lang": "en"}\n\n- Roe, J. (1999). [On cells](https://arxiv.org/abs/9901.001).'
        f" Journal.\\\n  {note}\n"
    )
    (entry,) = references(page, "en")
    texts: dict[int | str, str] = {1: "Roe (1999) says so.", 2: "Nobody does.", "beyond": "No."}
    texts |= {"assignment 4": texts[1], "assignment 2": texts[2]}
    found = claim_faults(entry, texts)
    assert (fault in " ".join(found)) if fault else not found


def unlisted(text: str, entries: list[Reference]) -> set[tuple[str, str]]:
    """Author and year of the works that an English text cites and the page does not list."""
    return set(_CITED.findall(text)) - {(entry.author, entry.year) for entry in entries}


def test_every_work_that_going_further_cites_is_listed(chapters: dict[int | str, str]) -> None:
    entries = references((ROOT / "book/pages/references.md").read_text("utf-8"), "en")
    assert unlisted(side(chapters["beyond"], "en"), entries) == set()
    assert unlisted("as in Roe and Doe (1999), not Hu et al. (2018)", entries) == {("Roe", "1999")}
    assert unlisted("(He et al., 2015; 2015b), He et al. (2015c)", entries) == {("He", "2015c")}
    assert ("He", "2015b") in {(entry.author, entry.year) for entry in entries}
