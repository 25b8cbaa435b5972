"""Which pairs were last seen to say the same: `book/reviews/<name>.json`, a list of [hash of ko,
hash of en].

A pair whose one side is recorded with another partner was edited on the other side alone. The
hashes are of the text as written (placeholders unfilled), so the record does not depend on where a
pair stands.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from book.bilingual.errors import Problem
from book.bilingual.lesson.plan import Plan, Slot

Pair = tuple[str, str]


@dataclass(frozen=True)
class Reviewed:
    """Two texts that must say the same: a prose pair, or the `part` of a figure: its alt text, its
    caption, what is said in its place.
    """

    slot: Slot
    korean: str
    english: str
    part: str = ""

    @property
    def hashes(self) -> Pair:
        return _hash(self.korean), _hash(self.english)

    def line(self, lang: str) -> int:
        cell = self.slot.cells[-1 if lang == "en" else 0]
        return cell.line if self.part else cell.body_line


def _hash(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.strip().split("\n"))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def reviewed_texts(plan: Plan) -> list[Reviewed]:
    """Everything in the lesson that stands in two languages."""
    found = []
    for slot in plan.slots:
        if slot.kind == "markdown" and len(slot.cells) == 2:
            found.append(Reviewed(slot, slot.text["ko"], slot.text["en"]))
        for part, text in (
            ("alt text", slot.alt),
            ("caption", slot.caption),
            ("live", slot.live),
        ):
            if text:
                found.append(Reviewed(slot, text["ko"], text["en"], part))
    return found


def record_path(root: Path, plan: Plan) -> Path:
    return root / "book/reviews" / f"{plan.lesson.name}.json"


def read_record(root: Path, plan: Plan) -> list[Pair]:
    """The recorded pairs; none when the lesson was never reviewed. Raises `ValueError` for a
    damaged record.
    """
    path = record_path(root, plan)
    if not path.is_file():
        return []
    return [
        (str(korean), str(english))
        for korean, english in json.loads(path.read_text(encoding="utf-8"))
    ]


def dump_record(pairs: list[Pair]) -> str:
    """One pair a line, so that merges stay small."""
    return "[\n" + ",\n".join(f" {json.dumps(pair)}" for pair in dict.fromkeys(pairs)) + "\n]\n"


def _standing(pair: Pair, record: list[Pair]) -> str:
    """ "reviewed", "ko" or "en" (that side changed alone), "both" (each is known with another
    partner) or "new".
    """
    if pair in record:
        return "reviewed"
    korean, english = pair[0] in {k for k, _ in record}, pair[1] in {e for _, e in record}
    return {(True, True): "both", (True, False): "en", (False, True): "ko", (False, False): "new"}[
        korean, english
    ]


def review_problems(root: Path, plan: Plan) -> list[Problem]:
    """Pairs of which one side changed alone, and pairs that were never recorded."""
    record, found, unrecorded = read_record(root, plan), list[Problem](), list[Reviewed]()
    name = plan.lesson.name
    for text in reviewed_texts(plan):
        standing = _standing(text.hashes, record)
        if standing in ("reviewed", "new"):
            unrecorded += [text] if standing == "new" else []
            continue
        side = "ko" if standing == "ko" else "en"
        line = text.line(side)
        subject = f"the {text.part or 'text'}"
        what = {
            "ko": f"{subject} changed in Korean alone; the English side may be stale",
            "en": f"{subject} changed in English alone; the Korean side may be stale",
            "both": f"{subject} has sides that were reviewed with other partners",
        }[standing]
        command = f"python -m book.bilingual review {name} {line}"
        mend = f"compare both sides, then run {command}"
        found.append(
            Problem(
                plan.lesson.path, line, text.slot.cells[-1 if side == "en" else 0].place, what, mend
            )
        )
    if unrecorded:
        what = f"{len(unrecorded)} pairs, this the first, have not been recorded yet"
        mend = f"run python -m book.bilingual build {name}"
        first = unrecorded[0]
        found.append(
            Problem(plan.lesson.path, first.line("ko"), first.slot.cells[0].place, what, mend)
        )
    return found


def updated_record(root: Path, plan: Plan, *, accept: set[int] | None = None) -> list[Pair]:
    """The record with new pairs added, and with those accepted that stand at the lines `accept`
    (None: only new ones).

    An empty set accepts every pair. Records of which neither side exists any more are dropped.
    """
    record = read_record(root, plan)
    texts = reviewed_texts(plan)
    current = [text.hashes for text in texts]
    kept, accepted = [], list[Pair]()
    for text in texts:
        standing = _standing(text.hashes, record)
        chosen = accept is not None and (not accept or bool(accept & set(_lines(text))))
        if standing in ("reviewed", "new") or chosen:
            accepted.append(text.hashes)
    settled = {h for pair in accepted for h in pair}
    for pair in record:
        open_side = any(h in {x for p in current for x in p} and h not in settled for h in pair)
        if pair in accepted or open_side:
            kept.append(pair)
    return [*dict.fromkeys([*(p for p in current if p in accepted), *kept])]


def pairs_at(plan: Plan, line: int) -> list[Reviewed]:
    """The pairs that cover `line` of the source."""
    return [text for text in reviewed_texts(plan) if line in _lines(text)]


def _lines(text: Reviewed) -> range:
    first, last = text.slot.cells[0], text.slot.cells[-1]
    return range(first.line, last.body_line + last.text.count("\n") + 1)
