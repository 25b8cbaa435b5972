"""Reads an exercise's YAML into hidden cases, with errors that name the place, the value and the mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from autograder.cases import (
    CASES,
    DTYPES,
    FIXTURES,
    KINDS,
    LAYOUTS,
    OBSERVATIONS,
    OPTIMIZERS,
    STAND_INS,
    VALUES,
    Case,
    Construct,
    Fixture,
    FunctionCase,
    Hint,
    Items,
    Loader,
    Mistake,
    ModuleCase,
    MutationCase,
    Observation,
    Optimizer,
    Pass,
    Ref,
    Route,
    Span,
    Tensor,
)
from autograder.errors import CaseError


class _Reader:
    """Takes keys from one YAML mapping, each at most once, and complains about what is left over."""

    def __init__(self, data: Any, where: str) -> None:
        if not isinstance(data, dict):
            raise CaseError(f"{where}: expected a mapping, got {data!r:.80}; write `key: value` lines")
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
            raise CaseError(f"{self.where}: unknown key {unknown}; known here are {', '.join(self.known)}")


def read_cases(data: Any, where: str) -> tuple[Case, ...]:
    """The cases of one test cell from its parsed YAML. Raises `CaseError`, its message starting with `where`."""
    if not isinstance(data, list) or not data:
        raise CaseError(f"{where}: expected a list of cases, got {data!r:.80}; start each with `- id:`")
    cases = []
    for number, item in enumerate(data, 1):
        label = item.get("id", f"case {number}") if isinstance(item, dict) else f"case {number}"
        cases.append(_case(item, f"{where}, {label}"))
    ids = [case.id for case in cases]
    for name in ids:
        if ids.count(name) > 1:
            raise CaseError(f"{where}: two cases are called {name!r}; their inputs would be the same, rename one")
    return tuple(cases)


def _case(data: Any, where: str) -> Case:
    reader = _Reader(data, where)
    common = {
        "id": reader.take("id", _identifier),
        "hint": reader.take("hint", _hint),
        "tolerance": reader.take("tolerance", _tolerance, None),
        "mistakes": reader.take("mistakes", _many(_mistake), ()),
        "given": reader.take("given", _many(_identifier), ()),
    }
    kind = reader.take("kind", _one_of(KINDS), "function")
    read = {"function": _function, "module": _module, "mutation": _mutation, "training": _mutation}[kind]
    fields = read(reader)
    reader.end()
    case = CASES[KINDS.index(kind)](**common, **fields)
    _check_references(case, where)
    return case


def _function(reader: _Reader) -> dict[str, Any]:
    inputs = reader.take("inputs", _many(_named_values))
    grad = reader.take("grad", _many(_text), ())
    for name in grad:
        if not all(_is_differentiable(dict(given).get(name)) for given in inputs):
            raise CaseError(f"{reader.where}, grad: {name!r} is not a tensor in each of the inputs; name an argument")
    return {
        "call": reader.take("call", _identifier),
        "inputs": inputs,
        "kwargs": dict(reader.take("kwargs", _named_values, ())),
        "grad": grad,
        "raises": reader.take("raises", _identifier, None),
        "exact_type": reader.take("exact_type", _flag, True),
        "item": reader.take("item", _whole, None),
        "unchanged": reader.take("unchanged", _flag, True),
        "route": reader.take("route", _route, None),
    }


def _is_differentiable(value: Any) -> bool:
    """A tensor, or a tuple or list of tensors."""
    return isinstance(value, Tensor) or (
        isinstance(value, Items) and bool(value.items) and all(isinstance(item, Tensor) for item in value.items)
    )


def _module(reader: _Reader) -> dict[str, Any]:
    return {
        "construct": reader.take("construct", _construct),
        **_tolerant(reader),
        "values": reader.take("values", _flag, True),
        "objects": reader.take("objects", _named_values, ()),
        "passes": reader.take("passes", _many(_pass), ()),
        "buffers": reader.take("buffers", _flag, True),
        "roundtrip": reader.take("roundtrip", _flag, False),
        "layers": reader.take("layers", _many(_text), ()),
        "fill": reader.take("fill", _flag, True),
        "trainable": reader.take("trainable", _flag, True),
    }


def _mutation(reader: _Reader) -> dict[str, Any]:
    return {
        **_tolerant(reader),
        "order": reader.take("order", _one_of(("any", "use")), "any"),
        "objects": reader.take("objects", _named_values, ()),
        "call": reader.take("call", _identifier),
        "args": reader.take("args", _many(_value)),
        "kwargs": dict(reader.take("kwargs", _named_values, ())),
        "repeat": reader.take("repeat", _whole, 1),
        "refill": reader.take("refill", _flag, False),
        "observe": reader.take("observe", _many(_observation)),
    }


def _tolerant(reader: _Reader) -> dict[str, Any]:
    """What keeps one mistake from costing the points of another."""
    return {
        "neutral": reader.take("neutral", _many(_text), ()),
        "stand_in": dict(reader.take("stand_in", _stand_ins, ())),
    }


def _stand_ins(data: Any, where: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(data, dict):
        raise CaseError(f"{where}: expected `name: stand-in` pairs, got {data!r:.80}")
    return tuple((_identifier(name, where), _one_of(STAND_INS)(value, where)) for name, value in data.items())


def _check_references(case: Case, where: str) -> None:
    """Every `$name` must have been built before it is used."""
    built = [name for name, _ in getattr(case, "objects", ())]
    for position, (_, value) in enumerate(getattr(case, "objects", ())):
        _check_names(value, built[:position], where)
    if isinstance(case, FunctionCase):
        _check_names([value for given in case.inputs for _, value in given], [], where)
    if isinstance(case, ModuleCase):
        _check_names(case.construct, built, where)
    if isinstance(case, MutationCase):
        _check_names([*case.args, *case.kwargs.values()], built, where)
        for look in case.observe:
            if look.of not in [*built, "result"]:
                raise CaseError(f"{where}, observe: no object is called {look.of!r}; built are {', '.join(built)}")


def _check_names(value: Any, built: list[str], where: str) -> None:
    for name in _names(value):
        if name not in built:
            raise CaseError(
                f"{where}: `${name}` is not built before it is used; built are {', '.join(built) or 'none'}"
            )


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, Ref):
        yield value.name
    elif isinstance(value, Optimizer):
        yield value.of
    elif isinstance(value, Construct):
        yield from _names([*value.args, *value.kwargs.values()])
    elif isinstance(value, Items):
        yield from _names(list(value.items))
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)


# values


def _value(data: Any, where: str) -> Any:
    """A value as README's table lists them: a plain one, `$name`, a list, or a mapping known by its first key."""
    if isinstance(data, str) and data.startswith("$"):
        return Ref(_identifier(data[1:], where))
    if data is None or isinstance(data, bool | int | float | str):
        return data
    if isinstance(data, list):
        return Items(tuple(_value(item, where) for item in data))
    if not isinstance(data, dict):
        raise CaseError(f"{where}: {data!r:.80} is no value; write a number, a string, a list or a mapping")
    for key, read in _READERS.items():
        if key in data:
            return read(data, where)
    raise CaseError(f"{where}: {data!r:.80} is no value; a mapping holds one of the keys {', '.join(_READERS)}")


def _tensor(data: Any, where: str) -> Tensor:
    reader = _Reader(data, where)
    spec = Tensor(
        shape=reader.take("shape", _many(_size)),
        dtype=reader.take("dtype", _one_of(DTYPES), "float32"),
        layout=reader.take("layout", _one_of(LAYOUTS), "contiguous"),
        values=reader.take("values", _one_of(VALUES), "normal"),
        low=reader.take("low", _number, 0.0),
        high=reader.take("high", _number, 1.0),
        scale=reader.take("scale", _number, 1.0),
        offset=reader.take("offset", _number, 0.0),
    )
    reader.end()
    if spec.layout == "channels_last" and len(spec.shape) != 4:
        raise CaseError(f"{where}: layout channels_last needs four sizes, got {len(spec.shape)}; choose another layout")
    return spec


def _span(data: Any, where: str) -> Span:
    reader = _Reader(data, where)
    low, high = reader.take("integer", _pair(_whole))
    reader.end()
    return _ordered(low, high, where)


def _items(data: Any, where: str) -> Items:
    reader = _Reader(data, where)
    form = "tuple" if "tuple" in reader.data else "side_by_side"
    items = reader.take(form, _many(_value))
    reader.end()
    return Items(items, form)


def _fixture(data: Any, where: str) -> Fixture:
    reader = _Reader(data, where)
    name = reader.take("fixture", _one_of(tuple(FIXTURES)))
    mode = reader.take("mode", _one_of(("train", "eval")), "train")
    frozen = reader.take("frozen", _many(_text), ())
    options = {key: reader.take(key, _plain) for key in FIXTURES[name] if key in reader.data}
    reader.known += FIXTURES[name]
    reader.end()
    return Fixture(name, options, mode, frozen)


def _construct(data: Any, where: str) -> Construct:
    reader = _Reader(data, where)
    call = reader.take("construct", _identifier) if "construct" in reader.data else reader.take("call", _identifier)
    args = reader.take("args", _many(_value), ())
    kwargs = dict(reader.take("kwargs", _named_values, ()))
    reader.end()
    return Construct(call, args, kwargs)


def _loader(data: Any, where: str) -> Loader:
    reader = _Reader(data, where)
    spec = Loader(
        form=reader.take("loader", _one_of(("list", "dataloader", "stream"))),
        samples=reader.take("samples", _whole),
        batch=reader.take("batch", _whole),
        shape=reader.take("shape", _many(_whole)),
        classes=reader.take("classes", _whole),
    )
    reader.end()
    return spec


def _optimizer(data: Any, where: str) -> Optimizer:
    reader = _Reader(data, where)
    name = reader.take("optimizer", _one_of(OPTIMIZERS))
    of = reader.take("of", _identifier)
    options = {str(key): _plain(value, where) for key, value in reader.data.items()}
    return Optimizer(name, of, options)


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "loader": _loader,
    "optimizer": _optimizer,
    "shape": _tensor,
    "integer": _span,
    "tuple": _items,
    "side_by_side": _items,
    "fixture": _fixture,
    "construct": _construct,
}


def _route(data: Any, where: str) -> Route:
    reader = _Reader(data, where)
    names = {key: reader.take(key, _many(_text), ()) for key in ("through", "avoid", "named", "unnamed")}
    reader.end()
    if not any(names.values()):
        raise CaseError(f"{where}: the route asks for nothing; give `through`, `avoid`, `named` or `unnamed`")
    return Route(**names)


def _mistake(data: Any, where: str) -> Mistake:
    reader = _Reader(data, where)
    mistake = Mistake(reader.take("equals", _expression), reader.take("hint", _hint))
    reader.end()
    return mistake


def _pass(data: Any, where: str) -> Pass:
    reader = _Reader(data, where)
    mode = reader.take("mode", _one_of(("train", "eval", "keep")), "eval")
    done = Pass(
        args=reader.take("args", _many(_tensor)),
        mode=None if mode == "keep" else mode,
        gradients=reader.take("gradients", _flag, False),
    )
    reader.end()
    return done


def _observation(data: Any, where: str) -> Observation:
    if isinstance(data, str):
        data = {data: "result"}
    reader = _Reader(data, where)
    found = [key for key in OBSERVATIONS if key in reader.data]
    if len(found) != 1:
        raise CaseError(
            f"{where}: {data!r:.80} is no observation; write one of {', '.join(OBSERVATIONS)}, then its object"
        )
    look = Observation(
        what=found[0],
        of=reader.take(found[0], _identifier),
        kinds=reader.take("kinds", _many(_text), None),
        args=reader.take("args", _many(_tensor), ()),
        mode=reader.take("mode", _one_of(("train", "eval")), None),
        lr=reader.take("lr", _number, 0.1),
        item=reader.take("item", _whole, None),
    )
    reader.end()
    if look.what in ("output", "moved", "idle") and not look.args:
        raise CaseError(f"{where}, {look.what}: `args` is missing; give the input of the forward pass")
    return look


# small readers


def _many(read: Callable[[Any, str], Any]) -> Callable[[Any, str], tuple[Any, ...]]:
    def many(data: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(data, list):
            raise CaseError(f"{where}: expected a list, got {data!r:.80}; write it in square brackets or with dashes")
        return tuple(read(item, f"{where} {number}") for number, item in enumerate(data, 1))

    return many


def _pair(read: Callable[[Any, str], Any]) -> Callable[[Any, str], tuple[Any, Any]]:
    def pair(data: Any, where: str) -> tuple[Any, Any]:
        if not isinstance(data, list) or len(data) != 2:
            raise CaseError(f"{where}: expected two numbers [a, b], got {data!r:.80}")
        return read(data[0], where), read(data[1], where)

    return pair


def _one_of(names: tuple[str, ...]) -> Callable[[Any, str], str]:
    def one(data: Any, where: str) -> str:
        if data not in names:
            raise CaseError(f"{where}: {data!r:.80} is unknown; known are {', '.join(names)}")
        return str(data)

    return one


def _named_values(data: Any, where: str) -> tuple[tuple[str, Any], ...]:
    if not isinstance(data, dict):
        raise CaseError(f"{where}: expected `name: value` pairs, got {data!r:.80}")
    return tuple((_identifier(name, where), _value(value, f"{where} {name}")) for name, value in data.items())


def _identifier(data: Any, where: str) -> str:
    if not isinstance(data, str) or not data.isidentifier():
        raise CaseError(f"{where}: {data!r:.80} is no name; use letters, digits and underscores")
    return data


def _expression(data: Any, where: str) -> str:
    try:
        compile(data, "<mistake>", "eval")
    except (SyntaxError, TypeError, ValueError) as error:
        raise CaseError(f"{where}: {data!r:.80} is no Python expression: {error}") from None
    return str(data)


def _hint(data: Any, where: str) -> Hint:
    reader = _Reader(data, where)
    hint = Hint(reader.take("ko", _text), reader.take("en", _text))
    reader.end()
    if not re.search("[가-힣]", hint.ko):
        raise CaseError(f"{where}: the Korean hint {hint.ko!r:.60} has no Hangul; write it in Korean")
    return hint


def _text(data: Any, where: str) -> str:
    if not isinstance(data, str) or not data.strip():
        raise CaseError(f"{where}: expected text, got {data!r:.80}")
    return " ".join(data.split())


def _flag(data: Any, where: str) -> bool:
    if not isinstance(data, bool):
        raise CaseError(f"{where}: expected true or false, got {data!r:.80}")
    return data


def _whole(data: Any, where: str) -> int:
    if isinstance(data, bool) or not isinstance(data, int):
        raise CaseError(f"{where}: expected a whole number, got {data!r:.80}")
    return data


def _number(data: Any, where: str) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise CaseError(f"{where}: expected a number, got {data!r:.80}; YAML reads 1e6 as text, write 1.0e+6")
    return float(data)


def _tolerance(data: Any, where: str) -> tuple[float, float]:
    reader = _Reader(data, where)
    found = reader.take("rtol", _number, 0.0), reader.take("atol", _number, 0.0)
    reader.end()
    return found


def _size(data: Any, where: str) -> int | Span:
    if isinstance(data, str) and (match := re.fullmatch(r"(\d+)\.\.(\d+)", data)):
        return _ordered(int(match[1]), int(match[2]), where)
    size: int = _whole(data, where)
    if size < 0:
        raise CaseError(f"{where}: a size of {size} is negative")
    return size


def _ordered(low: int, high: int, where: str) -> Span:
    if low > high:
        raise CaseError(f"{where}: {low} is above {high}; write the smaller number first")
    return Span(low, high)


def _plain(data: Any, where: str) -> Any:
    if isinstance(data, list):
        return [_plain(item, where) for item in data]
    if data is None or isinstance(data, bool | int | float | str):
        return data
    raise CaseError(f"{where}: {data!r:.80} must be a plain value or a list of them")
