"""The layers, in the order in which they are set up. A new one is a file here and an entry
below.
"""

from ..layer import Layer
from .ids import Ids
from .ipc import Ipc
from .landlock import Landlock
from .mount import Mount
from .net import Net
from .pid import Pid
from .rlimits import Rlimits
from .seccomp import Seccomp
from .watchdog import Watchdog

LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (Mount(), Pid(), Net(), Ipc(), Rlimits(), Ids(), Landlock(), Seccomp(), Watchdog())
}
NEEDED = frozenset(name for name, layer in LAYERS.items() if layer.needed)
