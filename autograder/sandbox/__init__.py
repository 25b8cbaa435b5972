"""The sandbox of student code: layers that are probed, reported and demanded one by one.

`Limits`, `LAYERS`, `NEEDED`: what is promised. `probe()`: which layers this machine offers.
`demand()`: refuse to grade without those that the promise needs. `layer` says what a layer is;
`layers/` holds one file for each. The forked side (`confine`, `rootview`) is called by
`autograder.kernels` alone.
"""

from ..errors import SandboxError
from .layers import LAYERS, NEEDED
from .policy import Limits
from .probing import LayerReport, demand, probe

__all__ = ["LAYERS", "NEEDED", "LayerReport", "Limits", "SandboxError", "demand", "probe"]
