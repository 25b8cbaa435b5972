"""Calls to predict, and what stays with its formula."""

from __future__ import annotations

import pytest
from docutils import nodes
from docutils.utils import new_document

from book.site.prose import (
    keep_dots,
    keep_particles,
    keep_short_code,
    keep_wholes,
    mark_predictions,
    mark_single_lines,
    tables_that_scroll,
)


def page(*children: nodes.Node) -> nodes.document:
    document = new_document("test")
    document += nodes.paragraph("", "", *children)
    return document


@pytest.mark.parametrize(
    "call", ["예측", "예측.", "먼저 예측해 보세요.", "예측하십시오.", "Predict.", "Predict first."]
)
def test_a_paragraph_that_opens_with_a_call_to_predict_is_marked(call: str) -> None:
    # as MyST parses it
    document = page(nodes.Text(""), nodes.strong("", call), nodes.Text(" 몇 개일까요?"))
    assert mark_predictions(document) == 1
    assert next(document.findall(nodes.paragraph))["classes"] == ["course-predict"]


def test_other_bold_openings_and_calls_inside_a_paragraph_are_not_marked() -> None:
    assert mark_predictions(page(nodes.strong("", "Prediction error"), nodes.Text(" is"))) == 0
    assert mark_predictions(page(nodes.Text("So. "), nodes.strong("", "Predict."))) == 0
    assert mark_predictions(page()) == 0


def test_a_particle_is_tied_to_its_formula_and_the_text_stays_the_same() -> None:
    document = page(
        nodes.Text("크기 "),
        nodes.math("", "k"),
        nodes.Text("는 작고, "),
        nodes.math("", "s"),
        nodes.Text(" 는"),
    )
    before = document.astext()
    assert keep_particles(document) == 1
    (tied,) = [node for node in document.findall(nodes.inline) if "course-tied" in node["classes"]]
    assert tied.astext() == "k는"
    assert document.astext() == before


def test_behind_code_that_may_break_a_word_joiner_holds_the_particle() -> None:
    document = page(nodes.literal("", "input_interval(layers, size, position)"), nodes.Text("은"))
    assert keep_particles(document) == 1
    assert document.astext().endswith(")\u2060은")


def test_an_equation_or_a_name_with_a_hyphen_does_not_break() -> None:
    document = page(nodes.Text("“잔차 블록은 F(x) = 0이 되도록”, H(x) = F(x) + x. Grad-CAM입니다"))
    before = document.astext()
    assert keep_particles(document) == 3
    tied = [node for node in document.findall(nodes.inline) if "course-tied" in node["classes"]]
    assert [node.astext() for node in tied] == ["F(x) = 0이", "H(x) = F(x) + x.", "Grad-CAM입니다"]
    assert document.astext() == before
    assert (
        keep_wholes(page(nodes.Text("toward F(x) = 0”, f(x) = 1, ViT-B/16, a top-5, X-rays"))) == 3
    )


def test_an_interval_and_a_shape_do_not_break() -> None:
    said = "−7.0 [−12.4, −1.6] of (2, 6, 3, 2), (2, 6)이므로 (Hu et al., 2018) (2014, ICLR)"
    assert keep_wholes(page(nodes.Text(said))) == 3


def test_in_a_cell_of_a_table_a_name_may_break() -> None:
    assert keep_wholes(page(nodes.entry("", nodes.paragraph("", "ResNet-18")))) == 0


def test_short_code_does_not_break_and_long_code_may() -> None:
    document = page(nodes.literal("", "--force"), nodes.literal("", "x" * 25))
    assert keep_short_code(document) == 1
    short, long = document.findall(nodes.literal)
    assert "course-tied" in short["classes"] and not long["classes"]


def test_a_dot_between_links_stays_with_the_first() -> None:
    document = page(nodes.reference("", "first"), nodes.Text(" · Experiment: "))
    assert keep_dots(document) == 1 and document.astext() == "first\u00a0· Experiment: "
    assert keep_dots(page(nodes.Text("a · b"))) == 0


def test_one_printed_line_may_break_and_printed_columns_stay() -> None:
    line, columns = nodes.literal_block("", "[1, 2]\n"), nodes.literal_block("", "a b\n1 2\n")
    shown = nodes.container("", line, columns, nb_element="cell_code_output")
    code = nodes.container("", nodes.literal_block("", "x"), nb_element="cell_code_source")
    document = new_document("test")
    document += [shown, code]
    assert mark_single_lines(document) == 1
    assert line["classes"] == ["course-one-line"] and not columns["classes"]


def test_an_earlier_text_that_reads_the_same_as_the_particle_stays_where_it_is() -> None:
    document = page(
        nodes.literal("", "weight"),
        nodes.Text("와 "),
        nodes.literal("", "bias"),
        nodes.Text(", "),
        nodes.math("", "a"),
        nodes.Text("와 "),
        nodes.math("", "b"),
    )
    before = document.astext()
    assert keep_particles(document) == 2  # weight와, a와
    assert document.astext() == before


def test_a_particle_behind_a_percent_sign_a_bracket_or_code_begins_no_line() -> None:
    document = page(
        nodes.Text("정확도가 85%이니 전역 평균 풀링(GAP)입니다. "),
        nodes.strong("", nodes.Text("(1픽셀)을")),
        nodes.literal("", "x)는"),
        nodes.Text("는 100%."),
        nodes.inline("", "y)는", classes=["course-tied"]),
    )
    before = document.astext()
    assert keep_particles(document) == 4
    tied = [node.astext() for node in document.findall(nodes.inline) if node["classes"]]
    assert tied == ["85%이니", "GAP)입니다.", ")을", "x)는는", "y)는"]
    assert document.astext() == before


def test_a_percent_sign_stays_with_its_question_and_a_short_bracket_whole() -> None:
    document = page(nodes.Text("전체의 몇 %일까요? 층마다 (커널 − 1)에 스트라이드를 곱합니다."))
    keep_particles(document)
    tied = [node.astext() for node in document.findall(nodes.inline) if node["classes"]]
    assert tied == ["몇 %일까요?", "(커널 − 1)에"]


def test_a_particle_stays_with_a_link_that_ends_in_a_quotation_mark() -> None:
    link = nodes.reference("", "1장 ‘출력 크기’", refuri="#")
    document = page(link, nodes.Text("에서 봅니다"))
    assert keep_particles(document) == 1
    assert document.astext() == "1장 ‘출력 크기’\u2060에서 봅니다"
    plain = nodes.reference("", "출력 크기", refuri="#")
    assert keep_particles(page(plain, nodes.Text("에서 봅니다"))) == 0


@pytest.mark.parametrize("formula", ["x", "x" * 30])
@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("크기 ", "는 작다", "{}는"),
        ("at ", ", so that", "{},"),
        ("at ", ". Then", "{}."),
        ("윈도우 (", ")는 처음", "({})는"),
        ("a 3×", "-fold gain", "3×{}-fold"),
    ],
)
def test_what_touches_a_formula_stays_on_its_line(
    formula: str, before: str, after: str, wanted: str
) -> None:
    document = page(nodes.Text(before), nodes.math("", formula), nodes.Text(after))
    assert keep_particles(document) == 1
    (tied,) = document.findall(nodes.inline)
    assert tied["classes"] == ["course-tied"] and tied.astext() == wanted.format(formula)
    assert document.astext() == before + formula + after


def test_a_formula_between_spaces_needs_no_tie() -> None:
    assert keep_particles(page(nodes.Text("a "), nodes.math("", "x"), nodes.Text(" b"))) == 0
    assert keep_particles(page(nodes.math("", "x"))) == 0


def test_a_long_name_in_a_cell_breaks_between_its_parts() -> None:
    name = '<span class="pre">ch06_partial_photos</span>'
    broken = name.replace("_", "_<wbr>")
    assert broken in tables_that_scroll(f"<table><tr><td>{name}</td></tr></table>")
    assert "<wbr>" not in tables_that_scroll(f"<p>{name}</p>")
    assert "<wbr>" not in tables_that_scroll('<table><td><span class="pre">a_b</span></table>')
    assert "<td>11\u00a0min</td>" in tables_that_scroll("<table><tr><td>11 min</td></tr></table>")


@pytest.mark.parametrize("whole", ["1.777e-64", "6e-05", "2026-11-30"])
def test_in_a_table_a_small_number_and_a_date_do_not_break(whole: str) -> None:
    tied = f'<span class="course-tied">{whole}</span>'
    for before, behind in [("", ""), ("of ", ""), ("", "<br>")]:
        table = tables_that_scroll(f"<table><tr><td>{before}{whole}{behind}</td></tr></table>")
        assert f"<td>{before}{tied}{behind}</td>" in table
    code = f'<code><span class="pre">a</span> <span class="pre">{whole}</span></code>'
    assert tied in tables_that_scroll(f"<table><tr><td>{code}</td></tr></table>")
    assert tied not in tables_that_scroll(f"<p>{whole}</p>")
    assert tied not in tables_that_scroll(f"<table><tr><td>v{whole}</td></tr></table>")


def test_a_table_scrolls_in_a_box_of_its_own_and_an_empty_corner_is_no_heading() -> None:
    html = '<table><tr><th class="head"><p></p></th><th class="head"><p>a</p></th></tr></table>'
    wanted = '<table><tr><td></td><th class="head"><p>a</p></th></tr></table>'
    assert tables_that_scroll(html) == f'<div class="course-scroll">{wanted}</div>'
