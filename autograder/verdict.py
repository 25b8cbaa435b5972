"""What the judge says about a test cell. Apart from `judge`, which imports torch."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.cases import Hint

# key of a graded test cell's metadata: {case, hint: {ko, en}} of the verdict that it shows
METADATA = "autograder"


@dataclass(frozen=True)
class Problem:
    """Why a case failed: the hint for the student, the reason for the instructor, the fault if no
    reply came.

    `route`: the answer came about in a way that the exercise does not allow, which the incident
    report tells. `unwritten`: still the stub; `missing`: not defined; `undefined`: another name
    that it looked up in vain.
    """

    hint: Hint
    reason: str
    fault: str | None = None
    route: bool = False
    unwritten: bool = False
    missing: bool = False
    undefined: str = ""


@dataclass(frozen=True)
class Verdict:
    """The verdict on one test cell: all of its points or none."""

    test: str
    points: float
    max_points: float
    case: str | None = None  # the first case that failed
    problem: Problem | None = None

    @property
    def passed(self) -> bool:
        return self.problem is None
