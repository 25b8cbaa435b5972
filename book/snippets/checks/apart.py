"""The tools of a notebook's cell look names up apart from the notebook, whose own names may be the same."""

import builtins
from types import FunctionType
from typing import Any


def keep_apart() -> list[str]:
    """Give the functions and classes of this cell names of their own; returns what they are called.

    Without this, a `same` of yours would take the place of the one that the tools call, and `from torch import *`
    that of Python's `sum` and `max`.
    """
    notebook, cell = keep_apart.__globals__, keep_apart.__code__.co_filename
    python = vars(builtins)
    own = {name: thing for name, thing in notebook.items() if name not in python or name.startswith("__")}
    found = {
        name: thing
        for name, thing in own.items()
        if isinstance(thing, FunctionType) and thing.__code__.co_filename == cell
    }
    for name, old in found.items():
        own[name] = _with_names(old, own)
    for name, thing in own.items():
        for method, old in list(vars(thing).items()) if isinstance(thing, type) else ():
            if isinstance(old, FunctionType) and old.__code__.co_filename == cell:
                setattr(thing, method, _with_names(old, own))
                found[name] = thing
    notebook.update({name: own[name] for name in found})
    return sorted(found)


def _with_names(function: FunctionType, names: dict[str, Any]) -> FunctionType:
    """The same function, which looks up what it does not bind itself in `names`."""
    same_code = FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
    same_code.__kwdefaults__, same_code.__annotations__ = function.__kwdefaults__, function.__annotations__
    same_code.__qualname__ = function.__qualname__
    return same_code


KEPT_APART = keep_apart()
