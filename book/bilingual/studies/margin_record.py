"""By how much the live assertions of each lesson hold: kept in `book/margins/<lesson>.json`, shown
on "How we know".

`rerun --keep` writes a lesson's record, so that nobody types one in. Seeds add up over several runs
of the same code.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from book.bilingual.errors import Problem
from book.bilingual.studies.margins import share_of
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


def stale_problems(root: Path, plan: Plan) -> list[Problem]:
    """Whether the seeds that were kept of a lesson were tried on the cells that it has now."""
    kept = read(root, plan.lesson.name)
    if not kept or kept["code"] == program_hash([slot.code for slot in plan.code_slots]):
        return []
    what = f"{len(kept['seeds'])} seeds were tried on other cells than the lesson has now"
    mend = f"run python -m book.bilingual rerun {plan.lesson.name} --seeds 5 --keep"
    return [
        Problem(path_of(root, plan.lesson.name).relative_to(root).as_posix(), 0, "", what, mend)
    ]


def record(root: Path, lesson: Rerun) -> str:
    """Add what the seeds of `lesson` showed to those tried before on the same code; returns the
    path from `root`.
    """
    path, old = path_of(root, lesson.name), read(root, lesson.name)
    if old.get("code") != lesson.code:
        old = {"seeds": [], "failed": [], "compared": []}
    again = {*lesson.held, *lesson.failed}
    compared = [
        {
            "text": margin.text,
            "shown": " ".join(margin.shown.split()),
            "seed": seed,
            "share": round(share_of(margin), 4),
            "moves": key in lesson.moving,
        }
        for key, (margin, seed) in lesson.worst.items()
    ]
    data = {
        "lesson": lesson.name,
        "code": lesson.code,
        "date": datetime.now(UTC).date().isoformat(),
        "seeds": sorted({*old["seeds"], *again}),
        "failed": sorted({*old["failed"]} - again | {*lesson.failed}),
        "compared": _worst([*old["compared"], *compared]),
        "seconds": min(
            [round(cost.seconds, 1) for cost in lesson.costs] + _known(old, "seconds"), default=0
        ),
        "mib": max([round(cost.mib) for cost in lesson.costs] + _known(old, "mib"), default=0),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path.relative_to(root).as_posix()


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
