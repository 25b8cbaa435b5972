"""The plain runner: hidden cases evaluated in the notebook's own process, for stock nbgrader.

The generated `### BEGIN HIDDEN TESTS` block of an instructor notebook calls `check("<assignment>",
"<test id>", globals())`. It forms the same verdict as the sandboxed engine, but within reach of the
student's code: use it for your own runs and where you trust the class.
"""

from __future__ import annotations

import hashlib
from typing import Any

from autograder import exercise, judge, settings
from autograder.probe import entry


def check(assignment: str, test_id: str, namespace: dict[str, Any]) -> None:
    """Raise `AssertionError` with the bilingual hint when the test cell's hidden cases fail;
    nothing otherwise.
    """
    found = exercise.load(assignment)
    cells = (
        [str(cell) for cell in namespace["In"]] if isinstance(namespace.get("In"), list) else None
    )
    verdict = judge.judge_test(
        found,
        found.tests[test_id],
        lambda request: entry.answer(request, namespace),
        secret=settings.SECRET(),
        submission=hashlib.sha256("\0".join(cells or []).encode("utf-8", "replace")).hexdigest(),
        cells=cells,
    )
    if verdict.problem is not None:
        raise AssertionError(str(verdict.problem.hint))
