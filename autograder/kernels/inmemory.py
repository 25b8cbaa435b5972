"""Modules from their sources, where no file of theirs is to be had. Self-contained: a cold kernel
is sent its text.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Mapping


def load(sources: Mapping[str, str]) -> None:
    """Execute each source, in the order given, as the module of that name; a package comes before
    what is in it.
    """
    for name, source in sources.items():
        module = types.ModuleType(name)
        package, _, short = name.rpartition(".")
        module.__package__ = package
        if any(other.startswith(f"{name}.") for other in sources):
            module.__package__, module.__path__ = name, []  # a package without a folder
        sys.modules[name] = module
        if package:
            setattr(sys.modules[package], short, module)
        exec(compile(source, f"{name}.py", "exec"), module.__dict__)
