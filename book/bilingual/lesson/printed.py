"""What a lesson prints in the page's language: `print(hint("손실", "loss"))`.

A notebook has the text of its language alone (`in_language.py`); the build runs a lesson once, with
each such text in both. It is marked, so that every edition gets its own from the same outputs. How
wide a Korean letter is depends on the reader's fonts, so labels stand last on a line, or alone.
"""

import inspect
import json
import re
from typing import Any

from autograder.stubs import LANGUAGES

# Signs that no lesson prints and that Python's `repr` leaves as they are.
FIRST, THEN, LAST = "⟬", "⟭", "⦘"
_NUMBER = re.compile(r"\d+")
_BOTH = re.compile(f"{FIRST}([^{FIRST}{THEN}{LAST}]*){THEN}([^{FIRST}{THEN}{LAST}]*){LAST}")


class Said(str):
    """A text in both languages, marked; its format and its `repr` are those of either. Runs in the
    kernel.
    """

    def __new__(cls, ko: str, en: str) -> "Said":
        found = super().__new__(cls, f"⟬{ko}⟭{en}⦘")
        found.texts = (ko, en)
        return found

    texts: tuple[str, str]

    def __format__(self, spec: str) -> str:
        return str(type(self)(*(format(text, spec) for text in self.texts)))

    def __repr__(self) -> str:
        return str(type(self)(*(repr(text) for text in self.texts)))

    def __str__(self) -> str:
        return "".join(self)


def helper() -> str:
    """What the kernel runs before the first cell of a chapter or a page."""
    return f"{inspect.getsource(Said)}\n__import__('builtins').hint = Said\ndel Said\n"


def in_language(output: Any, lang: str) -> Any:
    """An output, or a part of one, with the texts of one language."""
    if isinstance(output, str):
        return _BOTH.sub(rf"\{LANGUAGES.index(lang) + 1}", output) if FIRST in output else output
    if isinstance(output, list):
        return [in_language(part, lang) for part in output]
    if isinstance(output, dict):
        return {
            key: part if key.startswith("image/") else in_language(part, lang)
            for key, part in output.items()
        }
    return output


def text(outputs: list[dict[str, Any]]) -> str:
    """What the outputs of a cell say, pictures left out."""
    texts = [
        {**out, "data": {k: v for k, v in out.get("data", {}).items() if "image/" not in k}}
        for out in outputs
    ]
    return json.dumps(texts, sort_keys=True, ensure_ascii=False)


def same_numbers(english: list[dict[str, Any]], korean: list[dict[str, Any]]) -> bool:
    """Whether the outputs of a cell in two languages agree but for the words."""
    return _NUMBER.findall(text(english)) == _NUMBER.findall(text(korean))
