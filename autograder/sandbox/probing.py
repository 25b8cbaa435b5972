"""Which layers this machine offers, found by trying each in a process of its own, and the refusal
to grade without them.
"""

import functools
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ..errors import SandboxError
from . import confine
from .layers import LAYERS, NEEDED
from .trial import in_child


@dataclass(frozen=True)
class LayerReport:
    """`problems`: layer to the reason why it is not to be had (or was switched off); `privileged`:
    made without a user namespace.
    """

    problems: dict[str, str]
    privileged: bool

    @property
    def active(self) -> list[str]:
        """The layers that hold, in their order."""
        return [name for name in LAYERS if name not in self.problems]

    def without(self, names: Iterable[str]) -> "LayerReport":
        """The same with some layers switched off by hand."""
        return LayerReport(self.problems | dict.fromkeys(names, "switched off"), self.privileged)

    def rows(self) -> list[tuple[bool, str, str]]:
        """Of each layer: whether it holds, its name, its promise, with the reason where it does not
        hold.
        """
        found = []
        for name, layer in LAYERS.items():
            problem = self.problems.get(name)
            found.append(
                (
                    problem is None,
                    name,
                    f"{layer.promise} ({problem})" if problem else layer.promise,
                )
            )
        return found

    def describe(self) -> str:
        """One line per layer for the console."""
        return "\n".join(
            f"{'on ' if holds else 'OFF'} {name:<9} {said}" for holds, name, said in self.rows()
        )


def probe() -> LayerReport:
    """Try each layer. Takes a few tens of ms; call it from a process without threads, before a
    gradebook is open.
    """
    if sys.platform != "linux":
        return LayerReport(dict.fromkeys(LAYERS, f"needs Linux, this is {sys.platform}"), False)
    privileged = confine.is_privileged()
    trials = {name: functools.partial(layer.trial, privileged) for name, layer in LAYERS.items()}
    problems = {name: problem for name, trial in trials.items() if (problem := in_child(trial))}
    return LayerReport(problems, privileged)


def demand(report: LayerReport, accept_missing: Collection[str] = ()) -> list[str]:
    """Refuse to go on without what the promise needs; returns what is missing with consent.
    `accept_missing`: layers that the instructor agreed to do without, or `all`.
    """
    unknown = sorted(set(accept_missing) - {*LAYERS, "all"})
    if unknown:
        raise SandboxError(
            f"Unknown layer {', '.join(unknown)}: there are {', '.join(LAYERS)}, and all."
        )
    if "all" in accept_missing:
        return list(report.problems)
    if not report.active:
        raise SandboxError(
            "Refusing to grade: there is no sandbox at all"
            f" ({next(iter(report.problems.values()))}). Student code would run as you: it could"
            " read, change and send whatever you can, the gradebook and other hand-ins included."
            " Grade on Linux (a virtual machine will do), or, if you trust everyone who handed in,"
            " confirm with --accept-missing all; each hand-in then runs in an ordinary kernel, and"
            " the gradebook says so."
        )
    lacking = [name for name in report.problems if name in NEEDED and name not in accept_missing]
    if lacking:
        reasons = "; ".join(
            f"{name} ({report.problems[name]}): {LAYERS[name].promise}" for name in lacking
        )
        raise SandboxError(
            f"Refusing to grade: this machine lacks {reasons}. Student code could do harm or forge"
            " results. Grade on a machine that has it, or accept the risk with --accept-missing"
            f" {','.join(lacking)}; the gradebook then says so."
        )
    return [name for name in LAYERS if name in accept_missing]
