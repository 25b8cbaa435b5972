"""A hand-in's time: one budget for all of its tries, which other processes' load does not eat."""

import time
from dataclasses import dataclass
from pathlib import Path

_PATIENCE = 1.5  # times `total_s`, at most, for time that others took
_TRIFLE_S = 0.05


@dataclass(frozen=True)
class Budget:
    """Of one hand-in, s and bytes. Time does not count while the kernel, or the worker, is ready
    and other processes have the cores; nor does the time that the judge takes between two
    questions.

    `cell_s`: of each cell, and of all questions about one function. `probe_s`: of each question.
    `questions_s`: of all questions. `total_s`: of all cells, in all tries, restarts and repetitions
    together; questions have theirs beside it, so that cells that compute for long leave time for
    them. `output_bytes`: of each cell; `kept_bytes`: of what is remembered of all cells' outputs.
    """

    cell_s: float = 30.0
    probe_s: float = 20.0
    questions_s: float = 90.0
    total_s: float = 300.0
    output_bytes: int = 8 << 20
    kept_bytes: int = 24 << 20
    restarts: int = 20

    @property
    def longest_s(self) -> float:
        """What a hand-in can take in all by the wall, with all that may be given back."""
        return self.total_s * (1 + _PATIENCE) + self.questions_s + self.cell_s


class Clock:
    """What is left of a budget, for the sessions of one hand-in one after the other. `spent`: by
    earlier tries, s.
    """

    def __init__(self, budget: Budget, spent: float = 0.0) -> None:
        self.budget = budget
        self.cells_s = budget.total_s - spent
        self.questions_s = budget.questions_s
        self.patience_s = _PATIENCE * budget.total_s
        self._began = time.monotonic() - spent
        self._waited = waited_s()

    @property
    def spent(self) -> float:
        """Seconds since the first try began, by the wall."""
        return time.monotonic() - self._began

    def start(self) -> None:
        """What this process has waited until now is no longer asked about."""
        self._waited = waited_s()

    def others_took(self, kernel_s: float) -> float:
        """Seconds to give back: `kernel_s`, which the kernel stood waiting, and what this thread
        has since `start` or this was last asked. 0 if they are a trifle, or if patience is at its
        end.
        """
        now = waited_s()
        taken = min(now - self._waited + kernel_s, self.patience_s)
        self._waited = now
        self.patience_s -= taken
        return taken if taken > _TRIFLE_S else 0.0


def waited_s() -> float:
    """Seconds that this thread has stood ready without a core; 0 where that is not counted."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
