"""Every page of the built site, read as HTML: language, navigation, addresses, links."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from browsing import pages_of
from bs4 import BeautifulSoup, Tag
from miniature import ROOT

from book.bilingual.lesson.links import repositories
from book.site.extension import counterpart, language_of
from book.site.words import TITLES, spoken_to_scripts

OTHER = {"ko": "en", "en": "ko"}


@cache
def parse(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@cache
def anchors(path: Path) -> set[str]:
    return {str(tag["id"]) for tag in parse(path).find_all(id=True)}


@pytest.fixture(scope="module")
def lesson_pages(site: Path) -> dict[str, BeautifulSoup]:
    """Name → page, for the pages that have a language."""
    return {
        name: parse(site / name)
        for name in pages_of(site)
        if language_of(name.removesuffix(".html"))
    }


def hrefs(node: BeautifulSoup | Tag, selector: str) -> list[str]:
    return [str(a["href"]) for a in node.select(selector)]


def test_there_are_as_many_pages_in_one_language_as_in_the_other(
    lesson_pages: dict[str, BeautifulSoup],
) -> None:
    names = {
        lang: {n.split("/")[-1] for n in lesson_pages if f"/{lang}/" in n} for lang in ("ko", "en")
    }
    assert names["ko"] == names["en"] and len(names["ko"]) >= 8


def test_each_page_says_which_language_it_is_in(
    site: Path, lesson_pages: dict[str, BeautifulSoup]
) -> None:
    for name, page in lesson_pages.items():
        assert page.html and page.html["lang"] == language_of(name.removesuffix(".html")), name
        assert page.title and TITLES[page.html["lang"]] in page.title.text, name
    chooser = parse(site / "notebooks" / "index.html")
    assert chooser.html and chooser.html["lang"] == "ko" and chooser.select('article [lang="en"]')


def test_the_switch_leads_to_the_same_page_in_the_other_language(
    site: Path, lesson_pages: dict[str, BeautifulSoup]
) -> None:
    for name, page in lesson_pages.items():
        (switch,) = page.select("a.course-switch")
        lang = language_of(name.removesuffix(".html"))
        assert lang and switch["hreflang"] == OTHER[lang]
        target = (site / name).parent / str(switch["href"])
        assert target.resolve() == (
            site
            / name.replace(f"/{lang}/", f"/{OTHER[lang]}/").replace(f"-{lang}.", f"-{OTHER[lang]}.")
        )
        assert target.exists()


def test_search_engines_are_told_of_both_editions(lesson_pages: dict[str, BeautifulSoup]) -> None:
    for name, page in lesson_pages.items():
        found = {
            str(link["hreflang"]): str(link["href"])
            for link in page.select('head link[rel="alternate"][hreflang]')
        }
        assert set(found) == {"ko", "en", "x-default"}, name
        assert found[language_of(name.removesuffix(".html")) or ""].endswith("/" + name)


def test_the_sidebar_lists_all_pages_of_one_language_and_no_other(
    lesson_pages: dict[str, BeautifulSoup],
) -> None:
    for name, page in lesson_pages.items():
        lang = language_of(name.removesuffix(".html"))
        listed = {href.split("/")[-1] for href in hrefs(page, "nav.course-nav li a") if href != "#"}
        assert listed == {n.split("/")[-1] for n in lesson_pages if f"/{lang}/" in n}, name
        assert len(page.select("nav.course-nav a[aria-current]")) == (
            0 if name.startswith("search") else 1
        )
        assert not [
            href for href in hrefs(page, "nav.course-nav li a") if f"/{OTHER[lang or '']}/" in href
        ]


def test_previous_and_next_walk_through_one_language(site: Path) -> None:
    for lang in ("ko", "en"):
        name, walked = "welcome.html", []
        while name:
            walked.append(name)
            page = parse(site / "notebooks" / lang / name)
            steps = hrefs(page, "a.course-next")
            assert all("/" not in step for step in steps)
            back = hrefs(page, "a.course-prev")
            assert back == ([] if len(walked) == 1 else [walked[-2]])
            name = steps[0] if steps else ""
        assert set(walked) == {path.name for path in (site / "notebooks" / lang).glob("*.html")}


def test_colab_opens_the_notebook_of_the_pages_language(
    lesson_pages: dict[str, BeautifulSoup],
) -> None:
    repos, notebooks = repositories(ROOT), 0
    for name, page in lesson_pages.items():
        source = ROOT / name.replace(".html", ".ipynb")
        buttons = hrefs(page, "a.course-colab")
        if source.exists():
            assert buttons == [repos.colab(source.relative_to(ROOT).as_posix())]
            assert repos.binder(source.relative_to(ROOT).as_posix()) in hrefs(
                page, "a.course-binder"
            )
            notebooks += 1
        else:
            assert buttons == [], name
    assert notebooks >= 6


def test_only_the_instructors_page_leads_to_the_instructors_repository(site: Path) -> None:
    slug = repositories(ROOT).instructors
    for name in pages_of(site):
        text = (site / name).read_text("utf-8")
        assert (slug in text) == name.endswith("instructors.html"), name


def test_korean_pages_speak_korean_around_the_text(lesson_pages: dict[str, BeautifulSoup]) -> None:
    english = {
        *spoken_to_scripts("en").values(),
        "Next",
        "Previous",
        "Contents",
        "Link to this heading",
    }
    for name, page in lesson_pages.items():
        if language_of(name.removesuffix(".html")) != "ko":
            continue
        frame = [
            str(node.string).strip()
            for node in page.find_all(string=True)
            if not node.find_parent("article")
        ]
        told = [str(value) for tag in page.find_all(True) for value in tag.attrs.values()]
        assert not english & set(frame), name
        assert not english & set(told), name


def test_english_pages_have_no_hangul_around_the_text(
    lesson_pages: dict[str, BeautifulSoup],
) -> None:
    for name, page in lesson_pages.items():
        if language_of(name.removesuffix(".html")) != "en":
            continue
        for part in page.select("nav, header, footer"):
            hangul = [
                s
                for s in part.find_all(string=re.compile("[가-힣]"))
                if not s.find_parent(attrs={"lang": "ko"})
            ]
            assert not hangul, name


def test_every_page_tells_search_engines_what_it_is_about(
    lesson_pages: dict[str, BeautifulSoup],
) -> None:
    seen: dict[str, str] = {}
    for name, page in lesson_pages.items():
        (tag,) = page.select('meta[name="description"]')
        text = str(tag["content"])
        assert 10 < len(text) <= 160, name
        if not name.startswith("search"):
            assert seen.setdefault(text, name) == name
        (canonical,) = page.select('link[rel="canonical"]')
        assert str(canonical["href"]).endswith("/" + name)
        assert page.select('meta[property="og:title"]'), name


def test_chapters_carry_their_number(lesson_pages: dict[str, BeautifulSoup]) -> None:
    for lang, title in (("ko", "2장 "), ("en", "Chapter 2: ")):
        page = lesson_pages[f"notebooks/{lang}/ch02_gap.html"]
        assert page.title and page.title.text.startswith(title)
        assert page.select("nav.course-nav a[aria-current] .course-number")[0].text == "2"


def test_headings_have_readable_addresses_in_korean(lesson_pages: dict[str, BeautifulSoup]) -> None:
    for name, page in lesson_pages.items():
        numbered = [
            s["id"]
            for s in page.select("article section[id]")
            if re.fullmatch(r"id\d+", str(s["id"]))
        ]
        assert not numbered, name
    assert "전역-최대-풀링" in {
        str(s["id"]) for s in lesson_pages["notebooks/ko/ch02_gap.html"].select("section[id]")
    }


def test_every_internal_link_and_anchor_exists(site: Path) -> None:
    for name in pages_of(site):
        if name == "404.html":
            continue  # absolute addresses, since nobody knows where it is shown
        page = parse(site / name)
        for href in hrefs(page, "a[href]"):
            parts = urlsplit(href)
            if parts.scheme or parts.netloc:
                continue
            target = (
                ((site / name).parent / unquote(parts.path)).resolve()
                if parts.path
                else site / name
            )
            assert target.exists(), f"{name}: {href}"
            if parts.fragment and target.suffix == ".html":
                assert unquote(parts.fragment) in anchors(target), f"{name}: {href}"


def test_pages_load_nothing_from_other_sites(site: Path) -> None:
    for name in pages_of(site):
        page = parse(site / name)
        loaded = [str(t["src"]) for t in page.select("script[src], img[src], iframe[src]")]
        loaded += hrefs(page, 'link[rel="stylesheet"], link[rel="preload"], link[rel="icon"]')
        assert not [address for address in loaded if "//" in address.split("?")[0]], name


def test_glossary_terms_carry_their_definition_and_lead_to_the_glossary_of_the_language(
    lesson_pages: dict[str, BeautifulSoup],
) -> None:
    linked = 0
    for name, page in lesson_pages.items():
        terms = page.select("a.course-term")
        linked += len(terms)
        if name.endswith("glossary.html"):
            assert not terms
        targets = [str(term["href"]) for term in terms]
        assert len(set(targets)) == len(targets), f"{name} links a term twice"
        assert all(target.startswith("glossary.html#term-") for target in targets), name
        assert all(len(str(term["title"])) > 10 for term in terms), name
    assert linked > 50


def test_every_picture_has_an_alternative_text(site: Path) -> None:
    for name in pages_of(site):
        for image in parse(site / name).select("article img"):
            alt = str(image.get("alt", ""))
            assert len(alt) > 15 and not alt.startswith(("_images", "../")), (
                f"{name}: {image['src']} has alt {alt!r}"
            )


def test_every_figure_has_its_size_and_loads_when_it_comes_near(site: Path) -> None:
    pictures = 0
    for name in pages_of(site):
        for image in parse(site / name).select("article img"):
            pictures += 1
            assert int(str(image["width"])) > 0 and int(str(image["height"])) > 0, name
            assert image["loading"] == "lazy", name
    assert pictures > 50


def test_the_front_forwards_and_unknown_addresses_lead_home(site: Path) -> None:
    front = (site / "index.html").read_text("utf-8")
    assert 'content="0; url=notebooks/index.html"' in front
    card = parse(site / "index.html").select_one("meta[property='og:image']")
    assert card and (site / str(card["content"]).split("/", 4)[-1]).is_file()
    for lang in ("ko", "en"):
        manifest = json.loads((site / f"manifest-{lang}.webmanifest").read_text("utf-8"))
        assert manifest["scope"] == "./" and manifest["id"].endswith(lang)
    lost = parse(site / "404.html")
    assert len(hrefs(lost, "a")) == 2 and all(
        href.startswith("https://") for href in hrefs(lost, "a")
    )
    assert not (site / "genindex.html").exists()


def test_a_page_without_a_counterpart_leads_to_the_other_languages_first_page() -> None:
    assert counterpart("notebooks/ko/x", "en", lambda page: False) == "notebooks/en/welcome"
    assert counterpart("notebooks/ko/x", "en", lambda page: True) == "notebooks/en/x"
    assert counterpart("search-ko", "en", lambda page: False) == "search-en"
    assert language_of("notebooks/index") is None and language_of("search") is None


def test_calls_to_predict_stand_out_in_both_languages_of_each_chapter(
    lesson_pages: dict[str, BeautifulSoup],
) -> None:
    chapters = [name for name in lesson_pages if "/ko/ch" in name]
    assert len(chapters) >= 7
    for name in chapters:
        ko, en = (
            lesson_pages[name.replace("/ko/", f"/{lang}/")].select("p.course-predict")
            for lang in ("ko", "en")
        )
        assert len(ko) == len(en) >= 1, name
        assert all("예측" in p.get_text()[:20] for p in ko) and all(
            "Predict" in p.get_text()[:20] for p in en
        ), name


def test_negative_numbers_in_prose_and_alt_texts_have_a_minus_sign(
    lesson_pages: dict[str, BeautifulSoup],
) -> None:
    hyphen = re.compile(r"[\s(\[]-\d")
    for name, page in lesson_pages.items():
        article = page.select_one("article")
        assert article
        said = [
            text
            for text in article.find_all(string=hyphen)
            if not text.find_parent(["code", "pre", "math", "script", "noscript"])
        ]
        said += [tag["alt"] for tag in article.select("img[alt]") if hyphen.search(str(tag["alt"]))]
        assert not said, (name, said)
