"""The form of a lesson: one test per fault, each seen to be caught with line, cell and mend."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from book.bilingual.gates.validate import problems_of
from book.bilingual.lesson.source import HEADER, Lesson

Read = Callable[..., Lesson]
KO, EN = '+++ {"lang": "ko"}\n\n', '+++ {"lang": "en"}\n\n'
CODE = "```{code-cell} ipython3\n"
START = HEADER.count("\n") + 2  # the body's first line in the file


def messages(lesson: Lesson) -> list[str]:
    return [str(problem) for problem in problems_of(lesson)]


def test_a_well_formed_lesson_has_no_problems(lesson: Read) -> None:
    assert messages(lesson(f"{KO}# 가\n\n{EN}# A\n\n{CODE}1 + 1\n```\n\n+++\n\n$$x^2$$\n")) == []


@pytest.mark.parametrize(
    ("body", "line", "part"),
    [
        (f"{KO}가\n\n{CODE}1\n```\n\n{EN}a\n", 0, "Korean cell without its English partner"),
        (f"{EN}a\n\n{CODE}1\n```\n", 0, "English cell without its Korean partner"),
        (f"{EN}a\n\n{KO}가\n", 0, "wrong order"),
        (f"{KO}가\n\n{EN}a\n\n+++\n\nprose\n", 10, "prose without a language"),
        (f"{CODE}1\n```\n\nprose after code\n", 4, "prose without a language"),
        ('+++ {"lang": "fr"}\n\na\n', 0, "`lang` is 'fr'"),
        (f'+++ {{"lang": "ko", "sames": "x"}}\n\n가\n\n{EN}a\n', 0, "unknown metadata key 'sames'"),
        (
            f'+++ {{"lang": "ko", "differs": {{"words": "x"}}}}\n\n가\n\n{EN}a\n',
            0,
            "unknown aspect 'words'",
        ),
        (f'{KO}가\n\n+++ {{"lang": "en", "same": "x"}}\n\na\n', 4, "stand on the Korean side"),
        (f"{CODE}:snippet: [a]\n```\n", 0, "unknown metadata key 'snippet'"),
        (f"{CODE}:snippets: a\n```\n", 0, "`snippets` is 'a'"),
        (f"{CODE}:tags: [slow]\n1\n```\n", 0, "unknown tag 'slow'"),
        (f"{CODE}:snippets: [a]\n1\n```\n", 0, "holds code of its own"),
        (f"{CODE}```\n", 0, "empty code cell"),
        (f"{CODE}:alt: {{ko: 가}}\n1\n```\n", 0, "needs a text under `ko` and one under `en`"),
        (
            f"{CODE}:alt: {{ko: 가, en: a}}\n:caption: {{ko: 가}}\n1\n```\n",
            0,
            "`caption` needs a text under `ko` and one under `en`",
        ),
        (
            f"{CODE}:caption: {{ko: '가 {{{{ n }}}}', en: 'a {{{{ n }}}}'}}\n1\n```\n",
            0,
            "placeholder in `caption`",
        ),
        (
            f"{CODE}:live: {{ko: 가, en: a}}\n:caption: {{ko: 가, en: a}}\n1\n```\n",
            0,
            "`live` beside `alt` or `caption`",
        ),
        (f"{CODE}{'x = 1' + chr(10)}" * 1 + "x = 1\n" * 30 + "```\n", 0, "code cell of 31 lines"),
        (f"{CODE}import torch\nfrom book.snippets.shapes import x\n```\n", 2, "imports 'book'"),
        (f"{CODE}%pip install -q torch==2\n```\n", 1, "reinstalls torch"),
        (
            f"{CODE}start = time.process_time()\n```\n\n{CODE}spent = f() - start\n```\n\n"
            f"{CODE}ratio = spent / 2\nassert ratio > 5\n```\n",
            10,
            "asserts a measured time (ratio)",
        ),
        (f"{KO}가 {{{{ n }}}}\n\n{EN}a\n", 4, "placeholders differ"),
        (f"{KO}가\n\n{{{{points}}}}\n\n{EN}a\n", 6, "placeholders differ: {{ points }}"),
        (
            f"{KO}가\n\n{{{{points}}}}\n\n{EN}a\n\n{{{{points}}}}\n",
            4,
            "the line {{points}} in ch90_test.md, where nothing fills it",
        ),
        (
            f"{KO}가\n나 {{{{ 1 + }}}}\n\n{EN}a {{{{ 1 + }}}}\n\n{CODE}1\n```\n",
            3,
            "not a Python expression",
        ),
        (f"{KO}```{{note}}\n가\n```\n\n{EN}a\n", 2, "MyST directive"),
        (
            f"{KO}가\n\n이것이 **풀링(pooling)**입니다.\n\n{EN}a\n\nThis.\n",
            4,
            "bold that no reader sees as bold",
        ),
        (f"{KO}가 95%와 5 %입니다.\n\n{EN}a\n", 2, "a space before the percent sign"),
        (
            f"{KO}# 식 $x$\n\n{EN}# Formula $x$\n",
            2,
            "holds a formula, which the site's anchor leaves out",
        ),
        (f"{KO}:::{{note}}\n가\n:::\n\n{EN}a\n", 2, "MyST colon directive"),
        (f"{KO}가\n\n{EN}a {{ref}}`x` b\n", 6, "MyST role"),
        (f"{KO}(here)=\n\n가\n\n{EN}a\n", 2, "MyST target label"),
        (f"{KO}가\n\n{EN}% note to self\n", 6, "MyST comment"),
        (f'{KO}가\n\n++ {{"lang": "en"}}\n\na\n', 4, "cell header written by half"),
        (f'{KO}가\n\n{EN}- a\n\n  +++ {{"lang": "ko"}}\n', 8, "cell header written by half"),
        (f"{KO}가\n\n{EN}```{{code-cel}} ipython3\n1\n```\n", 6, "half-written cell"),
        (f"{KO}![그림](pic.png)\n\n{EN}![a](pic.png)\n", 2, "picture 'pic.png'"),
        (f"{KO}![그림](attachment:p.png)\n\n{EN}a\n", 2, "picture 'attachment:p.png'"),
        (f"{KO}<img src='p.png'>\n\n{EN}a\n", 2, "picture 'p.png'"),
        (f"{CODE}:grade: {{solution: f}}\n1\n```\n", 0, "hold no graded or raw cells"),
    ],
)
def test_a_fault_of_form_is_reported_where_it_is(
    lesson: Read, body: str, line: int, part: str
) -> None:
    found = messages(lesson(body))
    assert any(
        part in message and f"ch90_test.md:{START + line}: cell" in message for message in found
    ), found
    assert all("mend: " in message for message in found)


def test_a_placeholder_on_a_page_without_code_is_reported(lesson: Read) -> None:
    ko, en = messages(
        lesson(f"{KO}가 {{{{ n }}}}\n\n{EN}a {{{{ n }}}}\n", kind="page", name="about")
    )
    assert "page without code" in ko and "page without code" in en


@pytest.mark.parametrize(
    "prose", ["set {a} `b`", "$x_{i}$ and $\\frac{1}{2}$", "`{note}`", "100% `sure`", "a (b)= c"]
)
def test_ordinary_prose_is_no_directive(lesson: Read, prose: str) -> None:
    assert messages(lesson(f"{KO}가 {prose}\n\n{EN}a {prose}\n")) == []
