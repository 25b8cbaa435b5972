"""The table of every study that the course draws on, for the page "How we know" and for the
console.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.gates import evidence
from book.bilingual.gates.links_check import LinkMap
from book.bilingual.lesson.source import find_lessons
from book.bilingual.studies import studies
from book.bilingual.studies.studies import Study

_HEAD = {
    "ko": (
        "연구",
        "조건",
        "시드",
        "스텝",
        "멈출 때 학습 정확도",
        "4배 학습한 뒤",
        "결론이 4배에서도 성립?",
    ),
    "en": (
        "Study",
        "Arms",
        "Seeds",
        "Steps",
        "Training accuracy at the stop",
        "At 4× the steps",
        "Holds at 4×?",
    ),
}
_WORDS = {
    "ko": {
        "all": "예",
        "of": "{held}/{all}",
        "lost": "아니요",
        "untrained": "학습하지\u00a0않음",
        "budget": "정해\u00a0둔\u00a0스텝",
    },
    "en": {
        "all": "yes",
        "of": "{held} of {all}",
        "lost": "no",
        "untrained": "not\u00a0trained",
        "budget": "fixed\u00a0steps",
    },
}
_ARM = {"ko": ("조건", "스텝", "시드"), "en": ("Arm", "Steps", "Seeds")}
_METRICS = {
    "ko": {
        "train": "학습",
        "validation": "검증",
        "accuracy": "테스트",
        "before": "옛 헤드, 전",
        "photos": "옛 헤드, 후",
    },
    "en": {
        "train": "Training",
        "validation": "Validation",
        "accuracy": "Test",
        "before": "Old head, before",
        "photos": "Old head, after",
    },
}


def table(root: Path, lang: str) -> str:
    """Every declared study as a row of a Markdown table: what it compared, how far it had learned,
    what remained.
    """
    found = studies.load(root)
    lessons = {name for _, name, _ in find_lessons(root)}
    found.sort(key=lambda study: study.name)
    lines = [f"| {' | '.join(_HEAD[lang])} |", "|---" * len(_HEAD[lang]) + "|"]
    for study in found:
        results = studies.read(root, study.name)
        # `check` reports the others
        if study.training and results is not None and studies.rows_fit(study, results):
            cells = (
                *_cells(study, results, lang, lessons),
                _verdict(root, study, results.get("claims", {}), lang),
            )
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def rows_table(root: Path, name: str, metrics: list[str], lang: str) -> str:
    """One study in full: of each arm and length the mean of each metric, lowest to highest seed.

    Raises `ProblemsFound` for a study or a metric that is not there.
    """
    study = next((study for study in studies.load(root) if study.name == name), None)
    results = studies.read(root, name)
    known = [metric for metric in _METRICS[lang] if results and metric in results["rows"][0]]
    unknown = [metric for metric in metrics if metric not in known]
    if study is None or results is None or unknown:
        what = (
            f"its rows have no metric {unknown[0]!r} with a title"
            if results and study
            else "the study has no results"
        )
        mend = f"name a study of {evidence.STUDIES}" + (
            f" and metrics out of {', '.join(known)}" if known else ""
        )
        raise ProblemsFound(
            [Problem("book/pages", 0, "", f"a line {{{{rows {name} …}}}}: {what}", mend)]
        )
    head = (*_ARM[lang], *(_METRICS[lang][metric] for metric in metrics))
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for setting, chosen in evidence.arms(study, results["rows"]):
        for _, rows in evidence.by_length(chosen):
            arm = "`" + ", ".join(map(str, setting.values())) + "`"
            shown = [mean_and_span([row[metric] for row in rows]) for metric in metrics]
            lines.append(
                "| " + " | ".join((arm, f"{rows[0]['steps']:,.0f}", str(len(rows)), *shown)) + " |"
            )
    return "\n".join(lines)


def mean_and_span(numbers: list[float]) -> str:
    """One percent sign per span, so that four such columns fit on a page."""
    mean, span = format(sum(numbers) / len(numbers), ".1%"), _span(numbers, ".1%")
    return mean if span == mean else f"{mean} ({span.replace('%', '', 1)})"


def _cells(study: Study, results: dict[str, Any], lang: str, lessons: set[str]) -> tuple[str, ...]:
    words, rows = _WORDS[lang], results["rows"]
    lengths = dict(evidence.by_length(rows))
    first = lengths.get(1, rows)
    longest = lengths[max(lengths)] if max(lengths) >= evidence.LONGER else []
    seeds = str(len({row["seed"] for row in first}))
    if longest and len({row["seed"] for row in longest}) != int(seeds):
        seeds += f" (4×:\u00a0{len({row['seed'] for row in longest})})"
    count = str(len(evidence.arms(study, first)))
    if study.training == "none":
        return (_name(study, lessons), count, seeds, "–", words["untrained"], "–")
    steps = _span([n for row in first for n in evidence.values(row, "steps")], ",.0f")
    if study.training == "budget":
        steps += f" ({words['budget']})"
    return (
        _name(study, lessons),
        count,
        seeds,
        steps,
        _accuracy(study, first),
        _accuracy(study, longest),
    )


def _name(study: Study, lessons: set[str]) -> str:
    """The study's name, linked to the chapter whose number it carries."""
    chapter = study.name.split("_")[0]
    lesson = next((name for name in sorted(lessons) if name.startswith(chapter + "_")), "")
    return f"[`{study.name}`]({lesson}.ipynb)" if lesson else f"`{study.name}`"


def _accuracy(study: Study, rows: list[dict[str, Any]]) -> str:
    """Mean training accuracy of each arm over its seeds: the lowest and the highest arm."""
    means = []
    for _, chosen in evidence.arms(study, rows):
        columns = zip(*(evidence.values(row, "train") for row in chosen), strict=True)
        means += [sum(column) / len(column) for column in columns]
    return _span(means, ".0%")


def _span(numbers: list[float], spec: str) -> str:
    """Lowest and highest, never broken between lines; a dash for none, which `check` reports."""
    if not numbers:
        return "–"
    low, high = format(min(numbers), spec), format(max(numbers), spec)
    return low if low == high else f"{low}–\u2060{high}"


def _verdict(root: Path, study: Study, verdicts: dict[str, dict[str, bool]], lang: str) -> str:
    if study.training == "none":
        return "–"
    words, lost = _WORDS[lang], evidence.lost(verdicts)
    longest = verdicts.get(max(verdicts, key=float, default="1"), {})
    drawn = [name for name, holds in verdicts.get("1", {}).items() if holds and name in longest]
    if not lost:
        return f"{words['all']} ({len(drawn)})"
    held = words["of"].format(held=len(drawn) - len(lost), all=len(drawn)).replace(" ", "\u00a0")
    page, _, anchor = study.told.partition("#")
    place = LinkMap(root).anchor(page, anchor, lang) if study.told else ""
    return (
        f"[{words['lost']}]({page}.ipynb#{place})\u00a0({held})"
        if place
        else f"{words['lost']}\u00a0({held})"
    )
