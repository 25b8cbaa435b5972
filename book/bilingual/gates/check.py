"""The fast gates: is anything stale, untranslated, inconsistent, or not what the sources would
give?
"""

from __future__ import annotations

import difflib
import io
import json
import re
import statistics
import tokenize
from collections.abc import Iterator
from pathlib import Path

from autograder.stubs import LANGUAGES
from book.bilingual.build import render
from book.bilingual.build.build import survey
from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.gates import evidence, pairs, reviews, timings, unpaired, wording
from book.bilingual.gates.links_check import LinkMap
from book.bilingual.lesson import drawn, glossary
from book.bilingual.lesson.in_language import width
from book.bilingual.lesson.links import AddressError, repositories
from book.bilingual.lesson.plan import Plan
from book.bilingual.lesson.source import find_lessons
from book.bilingual.studies import costs, margin_record, studies

GENERATED = ("notebooks", "solutions")
MEDIAN_LINES, LONG_LINES = 5, 20
MOST_COLUMNS = 76  # of code that a page shows beside its margins; Korean letters take two
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_UNSEEN = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS).*?### END \1", re.DOTALL)  # by students


def check(root: Path, names: tuple[str, ...] = ()) -> list[Problem]:
    """Every problem of the named lessons (all, and the project as a whole, when none is named).
    Writes nothing.
    """
    plans, problems, broken_links = survey(root, names)
    problems += broken_links
    problems += [p for plan in plans for p in reviews.review_problems(root, plan)]
    try:
        entries, voice = glossary.load(root), wording.load(root)
        problems += prose_problems(root, plans, entries, voice)
        problems += [p for plan in plans for p in wording.chapter_problems(plan, voice, entries)]
        problems += [p for plan in plans for p in unpaired.lesson_problems(plan, voice)]
        problems += [] if names else unpaired.file_problems(root, voice)
    except ProblemsFound as error:  # without a glossary neither prose nor its page can be judged
        return sorted(problems + error.problems)
    undeclared = studies.undeclared(root)
    for plan in plans:
        problems += [
            *length_problems(plan),
            *width_problems(plan),
            *korean_problems(plan),
            *margin_record.stale_problems(root, plan),
            *evidence.lesson_problems(plan, undeclared),
        ]
    expected = set[str]()
    for plan in plans:
        expected |= render.generated_paths(plan)
        try:
            problems += _generated_problems(root, plan)
        except ProblemsFound as error:
            problems += error.problems
    if not names:
        known = {name for _, name, _ in find_lessons(root)}
        unread = known - {plan.lesson.name for plan in plans}
        problems += _orphans(root, expected, unread) + studies.stale_problems(root)
        problems += _address_problems(root) + _drawing_problems(root, plans) + costs.problems(root)
        problems += timings.problems(root)
        for path in sorted((root / "book/reviews").glob("*.json")):
            if path.stem not in known:
                what = "records the reviews of no source"
                problems.append(
                    Problem(path.relative_to(root).as_posix(), 0, "", what, "remove it")
                )
    return sorted(problems)


def _address_problems(root: Path) -> list[Problem]:
    if not (root / "_config.yml").exists():
        return []  # a course without a site has no addresses
    try:
        repositories(root)
    except (AddressError, OSError, KeyError) as error:
        return [
            Problem(
                "_config.yml", 0, "", str(error), "name each address once, at the top of the file"
            )
        ]
    return []


def _drawing_problems(root: Path, plans: list[Plan]) -> list[Problem]:
    if not (root / drawn.FOLDER).is_dir():
        return []  # a course without drawings
    from book.drawings.catalog import problems  # builds networks, to count them

    shown = {name for plan in plans for slot in plan.slots for name in drawn.names(slot.text["ko"])}
    return list(problems(root, shown))


def prose_problems(
    root: Path, plans: list[Plan], entries: list[glossary.Entry], voice: wording.Wording
) -> list[Problem]:
    """Translation, structure, numbers, terms and wording of each pair."""
    links = LinkMap(root)
    return [
        problem
        for plan in plans
        for text in reviews.reviewed_texts(plan)
        for problem in _pair_problems(plan, text, links, entries, voice)
    ]


def _pair_problems(
    plan: Plan,
    text: reviews.Reviewed,
    links: LinkMap,
    entries: list[glossary.Entry],
    voice: wording.Wording,
) -> Iterator[Problem]:
    meta = text.slot.cells[0].meta
    exempt = {} if text.part else meta.get("differs", {})
    label = f"{text.part}: " if text.part else ""

    def problem(side: str, what: str, mend: str, line: int) -> Problem:
        cell = text.slot.cells[-1 if side == "en" else 0]
        return plan.lesson.problem(cell, label + what, mend, offset=None if text.part else line)

    if not (meta.get("same") and not text.part) and "language" not in exempt:
        for side, what, line in pairs.language_faults(text.korean, text.english):
            yield problem(
                side, what, 'translate it; a pair that is rightly equal says "same": "why"', line
            )
    for aspect, what in pairs.differences(
        text.korean, text.english, lambda t, lang: links.key(plan.lesson.name, t, lang)
    ):
        if aspect not in exempt:
            yield problem(
                "en",
                what,
                f'mend one side, or add "differs": {{"{aspect}": "why"}} to the Korean header',
                0,
            )
    if "terms" not in exempt:
        for side, what, mend, line in glossary.term_faults(entries, text.korean, text.english):
            yield problem(side, what, mend, line)
        for side, written in (("ko", text.korean), ("en", text.english)):
            for what, mend, line in wording.word_faults(voice.words[side], written, side):
                yield problem(side, what, mend, line)
    if plan.lesson.name in voice.held and "language" not in exempt:
        for what, mend, line in wording.gloss_faults(text.english):
            yield problem("en", what, mend, line)
        for what, mend, line in wording.alt_faults(text.korean) if text.part == "alt text" else ():
            yield problem("ko", what, mend, line)


def length_problems(plan: Plan) -> list[Problem]:
    """Whether the code cells of a chapter or page are short: one idea per cell. A wrapped statement
    counts once.
    """
    cells = [slot for slot in plan.code_slots if not slot.inlined]
    if plan.lesson.kind == "exercise" or len(cells) < 2:
        return []
    lengths = [_statements(slot.code) for slot in cells]
    middle, long = statistics.median(lengths), statistics.quantiles(lengths, n=10)[-1]
    found = []
    if middle > MEDIAN_LINES:
        found.append(
            f"the median code cell has {middle:g} lines; one idea per cell needs at most"
            f" {MEDIAN_LINES}"
        )
    if long > LONG_LINES:
        found.append(f"a tenth of the code cells has over {LONG_LINES} lines")
    return [
        Problem(plan.lesson.path, 0, "", what, "split cells, each ending on the value it is about")
        for what in found
    ]


def _statements(code: str) -> int:
    try:
        found = tokenize.generate_tokens(io.StringIO(code).readline)
        return sum(token.type == tokenize.NEWLINE for token in found)
    except (tokenize.TokenError, SyntaxError):  # an IPython command
        return sum(1 for line in code.split("\n") if line.strip() and line.strip()[0] != "#")


def width_problems(plan: Plan) -> list[Problem]:
    """Whether the code that readers see fits into a page, so that nobody scrolls sideways."""
    found = []
    for slot in plan.code_slots:
        if "hide-input" in slot.meta.get("tags", []):
            continue
        for text in dict.fromkeys(slot.text[lang] for lang in LANGUAGES):
            seen = _UNSEEN.sub(lambda match: "\n" * match[0].count("\n"), text)
            for number, line in enumerate(seen.split("\n")):
                if (columns := width(line)) <= MOST_COLUMNS:
                    continue
                what = (
                    f"{columns} columns of code, of which {MOST_COLUMNS} are shown:"
                    f" {line.strip()[:40]}…"
                )
                place = None if slot.inlined or "course" in slot.meta else number
                found.append(
                    plan.lesson.problem(slot.cells[0], what, "wrap the line", offset=place)
                )
    return found


def korean_problems(plan: Plan) -> list[Problem]:
    """Korean in the code of the English edition. Playgrounds are no part of a plan: their script is
    one for both languages, and shows that of its page.
    """
    mend = 'write what is said as hint("한국어", "English"), the rest in English'
    return [
        plan.lesson.problem(
            slot.cells[0],
            f"Korean in the code of the English edition: {line.strip()[:40]}",
            mend,
            offset=None if slot.inlined or "course" in slot.meta else number,
        )
        for slot in plan.code_slots
        for number, line in enumerate(slot.text["en"].split("\n"))
        if _HANGUL.search(line)
    ]


def _generated_problems(root: Path, plan: Plan) -> list[Problem]:
    """What is wrong with the committed files that the lesson generates."""
    rebuild = f"run python -m book.bilingual build {plan.lesson.name}, and commit what it writes"
    outcome = render.read_committed(root, plan)
    if outcome is None:
        missing = not (root / render.instructor_path(plan, "ko")).is_file()
        what = (
            "has never been built"
            if missing
            else "its code or book/labels.yml changed since the committed outputs were made"
        )
        return [Problem(plan.lesson.path, 0, "", what, rebuild)]
    problems = [*render.figure_problems(plan, outcome), *render.number_problems(plan, outcome)]
    if outcome.stand_in:
        what = (
            "the committed outputs come from stand-in data; only outputs from real data are"
            " committed"
        )
        problems.append(Problem(plan.lesson.path, 0, "", what, f"set COURSE_DATA, then {rebuild}"))
    files = render.render(root, plan, outcome)
    for path, text in files.items():
        there = (root / path).read_text(encoding="utf-8") if (root / path).is_file() else None
        if there != text:
            what = (
                "is missing"
                if there is None
                else f"differs from its source {plan.lesson.path}: {_difference(there, text)}"
            )
            problems.append(Problem(path, 0, "", what, rebuild))
    return problems


def _difference(there: str, wanted: str) -> str:
    """The first difference, in words: the cell of a notebook, or the line of a page."""
    try:
        old, new = json.loads(there), json.loads(wanted)
        for a, b in zip(old["cells"], new["cells"], strict=False):
            keys = [key for key in sorted({*a, *b}) if a.get(key) != b.get(key)]
            if keys:
                return f"cell {b.get('id')!r}, {', '.join(keys)}"
        return "number of cells, or notebook metadata"
    except (ValueError, KeyError, TypeError):
        lines = difflib.unified_diff(there.splitlines(), wanted.splitlines(), n=0, lineterm="")
        return next(
            (line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")),
            "line ends",
        )[:100]


def _orphans(root: Path, expected: set[str], unread: set[str]) -> list[Problem]:
    """Generated files that no source generates any more; `unread` names sources that could not be
    read.
    """
    found = []
    for folder in GENERATED:
        for path in sorted((root / folder).rglob("*")):
            relative = path.relative_to(root).as_posix()
            known = (
                relative in expected or path.stem in unread or ".ipynb_checkpoints" in path.parts
            )
            if path.is_file() and not known:
                found.append(
                    Problem(
                        relative,
                        0,
                        "",
                        "no source generates this file",
                        "remove it, or restore its source",
                    )
                )
    return found
