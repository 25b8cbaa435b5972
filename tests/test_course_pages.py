"""What the pages promise beyond the form that every lesson keeps: the concept check, the catalogue,
the references.
"""

import re
from pathlib import Path

import pytest

from autograder.probe import packages
from book.bilingual.gates import validate
from book.bilingual.lesson import quiz
from book.bilingual.lesson.markdown import LINK
from book.bilingual.lesson.source import find_lessons, read_lesson

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("ko", "en")
CHAPTER = {"ko": r"(\d+)장", "en": r"[Cc]hapter (\d+)"}
PARTS = {
    "ko": ("**왜 그럴듯할까요?**", "**사실은.**", "**판가름하는 실험.**"),
    "en": ("**Why it is tempting.**", "**What is right.**", "**The experiment.**"),
}


def cells(page: str, lang: str) -> list[str]:
    """The texts of a page's cells in one language."""
    lesson = read_lesson(ROOT, "page", ROOT / f"book/pages/{page}.md")
    return [pair[LANGUAGES.index(lang)].text for pair in validate.pairs(lesson)]


def questions(lang: str) -> list[tuple[str, quiz.Quiz]]:
    """The quizzes of the concept check: the text as written, and taken apart."""
    lesson = read_lesson(ROOT, "page", ROOT / "book/pages/welcome.md")
    return [(cell.text, parsed) for cell, parsed in quiz.quizzes(lesson) if cell.lang == lang]


def right_answers(lang: str) -> list[str]:
    return [quiz.LETTERS[parsed.right] for _, parsed in questions(lang)]


def beliefs(lang: str) -> list[str]:
    return [text for text in cells("misconceptions", lang) if text.startswith("### ")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_concept_check_has_twelve_questions_with_four_choices_and_names_the_chapter_of_each(
    lang: str,
) -> None:
    assert [len(parsed.choices) for _, parsed in questions(lang)] == [4] * 12
    for text, _ in questions(lang):
        assert re.search(CHAPTER[lang], text), f"names no chapter that settles it: {text[:60]}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_map_links_each_chapter_that_is_written(lang: str) -> None:
    linked = {match[2] for text in cells("welcome", lang) for match in LINK.finditer(text)}
    assert {
        f"{name}.ipynb" for kind, name, _ in find_lessons(ROOT) if kind == "chapter"
    } - linked == set()


def test_both_editions_give_the_same_right_answers_evenly_spread() -> None:
    assert right_answers("ko") == right_answers("en")
    assert all(right_answers("ko").count(letter) == 3 for letter in "ABCD")


def test_the_concept_check_touches_every_chapter() -> None:
    named = {int(n) for text, _ in questions("en") for n in re.findall(CHAPTER["en"], text)}
    assert named == set(range(1, 8))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_of_at_least_thirty_misconceptions_has_its_three_parts_and_names_its_chapter(
    lang: str,
) -> None:
    assert len(beliefs(lang)) >= 30
    for number, text in enumerate(beliefs(lang), 1):
        assert re.match(rf"### {number}\. “.+”\n", text)
        positions = [text.index(part) for part in PARTS[lang]]
        assert positions == sorted(positions)
        assert re.search(CHAPTER[lang], text[positions[-1] :])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_misconception_links_to_the_cell_that_settles_it_where_its_chapter_is_written(
    lang: str,
) -> None:
    written = {int(path.stem[2:4]) for kind, _, path in find_lessons(ROOT) if kind == "chapter"}
    for text in beliefs(lang):
        experiment = text[text.index(PARTS[lang][-1]) :]
        if {int(n) for n in re.findall(CHAPTER[lang], experiment)} <= written:
            targets = [match[2] for match in LINK.finditer(experiment)]
            assert targets and all(
                re.match(r"ch\d\d_\w+\.ipynb#.", target) for target in targets
            ), text[:60]


def test_every_work_that_a_chapter_links_is_among_the_references_in_both_languages() -> None:
    listed = {
        lang: {m[2] for text in cells("references", lang) for m in LINK.finditer(text)}
        for lang in LANGUAGES
    }
    assert listed["ko"] == listed["en"]
    works = re.compile(r"https://(?:arxiv\.org/abs|doi\.org|jmlr\.org|distill\.pub)/\S+")
    for kind, name, path in find_lessons(ROOT):
        if kind == "page":
            continue
        cited = {
            m[2] for cell in read_lesson(ROOT, kind, path).cells for m in LINK.finditer(cell.text)
        }
        missing = {url for url in cited if works.fullmatch(url)} - listed["en"]
        assert missing == set(), (
            f"{name} cites {sorted(missing)}: add them to book/pages/references.md"
        )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_instructors_read_which_packages_students_may_import(lang: str) -> None:
    (text,) = [
        text
        for cell in cells("instructors", lang)
        for text in cell.split("\n\n")
        if "`einops`" in text
    ]
    assert re.findall(r"`([^`]+)`", text) == [*packages.INSTALLED, *packages.STAND_INS]
