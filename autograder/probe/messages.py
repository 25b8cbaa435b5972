"""What goes between the judge and the student's process. `wire` carries it."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict, final

Plain: TypeAlias = "bool | int | float | str | bytes | list[Plain] | dict[str, Plain] | None"
# Its `op` names a function of `steps`; the rest are that function's arguments.
Step: TypeAlias = "dict[str, Plain]"
Alignment = Literal["registration", "use"]


class Array(TypedDict):
    """`data`: C order, little endian."""

    array: str
    shape: list[int]
    data: bytes


@final
class Request(TypedDict):
    """`seed` is of the random numbers that the student draws; `align` says how their layers are put
    in order; `neutral`: canonical keys that are not compared; `stand_in`: classes of theirs to
    replace, name to kind.
    """

    version: int
    seed: int
    align: Alignment
    neutral: NotRequired[list[str]]
    stand_in: NotRequired[dict[str, str]]
    steps: list[Step]


@final
class Together(TypedDict):
    """Several requests as one, where operators are refused: to refuse them costs more than most
    answers.
    """

    several: list[Request]
    refuse: list[str]


class Fault(TypedDict):
    """An exception of step number `step`. `mro`: the names of its classes; `line`: the student's,
    where it rose.
    """

    step: int
    type: str
    mro: list[str]
    message: str
    line: str


class Reply(TypedDict):
    """One result per step; where a step raised, those before it and `error`. `refused`: operators
    that were called.
    """

    version: int
    results: list[Plain]
    error: NotRequired[Fault]
    refused: NotRequired[list[str]]


class Replies(TypedDict):
    """To `Together`, one for each."""

    replies: list[Reply]
