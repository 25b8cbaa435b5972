"""The page that a student gets: in their language, what failed first, by function, on a phone;
never out of date.
"""

import base64
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import sync_playwright

from autograder.exercise import ROOT
from autograder.feedback import formgrader, page
from autograder.feedback.view import Row, Totals, build, language_of, said

sys.path.append(str(ROOT / "tests" / "site"))
PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 20).decode()
PROSE = {
    "ko": "# 과제 2. 세 가지 방법\n\n전역 평균 풀링을 세 가지로 구합니다.",
    "en": "# Assignment 2. Three ways\n\nCompute GAP.",
}


def failed(ko: str, en: str) -> dict:
    return new_output("error", ename="AssertionError", evalue=f"{ko}\n{en}", traceback=[])


def notebook(lang: str = "ko", answer: str = "위치를 잃습니다.") -> nbformat.NotebookNode:
    def graded(name: str, **flags: bool) -> dict:
        return {
            "nbgrader": {
                "grade_id": name,
                "grade": False,
                "solution": False,
                "schema_version": 3,
                **flags,
            }
        }

    return new_notebook(
        cells=[
            new_markdown_cell(PROSE[lang]),
            new_code_cell("#@title Helpers\nSECRET_HELPER = 1"),
            new_code_cell(
                "import pandas",
                outputs=[new_output("error", ename="ModuleNotFoundError", evalue="pandas")],
            ),
            new_code_cell("def gap(x):\n    return x < 1", metadata=graded("gap", solution=True)),
            new_code_cell("check(gap)", metadata=graded("test_gap", grade=True)),
            new_code_cell(
                "check(gap, 0)",
                metadata=graded("test_gap__size", grade=True),
                outputs=[failed("`gap`의 모양이 다릅니다.", "`gap` has another shape.")],
            ),
            new_code_cell("def top(x): ...", metadata=graded("top", solution=True)),
            new_code_cell("check(top)", metadata=graded("test_top", grade=True)),
            new_markdown_cell(answer, metadata=graded("short_answer", grade=True, solution=True)),
        ]
    )


def rows(**changes: Row) -> dict[str, Row]:
    return {
        "test_gap": Row(10, 10),
        "test_gap__size": Row(0, 6),
        "test_top": Row(15, 15),
        "short_answer": Row(0, 10, waiting=True),
        "gap": Row(0, 0),
        **changes,
    }


def shown(given: nbformat.NotebookNode, **changes: Row) -> str:
    return page._page(given, rows(**changes), Totals(25, 41), "0")


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_page_speaks_the_language_of_the_hand_in_alone(lang: str) -> None:
    text = shown(notebook(lang, "It forgets." if lang == "en" else "위치를 잃습니다."))
    assert f'<html lang="{lang}">' in text
    assert ("has another shape." in text) == (lang == "en") and ("모양이 다릅니다." in text) == (
        lang == "ko"
    )
    assert any("가" <= letter <= "힣" for letter in text) == (lang == "ko")


def test_what_failed_comes_first_by_the_functions_name_with_its_points() -> None:
    view = build(notebook(), rows(), Totals(25, 41))
    assert [(part.names, part.score, part.max_score, part.hints) for part in view.wrong] == [
        (["gap"], 10, 16, {"`gap`의 모양이 다릅니다.": ["size"]})
    ]
    assert [part.names for part in view.right] == [["top"]]
    text = shown(notebook())
    assert (
        text.index("모양이 다릅니다") < text.index("서술형</h2>") < text.index("<code>top</code>")
    )


def test_a_verdict_that_is_kept_as_data_is_shown_whatever_its_lines_look_like() -> None:
    cell = notebook().cells[5]
    cell.metadata["autograder"] = {"case": "sizes", "hint": {"ko": "가\nx", "en": "b\n나"}}
    assert (said(cell, "ko"), said(cell, "en")) == ("가\nx", "b\n나")
    del cell.metadata["autograder"]  # as stock nbgrader leaves it
    assert said(cell, "en") == "`gap` has another shape."


def test_the_language_is_what_the_notebook_says_and_only_else_that_of_its_prose() -> None:
    given = notebook("ko")
    assert language_of(given) == "ko"
    given.metadata["course"] = {"lang": "en"}
    assert language_of(given) == "en"
    given.metadata["course"] = {"lang": "fr"}
    assert language_of(given) == "ko"


def test_helpers_and_other_cells_of_the_release_are_not_shown_but_a_cell_that_failed_is() -> None:
    text = shown(notebook())
    assert "SECRET_HELPER" not in text and "전역 평균" not in text
    assert "ModuleNotFoundError: pandas" in text and text.count("pandas") == 2


def test_what_students_wrote_is_text_and_nothing_is_fetched() -> None:
    given = notebook(
        answer="<img src=x onerror=alert(1)> ![x](/logout) ![y](http://h/p.png) <script>1</script>"
    )
    given.cells[3].source = "def gap(x): return '</code><script>alert(1)</script>'"
    text = shown(given, gap=Row(0, 0, comment="<script>2</script>**good** ![z](/logout)"))
    assert "<script" not in text.replace("&lt;script", "") or "script>2" in text
    assert "<img src=x" not in text and 'src="/logout"' not in text.split("채점자의 의견")[0]
    # the browser runs and fetches nothing, whatever a comment holds
    assert "default-src 'none'" in text


def test_a_pasted_picture_is_shown_in_its_place() -> None:
    given = notebook(
        answer="before ![image.png](attachment:image.png) after ![lost](attachment:none.png)"
    )
    given.cells[-1]["attachments"] = {"image.png": {"image/png": PIXEL}}
    text = shown(given)
    assert f'<img src="data:image/png;base64,{PIXEL}"' in text and text.count("<img") == 1


def test_waiting_points_comments_and_a_penalty_are_said() -> None:
    assert "아직 채점하지 않았습니다" in shown(notebook())
    given = page._page(
        notebook(),
        rows(short_answer=Row(7, 10, extra=1, comment="잘 **썼습니다**.")),
        Totals(30, 41, 2),
        "0",
    )
    assert "아직 채점" not in given and "<strong>썼습니다</strong>" in given
    assert "가산점: +1" in given and "늦게 내서 깎인 점수: −2" in given


def test_an_error_in_korean_words_keeps_each_side_its_own_line() -> None:
    cell = new_code_cell(
        "", outputs=[failed("`f` 실행 중 오류: 값이 틀림", "`f` raised an error: 값이 틀림")]
    )
    assert said(cell, "en") == "`f` raised an error: 값이 틀림"
    assert said(cell, "ko") == "`f` 실행 중 오류: 값이 틀림"


def test_an_unreadable_notebook_says_its_reason_once() -> None:
    given = notebook()
    reason = new_output(
        "error", ename="Unreadable", evalue="The notebook is no JSON.", traceback=[]
    )
    for cell in given.cells:
        if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code":
            cell.outputs = [reason]
    zero = {name: Row(0, row.max_score) for name, row in rows().items() if name.startswith("test_")}
    text = shown(given, **zero)
    assert text.count("The notebook is no JSON.") == 1


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_page_fits_a_phone_and_starts_with_the_first_mistake(tmp_path: Path, lang: str) -> None:
    from browsing import chromium_options

    given = notebook(lang, "word " * 300 + "x" * 500)
    given.cells[3].source = "def gap(x):\n    return " + "x + " * 200 + "x"
    (tmp_path / "page.html").write_text(shown(given), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options())
        phone = browser.new_page(viewport={"width": 390, "height": 844})
        phone.goto(f"file://{tmp_path}/page.html")
        for details in phone.locator("summary").all():
            details.click()
        assert phone.evaluate("document.documentElement.scrollWidth") == 390
        assert phone.locator(".hints li").first.bounding_box()["y"] < 400
        browser.close()


def test_stale_pages_are_written_again_and_fresh_ones_are_left(tmp_path: Path) -> None:
    """The documented order: grade, give points by hand, generate_feedback."""
    name, course, given = "ex02_gap_three_ways", tmp_path / "course", tmp_path / "in"
    (given / "s1").mkdir(parents=True)
    source = (ROOT / "notebooks" / "ko" / f"{name}.ipynb").read_text("utf-8")
    (given / "s1" / f"{name}.ipynb").write_text(
        source.replace('"여기에 답을 쓰세요."', '"위치를 잃는다."'), "utf-8"
    )
    own = {**os.environ, "COURSE_DIR": str(course), "COURSE_SECRET": "s", "COURSE_LANG": "ko"}
    run = lambda *command: subprocess.run(  # noqa: E731
        [sys.executable, "-m", *command],
        cwd=ROOT / "autograder",
        env=own,
        check=True,
        capture_output=True,
        text=True,
    )
    own["PYTHONPATH"] = str(ROOT)
    run("autograder.grade", name, str(given))
    feedback = course / "feedback" / "s1" / name / f"{name}.html"
    first = feedback.read_text("utf-8")
    assert "아직 채점하지 않았습니다" in first
    script = (
        f"from nbgrader.api import Gradebook\nwith Gradebook('sqlite:///{course}/gradebook.db') as"
        f" g:\n    x = g.find_grade('short_answer', '{name}', '{name}', 's1')\n    x.manual_score,"
        f" x.needs_manual_grade = 7, False\n    g.find_comment('short_answer', '{name}', '{name}',"
        " 's1').manual_comment = '예가 좋습니다.'\n    g.db.commit()\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    run("nbgrader", "generate_feedback", name)
    second = feedback.read_text("utf-8")
    assert "7 / 100" in second and "예가 좋습니다." in second and "아직 채점" not in second
    before = feedback.stat().st_mtime_ns
    run("nbgrader", "generate_feedback", name)
    assert feedback.stat().st_mtime_ns == before


def test_in_the_formgrader_the_model_answer_and_the_rubric_stand_beside_the_answer() -> None:
    for lang, words in (("ko", ("모범 답안", "채점 기준")), ("en", ("Model answer", "Rubric"))):
        given = nbformat.read(ROOT / "notebooks" / lang / "ex02_gap_three_ways.ipynb", 4)
        resources = {"assignment_id": "ex02_gap_three_ways", "submission_id": "1"}
        made, _ = formgrader.BesideTheAnswer().preprocess(given, resources)
        assert (
            all(word in made.cells[-1].source for word in words)
            and "SOLUTION" not in made.cells[-1].source
        )


def test_elsewhere_a_notebook_is_converted_as_it_is() -> None:
    given = notebook()
    made, _ = formgrader.BesideTheAnswer().preprocess(given, {})
    assert len(made.cells) == len(notebook().cells)


@pytest.mark.parametrize(
    "source",
    [
        "![x](/logout)",
        "![x](//h/p)",
        "![x][r]\n\n[r]: http://h/p.png",
        "text ![a\nb](/logout)",
        "![p](attachment:none)",
    ],
)
def test_no_picture_of_a_student_is_fetched_by_the_formgrader(source: str) -> None:
    from nbconvert.filters import markdown2html

    cell = new_markdown_cell(source)
    assert "<img" not in markdown2html(formgrader._tame(cell))


def test_a_pasted_picture_and_the_releases_own_text_stay_in_the_formgrader() -> None:
    cell = new_markdown_cell("![p](attachment:p.png)")
    cell["attachments"] = {"p.png": {"image/png": PIXEL}}
    assert formgrader._tame(cell) == "![p](attachment:p.png)"
    assert len(formgrader._tame(new_markdown_cell("**a " * 50_000))) < 20_100
