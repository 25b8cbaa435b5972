"""How far the two editions have come since their first review: what it counted, and the same counts
today.

`python -m book.bilingual counts` prints them. Nothing is kept: sources and generated notebooks are
what is counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from book.bilingual.build.build import survey
from book.bilingual.gates import pairs, wording
from book.bilingual.lesson.plan import Plan

# What a reader counted in the first edition, before any of it was changed.
BEFORE = {
    "견주다": 40,
    "걸음": 42,
    "까닭": 24,
    "곧 (즉)": 24,
    "몫": 12,
    "저마다": 7,
    "성기게": 7,
    "단추": 4,
    "하십시오": 15,
    "시험 (테스트)": 26,
    "Korean in English prose": 81,
    "British spellings in Korean pages": 16,
    "ways to call for a prediction": 3,
    "predictions": 83,
    "predictions without a fold": 71,
    "names of the recap": 2,
    "fewest self-test questions in a chapter": 2,
    "figures": 52,
    "figures without a caption": 52,
    "figures labelled in English alone": 52,
    "lines folded in chapters": 5526,
    "tasks in chapters": 0,
    "sections that say how long they take": 0,
}
_STEMS = {
    "견주다": r"견[주준줄줍]",
    "걸음": r"걸음",
    "까닭": r"까닭",
    "곧 (즉)": r"(?<![가-힣])곧(?= |, )",
    "몫": r"몫",
    "저마다": r"저마다",
    "성기게": r"성기게",
    "단추": r"단추",
    "하십시오": r"십시오",
    "시험 (테스트)": r"시험",
}
_BRITISH = re.compile(
    r"\b(?:normal|optim|regular|general|local|initial)is(?:ation|e|er)", re.IGNORECASE
)
_CALL = re.compile(r"^\*\*(예측[^*]*)\*\*", re.MULTILINE)
_RECAPS = ("기억할 것", "정리")


def counts(root: Path) -> dict[str, tuple[int, int]]:
    """What was counted → (then, now)."""
    plans, _, _ = survey(root, ())
    chapters = [plan for plan in plans if plan.lesson.kind == "chapter"]
    korean = _prose(plans, "ko")
    english = _prose([plan for plan in plans if not plan.lesson.is_index], "en")
    calls = [call for plan in chapters for call in _CALL.findall(_prose([plan], "ko"))]
    voice = wording.load(root)
    sections = [s for plan in chapters for s in wording.sections(wording.prose_cells(plan, "ko"))]
    now: dict[str, int] = {name: len(re.findall(stem, korean)) for name, stem in _STEMS.items()}
    now |= {
        "Korean in English prose": len(list(wording.gloss_faults(english))),
        "British spellings in Korean pages": len(_BRITISH.findall(korean)),
        "ways to call for a prediction": len(set(calls)),
        "predictions": len(calls),
        "predictions without a fold": sum(wording.unfolded(plan, voice) for plan in chapters),
        "names of the recap": len({heading for _, heading, _ in sections if heading in _RECAPS}),
        "fewest self-test questions in a chapter": min(map(_questions, chapters), default=0),
        "figures": sum(1 for plan in chapters for slot in plan.slots if slot.alt),
        "figures without a caption": _total(
            chapters, lambda plan: sum(bool(s.alt) and not s.caption for s in plan.slots)
        ),
        "figures labelled in English alone": sum(_same_figures(root, plan) for plan in chapters),
        "lines folded in chapters": _total(chapters, _folded_lines),
        "tasks in chapters": _total(
            chapters, lambda plan: _prose([plan], "ko").count("**바꿔 보세요.**")
        ),
        "sections that say how long they take": len(
            re.findall(r"^\*(?:심화 · )?약 \d+분\*$", korean, re.MULTILINE)
        ),
    }
    return {name: (then, now[name]) for name, then in BEFORE.items()}


def table(root: Path) -> str:
    """The counts as lines of text, in columns."""
    lines = [
        ("counted", "first edition", "now"),
        *((n, str(a), str(b)) for n, (a, b) in counts(root).items()),
    ]
    width = max(len(name) for name, _, _ in lines)
    return "\n".join(f"{name:{width}}  {then:>13}  {now:>6}" for name, then, now in lines)


def _prose(plans: list[Plan], lang: str) -> str:
    """What readers of one language read, alt texts and captions included, code and formulas not."""
    texts = [s.text[lang] for plan in plans for s in plan.slots if s.kind == "markdown"]
    figures = [slot for plan in plans for slot in plan.slots if slot.kind == "code"]
    texts += [part[lang] for slot in figures for part in (slot.alt, slot.caption) if part]
    return "\n".join(map(pairs.bare_prose, texts))


def _questions(plan: Plan) -> int:
    text = _prose([plan], "ko").partition("## 스스로 확인하기")[2]
    return len(re.findall(r"^(?:\*\*)?\d+\.", text, re.MULTILINE))


def _folded_lines(plan: Plan) -> int:
    """Lines of helpers and results that a chapter shows only when they are unfolded."""
    return sum(slot.code.count("\n") + 1 for slot in plan.code_slots if slot.inlined and slot.meta)


def _same_figures(root: Path, plan: Plan) -> int:
    """Figures that are the same picture in both languages."""
    ko, en = (
        _pictures(root / f"notebooks/{lang}/{plan.lesson.name}.ipynb") for lang in ("ko", "en")
    )
    return sum(a == b for a, b in zip(ko, en, strict=False))


def _pictures(path: Path) -> list[str]:
    if not path.is_file():
        return []
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return ["".join(data["image/png"]) for data in outputs if "image/png" in data]


def _total(plans: list[Plan], count: Callable[[Plan], int]) -> int:
    return sum(map(count, plans))
