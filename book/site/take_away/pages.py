"""The articles of one edition, taken from a built site: in reading order, without what only a
screen can use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, NavigableString, Tag

from book.site.folds import HELPERS, RESULTS
from book.site.words import TITLES, word

# Buttons, fields to type into, what remembers answers: a book has a pencil for that.
_ON_SCREENS_ALONE = (
    "script, button, input, a.headerlink, .course-eyebrow, .course-jumps,"
    " .course-commit:not(:has(.course-choice)), .course-progress, .course-check,"
    " .course-answer-buttons, .course-play-link"
)
# What a page tells its reader to do on a screen → what the book says instead.
_ON_PAPER = {
    "ko": (
        (r"아래 접힌 셀에는 [^.]*\. 열어 보아도 [^.]*\.", ""),
        (
            r"(\d+)문항을 모두 고르고 맨 아래의 .*? 나란히 보여 줍니다\.",
            r"답은 가린 채 \1문항의 답을 모두 적고, 맞힌 개수를 세어 보세요. 처음에는 개수만 세고"
            r" 풀이는 읽지 마세요. 마친 뒤에 다시 풀면서 두 점수와 답이 바뀐 문항을 비교하세요.",
        ),
        ("접힌 답과", "바로 아래의 답과"),
    ),
    "en": (
        (r"The folded cell below holds [^.]*\. You may open it[^.]*\.", ""),
        (
            r"Choose an answer to all (\d+) questions, then press .*? shown side by side\.",
            r"Cover the answers, note your choice for all \1 questions, then count how many are"
            r" right. The first time, look at the score alone and leave the explanations unread."
            r" When you take it again afterward, compare both scores and the questions on which"
            r" you changed your mind.",
        ),
        ("the folded answer", "the answer right below"),
    ),
}
_NOT_IN_IDS = re.compile(r"[^\w-]+")
# What a table's column must not break: a date, a range, a number with its unit or what it counts.
_NUMBER = re.compile(r"[^\s|]*\d[^\s|]*[-–/×][^\s|]*")
_SHORT_CELL = 12  # characters
_LONGEST_TIED = 16


class TakeAwayError(Exception):
    """Nothing was written; the message says why and what to do."""


@dataclass(frozen=True)
class Article:
    """One page of the book: what stands in `<article>`, with addresses that are unique in the whole
    book.
    """

    name: str  # "ch02_gap"
    title: str  # "2장 전역 평균 풀링"
    body: Tag


@dataclass(frozen=True)
class Edition:
    """One language's book."""

    lang: str
    title: str
    address: str  # of the site on the web; empty where the configuration names none
    articles: list[Article]


def read_edition(site: Path, lang: str) -> Edition:
    """The edition of `lang` in the built `site`. Raises `TakeAwayError` where there is none."""
    first = site / "notebooks" / lang / "welcome.html"
    if not first.is_file():
        raise TakeAwayError(
            f"{first} is missing, so there is nothing to take away: build the site first (make"
            " book)."
        )
    front = _parse(first)
    names = [Path(urlsplit(str(a["href"])).path).stem for a in front.select("nav.course-nav li a")]
    pages = {name: _parse(first.with_name(f"{name}.html")) for name in names}
    # What search engines may not show is no part of the book either: the instructors' page.
    pages = {
        name: page for name, page in pages.items() if not page.select_one('meta[name="robots"]')
    }
    canonical = front.select_one('link[rel="canonical"]')
    address = (
        str(canonical["href"]).removesuffix(f"notebooks/{lang}/welcome.html") if canonical else ""
    )
    edition = Edition(lang, TITLES[lang], address, [])
    for name, page in pages.items():
        edition.articles.append(_article(edition, name, page, set(pages)))
    return edition


def _parse(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def _article(edition: Edition, name: str, page: BeautifulSoup, book: set[str]) -> Article:
    body, title = page.select_one("article"), page.title
    assert body and title
    called = title.text.removesuffix(f" — {edition.title}")
    _strip(page, body, edition.lang)
    heading = body.find("h1")
    if isinstance(heading, Tag):
        heading.string = called
    for tag in body.find_all(id=True):
        tag["id"] = anchor(name, str(tag["id"]))
    for link in body.select("a[href]"):
        _redirect(edition, name, link, book)
    for play in body.select(".course-play"):
        _point_to_the_site(page, edition, name, play)
    body.name, body.attrs = (
        "section",
        {"id": anchor(name), "class": "course-article", "lang": edition.lang},
    )
    return Article(name, called, body)


def _strip(page: BeautifulSoup, body: Tag, lang: str) -> None:
    """Take out what needs a screen, and what is longer than the chapters themselves: helpers' code,
    studies' rows.
    """
    for tag in body.select(_ON_SCREENS_ALONE):
        tag.decompose()
    for choices in body.select(".course-choices-list"):
        choices.attrs = {"class": "course-choices-list"}
        for choice in choices.select("label"):
            choice.name, choice.attrs = "p", {}
    for fold in body.select("details.course-fold"):
        code = fold.find("pre")
        start = code.get_text().lstrip() if code else ""
        for title, said in ((HELPERS, "helpers left out"), (RESULTS, "results left out")):
            if start.startswith(title):
                note = page.new_tag("p", attrs={"class": "course-left-out"})
                note.string = word(lang, said)
                fold.replace_with(note)
                break
        else:  # the code itself needs no title that says so
            if isinstance(fold.summary, Tag):
                fold.summary.decompose()
            fold.unwrap()
    for fold in body.select("details.course-deeper"):  # on paper a section like any other
        if isinstance(fold.summary, Tag):
            fold.summary.name = "p"
        fold.unwrap()
    for tag in body.select("noscript"):
        tag.unwrap()
    _say_on_paper(body, lang)
    for note in body.select(".course-left-out"):
        if _repeats(note):
            note.decompose()
    for cell in body.select("td, th"):
        _tie(page, cell)
    for image in body.select("img"):
        del image["loading"], image["decoding"]


def _say_on_paper(body: Tag, lang: str) -> None:
    """Replace what only a screen can obey; a paragraph of which nothing is left goes."""
    for paragraph in body("p"):
        for pattern, instead in _ON_PAPER[lang]:
            spaced = re.compile(pattern.replace(" ", r"\s+"), re.DOTALL)
            if spaced.search(paragraph.get_text()):
                for tied in paragraph.select("span.course-tied"):
                    tied.unwrap()
                paragraph.smooth()
                for text in paragraph.find_all(string=spaced):
                    text.replace_with(NavigableString(spaced.sub(instead, str(text))))
                if not paragraph.get_text(strip=True):
                    paragraph.decompose()
                    break


def _repeats(note: Tag) -> bool:
    """Whether the note says again what the note right before it says, nothing standing between."""
    before = note.find_previous(lambda tag: tag.name in ("img", "svg") or _says(tag))
    return (
        isinstance(before, Tag)
        and before.get("class") == note.get("class")
        and before.get_text() == note.get_text()
    )


def _says(tag: Tag) -> bool:
    return any(isinstance(part, NavigableString) and part.strip() for part in tag.contents)


def _tie(page: BeautifulSoup, cell: Tag) -> None:
    """Keep a short cell on one line, and the dates and ranges of a longer one whole."""
    text = cell.get_text(" ", strip=True)
    if len(text) <= _SHORT_CELL and any(letter.isdigit() for letter in text):
        add_class(cell, "course-tied")
        return
    for part in cell.find_all(string=_NUMBER):
        if part.find_parent(["code", "math", "a"]):
            continue
        pieces: list[NavigableString | Tag] = []
        end = 0
        for found in _NUMBER.finditer(part):
            if len(found[0]) > _LONGEST_TIED:
                continue
            tied = page.new_tag("span", attrs={"class": "course-tied"})
            tied.string = found[0]
            pieces += [NavigableString(part[end : found.start()]), tied]
            end = found.end()
        part.replace_with(*pieces, NavigableString(part[end:]))


def add_class(tag: Tag, name: str) -> None:
    """Give `tag` one class more."""
    tag["class"] = " ".join(filter(None, [*tag.get_attribute_list("class"), name]))


def anchor(name: str, inner: str = "") -> str:
    """The address of a page in the book, or of a place in it: short and ASCII, as some readers of
    PDFs need it.
    """
    if not inner.isascii() or len(inner) > 40:
        inner = sha256(inner.encode()).hexdigest()[:10]
    return _NOT_IN_IDS.sub("-", f"{name}--{inner}" if inner else name)


def _redirect(edition: Edition, name: str, link: Tag, book: set[str]) -> None:
    """Lead `link` to the same place in the book; to the site on the web where the book does not
    have it.
    """
    parts = urlsplit(str(link["href"]))
    if parts.scheme or parts.netloc:
        link.attrs = {"href": link["href"]}
        return
    target = Path(unquote(parts.path)).stem if parts.path else name
    here = not parts.path or ("/" not in parts.path and parts.path.endswith(".html"))
    if here and target in book:
        link["href"] = f"#{anchor(target, unquote(parts.fragment))}"
        del link["title"]  # a glossary term's definition, which paper cannot show
    elif edition.address and not here:
        inside = Path("/notebooks", edition.lang, parts.path)
        link.attrs = {"href": edition.address + _normal(inside)}
    else:
        link.unwrap()


def _normal(path: Path) -> str:
    """`path` without `..`, relative to the site's root."""
    kept: list[str] = []
    for part in path.parts[1:]:
        if part == "..":
            kept.pop()
        else:
            kept.append(part)
    return "/".join(kept)


def _point_to_the_site(page: BeautifulSoup, edition: Edition, name: str, play: Tag) -> None:
    """A playground keeps its picture, where it has one, and names the place where it can be played
    with.
    """
    for picture in play.find_all("picture"):  # of screens, whose last is that of paper
        for source in picture.find_all("source"):
            source.decompose()
        picture.unwrap()
    for part in play.find_all(True, recursive=False):
        if not (part.name in ("img", "figure") or part.find("img")):
            part.decompose()
    said = page.new_tag("p")
    said.append(word(edition.lang, "play on the site") + " ")
    if edition.address:
        place = f"{name}.html#play-{play['data-play']}"
        address = f"{edition.address}notebooks/{edition.lang}/{place}"
        link = page.new_tag("a", attrs={"href": address})
        link.string = address
        said.append(link)
    play.append(said)


def headings(article: Article) -> Iterator[tuple[str, str]]:
    """The sections of an article: address and title."""
    for section in article.body.select("section[id]"):
        heading = section.find("h2", recursive=False)
        if isinstance(heading, Tag):
            yield str(section["id"]), heading.get_text(" ", strip=True)
