"""The layers, in the order in which they are set up: every class in this folder that has a name. A
new one is a file.
"""

import importlib
import pkgutil

from ..layer import Layer


def _found() -> list[Layer]:
    names = [f"{__name__}.{entry.name}" for entry in pkgutil.iter_modules(__path__)]
    return [
        value()
        for module in map(importlib.import_module, names)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Layer) and value is not Layer
    ]


LAYERS = {layer.name: layer for layer in sorted(_found(), key=lambda layer: layer.turn)}
NEEDED = frozenset(name for name, layer in LAYERS.items() if layer.needed)
