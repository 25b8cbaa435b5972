"""Small assignments in the shape of the course's own, on which tests prove the case format."""

from pathlib import Path
from textwrap import dedent

from autograder import judge, probe
from autograder.exercise import Exercise, parse

HINT = "hint: {ko: 힌트입니다, en: a hint}"

SOURCE = """
```{{code-cell}} ipython3
import torch
import torch.nn as nn
import torch.nn.functional as F
```

```{{code-cell}} ipython3
:grade: {{solution: {name}}}

{solution}
```

```{{code-cell}} ipython3
:grade: {{test: test_{name}, points: 90}}

assert callable({name})
```

```{{raw-cell}}
:cases: test_{name}

{cases}
```
"""


def exercise(name: str, solution: str, cases: str) -> Exercise:
    """An assignment of one function or class; `cases` is its test cell's YAML, `HINT` is added if missing."""
    text = dedent(cases).strip()
    if "hint:" not in text:
        text = "\n".join(line + (f"\n  {HINT}" if line.startswith("- id:") else "") for line in text.splitlines())
    body = dedent(solution).strip()
    lines = body.splitlines()
    marked = "\n".join([lines[0], "    ### BEGIN SOLUTION", *lines[1:], "    ### END SOLUTION"])
    return parse("ex99_mini", SOURCE.format(name=name, solution=marked, cases=text), Path("ex99_mini.md"))


def verdict(of: Exercise, answer: str | None = None, submission: str = "somebody") -> judge.Verdict:
    """The verdict on an answer (the reference when None) to an assignment of one cell."""
    (name, reference), (test,) = next(iter(of.solutions.items())), of.tests.values()
    source = reference if answer is None else dedent(answer)
    namespace = of.namespace({name: source})
    cells = [*of.shared, source]
    return judge.judge_test(of, test, lambda request: probe.run(request, namespace), submission=submission, cells=cells)


def reason(of: Exercise, answer: str) -> str:
    """Why an answer lost its points; empty when it did not."""
    problem = verdict(of, answer).problem
    return problem.reason if problem else ""
