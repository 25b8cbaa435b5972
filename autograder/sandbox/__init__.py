"""The sandbox of student code: layers that are probed, reported and demanded one by one.

`Limits`, `LAYERS`, `NEEDED`: what is promised. `probe()`: which layers this machine offers. `demand()`: refuse to grade
without those that the promise needs. The forked side (`confine`, `rootview`, `seccomp`, `landlock`) is called by
`autograder.kernels.server` alone.
"""

from .policy import LAYERS, NEEDED, Limits
from .probing import LayerReport, SandboxError, demand, probe

__all__ = ["LAYERS", "NEEDED", "LayerReport", "Limits", "SandboxError", "demand", "probe"]
