"""Cell ids and the hash of what the kernel sees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from book.bilingual.build.build import load_plans
from book.bilingual.build.execute import Outcome
from book.bilingual.build.render import figure_problems
from book.bilingual.errors import ProblemsFound
from book.bilingual.gates.check import length_problems
from book.bilingual.lesson.labels import Picture
from book.bilingual.lesson.plan import Plan, make_plan
from book.bilingual.lesson.source import Lesson

from ..conftest import Edit

CHAPTER = "book/chapters/ch90_sums.md"


def plan(root: Path, name: str = "ch90_sums") -> Plan:
    return load_plans(root, (name,))[0]


def test_ids_come_from_the_english_heading_and_the_place_below_it(course: Path) -> None:
    assert [slot.id for slot in plan(course).slots] == [
        *(f"sums-of-roots-{n}" for n in (1, 2, 3, 4)),
        *(f"result-{n}" for n in (1, 2, 3)),
    ]


def test_graded_cells_are_called_by_their_grade_id(course: Path) -> None:
    ids = [slot.id for slot in plan(course, "ex90_double").slots]
    assert ids == ["twice-1", "twice-2", "double", "test_double", "short_answer"]


def test_a_new_cell_leaves_the_ids_of_other_sections_alone(course: Path, edit: Edit) -> None:
    before = [slot.id for slot in plan(course).slots if slot.id.startswith("result")]
    edit(
        CHAPTER,
        "```{code-cell} ipython3\ntotal",
        "```{code-cell} ipython3\n1\n```\n\n```{code-cell} ipython3\ntotal",
    )
    assert [slot.id for slot in plan(course).slots if slot.id.startswith("result")] == before


def test_equal_headings_get_different_ids(course: Path, edit: Edit) -> None:
    edit(CHAPTER, "## Result", "# Sums of roots")
    ids = [slot.id for slot in plan(course).slots]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (CHAPTER, "아직 쓰지", "지금은 쓰지"),
        (CHAPTER, "±0.01", "±0.02"),
        (CHAPTER, "A line that grows", "A curve that grows"),
        (CHAPTER, "## Result", "## Outcome"),
    ],
)
def test_prose_tolerances_and_alt_text_do_not_touch_the_hash(
    course: Path, edit: Edit, path: str, old: str, new: str
) -> None:
    before = plan(course).code_hash
    text = (course / path).read_text(encoding="utf-8")
    (course / path).write_text(text.replace(old, new), encoding="utf-8")
    assert plan(course).code_hash == before


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (CHAPTER, "{total:.3f}", "{total:.4f}"),
        (CHAPTER, "{{ total | .2f | ±0.01 }}", "{{ total | .3f | ±0.01 }}"),
        (CHAPTER, "{{ LIMIT }}", "{{ LIMIT + 1 }}"),
        ("book/snippets/base.py", "math.sqrt(x)", "x ** 0.5"),
        ("book/results/noisy_sum.json", '"threads": 1', '"threads": 2'),
    ],
)
def test_whatever_the_kernel_sees_changes_the_hash(
    course: Path, path: str, old: str, new: str
) -> None:
    before = plan(course).code_hash
    text = (course / path).read_text(encoding="utf-8")
    assert old in text
    (course / path).write_text(text.replace(old, new), encoding="utf-8")
    assert plan(course).code_hash != before


def test_hidden_cases_change_the_hash_of_an_exercise(course: Path, edit: Edit) -> None:
    before = plan(course, "ex90_double").code_hash
    edit("book/exercises/ex90_double.md", "secret-input-271828", "secret-input-314159")
    assert plan(course, "ex90_double").code_hash != before


def test_the_wording_of_a_hint_does_not_change_the_hash(course: Path, edit: Edit) -> None:
    before = plan(course, "ex90_double").code_hash
    edit("book/exercises/ex90_double.md", "두 배여야 합니다.", "두 배가 되어야 합니다.")
    assert plan(course, "ex90_double").code_hash == before


def test_each_edition_gets_the_hints_of_its_language(course: Path) -> None:
    slots = plan(course, "ex90_double").code_slots
    for lang, mine, other in (("ko", "두 배가 아닙니다.", "twice."), ("en", "Not twice.", "아")):
        text = "\n".join(slot.text[lang].partition("### BEGIN")[0] for slot in slots)
        assert f'assert attempt(double, 2) == 4, "{mine}"' in text
        assert other not in text and "hint" not in text.replace("becomes a hint", "")
    assert sum("course" in slot.meta for slot in slots) == 2


def test_an_unknown_snippet_is_reported_at_its_cell(course: Path, edit: Edit) -> None:
    edit(CHAPTER, ":snippets: [sums]", ":snippets: [summs]")
    with pytest.raises(
        ProblemsFound, match=r"ch90_sums\.md:25: cell 3 \(code\): unknown snippet 'summs'"
    ):
        plan(course)


def test_a_snippet_that_the_lesson_is_about_is_shown_unfolded(course: Path, edit: Edit) -> None:
    edit(CHAPTER, ":snippets: [sums]", ":snippets: [sums]\n:fold: false")
    slot = plan(course).code_slots[0]
    assert slot.meta == {}
    assert not slot.code.startswith("#@title")


def test_the_cell_that_answers_a_prediction_hides_its_output_and_runs_no_other_code(
    course: Path, edit: Edit
) -> None:
    before = plan(course)
    edit(
        CHAPTER,
        "이미지 5만 장은 아직 쓰지 않습니다.",
        "이미지 5만 장은 아직 쓰지 않습니다.\n\n**예측.** 얼마일까요?",
    )
    edit(CHAPTER, "are not used yet.", "are not used yet.\n\n**Predict.** How much?")
    after = plan(course)
    hidden = [slot.id for slot in after.code_slots if slot.meta.get("collapsed")]
    assert hidden == ["sums-of-roots-4"]  # helpers and results are folded anyway
    assert after.code_slots[2].meta["jupyter"] == {"outputs_hidden": True}
    assert after.code_hash == before.code_hash


@pytest.mark.parametrize(("kind", "held"), [("chapter", True), ("page", True), ("exercise", False)])
def test_code_that_is_read_has_captions_korean_labels_and_short_cells(
    tmp_path: Path, lesson: Callable[..., Lesson], kind: str, held: bool
) -> None:
    long = "\n".join(f"x{i} = {i}" for i in range(7))
    cells = [
        f"```{{code-cell}} ipython3\n:alt: {{ko: 선, en: A line}}\n\n{long}\n```" for _ in "ab"
    ]
    drawing = make_plan(tmp_path, lesson("\n\n".join(cells), kind))
    outcome = Outcome(
        outputs=[[{"data": {"image/png": ""}}]] * 2, pictures=[[Picture("", {"depth": None})]] * 2
    )
    found = [str(each) for each in [*figure_problems(drawing, outcome), *length_problems(drawing)]]
    for what in ("without a caption", "without Korean: 'depth'", "the median code cell has 7"):
        assert any(what in message for message in found) == held, what
