"""Reads what hidden cases hold, from YAML data, with errors that name the place, the value and the
fix.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from autograder.cases import (
    DTYPES,
    FIXTURES,
    LAYOUTS,
    OPTIMIZERS,
    STAND_INS,
    VALUES,
    Construct,
    Fixture,
    Hint,
    Items,
    Loader,
    Mistake,
    Optimizer,
    Ref,
    Span,
    Tensor,
)  # fmt: skip
from autograder.errors import CaseError


class Reader:
    """Takes keys from one YAML mapping, each at most once, and complains about what is left
    over.
    """

    def __init__(self, data: Any, where: str) -> None:
        if not isinstance(data, dict):
            raise CaseError(
                f"{where}: expected a mapping, got {data!r:.80}; write `key: value` lines"
            )
        self.data, self.where, self.known = dict(data), where, list[str]()

    def take(self, key: str, read: Callable[[Any, str], Any], default: Any = ...) -> Any:
        self.known.append(key)
        if key not in self.data:
            if default is ...:
                raise CaseError(f"{self.where}: `{key}` is missing; add it")
            return default
        return read(self.data.pop(key), f"{self.where}, {key}")

    def end(self) -> None:
        if self.data:
            unknown = ", ".join(map(str, self.data))
            raise CaseError(
                f"{self.where}: unknown key {unknown}; known here are {', '.join(self.known)}"
            )


def tolerant(reader: Reader) -> dict[str, Any]:
    """What keeps one mistake from costing the points of another."""
    return {
        "neutral": reader.take("neutral", many(text), ()),
        "stand_in": dict(reader.take("stand_in", _stand_ins, ())),
    }


def _stand_ins(data: Any, where: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(data, dict):
        raise CaseError(f"{where}: expected `name: stand-in` pairs, got {data!r:.80}")
    return tuple(
        (identifier(name, where), one_of(STAND_INS)(kind, where)) for name, kind in data.items()
    )


def names_in(held: Any) -> Iterator[str]:
    """The objects that a value refers to."""
    if isinstance(held, Ref):
        yield held.name
    elif isinstance(held, Optimizer):
        yield held.of
    elif isinstance(held, Construct):
        yield from names_in([*held.args, *held.kwargs.values()])
    elif isinstance(held, Items):
        yield from names_in(list(held.items))
    elif isinstance(held, list):
        for item in held:
            yield from names_in(item)


def value(data: Any, where: str) -> Any:
    """A value as the table in CASES.md lists them: a plain one, `$name`, a list, or a mapping known
    by its first key.
    """
    if isinstance(data, str) and data.startswith("$"):
        return Ref(identifier(data[1:], where))
    if data is None or isinstance(data, bool | int | float | str):
        return data
    if isinstance(data, list):
        return Items(tuple(value(item, where) for item in data))
    if not isinstance(data, dict):
        raise CaseError(
            f"{where}: {data!r:.80} is no value; write a number, a string, a list or a mapping"
        )
    for key, read in _READERS.items():
        if key in data:
            return read(data, where)
    raise CaseError(
        f"{where}: {data!r:.80} is no value; a mapping holds one of the keys {', '.join(_READERS)}"
    )


def tensor(data: Any, where: str) -> Tensor:
    reader = Reader(data, where)
    spec = Tensor(
        shape=reader.take("shape", many(size)),
        dtype=reader.take("dtype", one_of(DTYPES), "float32"),
        layout=reader.take("layout", one_of(LAYOUTS), "contiguous"),
        values=reader.take("values", one_of(VALUES), "normal"),
        low=reader.take("low", number, 0.0),
        high=reader.take("high", number, 1.0),
        scale=reader.take("scale", number, 1.0),
        offset=reader.take("offset", number, 0.0),
        corners=reader.take("corners", many(pair(whole)), ()),
        beyond=reader.take("beyond", number, 0.0),
    )
    reader.end()
    if spec.corners and (len(spec.shape) < 3 or spec.shape[0] != len(spec.corners)):
        raise CaseError(
            f"{where}: {len(spec.corners)} corners for a tensor of shape {list(spec.shape)}; give"
            " one [height, width] for each entry of the first axis, before two more axes or more"
        )
    if spec.layout == "channels_last" and len(spec.shape) != 4:
        raise CaseError(
            f"{where}: layout channels_last needs four sizes, got {len(spec.shape)}; choose another"
            " layout"
        )
    return spec


def _span(data: Any, where: str) -> Span:
    reader = Reader(data, where)
    low, high = reader.take("integer", pair(whole))
    reader.end()
    return ordered(low, high, where)


def _items(data: Any, where: str) -> Items:
    reader = Reader(data, where)
    form = "tuple" if "tuple" in reader.data else "side_by_side"
    items = reader.take(form, many(value))
    reader.end()
    return Items(items, form)


def _fixture(data: Any, where: str) -> Fixture:
    reader = Reader(data, where)
    name = reader.take("fixture", one_of(tuple(FIXTURES)))
    mode = reader.take("mode", one_of(("train", "eval")), "train")
    frozen = reader.take("frozen", many(text), ())
    asleep = reader.take("asleep", many(text), ())
    stale = reader.take("stale", flag, False)
    options = {key: reader.take(key, plain) for key in FIXTURES[name] if key in reader.data}
    reader.known += FIXTURES[name]
    reader.end()
    return Fixture(name, options, mode, frozen, asleep, stale)


def construct(data: Any, where: str) -> Construct:
    reader = Reader(data, where)
    call = (
        reader.take("construct", identifier)
        if "construct" in reader.data
        else reader.take("call", identifier)
    )
    args = reader.take("args", many(value), ())
    kwargs = dict(reader.take("kwargs", named_values, ()))
    reader.end()
    return Construct(call, args, kwargs)


def _loader(data: Any, where: str) -> Loader:
    reader = Reader(data, where)
    spec = Loader(
        form=reader.take("loader", one_of(("list", "dataloader", "stream"))),
        samples=reader.take("samples", whole),
        batch=reader.take("batch", whole),
        shape=reader.take("shape", many(whole)),
        classes=reader.take("classes", whole),
    )
    reader.end()
    return spec


def _optimizer(data: Any, where: str) -> Optimizer:
    reader = Reader(data, where)
    name = reader.take("optimizer", one_of(OPTIMIZERS))
    of = reader.take("of", identifier)
    options = {str(key): plain(option, where) for key, option in reader.data.items()}
    return Optimizer(name, of, options)


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "loader": _loader,
    "optimizer": _optimizer,
    "shape": tensor,
    "integer": _span,
    "tuple": _items,
    "side_by_side": _items,
    "fixture": _fixture,
    "construct": construct,
}


def mistake(data: Any, where: str) -> Mistake:
    reader = Reader(data, where)
    found = Mistake(reader.take("equals", expression), reader.take("hint", hint))
    reader.end()
    return found


def many(read: Callable[[Any, str], Any]) -> Callable[[Any, str], tuple[Any, ...]]:
    def many(data: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(data, list):
            raise CaseError(
                f"{where}: expected a list, got {data!r:.80}; write it in square brackets or with"
                " dashes"
            )
        return tuple(read(item, f"{where} {place}") for place, item in enumerate(data, 1))

    return many


def pair(read: Callable[[Any, str], Any]) -> Callable[[Any, str], tuple[Any, Any]]:
    def pair(data: Any, where: str) -> tuple[Any, Any]:
        if not isinstance(data, list) or len(data) != 2:
            raise CaseError(f"{where}: expected two numbers [a, b], got {data!r:.80}")
        return read(data[0], where), read(data[1], where)

    return pair


def one_of(names: tuple[str, ...]) -> Callable[[Any, str], str]:
    def one(data: Any, where: str) -> str:
        if data not in names:
            raise CaseError(f"{where}: {data!r:.80} is unknown; known are {', '.join(names)}")
        return str(data)

    return one


def named_values(data: Any, where: str) -> tuple[tuple[str, Any], ...]:
    if not isinstance(data, dict):
        raise CaseError(f"{where}: expected `name: value` pairs, got {data!r:.80}")
    return tuple(
        (identifier(name, where), value(item, f"{where} {name}")) for name, item in data.items()
    )


def identifier(data: Any, where: str) -> str:
    if not isinstance(data, str) or not data.isidentifier():
        raise CaseError(f"{where}: {data!r:.80} is no name; use letters, digits and underscores")
    return data


def expression(data: Any, where: str) -> str:
    try:
        compile(data, "<mistake>", "eval")
    except (SyntaxError, TypeError, ValueError) as error:
        raise CaseError(f"{where}: {data!r:.80} is no Python expression: {error}") from None
    return str(data)


def hint(data: Any, where: str) -> Hint:
    reader = Reader(data, where)
    found = Hint(reader.take("ko", text), reader.take("en", text))
    reader.end()
    if not re.search("[가-힣]", found.ko):
        raise CaseError(
            f"{where}: the Korean hint {found.ko!r:.60} has no Hangul; write it in Korean"
        )
    return found


def text(data: Any, where: str) -> str:
    if not isinstance(data, str) or not data.strip():
        raise CaseError(f"{where}: expected text, got {data!r:.80}")
    return " ".join(data.split())


def flag(data: Any, where: str) -> bool:
    if not isinstance(data, bool):
        raise CaseError(f"{where}: expected true or false, got {data!r:.80}")
    return data


def whole(data: Any, where: str) -> int:
    if isinstance(data, bool) or not isinstance(data, int):
        raise CaseError(f"{where}: expected a whole number, got {data!r:.80}")
    return data


def number(data: Any, where: str) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise CaseError(
            f"{where}: expected a number, got {data!r:.80}; YAML reads 1e6 as text, write 1.0e+6"
        )
    return float(data)


def tolerance(data: Any, where: str) -> tuple[float, float]:
    reader = Reader(data, where)
    found = reader.take("rtol", number, 0.0), reader.take("atol", number, 0.0)
    reader.end()
    return found


def size(data: Any, where: str) -> int | Span:
    if isinstance(data, str) and (match := re.fullmatch(r"(\d+)\.\.(\d+)", data)):
        return ordered(int(match[1]), int(match[2]), where)
    found: int = whole(data, where)
    if found < 0:
        raise CaseError(f"{where}: a size of {found} is negative")
    return found


def ordered(low: int, high: int, where: str) -> Span:
    if low > high:
        raise CaseError(f"{where}: {low} is above {high}; write the smaller number first")
    return Span(low, high)


def plain(data: Any, where: str) -> Any:
    if isinstance(data, list):
        return [plain(item, where) for item in data]
    if data is None or isinstance(data, bool | int | float | str):
        return data
    raise CaseError(f"{where}: {data!r:.80} must be a plain value or a list of them")
