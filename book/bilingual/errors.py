"""What can go wrong in the bilingual tool.

BilingualError
├── ProblemsFound    one or several `Problem`s: each names file, line, cell, and the mend
├── StandInError     outputs or rows come from stand-in data and must not be kept or compared
└── StudyError       a multi-seed study is unknown, failed, or does not agree with its recorded rows
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One fault, where it is, and what to do about it."""

    path: str  # relative to the project's root
    line: int  # 1-based; 0 when the fault has no line
    cell: str  # such as "cell 7 (en)"; empty when the fault is the file's
    what: str  # the thing, the value, the consequence
    mend: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        cell = f" {self.cell}:" if self.cell else ""
        return f"{place}:{cell} {self.what}\n    mend: {self.mend}"


class BilingualError(Exception):
    """Base of all errors that the tool raises on purpose; its text is shown without a traceback."""


class ProblemsFound(BilingualError):
    """The sources or the generated files are wrong; nothing was written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class StandInError(BilingualError):
    """A notebook or a study ran on stand-in data, so what it gave must not be committed or
    compared.
    """


class StudyError(BilingualError):
    """A multi-seed study cannot be run, read or confirmed."""
