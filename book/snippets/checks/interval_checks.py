"""The visible checks of assignment 3's `input_interval`: intervals worked out by hand, and what usual mistakes give."""

from collections.abc import Callable

from book.snippets.checks.hints import about, attempt, expect, hint, name_of

# What went wrong, by the word under which `check_interval` is given the wrong interval.
SAID = {
    "order": hint(
        "층을 지나는 순서가 거꾸로입니다. 출력에서 이미지로 거슬러 가면 마지막 층이 먼저입니다.",
        "the layers were taken in the wrong order. Going back to the image, the last layer comes first.",
    ),
    "padding": hint(
        "패딩을 빼지 않았습니다. 0번 출력의 커널은 이미지보다 패딩만큼 왼쪽에서 시작합니다.",
        "the padding was not subtracted. For output 0, the kernel starts to the left of the image, by the padding.",
    ),
    "beyond": hint(
        "이미지에 없는 열까지 세었습니다. 패딩은 이미지의 열이 아닙니다.",
        "columns that the image does not have were counted. Padding is not part of the image.",
    ),
    "exclusive": hint(
        "`last`는 마지막 열 자신입니다. 그다음 열이 아닙니다.",
        "`last` is the last column itself, not the one after it.",
    ),
    "late": hint(
        "이미지에서만 잘랐습니다. 중간 맵에도 끝이 있습니다.",
        "it was cut only at the image. Intermediate maps have ends, too.",
    ),
}


def check_interval(
    function: Callable,
    layers: list[tuple[int, int, int]],
    size: int,
    position: int,
    wanted: tuple[int, int],
    **mistakes: tuple[int, int],
) -> None:
    """A student's interval for one output unit must be `wanted`; `mistakes` maps words of `SAID` to wrong intervals."""
    name, given = name_of(function), list(layers)
    got = attempt(function, given, size, position)
    asked = f"`{name}({layers}, {size}, {position})`"
    assert got is not None, hint(f"`{name}`에 `return`이 없습니다.", f"`{name}` has no `return`.")
    assert isinstance(got, tuple) and len(got) == 2, hint(
        f"{asked}의 결과는 숫자 두 개의 튜플이어야 하는데 {got!r}입니다.",
        f"{asked} should be a tuple of two numbers, not {got!r}.",
    )
    assert all(type(number) is int for number in got), hint(
        f"{asked}의 결과에 `int`가 아닌 것이 있습니다: {got!r}.", f"{asked}: not all of {got!r} are of type `int`."
    )
    assert given == layers, hint(f"`{name}`이(가) 받은 리스트를 바꾸었습니다.", f"`{name}` changed the list of layers.")
    foreseen = {}
    for word, wrong in {**mistakes, "exclusive": (wanted[0], wanted[1] + 1)}.items():
        foreseen[about(asked, SAID[word])] = wrong
    other = hint(f"{asked}: {got}은(는) 맞지 않습니다.", f"{asked}: {got} is not right.")
    expect(got, wanted, other, foreseen)
