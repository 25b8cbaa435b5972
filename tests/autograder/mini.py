"""Small assignments in the shape of the course's own, on which tests prove the case format."""

import functools
from pathlib import Path
from textwrap import dedent

import yaml

from autograder import judge
from autograder.exercise import FORMAT, Exercise, read
from autograder.probe import entry

HINT = "hint: {ko: 힌트입니다, en: a hint}"

IMPORTS = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F"


def assignment(
    solutions: dict[str, str], tests: dict[str, tuple[float, str]], manual: float = 10
) -> Exercise:
    """An assignment as the build compiles it, from solution cells and from test cells (points,
    cases as YAML).
    """
    cells = [{"kind": "plain", "id": "", "source": IMPORTS}]
    cells += [
        {"kind": "solution", "id": name, "source": source} for name, source in solutions.items()
    ]
    cells += [{"kind": "test", "id": name, "source": "pass"} for name in tests]
    data = {
        "format": FORMAT, "name": "ex99_mini", "source": "ex99_mini.md", "digest": "",
        "cells": cells,
        "definitions": [IMPORTS], "manual": {"short_answer": manual},
        "tests": {name: {"points": points, "cases": yaml.safe_load(text)} for name,
            (points, text) in tests.items()},
    }  # fmt: skip
    return read(data, Path("ex99_mini.json"))


def exercise(name: str, solution: str, cases: str) -> Exercise:
    """An assignment of one function or class; `cases` is its test cell's YAML, `HINT` is added if
    missing.
    """
    text = dedent(cases).strip()
    if "hint:" not in text:
        text = "\n".join(
            line + (f"\n  {HINT}" if line.startswith("- id:") else "") for line in text.splitlines()
        )
    body = dedent(solution).strip()
    lines = body.splitlines()
    marked = "\n".join([lines[0], "    ### BEGIN SOLUTION", *lines[1:], "    ### END SOLUTION"])
    return assignment({name: marked}, {f"test_{name}": (90, text)})


def verdict(of: Exercise, answer: str | None = None, submission: str = "somebody") -> judge.Verdict:
    """The verdict on an answer (the reference when None) to an assignment of one cell."""
    (name, reference), (test,) = next(iter(of.solutions.items())), of.tests.values()
    source = reference if answer is None else dedent(answer)
    namespace = of.namespace({name: source})
    cells = [*of.shared, source]
    ask = functools.partial(entry.answer, namespace=namespace)
    return judge.judge_test(of, test, ask, submission=submission, cells=cells)


def reason(of: Exercise, answer: str) -> str:
    """Why an answer lost its points; empty when it did not."""
    problem = verdict(of, answer).problem
    return problem.reason if problem else ""
