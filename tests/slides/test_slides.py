"""Slides are taken from the chapters: what they show and what they keep for the notes; they fit,
and stay offline.
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from measuring import opened, slides
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from book.slides import code, text
from book.slides.deck import Code, Deck, Later, Slide
from book.slides.export import write

ROOT = Path(__file__).parents[2]
CHAPTER = "ch01_pooling"
SECTION = """## Output size

*About 15 minutes*

We derive it. $n$ cells. More for the notes.

$$o = n - k + 1$$

**Predict.** How many cells?

- ( ) Three.
- ( ) Four."""
ANSWER = """<details><summary>Check your prediction</summary>

Four. Nothing is dropped.

</details>

Said in passing.

**Change it and look.** Try 5.

<details><summary>What you see</summary>

Something else.

</details>"""
QUIZ = """<div class="quiz" data-quiz="q" data-right="1">

**Quiz.** Which?

- **A.** This.
- **B.** That.

<details><summary>If you chose A</summary>

**No.** Wrong.

</details>

<details><summary>If you chose B</summary>

**Right.** Since so.

</details>

</div>"""


def deck_of(*cells: nbformat.NotebookNode, name: str = CHAPTER) -> Deck:
    return Deck(
        ROOT, new_notebook(cells=[new_markdown_cell("# Pooling\n\nA lesson."), *cells]), name, "en"
    )


def shown(slide: Slide) -> str:
    parts = [
        p.source if isinstance(p, Code) else p.html if isinstance(p, Later) else p
        for p in slide.parts
    ]
    return " ".join([slide.title, slide.badge, *parts])


def prose(source: str) -> nbformat.NotebookNode:
    return new_markdown_cell(source)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("One. Two? Three", ["One.", "Two?", "Three"]),
        (
            "He **says so. Twice.** Then `a. b` and $x. y$. End.",
            ["He **says so. Twice.**", "Then `a. b` and $x. y$.", "End."],
        ),
        ("Zhang et al. (2019) did. So did we.", ["Zhang et al. (2019) did.", "So did we."]),
        ("3.5배입니다. 끝.", ["3.5배입니다.", "끝."]),
    ],
)
def test_sentences_are_cut_where_they_end_only(given: str, wanted: list[str]) -> None:
    assert text.sentences(given) == wanted


def test_formulas_become_mathml_and_links_inside_the_course_plain_text() -> None:
    made = text.html(
        "See [chapter 2](ch02_gap.ipynb#three-ways) and [arXiv](https://arxiv.org/abs/1): $x_1"
        " < 2$."
    )
    assert "See chapter 2 and" in made and 'href="https://arxiv.org/abs/1"' in made
    assert "<math><semantics>" in made and "$" not in made


def test_long_code_is_cut_to_what_it_is_about() -> None:
    short = "x = 1\nassert x == 1\nx"
    assert code.excerpt(short) == "x = 1\nx"
    loop = "\n".join(
        [
            "def fit(net, steps):",
            '    """Train."""',
            *["    a = 1"] * 20,
            "    for _ in range(steps):",
            "        step()",
        ]
    )
    assert (
        code.excerpt(loop) == "def fit(net, …):\n    …\n    for _ in range(steps):\n        step()"
    )
    assert code.excerpt("x = 1\n" * 30) == "" and code.excerpt("%pip install torch") == ""


def test_a_section_shows_its_heads_and_key_cell_and_keeps_the_rest_for_the_notes() -> None:
    cell = new_code_cell("size = 4\nsize", metadata={"collapsed": True})
    cell.outputs = [new_output("execute_result", {"text/plain": "4"}, execution_count=1)]
    deck = deck_of(prose(SECTION), cell, prose(ANSWER))
    section, predict, key = next(c for c in deck.columns if c.anchor == "output-size").slides
    assert (
        "Output size" in shown(section)
        and "About 15 minutes" in shown(section)
        and "<math" in shown(section)
    )
    assert "Predict." in shown(predict) and predict.parts[-1].count("<li>") == 2
    assert (
        shown(key).index("size = 4") < shown(key).index("<pre") < shown(key).index("Four. Nothing")
    )
    # what answers comes on demand
    assert [type(part) for part in key.parts] == [Code, Later, Later]
    notes = "\n".join(n for slide in (section, predict, key) for n in slide.notes)
    assert "Said in passing." in notes and "Lesson plan, 12 min" in notes
    assert not re.search(
        "Change it|Something else", notes + "".join(map(shown, (section, predict, key)))
    )


def test_folded_code_and_references_are_left_out_and_a_quiz_keeps_its_answer_for_the_notes() -> (
    None
):
    folded = new_code_cell("def helper():\n    return 1", metadata={"tags": ["hide-input"]})
    deck = deck_of(
        prose("## Output size\n\nA. B."),
        folded,
        prose(QUIZ),
        prose("## References\n\n- K. Fukushima"),
    )
    everything = " ".join(shown(slide) for column in deck.columns for slide in column.slides)
    assert (
        "helper" not in everything
        and "Fukushima" not in everything
        and "Since so" not in everything
    )
    (quiz,) = [slide for column in deck.columns for slide in column.slides if slide.kind == "quiz"]
    assert "That." in shown(quiz) and quiz.notes == ["**Right: B.** **Right.** Since so."]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_sections_of_the_lesson_come_first_and_none_is_lost(lang: str) -> None:
    notebook = nbformat.read(ROOT / "notebooks" / lang / f"{CHAPTER}.ipynb", as_version=4)
    deck = Deck(ROOT, notebook, CHAPTER, lang)
    kinds = [column.slides[0].kind for column in deck.columns]
    planned = [
        column for column in deck.columns[: kinds.index("exit")] if column.anchor in deck.plan.hints
    ]
    assert len(planned) == 7 and all(
        "75" not in slide.badge for column in planned for slide in column.slides
    )
    sections = [
        h
        for cell in notebook.cells
        for h in re.findall(r"^## (.+)$", cell.source, re.M)
        if cell.cell_type == "markdown"
    ]
    titles = [column.slides[0].title for column in deck.columns]
    assert set(sections) - set(titles) == {sections[-1]}  # the references
    assert kinds.index("more") > kinds.index("exit") and deck.plan.question and deck.plan.answer


def test_a_chapter_that_there_is_not_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no chapter 'ch99'.*name one of ch01_pooling"):
        write(ROOT, tmp_path / "out", ("ch99",))
    assert not (tmp_path / "out").exists()


def test_pages_load_nothing_from_elsewhere(tmp_path: Path) -> None:
    korean, english = write(ROOT, tmp_path, (CHAPTER,))
    for page in (korean, english):
        html = page.read_text("utf-8")
        loaded = re.findall(
            r'(?:<script[^>]+src|<link[^>]+href|<img[^>]+src|url\()="?([^"> )]+)', html
        )
        assert {name for name in loaded if not name.startswith("data:")} == {
            f"../reveal/{name}"
            for name in ("reveal.css", "slides.css", "reveal.js", "notes.js", "slides.js")
        }
        assert all(
            (page.parent / name).is_file() for name in loaded if not name.startswith("data:")
        )
    assert '<html lang="ko">' in korean.read_text("utf-8") and (tmp_path / "index.html").is_file()


@pytest.mark.browser
def test_what_sticks_out_is_found_and_long_text_is_set_smaller(tmp_path: Path) -> None:
    (page,) = [p for p in write(ROOT, tmp_path, ("ch03_strided_conv",)) if p.parent.name == "en"]
    before, rest = page.read_text("utf-8").split('<div class="slides">', 1)
    after = rest[rest.index("</div></div>\n<script") :]
    wide = "<section><section><h2>wide</h2><div style='width: 1400px'>x</div></section></section>"
    long = f"<section><section><h2>long</h2>{'<p>word</p>' * 12}</section></section>"
    page.write_text(f'{before}<div class="slides">{wide}{long}{after}', "utf-8")
    with opened(page) as (shown_page, asked):
        found = {slide["title"]: slide for slide in slides(shown_page)}
    assert [what.split()[0] for what in found["wide"]["found"]] == ["DIV"] and asked == []
    assert found["long"]["found"] == [] and 0.7 <= found["long"]["size"] < 1


@pytest.mark.browser
@pytest.mark.prove
@pytest.mark.parametrize("name", [CHAPTER, "ch04_vgg_to_resnet"])
def test_nothing_sticks_out_of_any_slide(tmp_path: Path, name: str) -> None:
    for page in write(ROOT, tmp_path, (name,)):
        with opened(page) as (show, asked):
            measured = list(slides(show))
        assert len(measured) > 40 and asked == []
        assert [slide for slide in measured if slide["found"] or slide["size"] < 0.75] == [], page
