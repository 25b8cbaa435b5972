"""The course's voice: its words, its chapters' parts, and that each fault is seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from book.bilingual.errors import ProblemsFound
from book.bilingual.gates import wording
from book.bilingual.gates.counts import BEFORE, counts
from book.bilingual.lesson.glossary import Entry
from book.bilingual.lesson.plan import Plan
from book.bilingual.lesson.source import Lesson

from ..conftest import pair

ROOT = Path(__file__).parents[3]
NAMES = yaml.safe_load((ROOT / wording.PATH).read_text("utf-8"))["chapter"]
VOICE = wording.Wording(
    bracketed=["logit"], names=NAMES["names"], closing=NAMES["closing"], held=["ch05_test"]
)
LOGIT = Entry("logit", "로짓", "", "")

KO = """## 절

*약 5분*

**예측해 보세요.** 얼마일까요?

<details><summary>예측과 맞춰 보기</summary>

로짓(logit)은 1입니다. 로짓은 로짓입니다.

</details>

**바꿔 보세요.** 가.

<details><summary>무엇이 보일까요</summary>

나.

</details>

**바꿔 보세요.** 다.

<details><summary>무엇이 보일까요</summary>

라.

</details>

## 정리

- 하나

## 스스로 확인하기

{ko_questions}

## 다음으로

[과제 5](ex05_cam.ipynb), [6장](ch06_transfer_learning.ipynb)

## 참고 문헌

- M. Lin, Q. Chen, S. Yan, Network in network, ICLR 2014."""
EN = """## Section

*About 5 minutes*

**Predict.** How much?

<details><summary>Check your prediction</summary>

The logit is 1.

</details>

**Change it and look.** a.

<details><summary>What you see</summary>

b.

</details>

**Change it and look.** c.

<details><summary>What you see</summary>

d.

</details>

## Summary

- one

## Check yourself

{en_questions}

## Next

[assignment 5](ex05_cam.ipynb), [chapter 6](ch06_transfer_learning.ipynb)

## References

- M. Lin, Q. Chen, S. Yan, Network in network, ICLR 2014."""


def questions(answer: str) -> str:
    return "\n\n".join(
        f"**{n}.** ?\n\n<details><summary>{answer}</summary>\n\n.\n\n</details>"
        for n in range(1, 6)
    )


def chapter() -> str:
    """Title, section, its code, and the rest."""
    korean = KO.format(ko_questions=questions("답")).partition("**바꿔 보세요.**")
    english = EN.format(en_questions=questions("Answer")).partition("**Change it and look.**")
    title = pair(
        "# 장\n\n**바쁘다면** 이 절만 읽으세요.", "# Chapter\n\n**In a hurry?** Read this."
    )
    code = "```{code-cell} ipython3\n1 + 1\n```\n\n"
    return (
        title + pair(korean[0], english[0]) + code + pair("".join(korean[1:]), "".join(english[1:]))
    )


CHAPTER = chapter()


@pytest.fixture
def faults(lesson: Callable[..., Lesson]) -> Callable[[str], list[str]]:
    def found(text: str) -> list[str]:
        plan = Plan(lesson(text, name="ch05_test"), [], "")
        return [problem.what for problem in wording.chapter_problems(plan, VOICE, [LOGIT])]

    return found


def test_a_chapter_with_all_its_parts_passes(faults: Callable[[str], list[str]]) -> None:
    assert faults(CHAPTER) == []


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("**바쁘다면**", "바쁘다면", "no way through the chapter for the hurried"),
        ("*약 5분*", "", "'절' does not say how long it takes"),
        ("*About 5 minutes*", "*5 minutes*", "'Section' does not say how long it takes"),
        ("**예측해 보세요.**", "**예측.**", "called for by '예측.'"),
        (
            "<details><summary>예측과 맞춰 보기</summary>",
            "<details><summary>정답</summary>",
            wording.NO_FOLD,
        ),
        (
            "<details><summary>무엇이 보일까요</summary>",
            "<details><summary>결과</summary>",
            "a fold is called '결과'",
        ),
        ("**Change it and look.** c.", "Change c.", "'Section' has 1 of 2 tasks"),
        ("## 정리", "## 기억할 것", "the chapter ends in 기억할 것, 스스로 확인하기"),
        ("**5.** ?", "?", "has questions [1, 2, 3, 4] and 5 folds"),
        ("[과제 5](ex05_cam.ipynb)", "`ex05_cam`", "'다음으로' has no link to ex05"),
        (
            "- M. Lin, Q. Chen, S. Yan, Network in network, ICLR 2014.",
            "- Lin 등 (2014), Network in network",
            "a work is cited as 'Lin 등 (2014)",
        ),
        ("로짓(logit)은", "로짓은", "'로짓' stands 3 times, 'logit' nowhere"),
    ],
)
def test_a_part_that_is_missing_or_worded_otherwise_is_reported(
    faults: Callable[[str], list[str]], old: str, new: str, part: str
) -> None:
    assert old in CHAPTER
    assert any(part in fault for fault in faults(CHAPTER.replace(old, new, 1))), faults(
        CHAPTER.replace(old, new, 1)
    )


def test_a_word_that_the_course_does_not_use_is_reported_with_what_to_write() -> None:
    words = {"견주": "비교하다", "단추": "버튼"}
    found = list(wording.word_faults(words, "처음\n값을 견주어 봅니다.", "ko"))
    assert found == [("'견주' is written, which the course does not use", "write 비교하다", 1)]
    assert not list(wording.word_faults(words, "값을 비교합니다. `단추`는 코드입니다.", "ko"))
    assert list(wording.word_faults({"mend": "fix"}, "How do you Mend it?", "en"))
    assert not list(wording.word_faults({"mend": "fix"}, "I recommend `mend`.", "en"))


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_word_of_the_list_is_found(lang: str) -> None:
    words = wording.load(ROOT).words[lang]
    assert words
    assert [stem for stem in words if not list(wording.word_faults(words, f"a {stem}", lang))] == []


def test_korean_in_english_prose_and_plain_style_in_alt_texts_are_reported() -> None:
    assert [line for *_, line in wording.gloss_faults("a\nthe stride (스트라이드) of `합`")] == [1]
    assert not list(wording.gloss_faults("the stride"))
    assert list(wording.alt_faults("그림이다. 곡선이 만납니다."))
    assert not list(wording.alt_faults("곡선이 만나는 그림. 둘은 같습니다."))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("- 견주\n", "holds list"),
        ("ko:\n  견주:\n", "'견주' has no replacement"),
        ("ko: [\n", "not YAML"),
        ("words: {}\n", r"holds \['words'\]"),
        ("chapter:\n  names: {fold: [하나]}\n", "no wording for hurried"),
    ],
)
def test_a_fault_in_the_list_is_reported(tmp_path: Path, text: str, part: str) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / wording.PATH).write_text(text, "utf-8")
    with pytest.raises(ProblemsFound, match=part):
        wording.load(tmp_path)


def test_counts_are_taken_from_what_there_is(course: Path) -> None:
    path = course / "book/pages/about.md"
    before = counts(course)
    path.write_text(
        path.read_text("utf-8").replace("아주 작은 강의입니다.", "견주고 견준 까닭입니다."), "utf-8"
    )
    after = counts(course)
    assert after["견주다"] == (BEFORE["견주다"], before["견주다"][1] + 2)
    assert after["까닭"] == (BEFORE["까닭"], before["까닭"][1] + 1)
