"""The course to take away: every link leads somewhere, formulas and figures are there, it opens
without a server.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from book.site.plays import PLACES
from book.site.take_away.__main__ import main
from book.site.take_away.epub import write_epub
from book.site.take_away.pages import Edition, TakeAwayError, read_edition
from book.site.take_away.pdf import document, write_pdf
from book.site.take_away.zipped import write_zip

LANGUAGES = ("ko", "en")
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def editions(site: Path) -> dict[str, Edition]:
    return {lang: read_edition(site, lang) for lang in LANGUAGES}


@pytest.fixture(scope="module")
def books(editions: dict[str, Edition]) -> dict[str, BeautifulSoup]:
    """Both editions as the one page that is printed."""
    return {
        lang: BeautifulSoup(document(edition), "html.parser") for lang, edition in editions.items()
    }


@pytest.fixture(scope="module")
def epubs(
    site: Path, editions: dict[str, Edition], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("epub")
    for lang, edition in editions.items():
        write_epub(site, edition, folder / f"{lang}.epub")
    return {lang: folder / f"{lang}.epub" for lang in LANGUAGES}


def test_every_link_inside_the_book_leads_to_one_place(books: dict[str, BeautifulSoup]) -> None:
    for lang, book in books.items():
        found = [str(tag["id"]) for tag in book.find_all(id=True)]
        assert len(found) == len(set(found)), lang
        inside = [str(link["href"]) for link in book.select('a[href^="#"]')]
        assert len(inside) > 300 and {href[1:] for href in inside} <= set(found), lang
        outside = [
            str(a["href"]) for a in book.select("a[href]") if not str(a["href"]).startswith("#")
        ]
        assert all(urlsplit(href).scheme == "https" and ".." not in href for href in outside), lang


def test_the_book_has_all_pages_but_the_instructors_and_leaves_out_what_only_a_screen_can_use(
    site: Path, books: dict[str, BeautifulSoup]
) -> None:
    for lang, book in books.items():
        private = {"instructors", "lesson_plans", "take-away"}
        pages = {path.stem for path in (site / "notebooks" / lang).glob("*.html")} - private
        assert {str(section["id"]) for section in book.select("main > section")} == {
            p.replace("_", "_") for p in pages
        }
        assert "instructors" not in str(book)
        assert not book.select("script, noscript, button, input, label, .headerlink")
        whole = [
            BeautifulSoup(
                (site / "notebooks" / lang / f"{p}.html").read_text("utf-8"), "html.parser"
            )
            for p in pages
        ]
        for what in ("math", "img", "h2"):
            assert len(book.select(what)) == sum(
                len(page.select(f"article {what}")) for page in whole
            ), what
        assert book.select(".course-left-out") and not re.search(
            "#@title (Helpers|Results)", book.get_text()
        )


def test_no_note_is_said_twice_in_a_row(books: dict[str, BeautifulSoup]) -> None:
    for lang, book in books.items():
        notes = book.select(".course-left-out")
        assert len(notes) > 10, lang
        for note in notes:
            following = note.find_next(
                lambda tag: tag.name in ("img", "svg") or _has_words_of_its_own(tag)
            )
            assert following is None or following.get_text() != note.get_text(), (lang, note)


def _has_words_of_its_own(tag: Tag) -> bool:
    return any(isinstance(part, NavigableString) and part.strip() for part in tag.contents)


def test_short_cells_dates_and_ranges_of_tables_stay_whole(
    books: dict[str, BeautifulSoup],
) -> None:
    for lang, book in books.items():
        assert all(
            cell.has_attr("class") and "course-tied" in cell["class"]
            for cell in book.select("td")
            if re.fullmatch(r"\d{4}-\d\d-\d\d|[\d.,]+ ?(%|MiB|s)", cell.get_text(strip=True))
        ), lang
        tied = {span.get_text() for span in book.select("td span.course-tied")}
        assert any("–" in text for text in tied), lang


def test_a_playground_is_a_picture_and_a_line_that_leads_to_it(
    books: dict[str, BeautifulSoup], site: Path
) -> None:
    for lang, book in books.items():
        plays = book.select(".course-play")
        assert len(plays) == sum(map(len, PLACES.values())), lang
        for play in plays:
            assert [part.name for part in play.find_all(True, recursive=False)] == ["img", "p"]
            parts = urlsplit(str(play.select("p a")[0]["href"]))
            page = site / "notebooks" / lang / PurePosixPath(parts.path).name
            assert f'id="{parts.fragment}"' in page.read_text("utf-8")


def test_what_is_long_may_be_broken_and_what_is_short_may_not(
    books: dict[str, BeautifulSoup],
) -> None:
    for lang, book in books.items():
        cells = book.select(".cell_input pre")
        long = [cell for cell in cells if "course-long" in cell.get("class", [])]
        assert 0 < len(long) < len(cells) / 4, lang
        assert min(cell.get_text().count("\n") for cell in long) > 12, lang


def test_nothing_asks_for_a_screen(books: dict[str, BeautifulSoup]) -> None:
    asked = re.compile(
        r"채점하기|브라우저에 남|펼치지 마|접힌 (셀|답)|코드 보기|출력 보기"
        r"|Score my answers|kept in this browser|answers folded|folded (cell|answer)"
        r"|Show the (code|output) ?\("
    )
    for lang, book in books.items():
        assert not asked.search(" ".join(book.get_text().split())), lang
        assert not book.select(".course-play-link, details.course-fold"), lang
        note = "답은 가린 채 12문항" if lang == "ko" else "note your choice for all 12 questions"
        assert note in book.get_text(), lang


def test_a_question_and_its_choices_are_one_and_its_answers_are_outside(
    books: dict[str, BeautifulSoup],
) -> None:
    for lang, book in books.items():
        quizzes = book.select(".course-quiz")
        assert len(quizzes) > 90, lang
        for quiz in quizzes:
            parts = quiz.find_all(True, recursive=False)
            assert [part["class"] for part in parts] == [["course-asked"], ["course-answers"]]
            asked = [part["class"][0] for part in parts[0].find_all(True, recursive=False)]
            assert asked == ["course-question", "course-choices-list"], quiz["data-quiz"]


def test_a_long_line_of_code_goes_on_behind_its_beginning(
    editions: dict[str, Edition], books: dict[str, BeautifulSoup]
) -> None:
    for lang, book in books.items():
        before = [
            code.get_text() for article in editions[lang].articles for code in article.body("pre")
        ]
        assert [code.get_text() for code in book("pre")] == before, lang
        hanging = book.select("pre .course-hanging")
        assert len(hanging) > 300 and not book.select(".cell_output .course-hanging"), lang
        for line in hanging:
            text = line.get_text()
            assert "\n" not in text and len(text) > 35
            deep = len(text) - len(text.lstrip()) + 8
            assert line["style"] == f"--deep: {deep}ch", text


def test_the_parts_of_a_drawing_stand_in_rows_at_one_scale(
    books: dict[str, BeautifulSoup],
) -> None:
    for lang, book in books.items():
        rows = {}
        for drawing in book.select(".course-drawing"):
            scales = [
                float(part["width"]) / float(part["viewbox"].split()[2])
                for part in drawing.select("svg")
            ]
            assert max(scales) - min(scales) < 0.002, drawing["data-file"]
            found = [len(row.select("svg")) for row in drawing.select(".course-drawn-row")]
            rows[Path(drawing["data-file"]).name.removesuffix(f"-{lang}.svg")] = found
        assert rows["transfer"] == [4] and rows["residual"] == [3, 2], lang


def problems_of(book: Path) -> list[str]:
    """What a reader of EPUBs would stumble over: files that are missing, pages that are no XML,
    links to nowhere.
    """
    found = []
    with zipfile.ZipFile(book) as archive:
        names = archive.namelist()
        if (
            names[0] != "mimetype"
            or archive.getinfo("mimetype").compress_type != zipfile.ZIP_STORED
        ):
            found.append("mimetype is not the first file")
        package = ElementTree.fromstring(archive.read("book/package.opf"))
        listed = {item.get("href") for item in package.iter("{http://www.idpf.org/2007/opf}item")}
        inside = {name.removeprefix("book/") for name in names if name.startswith("book/")} - {
            "package.opf"
        }
        found += [f"{name} is not listed, or missing" for name in sorted(map(str, listed ^ inside))]
        pages = {
            name: ElementTree.fromstring(archive.read(f"book/{name}"))
            for name in inside
            if name.endswith(".xhtml")
        }
        ids = {name: {tag.get("id") for tag in page.iter()} for name, page in pages.items()}
        for name, page in pages.items():
            for link in page.iter(f"{XHTML}a"):
                parts = urlsplit(link.get("href", ""))
                target = parts.path or name
                if not parts.scheme and (
                    target not in pages
                    or (parts.fragment and unquote(parts.fragment) not in ids[target])
                ):
                    found.append(f"{name} leads to {link.get('href')}")
            for image in page.iter(f"{XHTML}img"):
                if PurePosixPath(str(image.get("src"))).name not in inside or not image.get("alt"):
                    found.append(f"{name} shows {image.get('src')}")
    return found


def test_an_epub_is_whole(epubs: dict[str, Path]) -> None:
    for lang, book in epubs.items():
        assert problems_of(book) == [], lang
        with zipfile.ZipFile(book) as archive:
            chapter = archive.read("book/ch02_gap.xhtml").decode()
        assert re.search(
            r'<math alttext="[^"]+" display="block" xmlns="http://www.w3.org/1998/Math/MathML">',
            chapter,
        )
        assert re.search(r'<img [^>]*src="figure\d+\.svg"', chapter) and "<svg" not in chapter
        assert f'xml:lang="{lang}"' in chapter


def test_the_check_of_an_epub_sees_a_link_to_nowhere(
    epubs: dict[str, Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.epub"
    with zipfile.ZipFile(epubs["en"]) as whole, zipfile.ZipFile(broken, "w") as copy:
        for name in whole.namelist():
            content = whole.read(name)
            if name == "book/ch01_pooling.xhtml":
                content = content.replace(
                    b"</body>", b'<a href="ch02_gap.xhtml#nowhere">x</a></body>'
                )
            copy.writestr(name, content)
    assert problems_of(broken) == ["ch01_pooling.xhtml leads to ch02_gap.xhtml#nowhere"]


@pytest.mark.prove
def test_epubcheck_finds_nothing(epubs: dict[str, Path]) -> None:
    program = shutil.which("epubcheck")
    assert program, (
        "epubcheck is missing, so the EPUBs cannot be checked: sudo apt-get install epubcheck"
    )
    for book in epubs.values():
        done = subprocess.run(
            ["java", "-Xss2m", "-jar", program, book], capture_output=True, text=True
        )
        assert done.returncode == 0 and "No errors or warnings" in done.stdout, (
            done.stdout + done.stderr
        )


@pytest.fixture(scope="module", params=LANGUAGES)
def printed(
    request: pytest.FixtureRequest, site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PdfReader]:
    """The start of an edition as PDF: the whole takes a minute."""
    target = tmp_path_factory.mktemp("pdf") / "book.pdf"
    edition = request.getfixturevalue("editions")[request.param]
    some = [
        article
        for article in edition.articles
        if article.name in ("welcome", "ch01_pooling", "glossary")
    ]
    write_pdf(site, replace(edition, articles=some), target)
    yield PdfReader(target)


@pytest.mark.browser
def test_a_pdf_has_its_text_its_glyphs_an_outline_and_links(printed: PdfReader) -> None:
    text = "\n".join(page.extract_text() for page in printed.pages)
    korean = printed.trailer["/Root"]["/Lang"] == "ko"
    assert ("전역 평균 풀링" if korean else "global average pooling") in text
    assert "￿" not in text and "□" not in text
    titles = [item.title for item in printed.outline if not isinstance(item, list)]
    assert titles == (
        ["시작하며", "1장 풀링", "용어집"]
        if korean
        else ["Welcome", "Chapter 1: Pooling", "Glossary"]
    )
    fonts = [
        font.get_object()
        for page in printed.pages
        for font in page["/Resources"].get("/Font", {}).values()
    ]
    assert fonts and all(_is_embedded(font) for font in fonts)
    links = [a.get_object() for page in printed.pages for a in page.get("/Annots", [])]
    inside = [link for link in links if "/Dest" in link]
    assert len(inside) > 20 and all(
        str(link["/Dest"]).lstrip("/") in _destinations(printed) for link in inside
    )
    assert (
        printed.trailer["/Root"]["/MarkInfo"]["/Marked"] is True
        or printed.trailer["/Root"]["/MarkInfo"]["/Marked"]
    )


@pytest.mark.browser
def test_what_belongs_together_stands_on_one_page(
    printed: PdfReader, books: dict[str, BeautifulSoup]
) -> None:
    """A question with its choices, and an output with the end of its cell."""
    book = books["ko" if printed.trailer["/Root"]["/Lang"] == "ko" else "en"]
    pages = [_letters(page.extract_text()) for page in printed.pages]
    quizzes = book.select("#welcome .course-asked, #ch01_pooling .course-asked")
    assert len(quizzes) > 20
    for asked in quizzes:
        question, *_, last = asked("p")
        parts = _runs(question)[0][:30], _runs(last)[-1][-20:]
        assert any(all(part in page for part in parts) for page in pages), parts
    cells = 0
    for output in book.select("#ch01_pooling .cell_input + .cell_output"):
        code, said = output.find_previous_sibling().pre, output.pre
        if said and output.find(["pre", "img"]) is said:
            lines = [_letters(text) for text in code.get_text().strip().split("\n")]
            seam = lines[-1] + _letters(said.get_text().strip().split("\n")[0])
            assert any(seam in page for page in pages), seam
            cells += 1
    assert cells > 20


def _letters(text: str) -> str:
    """Without blanks and ligatures."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _runs(paragraph: Tag) -> list[str]:
    """The letters between the formulas of a paragraph."""
    plain = copy(paragraph)
    for formula in plain.select("math"):
        formula.replace_with("\0")
    return [_letters(run) for run in plain.get_text().split("\0")]


@pytest.mark.browser
def test_the_contents_say_the_page_on_which_an_article_begins(printed: PdfReader) -> None:
    contents = printed.pages[1].extract_text()
    for item in printed.outline:
        if not isinstance(item, list):
            number = printed.get_destination_page_number(item)
            assert number and re.search(rf"{re.escape(str(item.title))}\s+{number + 1}\b", contents)


def _is_embedded(font: dict) -> bool:  # type: ignore[type-arg]
    if font["/Subtype"] == "/Type3":
        return True  # drawn, glyph by glyph
    described = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    return any(key.startswith("/FontFile") for key in described["/FontDescriptor"].get_object())


def _destinations(pdf: PdfReader) -> set[str]:
    return {name.lstrip("/") for name in pdf.named_destinations}


@pytest.mark.browser
def test_the_zip_opens_from_a_disk_and_offers_no_zip_again(
    browser: Browser, site: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    (folder / "take-away").mkdir(parents=True)
    for path in (
        "index.html",
        "notebooks",
        "_static",
        "_images",
        "search-ko.js",
        "search-en.js",
        "search-ko.html",
    ):
        copy = shutil.copytree if (site / path).is_dir() else shutil.copyfile
        copy(site / path, folder / path)
    page_file = folder / "notebooks" / "ko" / "welcome.html"
    link = (
        '<a class="course-zip" href="../../take-away/from-pooling-to-gap.zip"'
        " download>zip</a></footer>"
    )
    page_file.write_text(page_file.read_text("utf-8").replace("</footer>", link), "utf-8")
    target = folder / "take-away" / "from-pooling-to-gap.zip"
    for _ in range(2):  # the second does not hold the first
        write_zip(folder, target)
    with zipfile.ZipFile(target) as archive:
        assert not [name for name in archive.namelist() if name.endswith(".zip")]
        archive.extractall(tmp_path / "unpacked")
    page = browser.new_page()
    page.goto((tmp_path / "unpacked" / "from-pooling-to-gap" / "index.html").as_uri())
    page.get_by_role("link", name="한국어로 읽기").click()
    expect(page).to_have_url(re.compile(r"ko/welcome\.html$"))
    expect(page.locator(".course-zip")).to_have_count(0)
    page.wait_for_load_state("load")  # the script that listens to keys is deferred
    page.keyboard.press("Control+k")
    page.keyboard.type("전역평균풀링")
    expect(page.locator(".course-results a").first).to_be_visible()
    page.close()


def test_without_a_site_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    assert "build the site first" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    with pytest.raises(TakeAwayError):
        read_edition(tmp_path, "ko")


def test_an_edition_is_read_in_the_order_of_its_contents(editions: dict[str, Edition]) -> None:
    edition = editions["ko"]
    names = [article.name for article in edition.articles]
    assert names[:3] == ["welcome", "ch01_pooling", "ex01_pooling"]
    assert edition.articles[1].title == "1장 풀링"
