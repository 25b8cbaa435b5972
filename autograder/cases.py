"""Hidden cases: their typed form. `read_cases` makes them from an exercise's YAML.

`autograder/README.md`, "Hidden cases", is the manual for authors. Nothing here draws, runs or compares: `draw` and
`plan` turn a case into requests, `probe` carries them out, `judge` compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DTYPES = ("float32", "float64", "float16", "bfloat16", "int64", "int32", "uint8", "bool")
LAYOUTS = ("contiguous", "channels_last", "transposed", "sliced", "expanded")
VALUES = ("normal", "uniform", "integers", "ties", "arange", "constant", "permutation")
FIXTURES = {
    "convnet": ("channels", "classes", "norm", "head", "stride", "dropout", "names"),
    "mlp": ("features", "norm", "dropout"),
    "chain": ("layers", "tied"),
}
OPTIMIZERS = ("SGD", "Adam", "AdamW")
OBSERVATIONS = (
    "result", "same_object", "parameters", "buffers", "flags", "gradients", "modes", "calls", "layers", "type",
    "shapes", "groups", "output", "moved", "idle", "changed", "kept", "parts", "outside", "arguments",
    "touched", "frozen", "uneven", "owns", "responds", "norms",
)  # fmt: skip
STAND_INS = ("strided",)  # simple classes that may take the place of a student's own
KINDS = ("function", "module", "mutation", "training")


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
    """A tensor to be drawn; README, "Values", says what each of `VALUES` and `LAYOUTS` is."""

    shape: tuple[int | Span, ...]
    dtype: str = "float32"
    layout: str = "contiguous"
    values: str = "normal"
    low: float = 0.0
    high: float = 1.0
    scale: float = 1.0
    offset: float = 0.0


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


@dataclass(frozen=True)
class Construct:
    """An object made by the student's own class or function."""

    call: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Loader:
    """`samples` images of `shape` with labels below `classes`, in batches of `batch`, the last one smaller."""

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
    """A wrong answer that is known by its value: an expression over the arguments and `result`, the right one."""

    equals: str
    hint: Hint


@dataclass(frozen=True)
class Route:
    """How the answer must come about. `through`: one of these torch functions makes it by a reduction of the input.

    `avoid`: words; operators of torch with one of them in their name raise, and the source may not reach such a name.
    `named`/`unnamed` are read in the source's syntax tree: identifiers of which one must, or none may, be reached from
    the function.
    """

    through: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pass:
    """One forward pass of a module case."""

    args: tuple[Tensor, ...]
    mode: str | None = "eval"
    gradients: bool = False


@dataclass(frozen=True)
class Case:
    """What every kind has. `tolerance` is (rtol, atol); None means the default of the reference's dtype.

    `given`: the case is asked only where these test cells are passed, so that one mistake has one price.
    """

    id: str
    hint: Hint
    tolerance: tuple[float, float] | None
    mistakes: tuple[Mistake, ...]
    given: tuple[str, ...]

    @property
    def kind(self) -> str:
        return KINDS[CASES.index(type(self))]


@dataclass(frozen=True)
class FunctionCase(Case):
    """Inputs in, outputs and input gradients back; every entry of `inputs` must pass."""

    call: str
    inputs: tuple[tuple[tuple[str, Any], ...], ...]
    kwargs: Mapping[str, Any]
    grad: tuple[str, ...]
    raises: str | None
    exact_type: bool
    item: int | None
    unchanged: bool
    route: Route | None


@dataclass(frozen=True)
class ModuleCase(Case):
    """A module is constructed, filled with fresh values in canonical order, run; layers may have any name.

    `neutral`: parameters that do no harm (`Conv2d.bias`) are set to 0 and left out of every comparison. `stand_in`: a
    second chance with simple classes in the place of the student's own. `values` off: of outputs shape and dtype alone.
    """

    construct: Construct
    neutral: tuple[str, ...]
    stand_in: Mapping[str, str]
    values: bool
    objects: tuple[tuple[str, Any], ...]
    passes: tuple[Pass, ...]
    buffers: bool
    roundtrip: bool
    layers: tuple[str, ...]
    fill: bool
    trainable: bool


@dataclass(frozen=True)
class MutationCase(Case):
    """Objects are built, the student's function is called on them `repeat` times, then they are observed.

    `order`: how layers that the student named are told apart, by `use` alone or by registration and then by use.
    """

    neutral: tuple[str, ...]
    stand_in: Mapping[str, str]
    order: str
    objects: tuple[tuple[str, Any], ...]
    call: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    repeat: int
    refill: bool
    observe: tuple[Observation, ...]


@dataclass(frozen=True)
class TrainingCase(MutationCase):
    """A mutation whose objects include a loader and an optimiser: losses and changed parameters."""


@dataclass(frozen=True)
class Observation:
    """What is looked at after the call: `what` of the object called `of`; `args` feed a forward or an update.

    `item`: go backward from this one of several outputs alone.
    """

    what: str
    of: str
    kinds: tuple[str, ...] | None = None
    args: tuple[Tensor, ...] = ()
    mode: str | None = None
    lr: float = 0.1
    item: int | None = None


CASES: tuple[type[Case], ...] = (FunctionCase, ModuleCase, MutationCase, TrainingCase)
