"""A run's fork server, and what it holds of the probe."""

from collections.abc import Sequence
from pathlib import Path

from ..kernels.handle import TENSORS, ForkServer
from ..kernels.keeper import AnyServer, keep
from ..sandbox import LayerReport

_PROBE = Path(__file__).resolve().parent.parent / "probe"
_ALONE = ("__init__", "packages")  # without a judge's questions; these need no torch
_MODULES = (  # in the order of their imports
    *(
        *_ALONE,
        "wire",
        "messages",
        "change",
        "operators",
        "tensors",
        "describe",
        "slots",
        "fixtures",
        "state",
    ),
    *("bench", "shows", "steps", "entry"),
)


def probe_sources(questions: bool = True) -> dict[str, str]:
    """What the fork server loads for the probe channel: module name to source. `questions`: will a
    judge ask?
    """
    texts = {
        name: (_PROBE / f"{name}.py").read_text(encoding="utf-8")
        for name in (_MODULES if questions else _ALONE)
    }
    return {
        "course_probe" if name == "__init__" else f"course_probe.{name}": text
        for name, text in texts.items()
    }


def start_server(
    layers: LayerReport,
    questions: bool = True,
    modules: Sequence[str] = TENSORS,
    beside: str = "",
    keep_warm: float = 0.0,
) -> AnyServer:
    """A run's fork server, which is still starting: `wait_ready` before it is asked for a kernel.
    `questions`: whether a judge will ask; `modules`: to import beforehand, see `ForkServer`;
    `beside`: folder whose files lie beside the notebooks; `keep_warm`: minutes for which the server
    outlives the run, where none lie there.
    """
    sources = probe_sources(questions)
    if keep_warm and not beside:
        return keep(keep_warm, layers.active, layers.privileged, modules, sources)
    return ForkServer(
        layers.active,
        layers.privileged,
        modules,
        die_with_parent=True,
        sources=sources,
        wait=False,
        beside=beside,
    )
