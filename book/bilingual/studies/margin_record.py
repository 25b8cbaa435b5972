"""By how much the live assertions of each lesson hold: kept in `book/margins/<lesson>.json`, shown
on "How we know".

`rerun --keep` writes a lesson's record, so that nobody types one in. Seeds add up over several runs
of the same code.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.studies.margins import Margin, share_of
from book.bilingual.studies.study_code import program_hash

if TYPE_CHECKING:
    from book.bilingual.lesson.plan import Plan
    from book.bilingual.studies.rerun import Rerun

_HEAD = {
    "ko": (
        "장",
        "시드",
        "모두 성립",
        "가장 아슬아슬했던 비교",
        "그때의 값",
        "`COURSE_SEED`",
        "날짜",
    ),
    "en": (
        "Chapter",
        "Seeds",
        "All hold",
        "Closest comparison",
        "Its values",
        "`COURSE_SEED`",
        "Date",
    ),
}
_SIGN = re.compile(r"[<>]=?|[=!]=")
_AFRESH = "try seeds afresh: rerun NAME --seeds 5 --keep"
_WORDS = {
    "ko": ("예", "아니요", "시드에 따라 달라지는 비교 없음"),
    "en": ("yes", "no", "none depends on the seed"),
}


def path_of(root: Path, lesson: str) -> Path:
    return root / "book/margins" / f"{lesson}.json"


def read(root: Path, lesson: str) -> dict[str, Any]:
    """What was kept of `lesson`; {} for nothing."""
    path = path_of(root, lesson)
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def witnesses(root: Path, lesson: str) -> tuple[int, ...]:
    """The seed of the closest call that was kept of `lesson`: if it gives the same again, so did
    the others; () where nothing was kept.
    """
    compared = read(root, lesson).get("compared", [])
    moving = [each for each in compared if each["moves"]] or compared
    return tuple(each["seed"] for each in moving[:1])


def stale_problems(root: Path, plan: Plan) -> list[Problem]:
    """Whether the seeds that were kept of a lesson were tried on the cells that it has now."""
    kept = read(root, plan.lesson.name)
    if not kept or kept["code"] == program_hash([slot.code for slot in plan.code_slots]):
        return []
    what = f"{len(kept['seeds'])} seeds were tried on other cells than the lesson has now"
    mend = (
        f"run python -m book.bilingual rerun {plan.lesson.name} --seeds 5 --keep; if the change"
        " alters no number, --same shows it, and all seeds still count"
    )
    return [
        Problem(path_of(root, plan.lesson.name).relative_to(root).as_posix(), 0, "", what, mend)
    ]


def record(root: Path, lesson: Rerun, same: bool = False) -> str:
    """Add what the seeds of `lesson` showed to those tried before on the same code, or, with
    `same`, on other code that gives the same numbers and claims no more; returns the path from
    `root`. Raises `ProblemsFound` where it gives others.
    """
    path, old = path_of(root, lesson.name), read(root, lesson.name)
    compared = _compared(lesson)
    if same and (faults := _differences(old, lesson)):
        raise ProblemsFound(
            [Problem(path.relative_to(root).as_posix(), 0, "", what, _AFRESH) for what in faults]
        )
    if not same and old.get("code") != lesson.code:
        old = {"seeds": [], "failed": [], "compared": []}
    claimed = {each["text"] for each in compared} if same else None
    still = [each for each in old["compared"] if claimed is None or each["text"] in claimed]
    again = {*lesson.held, *lesson.failed}
    data = {
        "lesson": lesson.name,
        "code": lesson.code,
        "date": datetime.now(UTC).date().isoformat(),
        "seeds": sorted({*old["seeds"], *again}),
        "failed": sorted({*old["failed"]} - again | {*lesson.failed}),
        "compared": _worst([*still, *compared]),
        "seconds": min(
            [round(cost.seconds, 1) for cost in lesson.costs] + _known(old, "seconds"), default=0
        ),
        "mib": max([round(cost.mib) for cost in lesson.costs] + _known(old, "mib"), default=0),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path.relative_to(root).as_posix()


def _compared(lesson: Rerun) -> list[dict[str, Any]]:
    return [
        {
            "text": margin.text,
            "shown": _shown(margin),
            "seed": seed,
            "share": round(share_of(margin), 4),
            "moves": key in lesson.moving,
        }
        for key, (margin, seed) in lesson.worst.items()
    ]


def _differences(old: dict[str, Any], lesson: Rerun) -> list[str]:
    """What shows that the cells compute or claim something else than when `old` was kept: new
    comparisons, values under the seed that were the closest, a closer call than was known. A claim
    that is made no more says nothing of the others.
    """
    if lesson.failed:
        return [f"COURSE_SEED={seed} fails now" for seed in lesson.failed]
    before = {each["text"]: each for each in old.get("compared", ())}
    again = [each for each in before.values() if each["seed"] in lesson.held]
    if not again:
        return ["none of the seeds was the closest at anything before"]
    tried = {*old["seeds"]} - {*old["failed"]}  # one that failed was not tried to the end
    faults = [f"`{text}` was not compared before" for text in lesson.seen.keys() - before]
    for text in before.keys() & lesson.seen:
        was, seed = before[text]["shown"], before[text]["seed"]
        for where, margin in lesson.seen[text].items():
            shown, share = _shown(margin), round(share_of(margin), 4)
            if where == seed and shown != was:
                faults.append(f"`{text}` was closest at {was}, now {shown}")
            # of `a < b < c`, only the closer half was kept
            elif where in tried and share < before[text]["share"] and _is_single(text):
                faults.append(f"`{text}` comes closer than any seed before: {shown}")
    return faults


def _is_single(text: str) -> bool:
    return len(_SIGN.findall(text)) == 1


def _shown(margin: Margin) -> str:
    return " ".join(margin.shown.split())


def _known(old: dict[str, Any], key: str) -> list[Any]:
    return [old[key]] if old.get(key) else []


def _worst(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each comparison at its closest, the closest call first, and whether its values moved from
    seed to seed.
    """
    worst: dict[str, dict[str, Any]] = {}
    for each in sorted(found, key=lambda each: each["share"]):
        kept = worst.setdefault(each["text"], each)
        kept["moves"] = kept["moves"] or each["moves"] or kept["shown"] != each["shown"]
    return list(worst.values())


def table(root: Path, lang: str) -> str:
    """Every recorded lesson as a row of a Markdown table: seeds, whether all held, the closest
    call; "" for none.
    """
    records = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((root / "book/margins").glob("*.json"))
    ]
    head = [f"| {' | '.join(_HEAD[lang])} |", "|---" * len(_HEAD[lang]) + "|"]
    rows = ["| " + " | ".join(_cells(record, lang)) + " |" for record in records]
    return "\n".join(head + rows) if rows else ""


def _cells(data: dict[str, Any], lang: str) -> tuple[str, ...]:
    yes, no, nothing = _WORDS[lang]
    verdict = f"{no} ({', '.join(map(str, data['failed']))})" if data["failed"] else yes
    start = (f"[`{data['lesson']}`]({data['lesson']}.ipynb)", str(len(data["seeds"])), verdict)
    closest = next(
        (each for each in data["compared"] if each["moves"] or len(data["seeds"]) < 2), None
    )
    if closest is None:
        return (*start, nothing, "–", "–", data["date"])
    text, shown = (closest[key].replace("|", "\\|") for key in ("text", "shown"))
    return (*start, f"`{text}`", f"`{shown}`", str(closest["seed"]), data["date"])
