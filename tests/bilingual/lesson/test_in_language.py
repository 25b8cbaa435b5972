"""Code in one language: the same program but for its hints, laid out as one would write it."""

import ast

import pytest

from book.bilingual.lesson.in_language import in_language, width
from book.bilingual.lesson.inline import InlineError

CALL = """\
fixed = hint(
    "윈도우 크기를 숫자로 고정하지 않았는지 보세요.",
    "Look for a window size written as a number.",
)
for size in [(1, 2), (3, 4)]:
    check(function, size, advice=fixed)"""
MISTAKES = """\
check(function, x, {
    hint(
        "`f`: 텐서의 개수입니다. 텐서 안의 값을 세세요.",
        "`f`: that is the number of tensors. Count the "
        "numbers in them.",
    ): 6,
    hint(
        "`f`: 열이 아니라 행을 먼저 훑으세요.",
        "`f`: go along rows, not columns.",
    ): torch.tensor([[0.0, 0.0], [2.0, 0.0]]).reshape(1, 1, 2, 2),
    hint("`f`: 합입니다.", "`f`: a sum."): 3,  # of all
})"""
HELPERS = '''\
#@title Helpers: hints, checks

import torch

# book/snippets/checks/hints.py
def hint(ko: str, en: str) -> str:
    """A hint in both languages."""
    return f"{ko}\\n{en}"


# book/snippets/checks/checks.py
def check(got, name):
    assert got is not None, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    wrong = {
        hint(f"`{name}`: 더한 다음의 ReLU가 없습니다.", f"`{name}`: the ReLU after the addition is missing."): got
        + 1,
    }
    assert got not in wrong, hint(
        f"`{name}`의 결과는 숫자여야 하는데 {type(got).__name__}입니다. 값과 위치를 함께 돌려주는 함수도 있습니다. "
        "셈과 모양을 보세요.",
        f"`{name}` should return a number, not a {type(got).__name__}. Some functions return values and positions. "
        "Look at {both}.",
    )'''


def test_a_call_over_several_lines_becomes_one_line_where_it_fits() -> None:
    assert in_language(CALL, "en", 76).split("\n")[:2] == [
        'fixed = "Look for a window size written as a number."',
        "for size in [(1, 2), (3, 4)]:",
    ]
    assert in_language(CALL, "ko", 50).split("\n")[:3] == [
        "fixed = (",
        '    "윈도우 크기를 숫자로 고정하지 않았는지 보세요."',
        ")",
    ]


def test_keys_of_a_dictionary_stay_readable() -> None:
    assert in_language(MISTAKES, "en", 76).split("\n") == [
        "check(function, x, {",
        '    "`f`: that is the number of tensors. Count the numbers in them.": 6,',
        '    "`f`: go along rows, not columns.":',
        "        torch.tensor([[0.0, 0.0], [2.0, 0.0]]).reshape(1, 1, 2, 2),",
        '    "`f`: a sum.": 3,  # of all',
        "})",
    ]
    assert in_language(MISTAKES, "en", 60).split("\n")[1:4] == [
        "    (",
        '        "`f`: that is the number of tensors. Count the "',
        '        "numbers in them."',
    ]


@pytest.mark.parametrize(("lang", "other"), [("ko", "has no"), ("en", "없습니다")])
def test_of_folded_helpers_the_function_goes_and_its_name_and_the_rest_is_formatted(
    lang: str, other: str
) -> None:
    found = in_language(HELPERS, lang, 120, folded=True)
    assert found.startswith("#@title Helpers: checks\n\nimport torch\n")
    assert (
        "hint" not in found and other not in found and "# book/snippets/checks/checks.py" in found
    )
    assert max(map(width, found.split("\n"))) <= 120
    if lang == "en":
        one = '    wrong = {f"`{name}`: the ReLU after the addition is missing.": got + 1}\n'
        assert one in found
        assert '"Look at {both}."' in found


def test_a_helper_that_is_left_keeps_its_file_and_its_name() -> None:
    code = HELPERS.replace("# book/snippets/checks/checks.py\n", "")
    found = in_language(code, "en", 120, folded=True)
    assert found.startswith("#@title Helpers: hints, checks\n")
    assert "# book/snippets/checks/hints.py\ndef check" in found and "def hint" not in found


def test_the_program_is_the_same_but_for_its_hints() -> None:
    code = 'a = hint(f"{x}가", f"{x} a") if x else [hint("나", "b"), hint(ko, en)]'
    assert in_language(code, "ko", 76) == 'a = f"{x}가" if x else ["나", ko]'
    assert in_language(code, "en", 76) == 'a = f"{x} a" if x else ["b", en]'
    joined = 'a = hint("가", "{no} "\n    f"{yes}")'
    (node,) = ast.parse(in_language(joined, "en", 76)).body
    assert ast.dump(node) == ast.dump(ast.parse('a = f"{{no}} {yes}"').body[0])


@pytest.mark.parametrize("code", ["x = 1", "%pip install hint(", "hints(1)"])
def test_other_code_stays_as_it_is(code: str) -> None:
    assert in_language(code, "en", 76) == code


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ('hint("가")', "is not a hint of two texts"),
        ('hint(ko="가", en="a")', "is not a hint of two texts"),
        ('hint("가", hint("나", "b"))', "is not a hint of two texts"),
        ('say = hint\nhint("가", "a")', "without being called"),
    ],
)
def test_a_hint_that_is_not_two_texts_is_refused(code: str, what: str) -> None:
    with pytest.raises(InlineError, match=what):
        in_language(code, "en", 76)
