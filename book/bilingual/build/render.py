"""A plan and its outcome become notebooks and pages; a committed notebook gives its outcome
back.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_notebook, new_output

from autograder.stubs import LANGUAGES
from book.bilingual.build import assignment
from book.bilingual.build.execute import KERNELSPEC, Outcome
from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.lesson import answers, labels, markdown, printed, quiz
from book.bilingual.lesson import drawn as drawings
from book.bilingual.lesson.exercise import student_notebook
from book.bilingual.lesson.in_language import HINT
from book.bilingual.lesson.inline import FOLDED
from book.bilingual.lesson.plan import Plan, Slot
from book.bilingual.lesson.values import Value
from book.site import embedded
from book.site.words import word

LANGUAGE_INFO = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


def dump(notebook: nbformat.NotebookNode) -> str:
    """A notebook as it is committed."""
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook, version=nbformat.NO_CONVERT)).rstrip("\n") + "\n"


def instructor_path(plan: Plan, lang: str) -> str:
    """Where the notebook with the outputs lies, relative to the root."""
    name = plan.lesson.name
    return (
        f"solutions/{lang}/{name}/{name}.ipynb"
        if plan.lesson.kind == "exercise"
        else f"notebooks/{lang}/{name}.ipynb"
    )


def generated_paths(plan: Plan) -> set[str]:
    """Every path that the lesson generates, relative to the root."""
    lesson = plan.lesson
    if lesson.is_index:
        return {"notebooks/index.md"}
    ending = "ipynb" if lesson.is_notebook else "md"
    paths = {f"notebooks/{lang}/{lesson.name}.{ending}" for lang in LANGUAGES}
    paths |= {instructor_path(plan, lang) for lang in LANGUAGES} if lesson.is_notebook else set()
    return paths | ({assignment.path(lesson.name)} if assignment.is_compiled(plan) else set())


def render(root: Path, plan: Plan, outcome: Outcome) -> dict[str, str]:
    """Every file that the lesson generates: path relative to the root → text."""
    lesson = plan.lesson
    if lesson.is_index:
        return {"notebooks/index.md": "\n\n".join(cell.text for cell in lesson.cells) + "\n"}
    if not lesson.is_notebook:
        return {f"notebooks/{lang}/{lesson.name}.md": _page(root, plan, lang) for lang in LANGUAGES}
    files = (
        {assignment.path(lesson.name): assignment.compiled(plan)}
        if assignment.is_compiled(plan)
        else {}
    )
    for lang in LANGUAGES:
        notebook = _notebook(root, plan, outcome, lang)
        files[instructor_path(plan, lang)] = dump(notebook)
        if lesson.kind == "exercise":
            files[f"notebooks/{lang}/{lesson.name}.ipynb"] = dump(student_notebook(notebook, lang))
    return files


def _page(root: Path, plan: Plan, lang: str) -> str:
    note = f"<!-- Generated from {plan.lesson.path} by `make notebooks`; edit that file. -->"
    known, shelf = quiz.beliefs(root), drawings.Shelf(root, plan.lesson, lang)
    body = "\n\n".join(shelf.placed(_text(slot, lang, known), slot.cells) for slot in plan.slots)
    return f"{_generated(root, plan, body, lang)}\n\n{note}\n"


def _generated(root: Path, plan: Plan, text: str, lang: str) -> str:
    """`text` with each generator's line replaced by what it gives."""
    lines = text.split("\n")
    for number, name in markdown.generator_lines(text):
        lines[number] = _generate(root, plan, name, lang)
    return "\n".join(lines)


def _generate(root: Path, plan: Plan, name: str, lang: str) -> str:
    if name == "glossary":
        from book.bilingual.lesson.glossary import glossary_table

        return glossary_table(root, lang)
    if name == "studies":
        from book.bilingual.studies.evidence_table import table

        return table(root, lang)
    if name.startswith("rows "):
        from book.bilingual.studies.evidence_table import rows_table

        _, study, *metrics = name.split()
        return rows_table(root, study, metrics, lang)
    if name == "margins":
        from book.bilingual.studies import margin_record

        return margin_record.table(root, lang)
    if name == "costs":
        from book.bilingual.studies import costs

        return costs.table(root, lang)
    if name == "timings":
        from book.bilingual.gates import timings

        return timings.table(root, lang)
    if name == "points":
        from book.bilingual.gates import timings

        return timings.points_table(root, plan.lesson, lang)
    from book.bilingual.lesson.links import AddressError, colab_links

    try:
        return str(colab_links(root, lang))
    except (AddressError, OSError) as error:
        mend = "name the two repositories in _config.yml"
        raise ProblemsFound([Problem("_config.yml", 0, "", str(error), mend)]) from error


def _text(slot: Slot, lang: str, known: dict[str, quiz.Belief]) -> str:
    if not slot.quiz:
        return slot.text[lang]
    return quiz.shown(slot.text[lang], slot.quiz, lang, known, later=slot.later)


def _markdown_cell(name: str, source: str, meta: dict[str, Any]) -> nbformat.NotebookNode:
    """As nbformat's `new_markdown_cell`, but looked at when the notebook is, not twice."""
    cell = {"id": name, "cell_type": "markdown", "source": source, "metadata": meta}
    return nbformat.from_dict(cell)


def _notebook(root: Path, plan: Plan, outcome: Outcome, lang: str) -> nbformat.NotebookNode:
    cells, count = [], 0
    known, shelf = quiz.beliefs(root), drawings.Shelf(root, plan.lesson, lang)
    placer = embedded.Placer(root, plan.lesson.name, lang)
    for slot in plan.slots:
        if slot.kind == "markdown":
            cells += placer.before(slot.text[lang])
            text = _filled(shelf.placed(_text(slot, lang, known), slot.cells), slot, outcome)
            text = _generated(root, plan, text, lang)
            cells.append(_markdown_cell(slot.id, text, _metadata(slot, outcome)))
            continue
        meta = _metadata(slot, outcome)
        if slot.alt:
            meta["mystnb"] = {
                "image": {"alt": " ".join(_filled(slot.alt[lang], slot, outcome).split())}
            }
        caption = shelf.caption(slot.caption[lang]) if slot.caption else ""
        if caption:  # below the figure, and inside its fold
            meta.setdefault("mystnb", {})["figure"] = {"caption": caption}
        left, drawn = outcome.outputs[count], outcome.pictures[count]
        left = outcome.korean.get(count, left) if lang == "ko" else left
        if drawn and lang == "ko":
            left = labels.with_figures(left, [each.png for each in drawn])
            seen = {label: korean for each in drawn for label, korean in each.labels.items()}
            meta["course"] = {**meta.get("course", {}), "labels": seen}
        if slot.live:
            left = [new_output("display_data", data={"text/markdown": slot.live[lang]})]
        count += 1
        shown, asserted = slot.shown(lang)
        if not shown:  # nothing but assertions
            shown, asserted = _check_code(asserted, lang), ""
            meta |= json.loads(json.dumps(FOLDED))
        cell = {"id": slot.id, "cell_type": "code", "source": shown, "metadata": meta}
        cells.append(nbformat.from_dict(cell | {"execution_count": count, "outputs": left}))
        if caption:  # for Jupyter and Colab, which do not know the cell's
            name, tags = f"{slot.id}-caption", {"tags": ["remove-cell"]}
            cells.append(_markdown_cell(name, caption, tags))
        if asserted:
            cells.append(_check_cell(slot.id, asserted, lang, count))
    cells += placer.rest()
    course = {
        "code": plan.code_hash,
        "lang": lang,
        "source": plan.lesson.path,
        "stand_in": outcome.stand_in,
    }
    meta = {"course": course, "kernelspec": dict(KERNELSPEC), "language_info": dict(LANGUAGE_INFO)}
    return new_notebook(cells=cells, metadata=meta)


def _check_cell(name: str, asserted: str, lang: str, count: int) -> nbformat.NotebookNode:
    """What a cell that answers a prediction asserts, folded: the answer is not read above it."""
    meta = json.loads(json.dumps(FOLDED)) | {"tags": ["remove-cell"]}  # the site folds the answer
    cell = {
        "id": f"{name}{answers.CHECK}",
        "cell_type": "code",
        "source": _check_code(asserted, lang),
        "metadata": meta,
        "execution_count": count,
        "outputs": [],
    }
    return nbformat.from_dict(cell)


def _check_code(asserted: str, lang: str) -> str:
    return f"#@title {word(lang, 'asserted')}\n{asserted}"


def _is_run(cell: nbformat.NotebookNode) -> bool:
    """Whether it is a cell that a plan's run leaves outputs of: no playground, no assertions taken
    from another.
    """
    apart = embedded.is_embedded(cell) or str(cell.id).endswith(answers.CHECK)
    return bool(cell.cell_type == "code" and not apart)


def _filled(text: str, slot: Slot, outcome: Outcome) -> str:
    return markdown.fill(
        text, {(key[1], key[2]): outcome.values[key].text for key, _ in slot.value_keys()}
    )


def _metadata(slot: Slot, outcome: Outcome) -> dict[str, Any]:
    meta = json.loads(json.dumps(slot.meta))
    entries = []
    # a quiz quotes: the prose above it is checked
    for key, holder in [] if slot.quiz else slot.value_keys():
        value = outcome.values[key]
        entries.append(
            {
                "expr": key[1],
                "format": key[2],
                "tolerance": holder.tolerance,
                "text": value.text,
                "value": value.number,
            }
        )
    return meta | ({"course": {**meta.get("course", {}), "values": entries}} if entries else {})


def committed_outcome(
    korean: nbformat.NotebookNode, english: nbformat.NotebookNode | None
) -> Outcome:
    """Outputs and values of a committed notebook; what they say and draw is that of both
    languages.
    """
    outcome = Outcome(stand_in=bool(korean.metadata.get("course", {}).get("stand_in")))
    other = {cell.id: cell.get("outputs", []) for cell in english.cells} if english else {}
    for cell in korean.cells:
        if _is_run(cell):
            pictures = _pictures(cell)
            outputs = [json.loads(json.dumps(output)) for output in cell.outputs]
            left = other.get(cell.id, outputs)
            if printed.text(left) != printed.text(outputs):
                outcome.korean[len(outcome.outputs)] = outputs
                outputs = json.loads(json.dumps(left))
            elif pictures and len(labels.figures(left)) == len(pictures):
                outputs = labels.with_figures(outputs, labels.figures(left))
            outcome.outputs.append(outputs)
            outcome.pictures.append(pictures)
        for value in cell.metadata.get("course", {}).get("values", []):
            key = (len(outcome.outputs), value["expr"], value["format"])
            outcome.values[key] = Value(value["text"], value["value"])
    return outcome


def _pictures(cell: nbformat.NotebookNode) -> list[labels.Picture]:
    """The figures of a Korean cell; none where it was not drawn with Korean labels."""
    seen = cell.metadata.get("course", {}).get("labels")
    return [] if seen is None else [labels.Picture(png, dict(seen)) for png in _figures(cell)]


def _figures(cell: nbformat.NotebookNode) -> list[str]:
    return labels.figures(cell.get("outputs", []))


def read_committed(root: Path, plan: Plan) -> Outcome | None:
    """The committed outcome of the plan; None when there is none, or when it belongs to other
    code.
    """
    if not plan.lesson.is_notebook:
        return Outcome()
    korean, english = _committed(root, plan)
    if korean is None or korean.metadata.get("course", {}).get("code") != plan.code_hash:
        return None
    outcome = committed_outcome(korean, english)
    if not any(HINT in slot.code for slot in plan.code_slots):  # both editions print the same
        for place, korean_outputs in outcome.korean.items():
            drawn = labels.figures(outcome.outputs[place])
            if len(drawn) == len(labels.figures(korean_outputs)):
                korean_outputs = labels.with_figures(korean_outputs, drawn)
            outcome.outputs[place] = korean_outputs
        outcome.korean.clear()
    whole = len(outcome.outputs) == len(plan.code_slots) and all(
        key in outcome.values for key, _ in plan.value_keys()
    )
    return outcome if whole and _labels_are_current(root, outcome) else None


def _committed(root: Path, plan: Plan) -> list[nbformat.NotebookNode | None]:
    """The notebook of each language; None for one that is not there or cannot be read."""
    found: list[nbformat.NotebookNode | None] = []
    for lang in LANGUAGES:
        try:
            found.append(nbformat.read(root / instructor_path(plan, lang), as_version=4))
        except (OSError, ValueError, nbformat.ValidationError):
            found.append(None)
    return found


def _labels_are_current(root: Path, outcome: Outcome) -> bool:
    """Whether each figure was drawn with the Korean labels of today."""
    known = labels.table(root)
    return all(
        len(drawn) == len(labels.figures(outputs))
        and all(
            labels.translated(label, known) == korean
            for each in drawn
            for label, korean in each.labels.items()
        )
        for outputs, drawn in zip(outcome.outputs, outcome.pictures, strict=True)
    )


def so_far(root: Path, plan: Plan, outcome: Outcome) -> dict[str, str]:
    """The lesson's files while it runs: the outputs that are there, the others as committed.

    {} unless the cell that ran last is a new one. What they hold belongs to no code, so no build
    takes it for its own.
    """
    done, codes = len(outcome.outputs), [slot.shown("ko")[0] for slot in plan.code_slots]
    notebook, english = _committed(root, plan) if done else (None, None)
    if notebook is None:
        return {}
    before = committed_outcome(notebook, english)
    known = dict(
        zip(
            (cell.source for cell in notebook.cells if _is_run(cell)),
            zip(before.outputs, before.pictures, strict=True),
            strict=True,
        )
    )
    if codes[done - 1] in known:
        return {}
    places = {cell.source: place for place, cell in enumerate(filter(_is_run, notebook.cells))}
    korean = {
        place: before.korean[places[code]]
        for place, code in enumerate(codes[done:], start=done)
        if places.get(code) in before.korean
    }
    values = {key[1:]: value for key, value in before.values.items()}
    shown = Outcome(
        outputs=[*outcome.outputs, *(known.get(code, ([], []))[0] for code in codes[done:])],
        korean=outcome.korean | korean,
        pictures=[*outcome.pictures, *(known.get(code, ([], []))[1] for code in codes[done:])],
        values={
            key: outcome.values.get(key) or values.get(key[1:]) or Value("…", None)
            for key, _ in plan.value_keys()
        },
        stand_in=before.stand_in,
    )
    return render(root, replace(plan, code_hash=""), shown)


def number_problems(plan: Plan, outcome: Outcome) -> list[Problem]:
    """Cells whose committed outputs are not those of one run."""
    what = "the two editions print different numbers"
    mend = f"run python -m book.bilingual build --force {plan.lesson.name}"
    return [
        plan.lesson.problem(plan.code_slots[place].cells[0], what, mend)
        for place, korean in outcome.korean.items()
        if not printed.same_numbers(outcome.outputs[place], korean)
    ]


def figure_problems(plan: Plan, outcome: Outcome) -> list[Problem]:
    """Cells that draw a figure without saying what it shows, or say it and draw none."""
    found = []
    read = plan.lesson.kind != "exercise"  # a chapter, or a page with code
    for slot, outputs, drawn in zip(
        plan.code_slots, outcome.outputs, outcome.pictures, strict=True
    ):
        draws = any(
            mime.startswith("image/") for output in outputs for mime in output.get("data", {})
        )
        if draws and not slot.alt:
            what = "draws a figure without alt text; a blind reader gets nothing"
            found.append(
                plan.lesson.problem(
                    slot.cells[0], what, "add `alt: {ko: …, en: …}` that states the finding"
                )
            )
        elif draws and not slot.caption and read:
            what = "draws a figure without a caption"
            mend = "add `caption: {ko: …, en: …}` that says how to read it"
            found.append(plan.lesson.problem(slot.cells[0], what, mend))
        if (slot.alt or slot.caption) and not draws:
            what = "has an alt text or a caption but draws no figure"
            mend = "draw the figure here, or remove `alt` and `caption`"
            found.append(plan.lesson.problem(slot.cells[0], what, mend))
        unsaid = [label for each in drawn for label, korean in each.labels.items() if not korean]
        if unsaid and read:
            what = f"labels of a figure without Korean: {', '.join(map(repr, unsaid))}"
            mend = f"add them to {labels.FILE}, as they are where Korean readers see the same"
            found.append(plan.lesson.problem(slot.cells[0], what, mend))
    return found
