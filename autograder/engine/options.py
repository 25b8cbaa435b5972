"""How to run; apart from `classrun`, which takes seconds to import."""

from dataclasses import dataclass, field

from ..sandbox import Limits
from .clock import Budget


@dataclass(frozen=True)
class Options:
    """How to run. `accept_missing`: sandbox layers to do without, with the instructor's consent;
    `students`: only these; `cluster`: address of a Dask scheduler whose workers grade;
    `keep_warm`: minutes for which the fork server outlives the run.
    """

    workers: int = 0
    force: bool = False
    accept_missing: tuple[str, ...] = ()
    cluster: str = ""
    students: tuple[str, ...] = ()
    keep_warm: float = 0.0
    budget: Budget = field(default_factory=Budget)
    limits: Limits = field(default_factory=Limits)
