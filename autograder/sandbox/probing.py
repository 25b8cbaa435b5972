"""Which layers this machine offers, found by trying each in a process of its own, and the refusal to grade without
them.
"""

import json
import os
import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import click

from ..errors import SandboxError
from .policy import LAYERS, NEEDED, Limits

if sys.platform == "linux":
    from . import confine, rootview, syscalls
    from .layers import landlock, seccomp


@dataclass(frozen=True)
class LayerReport:
    """`problems`: layer to the reason why it is not to be had (or was switched off); `privileged`: made without a
    user namespace.
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
        """Of each layer: whether it holds, its name, its promise, with the reason where it does not hold."""
        found = []
        for name, promise in LAYERS.items():
            problem = self.problems.get(name)
            found.append((problem is None, name, f"{promise} ({problem})" if problem else promise))
        return found

    def describe(self) -> str:
        """One line per layer for the console."""
        return "\n".join(f"{'on ' if holds else 'OFF'} {name:<9} {said}" for holds, name, said in self.rows())


def _in_child(action: Callable[[], None]) -> str | None:
    """Run `action` in a forked process; None if it succeeds, else the reason. Only for actions without Python threads
    or imports.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        problem = ""
        try:
            action()
        except BaseException as error:
            problem = f"{type(error).__name__}: {error}"
        os.write(writer, problem.encode()[:4000])
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        problem = file.read().decode()
    _, status = os.waitpid(pid, 0)
    if status:
        return problem or f"the trial ended with status {status}"
    return problem or None


def _try_namespace(flag: int, privileged: bool) -> None:
    if not privileged:
        syscalls.unshare(syscalls.CLONE_NEWUSER)
    syscalls.unshare(flag)


def _try_view(privileged: bool) -> None:
    """The whole view, since single calls can work where their combination does not (a masked /proc in a container)."""
    reader, writer = os.pipe()
    pid = -1
    try:
        pid = confine.enclose_server(["mount", "pid", "ipc", "net"], {}, privileged)
        if pid == 0:
            problem = _in_child_of_own_tree(privileged)
            os.write(writer, (problem or "").encode()[:4000])
            os._exit(0)
    except BaseException as error:
        if pid != 0:
            raise
        os.write(writer, f"{type(error).__name__}: {error}".encode()[:4000])
        os._exit(0)
    os.close(writer)
    os.waitpid(pid, 0)
    if problem := os.read(reader, 4000).decode():
        raise OSError(problem)


def _in_child_of_own_tree(privileged: bool) -> str | None:
    active = [name for name in LAYERS if name != "landlock"]
    own = os.open("/proc/self/ns/pid", os.O_RDONLY)
    confine.new_pid_namespace()
    problem = _in_child(lambda: confine.confine_kernel(active, Limits().as_dict(), 0, privileged))
    confine.old_pid_namespace(own)
    return problem


def probe() -> LayerReport:
    """Try each layer. Takes a few tens of ms; call it from a process without threads, before a gradebook is open."""
    if sys.platform != "linux":
        return LayerReport(dict.fromkeys(LAYERS, f"needs Linux, this is {sys.platform}"), False)
    privileged = confine.is_privileged()
    trials: dict[str, Callable[[], None]] = {
        "pid": lambda: _try_namespace(syscalls.CLONE_NEWPID, privileged),
        "net": lambda: _try_namespace(syscalls.CLONE_NEWNET, privileged),
        "ipc": lambda: _try_namespace(syscalls.CLONE_NEWIPC, privileged),
        "mount": lambda: _try_view(privileged),
        "seccomp": seccomp.install,
        "landlock": lambda: _try_landlock(),
    }
    problems = {name: problem for name, trial in trials.items() if (problem := _in_child(trial))}
    return LayerReport(problems, privileged)


def _try_landlock() -> None:
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    landlock.restrict(rootview.readable_trees(), [], [])


def demand(report: LayerReport, accept_missing: Collection[str] = ()) -> list[str]:
    """Refuse to go on without what the promise needs; returns what is missing with consent. `accept_missing`: layers
    that the instructor agreed to do without, or `all`.
    """
    unknown = sorted(set(accept_missing) - {*LAYERS, "all"})
    if unknown:
        raise SandboxError(f"Unknown layer {', '.join(unknown)}: there are {', '.join(LAYERS)}, and all.")
    if "all" in accept_missing:
        return list(report.problems)
    if not report.active:
        raise SandboxError(
            f"Refusing to grade: there is no sandbox at all ({next(iter(report.problems.values()))}). Student code "
            "would run as you: it could read, change and send whatever you can, the gradebook and other hand-ins "
            "included. Grade on Linux (a virtual machine will do), or, if you trust everyone who handed in, confirm "
            "with --accept-missing all; each hand-in then runs in an ordinary kernel, and the gradebook says so."
        )
    lacking = [name for name in report.problems if name in NEEDED and name not in accept_missing]
    if lacking:
        reasons = "; ".join(f"{name} ({report.problems[name]}): {LAYERS[name]}" for name in lacking)
        raise SandboxError(
            f"Refusing to grade: this machine lacks {reasons}. Student code could do harm or forge results. Grade on a "
            f"machine that has it, or accept the risk with --accept-missing {','.join(lacking)}; the gradebook then "
            "says so."
        )
    return [name for name in LAYERS if name in accept_missing]


@click.command()
def main() -> None:
    """Print which layers of the sandbox this machine offers, each with its promise; then the same as JSON, in one line.

    Exit status 1: one that is needed is missing, so that grading would refuse without --accept-missing.
    """
    report = probe()
    print(report.describe())
    print(json.dumps({"privileged": report.privileged, "active": report.active}))
    sys.exit(any(name in NEEDED for name in report.problems))
