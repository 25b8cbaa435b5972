"""Hidden cases: the values that they hold, and what a kind of case is. `kinds` has one file for
each kind.

`autograder/CASES.md` is the manual for authors. Nothing here draws, runs or
compares: `draw` and `plan` carry out what a kind says of its requests, `probe` answers them,
`judge` compares. Light to import: no torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from autograder.verdict import Problem

Step = dict[str, Any]  # of a request: {op: …, …}
Checked = list[tuple[list[Any], list[str]]]

DTYPES = ("float32", "float64", "float16", "bfloat16", "int64", "int32", "uint8", "bool")
LAYOUTS = ("contiguous", "channels_last", "transposed", "sliced", "expanded")
VALUES = ("normal", "uniform", "integers", "ties", "arange", "constant", "permutation")
FIXTURES = {
    "convnet": ("channels", "classes", "norm", "head", "stride", "dropout", "names"),
    "mlp": ("features", "norm", "dropout"),
    "chain": ("layers", "tied", "reused"),
}
OPTIMIZERS = ("SGD", "Adam", "AdamW")
STAND_INS = ("strided",)  # simple classes that may take the place of a student's own


@dataclass(frozen=True)
class Hint:
    """What the student is told, in both languages."""

    ko: str
    en: str

    def __str__(self) -> str:
        return f"{self.ko}\n{self.en}"


@dataclass(frozen=True)
class Span:
    """A whole number drawn from low to high, both included."""

    low: int
    high: int


@dataclass(frozen=True)
class Tensor:
    """A tensor to be drawn; CASES.md, "Values", says what each of `VALUES` and `LAYOUTS` is."""

    shape: tuple[int | Span, ...]
    dtype: str = "float32"
    layout: str = "contiguous"
    values: str = "normal"
    low: float = 0.0
    high: float = 1.0
    scale: float = 1.0
    offset: float = 0.0
    corners: tuple[tuple[int, int], ...] = ()
    beyond: float = 0.0


@dataclass(frozen=True)
class Ref:
    """An object that the case built before, written `$name`."""

    name: str


@dataclass(frozen=True)
class Items:
    """A list or tuple of values; `side_by_side`: modules in one model."""

    items: tuple[Any, ...]
    form: str = "list"


@dataclass(frozen=True)
class Fixture:
    """A small model of the probe's vocabulary, filled with fresh values on both sides."""

    fixture: str
    options: Mapping[str, Any]
    mode: str = "train"
    frozen: tuple[str, ...] = ()
    asleep: tuple[str, ...] = ()
    stale: bool = False


@dataclass(frozen=True)
class Construct:
    """An object made by the student's own class or function."""

    call: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Loader:
    """`samples` images of `shape` with labels below `classes`, in batches of `batch`, the last one
    smaller.
    """

    samples: int
    batch: int
    shape: tuple[int, ...]
    classes: int
    form: str = "list"


@dataclass(frozen=True)
class Optimizer:
    """A torch optimiser over what requires grad in the object called `of`."""

    optimizer: str
    of: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that is known by its value: an expression over the arguments and `result`, the
    right one.
    """

    equals: str
    hint: Hint


class Judge(Protocol):
    """What a kind's verdict may ask of the judge, which knows the request, the reference and how to
    compare.
    """

    name: str  # the student's function or class
    request: dict[str, Any]

    def difference(self, mine: Any, other: Any) -> Hint | None: ...
    def within(self, mine: Any, other: Any, tolerance: tuple[float, float]) -> Hint | None: ...
    def array_difference(self, mine: Any, other: Any) -> Hint | None: ...
    def altered(self, described: Any, scale: float, shift: float) -> Any: ...
    def names(self, value: Any) -> list[str]: ...
    def known_mistake(self, mine: Any, other: Any) -> Problem | None: ...
    def differs(self, found: Hint) -> Problem: ...
    def problem(self, diagnosis: Hint, reason: str) -> Problem: ...
    def forward(self, step: Step, mine: Any, other: Any) -> Problem | None: ...
    def on_any(self, step: Step, mine: Any, other: Any) -> Problem | None: ...


class Planner(Protocol):
    """What a kind's requests may ask of the planner, which draws all that is random, in order."""

    draw: Any

    def value(self, value: Any) -> Any: ...
    def items(self, values: tuple[Any, ...]) -> list[Any]: ...
    def named(self, values: Mapping[str, Any]) -> dict[str, Any]: ...
    def objects(
        self, objects: tuple[tuple[str, Any], ...], sample: tuple[Any, ...] = ()
    ) -> list[Step]: ...
    def forward(self, of: str, args: list[Any], mode: str | None) -> Step: ...


@dataclass(frozen=True)
class Case:
    """What every kind has. `tolerance` is (rtol, atol); None means the default of the reference's
    dtype.

    `given`: the case is asked only where these test cells are passed, so that one mistake has one
    price. A kind is one file of `kinds`: its fields, how they are read, its requests, its verdict;
    a method `on_<op>(judge, step, mine, other)` compares the reply to such a step, where comparing
    everything is not enough.
    """

    kind: ClassVar[str]
    id: str
    hint: Hint
    tolerance: tuple[float, float] | None
    mistakes: tuple[Mistake, ...]
    given: tuple[str, ...]

    @property
    def subject(self) -> str:
        """The student's function or class that the case is about."""
        raise NotImplementedError

    @classmethod
    def read(cls, reader: Any) -> dict[str, Any]:
        """The fields beyond those of every kind, from a `read_cases.Reader`."""
        raise NotImplementedError

    def checked(self) -> Checked:
        """Values, each with the names of the objects that are built before."""
        raise NotImplementedError

    def programs(self, planner: Planner) -> list[list[Step]]:
        """The steps of each request."""
        raise NotImplementedError

    @property
    def fills(self) -> bool:
        """Whether a module of the student's own is filled with weights, in one order of its layers
        or another.
        """
        return False

    @property
    def wanted_error(self) -> str | None:
        """The exception that the answer must raise, as the reference does."""
        return None

    def refuses(self, cells: list[str] | None) -> list[str]:
        """Words: operators of torch with one in their name raise while all requests are answered
        together, but those with one that stands here behind `!`. `cells`: the hand-in's sources.
        """
        return []

    def source_problem(self, cells: list[str] | None) -> Problem | None:
        """What is wrong with the hand-in's source, where the answers are right."""
        return None


def is_students(value: Any) -> bool:
    """Does the student's own class make this object, or a part of it?"""
    return isinstance(value, Construct) or (
        isinstance(value, Items) and value.form == "side_by_side"
    )


def in_order(objects: tuple[tuple[str, Any], ...]) -> Checked:
    """Each object may refer to those before it."""
    names = [name for name, _ in objects]
    return [([value], names[:position]) for position, (_, value) in enumerate(objects)]
