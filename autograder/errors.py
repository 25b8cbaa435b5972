"""Every error that this package raises on purpose.

AutograderError
├── CaseError         an assignment is wrong: its author fixes it
├── WireError         a message between grader and probe is malformed or too large
├── StudentFault      the student's process gave no reply: it died, hung, or sent nonsense
├── KernelError       the machine gave no kernel, or no fork server
├── Unreadable        a hand-in's file is no notebook
├── ArchiveRefused    an archive, or an entry of one, is not unpacked
├── AnswerError       a file of the answer library is wrong
│   └── PointsError   the points of an answer are not what its lost tests leave
├── SettingError      an environment variable holds what it may not
└── GradingError      a class cannot be graded as asked: wrong path, missing release,
nbgrader failed
    └── SandboxError  the machine lacks a layer that the promise needs

Two are none of them. `engine.page.TooLong` (out of CPU time) is no `Exception`, so that nothing
suppresses it; what `operators` and `wire` raise in the student's process is of their own making
there, where this package is not.
"""


class AutograderError(Exception):
    """Base of this package's errors."""


class CaseError(AutograderError):
    """An assignment's cells or hidden cases are wrong; the message names file, cell, case, value
    and fix.
    """


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


class KernelError(AutograderError):
    """A kernel, or the fork server, could not be started; the message says why."""


class Unreadable(AutograderError):
    """A file is no notebook; the message says what it is instead and what can be done."""


class ArchiveRefused(AutograderError):
    """An archive, or an entry, is not unpacked; the message names it and says why and what can be
    done.
    """


class AnswerError(AutograderError):
    """A file of the answer library cannot be used; the message names it and the fix."""


class PointsError(AnswerError):
    """The points of an answer are not what its lost tests leave."""


class SettingError(AutograderError):
    """An environment variable cannot be read; the message names it, its value and what to set."""


class GradingError(AutograderError):
    """A class cannot be graded as asked."""


class SandboxError(GradingError):
    """The machine lacks a layer that the promise needs, and nobody has agreed to grade
    without it.
    """
