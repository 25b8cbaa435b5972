"""Answer, then see: quizzes, predictions, the concept check, and what the browser keeps of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docutils import nodes
from docutils.utils import new_document
from playwright.sync_api import Browser, Page, expect
from test_accessibility import faults_of

from book.site.quizzes import hide_outcomes, make_forms, ranges
from book.site.search import sections

KO, EN = "/notebooks/ko/", "/notebooks/en/"
WORDS = {
    KO: ("답 확인하기", "예측하고 확인하기", "채점하기", "마친 뒤에 다시 풀기"),
    EN: (
        "Check the answer",
        "Commit and see",
        "Score my answers",
        "Take it again after the course",
    ),
}
BOTH = pytest.mark.parametrize("folder", [KO, EN])
KEPT = "JSON.parse(localStorage.getItem('course-progress'))"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A fresh reader; the test fails if a script does, or if a page asks the web."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda request: (
            request.url.startswith((address, "data:", "blob:")) or faults.append(request.url)
        ),
    )
    yield page
    context.close()
    assert faults == []


# Quizzes


@pytest.mark.browser
@BOTH
def test_a_wrong_answer_says_why_and_where_the_experiment_is_and_one_may_choose_again(
    page: Page, folder: str
) -> None:
    page.goto(folder + "ch02_gap.html")
    quiz = page.locator("[data-quiz=mixed-channels]")
    answers = quiz.locator(".course-answer")
    expect(answers.locator("visible=true")).to_have_count(0)
    quiz.locator(".course-choice").nth(0).click()
    quiz.get_by_role("button", name=WORDS[folder][0]).click()
    expect(answers.nth(0)).to_be_visible()
    assert answers.nth(0).locator("a[href*='misconceptions.html#']").count() == 1
    assert answers.nth(0).locator("a[href*='ch02_gap.html#'], a[href^='#']").count() == 1
    assert quiz.locator(".course-answers").get_attribute("aria-live") == "polite"
    expect(quiz.locator(".course-wrong")).to_have_count(1)
    quiz.locator(".course-choice").nth(1).click()
    quiz.get_by_role("button").click()
    expect(answers.nth(1)).to_be_visible()
    expect(answers.nth(0)).to_be_hidden()
    expect(quiz.locator(".course-right")).to_have_count(1)
    assert page.evaluate(f"{KEPT}.quizzes['ch02_gap/mixed-channels']") == {
        "first": 0,
        "last": 1,
        "right": False,
    }


@pytest.mark.browser
@BOTH
def test_a_quiz_is_answered_by_keyboard_and_remembered_in_the_other_language(
    page: Page, folder: str
) -> None:
    page.goto(folder + "ch02_gap.html")
    quiz = page.locator("[data-quiz=mixed-channels]")
    quiz.locator("input").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(quiz.locator(".course-answer").nth(1)).to_be_visible()
    page.locator("a.course-switch").evaluate("link => link.click()")
    page.wait_for_load_state()
    expect(page.locator("[data-quiz=mixed-channels] input").nth(1)).to_be_checked()
    expect(page.locator("[data-quiz=mixed-channels] .course-right")).to_have_count(1)


@pytest.mark.browser
def test_without_a_choice_the_reader_is_asked_for_one(page: Page) -> None:
    page.goto(EN + "ch02_gap.html")
    quiz = page.locator("[data-quiz=mixed-channels]")
    quiz.get_by_role("button").click()
    expect(page.locator(".course-said")).to_have_text("Choose one first.")
    expect(quiz.locator("input").first).to_be_focused()
    expect(quiz.locator(".course-answer >> visible=true")).to_have_count(0)


@pytest.mark.browser
def test_a_choice_is_large_enough_to_be_tapped(browser: Browser, address: str) -> None:
    context = browser.new_context(
        base_url=address, has_touch=True, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(KO + "ch02_gap.html")
    quiz = page.locator("[data-quiz=mixed-channels]")
    for target in [*quiz.locator(".course-choice").all(), *quiz.locator("button").all()]:
        box = target.bounding_box()
        assert box and box["height"] >= 24 and box["width"] >= 24
    quiz.locator(".course-choice").nth(1).tap()
    quiz.locator("button").tap()
    expect(quiz.locator(".course-answer").nth(1)).to_be_visible()
    context.close()


@pytest.mark.browser
@BOTH
def test_without_javascript_a_quiz_and_an_outcome_are_folds(
    browser: Browser, address: str, folder: str
) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(folder + "ch02_gap.html")
    quiz = page.locator("[data-quiz=mixed-channels]")
    expect(quiz.locator("input, button").locator("visible=true")).to_have_count(0)
    quiz.locator("summary").first.click()
    expect(quiz.locator(".course-answer p").first).to_be_visible()
    outcome = page.locator(".course-outcome").first
    expect(outcome.locator(".cell_output").first).to_be_hidden()
    outcome.locator("summary").first.click()
    expect(outcome.locator(".cell_output").first).to_be_visible()
    expect(page.locator(".course-commit :is(input, button) >> visible=true")).to_have_count(0)
    expect(page.locator(".course-commit .course-choice").first).to_be_visible()
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize(("folder", "theme", "width"), [(KO, "dark", 360), (EN, "light", 1280)])
def test_answered_quizzes_and_opened_outcomes_have_no_accessibility_fault(
    browser: Browser, address: str, folder: str, theme: Any, width: int
) -> None:
    context = browser.new_context(
        base_url=address, color_scheme=theme, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.goto(folder + "ch02_gap.html")
    folds = "details.course-deeper, .course-outcome:has(.course-after)"
    for fold in page.locator(f":is({folds}) > summary").all():
        fold.click()
    for at, quiz in enumerate(page.locator(".course-quiz").all()):
        quiz.locator("input").nth(at % 2).check()
        quiz.get_by_role("button").click()
    page.locator(".course-commit input").first.fill("8.5")
    page.keyboard.press("Enter")
    assert page.locator(".course-right").count() > 0 < page.locator(".course-wrong").count()
    assert faults_of(page) == []
    page.goto(folder + "welcome.html")
    for form in page.locator(".course-quiz").all():
        form.locator("input").first.check()
    for name in (".course-check-submit", ".course-check-answers"):
        page.locator(name).click()
    assert faults_of(page) == []
    context.close()


# Predictions


@pytest.mark.browser
@BOTH
def test_what_happens_is_hidden_until_a_prediction_is_written(page: Page, folder: str) -> None:
    page.goto(folder + "ch02_gap.html")
    line = page.locator(".course-commit").first
    outcome = page.locator(".course-outcome").first
    button = line.get_by_role("button", name=WORDS[folder][1])
    expect(outcome.locator(".cell").first).to_be_hidden()
    button.click()
    expect(outcome.locator(".cell").first).to_be_hidden()
    expect(line.locator("input")).to_be_focused()
    page.keyboard.type("8.5")
    page.keyboard.press("Enter")
    expect(outcome.locator(".cell").first).to_be_visible()
    page.reload()
    expect(outcome.locator(".cell").first).to_be_visible()
    expect(line.locator("input")).to_have_value("8.5")


@pytest.mark.browser
@BOTH
def test_a_quiz_that_says_what_came_out_waits_for_the_prediction(page: Page, folder: str) -> None:
    page.goto(folder + "ch02_gap.html")
    quiz = page.locator("[data-quiz=help-for-flatten]")
    expect(quiz).to_be_hidden()
    fold = page.locator(".course-outcome:has([data-quiz=help-for-flatten])")
    line = page.locator(".course-commit:has(+ .course-outcome [data-quiz=help-for-flatten])")
    line.locator("input").first.fill("50")
    line.get_by_role("button").click()
    expect(fold).to_have_attribute("open", "")
    expect(quiz).to_be_visible()


@pytest.mark.browser
@BOTH
def test_a_prediction_with_choices_is_chosen(page: Page, folder: str) -> None:
    page.goto(folder + "ch02_gap.html")
    line = page.locator(".course-commit:has(.course-choice)").first
    outcome = page.locator(".course-commit:has(.course-choice) + .course-outcome").first
    line.get_by_role("button").click()
    expect(outcome.locator(".cell").first).to_be_hidden()
    expect(line.locator("input").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(outcome.locator(".cell").first).to_be_visible()
    page.reload()
    expect(line.locator("input").nth(1)).to_be_checked()
    expect(outcome.locator(".cell").first).to_be_visible()


@pytest.mark.browser
@BOTH
def test_every_prediction_of_every_chapter_has_a_line_and_headings_are_never_hidden(
    page: Page, site: Path, folder: str
) -> None:
    for file in sorted((site / folder.strip("/")).glob("ch*.html")):
        page.goto(folder + file.name)
        assert (
            page.locator(".course-predict").count() == page.locator(".course-commit").count() >= 6
        ), file.name
        assert page.locator(".course-outcome :is(h1, h2, h3, h4)").count() == 0, file.name
        assert page.locator(".course-outcome .course-quiz:not(.course-after)").count() == 0
        inner = page.locator(
            ".course-outcome summary", has_text=re.compile("예측과 맞춰 보기|Check your prediction")
        )
        assert inner.count() == 0, file.name  # an answer is not folded twice


# The concept check


@pytest.mark.browser
@BOTH
def test_the_concept_check_scores_before_and_after(page: Page, folder: str) -> None:
    page.goto(folder + "welcome.html")
    panel, forms = page.locator(".course-check"), page.locator(".course-quiz")
    submit, again = (
        panel.get_by_role("button", name=name, exact=True) for name in WORDS[folder][2:]
    )
    said = panel.locator(".course-check-said")
    total = forms.count()
    assert total == 12
    expect(again).to_be_hidden()
    submit.click()
    expect(said).to_contain_text("12")
    expect(page.locator(".course-said")).to_contain_text("12")  # where the reader is
    expect(forms.first.locator("input").first).to_be_focused()
    for form in forms.all():
        form.locator("input").first.check()
    submit.click()
    right = sum(form.get_attribute("data-right") == "0" for form in forms.all())
    expect(said).to_contain_text(str(right))
    expect(page.locator(".course-answer >> visible=true")).to_have_count(0)
    again.click()
    expect(forms.first.locator("input").first).not_to_be_checked()
    for form in forms.all():
        form.locator("input").nth(int(form.get_attribute("data-right") or 0)).check()
    submit.click()
    wrong = [
        str(i + 1) for i, form in enumerate(forms.all()) if form.get_attribute("data-right") != "0"
    ]
    expect(said).to_contain_text(", ".join(wrong))
    expect(page.locator(".course-answer >> visible=true")).to_have_count(total)
    page.reload()
    expect(said).to_contain_text(", ".join(wrong))


# What is kept


@pytest.mark.browser
@BOTH
def test_a_reader_goes_on_where_they_were(page: Page, folder: str) -> None:
    page.goto(folder + "welcome.html")
    expect(page.locator(".course-continue")).to_be_hidden()
    page.goto(folder + "ch03_strided_conv.html")
    page.locator("article section section").nth(4).evaluate(
        "s => scrollTo({top: scrollY + s.getBoundingClientRect().top, behavior: 'instant'})"
    )
    anchor = page.locator("article section section").nth(4).get_attribute("id") or "?"
    page.goto(folder + "welcome.html")
    onward = page.locator(".course-continue")
    expect(onward).to_contain_text("›")
    onward.click()
    expect(page).to_have_url(re.compile(rf"{folder}ch03_strided_conv\.html#"))
    expect(page.locator(f"[id='{anchor}']")).to_be_in_viewport()


@pytest.mark.browser
@BOTH
def test_answers_are_exported_and_erased(page: Page, folder: str, tmp_path: Path) -> None:
    page.goto(folder + "ch02_gap.html")
    page.locator(".course-commit input").first.fill("여덟")
    page.keyboard.press("Enter")
    page.goto(folder + "welcome.html")
    with page.expect_download() as started:
        page.locator(".course-export").click()
    started.value.save_as(tmp_path / "mine.json")
    saved = json.loads((tmp_path / "mine.json").read_text("utf-8"))
    assert saved["version"] == 1 and saved["predictions"] == {"ch02_gap/1": "여덟"}
    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        page.locator(".course-erase").click()
    assert page.evaluate(f"Object.keys({KEPT}.predictions).length") == 0
    page.goto(folder + "ch02_gap.html")
    expect(page.locator(".course-outcome .cell").first).to_be_hidden()


@pytest.mark.browser
@pytest.mark.parametrize(
    "kept", ["{", "[]", '{"version": 1, "quizzes": 3, "last": 5}', '{"version": 9}', "null"]
)
def test_damaged_storage_is_begun_anew(page: Page, kept: str) -> None:
    page.add_init_script(f"localStorage.setItem('course-progress', {json.dumps(kept)})")
    page.goto(EN + "ch02_gap.html")
    page.locator("[data-quiz=mixed-channels] .course-choice").nth(1).click()
    page.locator("[data-quiz=mixed-channels] button").click()
    assert page.evaluate(f"{KEPT}.quizzes['ch02_gap/mixed-channels'].right") is True


@pytest.mark.browser
def test_blocked_storage_breaks_neither_quiz_nor_prediction(page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('blocked',"
        " 'SecurityError'); }})"
    )
    page.goto(KO + "ch02_gap.html")
    page.locator("[data-quiz=mixed-channels] .course-choice").first.click()
    page.locator("[data-quiz=mixed-channels] button").click()
    expect(page.locator("[data-quiz=mixed-channels] .course-answer").first).to_be_visible()
    page.locator(".course-commit input").first.fill("8.5")
    page.keyboard.press("Enter")
    expect(page.locator(".course-outcome .cell").first).to_be_visible()
    page.goto(KO + "welcome.html")
    expect(page.locator(".course-progress")).to_be_visible()


# How the page is made


def quiz() -> list[nodes.Node]:
    def raw(html: str) -> nodes.raw:
        return nodes.raw("", html, format="html")

    items = [nodes.list_item("", nodes.paragraph("", text)) for text in ("yes", "no")]
    folds = [
        n
        for text in ("Right.", "No.")
        for n in (raw("<details>"), nodes.paragraph("", text), raw("</details>"))
    ]
    start = raw('<div class="quiz" data-quiz="a-b" data-right="0">')
    return [
        start,
        nodes.paragraph("", "Is it?"),
        nodes.bullet_list("", *items),
        *folds,
        raw("</div>"),
    ]


def page_of(*children: nodes.Node) -> nodes.document:
    document = new_document("test")
    inner = nodes.section("", nodes.title("", "Inner"), *children, ids=["inner"])
    document += nodes.section("", nodes.title("", "Page"), inner, ids=["page"])
    return document


def test_a_quiz_becomes_a_form_and_is_not_searched() -> None:
    document = page_of(nodes.paragraph("", "Before."), *quiz(), nodes.paragraph("", "After."))
    assert len(ranges(document.children[0].children[1])) == 1
    assert [s["x"] for s in sections(document)] == ["", "Before. After."]
    assert make_forms(document, "ch02_gap", "en") == 1
    html = "".join(raw.astext() for raw in document.findall(nodes.raw))
    assert html.count("<label") == html.count("</label>") == html.count('type="radio"') == 2
    assert html.count("<div") == html.count("</div>") and "Check the answer" in html


def test_an_outcome_ends_at_the_next_prediction_quiz_or_heading() -> None:
    def call() -> nodes.paragraph:
        return nodes.paragraph("", "Predict.", classes=["course-predict"])

    def cell() -> nodes.container:
        return nodes.container("", nb_element="cell_code")

    document = page_of(
        call(),
        cell(),
        nodes.paragraph("", "so"),
        call(),
        cell(),
        *quiz(),
        nodes.paragraph("", "free"),
    )
    make_forms(document, "ch02_gap", "en")
    assert hide_outcomes(document, "en") == 2
    html = "".join(raw.astext() for raw in document.findall(nodes.raw))
    assert html.count("course-outcome") == 2 and html.index("course-outcome") < html.index(
        "course-quiz"
    )
    text = document.astext()
    assert (
        text.index("so") < text.index("</details>") < text.index("course-quiz") < text.index("free")
    )


def test_a_quiz_that_says_what_came_out_is_in_the_fold_and_no_other() -> None:
    def raw(html: str) -> nodes.raw:
        return nodes.raw("", html, format="html")

    fold = raw('<details class="quiz-later"><summary>A quiz on what came out</summary>')
    document = page_of(
        nodes.paragraph("", "Predict.", classes=["course-predict"]),
        nodes.container("", nb_element="cell_code"),
        fold,
        *quiz(),
        raw("</details>"),
        *quiz(),
    )
    make_forms(document, "ch02_gap", "en")
    hide_outcomes(document, "en")
    html = "".join(raw.astext() for raw in document.findall(nodes.raw))
    assert html.count("course-quiz") == 2 and "quiz-later" not in html
    inside, outside = html.split("<!-- quiz -->")[:2]
    assert "course-quiz course-after" in inside and "</details>" not in inside[-20:]
    assert outside.lstrip().startswith("</details>")  # of the outcome, between the two
    assert html.count("<details") == html.count("</details>")


def test_a_list_of_choices_below_a_prediction_becomes_radio_buttons() -> None:
    items = [nodes.list_item("", nodes.paragraph("", text)) for text in ("( ) one", "( ) two")]
    cell = nodes.container("", nb_element="cell_code")
    call = nodes.paragraph("", "Predict.", classes=["course-predict"])
    document = page_of(call, nodes.bullet_list("", *items), cell)
    hide_outcomes(document, "en")
    html = "".join(raw.astext() for raw in document.findall(nodes.raw))
    assert html.count('type="radio" name="prediction-1"') == 2 and 'type="text"' not in html
    assert not list(document.findall(nodes.bullet_list)) and "( )" not in document.astext()
    assert html.count("<div") == html.count("</div>")
