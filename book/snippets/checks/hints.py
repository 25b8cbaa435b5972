"""Words for a test cell: one bilingual hint instead of a traceback that says little."""

from collections.abc import Callable
from itertools import zip_longest
from typing import Any

import torch
from torch.overrides import TorchFunctionMode


def hint(ko: str, en: str) -> str:
    """A hint in both languages, Korean first. In a notebook the build leaves that of its edition alone."""
    return f"{ko}\n{en}"


def joined(*said: str) -> str:
    """Hints one after the other; of texts in two languages, line by line."""
    lines = zip_longest(*(each.split("\n") for each in said), fillvalue="")
    return "\n".join(" ".join(part for part in parts if part) for parts in lines)


def about(what: str, said: str) -> str:
    """A hint that begins with `what` it is about, in every line."""
    return "\n".join(f"{what}: {line}" for line in said.split("\n"))


def name_of(function: Callable[..., Any]) -> str:
    """What a hint calls the student's function."""
    return str(getattr(function, "__name__", type(function).__name__))


def attempt(function: Callable[..., Any], *args: Any, advice: str = "", **kwargs: Any) -> Any:
    """Call the student's function; an unwritten stub or a crash becomes an `AssertionError` with a hint that names it.

    `advice` is a hint that follows the crash's own message: what usually is wrong with this kind of input.
    """
    name = name_of(function)
    try:
        return function(*args, **kwargs)
    except NotImplementedError:
        raise AssertionError(hint(f"`{name}`: 아직 작성하지 않았습니다.", f"`{name}`: not written yet.")) from None
    except Exception as error:
        sizes = [tuple(arg.shape) for arg in args if isinstance(arg, torch.Tensor)]
        where = f" (shape {', '.join(map(str, sizes))})" if sizes else ""
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"
        message = hint(f"`{name}` 실행 중 오류가 났습니다{where}: {said}", f"`{name}` raised an error{where}: {said}")
        raise AssertionError(f"{message}\n{advice}".strip()) from error


def expect(got: Any, want: Any, otherwise: str, mistakes: dict[str, Any] | None = None) -> None:
    """Fail unless `got` equals `want`; `mistakes` maps hints to the wrong values that they explain.

    Any other wrong value gets the hint `otherwise`. Tensors are compared in shape, then in value with a small
    tolerance; other things exactly.
    """
    if same(got, want):
        return
    for message, wrong in (mistakes or {}).items():
        assert not same(got, wrong), message
    raise AssertionError(otherwise)


def same(got: Any, want: Any) -> bool:
    """Are two answers equal: tensors by shape and, nearly, by value; other things by type and value?"""
    if not isinstance(want, torch.Tensor):
        return type(got) is type(want) and bool(got == want)
    if not isinstance(got, torch.Tensor) or got.shape != want.shape:
        return False
    return torch.allclose(got.detach().double(), want.double(), rtol=1e-4, atol=1e-5)


class _Names(TorchFunctionMode):
    """Notes the name of every torch function that is called."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.names.append(str(getattr(func, "__name__", "")).strip("_"))
        return func(*args, **(kwargs or {}))


def torch_functions(function: Callable[..., Any], *args: Any) -> list[str]:
    """Names of the torch functions called; `nn.AvgPool2d` and `F.avg_pool2d` are both `avg_pool2d`."""
    with _Names() as seen:
        attempt(function, *args)
    return [name for name in dict.fromkeys(seen.names) if name != "get"]
