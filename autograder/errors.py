"""Every error that this package raises on purpose.

AutograderError
├── CaseError       an exercise's source is wrong: its author mends it
├── WireError       a message between grader and probe is malformed or too large
├── StudentFault    the student's process gave no reply: it died, hung, or sent nonsense
├── AnswerError     a file of the answer library is wrong
├── SettingError    an environment variable holds what it may not
└── GradingError    a class cannot be graded as asked: wrong path, missing release, nbgrader failed
"""


class AutograderError(Exception):
    """Base of this package's errors."""


class CaseError(AutograderError):
    """An exercise's cells or hidden cases are wrong; the message names file, cell, case, value and mend."""


class WireError(AutograderError):
    """A message is malformed, too deep or too large."""


class StudentFault(AutograderError):
    """The student's process could not answer; raised by whoever carries requests to it.

    `kind` is one of `FAULT_KINDS`: the judge words the hint from it.
    """

    def __init__(self, kind: str, message: str = "") -> None:
        super().__init__(message or kind)
        self.kind = kind


FAULT_KINDS = ("timeout", "memory", "died", "malformed", "output", "spent")


class AnswerError(AutograderError):
    """A file of the answer library cannot be used; the message names it and the mend."""


class SettingError(AutograderError):
    """An environment variable cannot be read; the message names it, its value and what to set."""


class GradingError(AutograderError):
    """A class cannot be graded as asked."""
