"""Syntax of a newer Python is told from a mistake."""

import sys

import pytest

from autograder.newer import is_newer_syntax

NEWER = [
    'f"{d["a"]}"\n',
    "f'{', '.join(x)}'\n",
    "type Axes = tuple[int, ...]\n",
    "def f[T](x: T) -> T:\n    return x\n",
    "class Box[T](list):\n    pass\n",
    "try:\n    pass\nexcept KeyError, ValueError:\n    pass\n",
    "# don't\nx = f'{y['a']}'\n",
    '%cd /content\nf"{"\\n".join(x)}"\n',
    "text = '''a'''; y = f'{z['q']:>{w['e']}}'\n",
]
MISTAKES = [  # in any Python
    "def f(:\n",
    'print("a\n',
    "def f(x)\n    return x\n",
    "f\"{x['a']!r:>{w}}\" + )\n",
    "f'{{'a'\n",
    "type X\n",
]
RIGHT = ["x = 1\n", "%matplotlib inline\nx\n", "f'{x!r:>{w}}'\n", "type = 3\n"]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python reads them")
@pytest.mark.parametrize("source", NEWER)
def test_newer_syntax_is_recognised(source: str) -> None:
    assert is_newer_syntax(source)


@pytest.mark.parametrize("source", MISTAKES + RIGHT)
def test_mistakes_and_right_code_are_not_called_newer(source: str) -> None:
    assert not is_newer_syntax(source)


@pytest.mark.parametrize("piece", ['f"{', "f'{a['b']}'\n", "'''", "f'{{"])
def test_reading_takes_time_in_proportion_to_length(piece: str) -> None:
    is_newer_syntax(piece * (90_000 // len(piece)))
