"""What a session goes through: cells to execute, and places where a test stands."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """A code cell to execute. `index`: in the notebook; `needed`: of the release, so that tests
    depend on it; `quiet`: run for its effects, nobody sees what it says.
    """

    index: int
    source: str
    needed: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Mark:
    """Where a test stands."""

    test: str
