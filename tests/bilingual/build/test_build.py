"""The build: both editions from one run, nothing executed twice, nothing written when anything is
wrong.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from book.bilingual.build import execute
from book.bilingual.build.build import build
from book.bilingual.build.render import so_far
from book.bilingual.errors import BilingualError, ProblemsFound, StandInError
from book.bilingual.gates.check import check
from book.bilingual.lesson import labels, printed

from ..conftest import Edit

CHAPTER = "book/chapters/ch90_sums.md"
ALT = (
    "alt:\n  ko: 합이 {{ total | .2f }}까지 커지는 선\n  en: A line that grows to {{ total |"
    " .2f }}\n"
)
CAPTION = (
    "caption:\n  ko: 가로축은 항의 수, 세로축은 합입니다.\n  en: How many terms, and their sum.\n"
)


def notebook(root: Path, lang: str, name: str = "ch90_sums") -> nbformat.NotebookNode:
    return nbformat.read(root / f"notebooks/{lang}/{name}.ipynb", as_version=4)


def snapshot(root: Path) -> dict[str, bytes]:
    """Everything generated or recorded."""
    folders = ("notebooks", "solutions", "book/reviews")
    return {
        p.relative_to(root).as_posix(): p.read_bytes()
        for f in folders
        for p in (root / f).rglob("*")
        if p.is_file()
    }


def test_both_editions_hold_the_same_code_outputs_and_ids(course: Path) -> None:
    korean, english = notebook(course, "ko").cells, notebook(course, "en").cells
    assert [c.id for c in korean] == [c.id for c in english]
    for ko, en in zip(korean, english, strict=True):
        if ko.cell_type == "code":
            assert (ko.source, ko.execution_count) == (en.source, en.execution_count)
            said = [printed.text(cell.outputs) for cell in (ko, en)]
            assert said[0] == said[1]
            drawn = [len(labels.figures(cell.outputs)) for cell in (ko, en)]
            assert drawn[0] == drawn[1]  # the Korean figure is set in a Korean font


def test_numbers_in_prose_are_those_of_the_run(course: Path) -> None:
    cells = {lang: {c.id: c for c in notebook(course, lang).cells} for lang in ("ko", "en")}
    assert "제곱근 3개의 합은 4.15이고, `{{ total }}`은 그대로" in cells["ko"]["result-1"].source
    assert "The sum of 3 roots is 4.15; `{{ total }}` stays" in cells["en"]["result-1"].source
    recorded = cells["ko"]["result-1"].metadata.course["values"]
    assert [(v.expr, v.text, v.tolerance) for v in recorded] == [
        ("LIMIT", "3", ""),
        ("total", "4.15", "±0.01"),
    ]
    assert recorded == cells["en"]["result-1"].metadata.course["values"]


def test_alt_text_is_in_the_language_of_the_edition(course: Path) -> None:
    alt = {
        lang: notebook(course, lang).cells[-2].metadata.mystnb.image.alt for lang in ("ko", "en")
    }
    assert alt == {"ko": "합이 4.15까지 커지는 선", "en": "A line that grows to 4.15"}


def test_a_caption_is_numbered_and_stands_below_its_figure(course: Path) -> None:
    for lang, text in (
        ("ko", "**그림 90.1.** 가로축은 항의 수, 세로축은 합입니다."),
        ("en", "**Figure 90.1.** How many terms, and their sum."),
    ):
        drawn, caption = notebook(course, lang).cells[-2:]
        assert drawn.metadata.mystnb.figure.caption == caption.source == text
        assert caption.metadata.tags == ["remove-cell"]  # the site has it below the picture


def test_a_picture_that_is_not_ours_is_not_committed(course: Path, edit: Edit) -> None:
    said = {"ko": "여기서 사진을 봅니다.", "en": "Photographs show up here."}
    edit(CHAPTER, ALT + CAPTION, "live:\n" + "".join(f"  {k}: {v}\n" for k, v in said.items()))
    build(course, ("ch90_sums",))
    for lang, sentence in said.items():
        drawn = notebook(course, lang).cells[-1]
        (output,) = drawn.outputs
        assert output.data == {"text/markdown": sentence}
        assert "nbval-ignore-output" in drawn.metadata.tags


def test_an_exercise_shows_the_points_of_its_functions(course: Path, edit: Edit) -> None:
    for title in ("# 두 배", "# Twice"):
        edit("book/exercises/ex90_double.md", title, f"{title}\n\n{{{{points}}}}")
    (course / "book/timings.yml").write_text("ex90_double: {double: 8, short_answer: 2}\n")
    built = build(course, ("ex90_double",))
    assert not built.executed
    for path in ("notebooks/en/ex90_double.ipynb", "solutions/en/ex90_double/ex90_double.ipynb"):
        text = nbformat.read(course / path, 4).cells[0].source
        assert "| `double` | 90 | 8 min |\n| Short answer | 10 | 2 min |" in text


def test_helpers_are_folded_in_colab_jupyter_and_on_the_site(course: Path) -> None:
    cell = notebook(course, "ko").cells[1]
    assert cell.source.startswith("#@title ")
    assert cell.metadata == {
        "cellView": "form",
        "jupyter": {"source_hidden": True},
        "tags": ["hide-input"],
    }


def test_a_notebook_tells_colab_its_kernel_and_names_no_machine(course: Path) -> None:
    for path, content in snapshot(course).items():
        text = content.decode()
        assert str(course) not in text and "/tmp/" not in text, path
    metadata = notebook(course, "ko").metadata
    assert metadata.kernelspec == {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    assert metadata.language_info.name == "python"
    assert "version" not in metadata.language_info


def test_the_glossary_page_lists_every_term_with_its_anchor(course: Path) -> None:
    korean = (course / "notebooks/ko/glossary.md").read_text(encoding="utf-8")
    assert '<span id="term-feature-map">특징 맵</span>' in korean
    assert (course / "notebooks/en/glossary.md").read_text(encoding="utf-8").count(
        '<span id="term-'
    ) == 2


def test_a_second_build_executes_and_writes_nothing(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execute, "execute", lambda *args, **kwargs: pytest.fail("executed"))
    built = build(course)
    assert (built.executed, built.written) == ({}, [])


def test_a_change_of_prose_or_alt_text_is_stamped_without_executing(
    course: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execute, "execute", lambda *args, **kwargs: pytest.fail("executed"))
    edit(CHAPTER, "## Result", "## What came out, {{ total | .2f | ±0.01 }}")
    edit(CHAPTER, "## 결과", "## 나온 것, {{ total | .2f | ±0.01 }}")
    edit(CHAPTER, "A line that grows", "A line growing")
    build(course)
    cells = notebook(course, "en").cells
    assert cells[4].source.startswith("## What came out, 4.15")
    assert cells[-2].metadata.mystnb.image.alt == "A line growing to 4.15"


def test_what_answers_a_prediction_asserts_in_a_folded_cell_behind_it(
    course: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(CHAPTER, "아직 쓰지 않습니다.", "아직 쓰지 않습니다.\n\n**예측.** 얼마일까요?")
    edit(CHAPTER, "are not used yet.", "are not used yet.\n\n**Predict.** How much?")
    edit(CHAPTER, 'print(f"{total:.3f}")', 'assert total > 4\nprint(f"{total:.3f}")')
    build(course)
    cells = {cell.id: cell for cell in notebook(course, "en").cells}
    answer, check = cells["sums-of-roots-4"], cells["sums-of-roots-4-check"]
    assert "assert" not in answer.source and "4.146" in answer.outputs[0].text
    assert check.source == "#@title Checks: open them after your prediction\nassert total > 4"
    assert check.metadata == {
        "cellView": "form",
        "jupyter": {"source_hidden": True},
        "tags": ["remove-cell"],
    }
    monkeypatch.setattr(execute, "execute", lambda *args, **kwargs: pytest.fail("executed"))
    built = build(course)
    assert (built.executed, built.written) == ({}, [])


def test_a_forced_build_gives_the_same_files(course: Path) -> None:
    before = snapshot(course)
    built = build(course, ("ch90_sums", "ex90_double"), force=True, jobs=2)
    assert set(built.executed) == {"ch90_sums", "ex90_double"}
    assert snapshot(course) == before


def test_only_the_changed_lesson_is_executed(course: Path, edit: Edit) -> None:
    edit(CHAPTER, "{total:.3f}", "{total:.2f}")
    built = build(course)
    assert list(built.executed) == ["ch90_sums"]
    assert {p for p in built.written if "ex90" in p} == set()


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (
            "(LIMIT)\n",
            "(LIMIT)\nassert total > 5, 'small'\n",
            "ch90_sums.md:35: cell 5 (code): the cell raises AssertionError: small",
        ),
        (
            "{{ LIMIT }}",
            "{{ LIMITS }}",
            "cell 6 (ko): placeholder {{ LIMITS }} does not resolve: NameError",
        ),
        ("{{ LIMIT }}", "{{ float('nan') }}", "not a finite number"),
        ("{{ LIMIT }}", "{{ 'x' | | ±1 }}", "is not a number"),
        (ALT, "", "draws a figure without alt text"),
        (CAPTION, "", "draws a figure without a caption"),
        (
            "ipython3\ntotal",
            "ipython3\n:alt: {ko: 가, en: a}\ntotal",
            "has an alt text or a caption but draws no figure",
        ),
        (":snippets: [sums]", ":snippets: [gone]", "unknown snippet 'gone'"),
        (":results: [noisy_sum]", ":results: [gone]", "no results of a study 'gone'"),
        ("(about.md#this-course)", "(about.md#that-course)", "no heading #that-course"),
        ('+++ {"lang": "en"}', '+++ {"lang": "en"', "is not JSON"),
    ],
)
def test_a_wrong_source_stops_the_build_and_changes_nothing(
    course: Path, old: str, new: str, part: str
) -> None:
    path = course / CHAPTER
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    page = course / "book/pages/about.md"
    page.write_text(
        page.read_text(encoding="utf-8").replace("아주 작은", "정말 작은"), encoding="utf-8"
    )
    before = snapshot(course)
    with pytest.raises(ProblemsFound) as caught:
        build(course)
    assert part in str(caught.value)
    assert "mend: " in str(caught.value)
    assert snapshot(course) == before


def test_a_cell_tagged_to_raise_may_raise(course: Path, edit: Edit) -> None:
    edit(
        CHAPTER,
        "ipython3\ntotal = ",
        "ipython3\n:tags: [raises-exception]\ntotal = 1\nraise ValueError('shown')\ntotal = ",
    )
    build(course, ("ch90_sums",))
    (output,) = notebook(course, "ko").cells[3].outputs
    assert (output.output_type, output.evalue) == ("error", "shown")


def test_outputs_from_stand_in_data_are_refused_unless_allowed(course: Path, edit: Edit) -> None:
    edit(CHAPTER, "total = root_sum(LIMIT)", "DATA_IS_REAL = False\ntotal = root_sum(LIMIT)")
    before = snapshot(course)
    with pytest.raises(StandInError, match="Set COURSE_DATA"):
        build(course, ("ch90_sums",))
    assert snapshot(course) == before
    build(course, ("ch90_sums",), allow_stand_in=True)
    assert notebook(course, "ko").metadata.course.stand_in is True


def test_machine_paths_addresses_and_warnings_are_dealt_with(course: Path, edit: Edit) -> None:
    shown = "print(os.getcwd(), json.__file__, sys.prefix, object())\nprint('oh', file=sys.stderr)"
    edit(CHAPTER, "total = ", f"import os, sys, json\n{shown}\ntotal = ")
    built = build(course, ("ch90_sums",))
    text = notebook(course, "ko").cells[3].outputs[0].text
    assert text.startswith("<here> <python>/json/__init__.py <python> <object object at 0x…>")
    assert ["writes to stderr: oh" in str(w) for w in built.warnings] == [True]


def test_a_draft_may_link_to_pages_not_yet_written_and_records_no_review(
    course: Path, edit: Edit
) -> None:
    edit("book/pages/about.md", "아주 작은 강의입니다.", "[다음](ch91_next.ipynb)")
    edit("book/pages/about.md", "A very small course.", "[Next](ch91_next.ipynb)")
    with pytest.raises(BilingualError, match="no such page"):
        build(course, ("about",))
    record = (course / "book/reviews/about.json").read_text(encoding="utf-8")
    build(course, ("about",), draft=True)
    assert (course / "book/reviews/about.json").read_text(encoding="utf-8") == record


def test_a_changed_cell_can_be_shown_while_the_cells_below_it_run(course: Path, edit: Edit) -> None:
    edit(CHAPTER, "{total:.3f}", "{total:.4f}")
    shown: list[dict[str, str]] = []
    build(
        course,
        ("ch90_sums",),
        draft=True,
        ran=lambda plan, outcome: shown.append(so_far(course, plan, outcome)),
    )
    [files] = filter(None, shown)  # after that cell alone
    seen = nbformat.reads(files["notebooks/ko/ch90_sums.ipynb"], as_version=4)
    texts = [
        output.get("text")
        for cell in seen.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]
    assert (
        "4.1463\n" in texts and seen.cells[-2].outputs == notebook(course, "ko").cells[-2].outputs
    )
    assert seen.metadata.course["code"] == ""  # so that nobody takes it for a built one


SAID = """print(f"{hint('합', 'sum'):>4} {total:.1f}", {hint('항', 'terms'): LIMIT})"""


def test_what_a_chapter_prints_is_in_the_language_of_the_edition(course: Path, edit: Edit) -> None:
    edit(CHAPTER, 'print(f"{total:.3f}")', SAID)
    assert build(course, ("ch90_sums",)).executed
    for lang, code, text in (
        ("ko", """print(f"{'합':>4} {total:.1f}", {'항': LIMIT})""", "   합 4.1 {'항': 3}\n"),
        ("en", """print(f"{'sum':>4} {total:.1f}", {'terms': LIMIT})""", " sum 4.1 {'terms': 3}\n"),
    ):
        cell = notebook(course, lang).cells[3]
        assert cell.source.endswith(code)
        assert cell.outputs[0].text == text
    before = snapshot(course)
    assert not build(course, ("ch90_sums",)).executed  # both editions are read again
    assert snapshot(course) == before
    edit(CHAPTER, "'합'", "'총합'")  # readers see it
    assert build(course, ("ch90_sums",)).executed


def test_another_number_in_one_edition_is_no_translation(course: Path, edit: Edit) -> None:
    edit(CHAPTER, 'print(f"{total:.3f}")', SAID)
    build(course, ("ch90_sums",))
    path = course / "notebooks/en/ch90_sums.ipynb"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace(" sum 4.1", " sum 4.2"), encoding="utf-8")
    [problem] = check(course, ("ch90_sums",))
    assert "the two editions print different numbers" in str(problem)
    build(course, ("ch90_sums",), force=True)
    assert path.read_text(encoding="utf-8") == before


def test_what_is_printed_in_a_row_is_one_output(course: Path, edit: Edit) -> None:
    edit(
        CHAPTER,
        "total = root_sum(LIMIT)",
        "import time\nprint(1, flush=True)\ntime.sleep(0.5)\ntotal = root_sum(LIMIT)",
    )
    build(course, ("ch90_sums",), draft=True)
    [output] = notebook(course, "ko").cells[3].outputs
    assert output.text == "1\n4.146\n"
