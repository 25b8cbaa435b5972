"""What a student is told in the situations that every exercise shares, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from autograder.cases import Hint

_NO_GPU = re.compile(  # what torch says where there is none; its exceptions are of many kinds
    "Torch not compiled with [A-Z]+ enabled|Found no NVIDIA driver|No CUDA GPUs are available"
    "|Cannot access accelerator device when none is available|requires CUDA support"
    "|Tried to instantiate dummy base class|has no attribute '_cuda_|Cannot get CUDA generator"
    "|without MPS backend|from the 'MPS' backend|support for mps devices"
)


def is_no_gpu(message: str) -> bool:
    """Whether torch says that there is no GPU."""
    return bool(_NO_GPU.search(message))


def both(first: Hint, second: Hint) -> Hint:
    """One hint after the other."""
    return Hint(f"{first.ko} {second.ko}", f"{first.en} {second.en}")


def unwritten(name: str) -> Hint:
    return Hint(f"`{name}`: 아직 작성하지 않았습니다.", f"`{name}`: not written yet.")


def missing(name: str) -> Hint:
    return Hint(
        f"`{name}`을(를) 찾을 수 없습니다. 이름을 바꾸거나 셀을 지우지 않았는지 확인하세요.",
        f"`{name}` is not defined. Check that it was not renamed and that its cell was not"
        " deleted.",
    )


def stopped(name: str, cause: Hint) -> Hint:
    """The cell that should have defined `name` did not run to its end."""
    return Hint(
        f"`{name}`을(를) 만드는 셀이 끝까지 실행되지 않았습니다. {cause.ko}",
        f"The cell that makes `{name}` did not run to its end. {cause.en}",
    )


def newer_syntax(grader: str) -> Hint:
    """`grader`: the Python version that grades."""
    return Hint(
        f"채점에 쓰는 Python {grader}보다 새로운 Python의 문법입니다. {grader}에서도 되는 문법으로"
        " 쓰세요.",
        f"It is in the syntax of a newer Python than the {grader} that grades. Write it for"
        f" {grader}.",
    )


def stop(kind: str, message: str) -> Hint:
    """Why code stopped: `kind` is an exception's name or a status of a cell."""
    if kind in _STOPS:
        return _STOPS[kind]
    if is_no_gpu(message):
        return Hint(
            f"채점하는 곳에는 GPU가 없습니다({kind}). CPU에서도 되게 쓰세요.",
            f"There is no GPU where this is graded ({kind}). Write it so that a CPU will do.",
        )
    text = " ".join(message.split())[:160].rstrip()
    if kind in ("ModuleNotFoundError", "ImportError") and text.startswith("No module named"):
        return Hint(
            f"채점 환경에 그 패키지가 없습니다: {text}. 그 패키지 없이 쓰세요.",
            f"That package is not there for grading: {text}. Do without it.",
        )
    text += "" if text.endswith((".", "!", "?")) else "."
    return Hint(f"{kind}: {text}", f"{kind}: {text}")


_STOPS = {
    "timeout": Hint("제한 시간 안에 끝나지 않았습니다.", "It did not finish in time."),
    "died": Hint("실행하던 프로세스가 끝났습니다.", "It ended the process that ran it."),
    "memory": Hint("메모리를 너무 많이 썼습니다.", "It used too much memory."),
    "output": Hint("출력이 너무 많았습니다.", "It printed too much."),
    "spent": Hint(
        "앞의 셀들이 노트북 전체의 제한 시간을 다 썼습니다.",
        "The cells before it had used up the notebook's time.",
    ),
    "StdinNotImplementedError": Hint(
        "채점할 때는 `input()`에 답할 사람이 없습니다. 값을 코드에 적으세요.",
        "Nobody answers `input()` during grading. Write the value into the code.",
    ),
}

NOTHING_RETURNED = Hint(
    "결과가 `None`입니다. `return`을 빠뜨리지 않았는지 보세요.",
    "The result is `None`. Is a `return` missing?",
)


def crash(name: str, kind: str, message: str, where: str) -> Hint:
    cause = stop(kind, message)
    return Hint(
        f"`{name}` 실행 중 오류가 났습니다{where}: {cause.ko}",
        f"`{name}` raised an error{where}: {cause.en}",
    )


def nothing_done(name: str) -> Hint:
    return Hint(
        f"`{name}`: 아무것도 하지 않은 것과 결과가 같습니다."
        " 입력이 달라져도 결과가 달라지지 않습니다.",
        f"`{name}`: the outcome is that of doing nothing. It does not depend on what comes in.",
    )


def told(name: str, said: Hint) -> Hint:
    """What is to be said of `name`."""
    return Hint(f"`{name}`: {said.ko}", f"`{name}`: {said.en}")


def same_mode(name: str) -> Hint:
    return Hint(
        f"`{name}`: 모든 모듈이 같은 모드에 있습니다.",
        f"`{name}`: all modules are in the same mode.",
    )


def refused(name: str, operator: str) -> Hint:
    return Hint(
        f"`{name}`: torch의 `{operator}`을(를) 호출했습니다."
        " 이 과제에서는 쓸 수 없으니 직접 만드세요.",
        f"`{name}` calls torch's `{operator}`, which this assignment does not allow. Make it"
        " yourself.",
    )


def mentioned(name: str, operator: str) -> Hint:
    """Of the source alone: whether it was called nobody knows."""
    return Hint(
        f"`{name}`의 코드에 torch의 `{operator}`이(가) 나옵니다. 이 과제에서는 쓸 수 없으니,"
        " 이번에 실행되지 않았더라도, 실행될 수 있는 줄에서는 지우고 직접 만드세요.",
        f"The code of `{name}` mentions torch's `{operator}`, which this assignment does not allow."
        " Remove it from every line that could run, whether or not it did, and make it yourself.",
    )


def changed(argument: str) -> Hint:
    return Hint(
        f"입력 `{argument}`의 값이 바뀌었습니다. 제자리(in-place) 연산을 쓰지 않았는지 확인하세요.",
        f"The input `{argument}` was changed. Look for an in-place operation.",
    )


def cut(argument: str | Hint) -> Hint:
    """`argument`: a name, or what to call it."""
    said = _called(argument)
    return Hint(
        f"{said.ko}까지 기울기가 흐르지 않습니다. "
        "`detach()`, `.numpy()`, `.item()`, `torch.tensor(...)`가 계산을 끊었는지 보세요.",
        f"No gradient reaches {said.en}. "
        "Look for `detach()`, `.numpy()`, `.item()` or `torch.tensor(...)` on the way.",
    )


def differs(name: str, found: Hint, what: str = "") -> Hint:
    """`what` names the thing that was looked at, such as `parameters`; empty for the returned
    value.
    """
    if what in _SEEN:
        return Hint(
            f"`{name}`: {_SEEN[what].ko} 다릅니다. {found.ko}",
            f"`{name}`: {_SEEN[what].en} differ. {found.en}",
        )
    if what:
        return Hint(
            f"`{name}`: `{what}`이(가) 다릅니다. {found.ko}",
            f"`{name}`: `{what}` differs. {found.en}",
        )
    return Hint(
        f"`{name}`의 결과가 다릅니다. {found.ko}", f"`{name}` gives another result. {found.en}"
    )


_SEEN = {
    "changed": Hint("값이 바뀐 텐서가", "the tensors whose values changed"),
    "idle": Hint(
        "한 스텝 학습해도 움직이지 않는 텐서가",
        "the tensors that do not move in one step of training",
    ),
    "moved": Hint(
        "한 스텝 학습할 때 움직이는 텐서가", "the tensors that move in one step of training"
    ),
    "hooks": Hint("남아 있는 훅(hook)이", "the hooks that are left"),
    "parts": Hint("안에 등록된 블록이", "the blocks that are registered inside"),
    "outside": Hint("블록 바깥의 층이", "the layers outside of the blocks"),
    "shapes": Hint("층의 모양이", "the shapes of the layers"),
    "layers": Hint("안에 든 모듈이", "the modules inside"),
    "norms": Hint("정규화 층의 설정이", "the settings of the normalization layers"),
    "parameters": Hint("파라미터의 값이", "the values of the parameters"),
    "buffers": Hint("버퍼의 값이", "the values of the buffers"),
    "flags": Hint("파라미터의 `requires_grad`가", "the flags `requires_grad` of the parameters"),
    "gradients": Hint("파라미터에 남은 `.grad`가", "the `.grad` left on the parameters"),
    "modes": Hint("모듈의 모드가", "the modes of the modules"),
    "groups": Hint("파라미터 그룹이", "the parameter groups"),
    "calls": Hint("모델을 호출한 방식이", "the calls of the model"),
}


def gradient_differs(argument: str | Hint, found: Hint) -> Hint:
    """`argument`: a name, or what to call it."""
    said = _called(argument)
    return Hint(
        f"{said.ko}의 기울기가 다릅니다. {found.ko}",
        f"The gradient of {said.en} differs. {found.en}",
    )


def _called(thing: str | Hint) -> Hint:
    return thing if isinstance(thing, Hint) else Hint(f"`{thing}`", f"`{thing}`")


def mode(name: str, key: str, training: bool) -> Hint:
    """`key`: that of the module, see `part`."""
    said = Hint("모델 자체가", "the model itself") if key == "model" else part(key)
    ko = said.ko if key == "model" else f"{said.ko}이(가)"
    return Hint(
        f"`{name}`: {ko} {'학습' if training else '평가'} 모드입니다.",
        f"`{name}`: {said.en} is in {'training' if training else 'evaluation'} mode.",
    )


def part(key: str) -> Hint:
    """What to call what the probe shows under a key: a tensor by its canonical key (`probe.slots`),
    a module by kind and number. Other keys stand for themselves.
    """
    for pattern, words in _PARTS.items():
        if found := pattern.fullmatch(key):
            return words(*found.groups())
    return Hint(key, key)


def _tensor(kind: str | None, name: str | None, sizes: str, number: str | None) -> Hint:
    """`Conv2d.weight|8x3x3x3#1`: of several alike the second."""
    shape = f"({sizes.replace('x', ', ')}{',' if sizes and 'x' not in sizes else ''})"
    nth = int(number or 0) + 1
    ko, en = (f" {nth}번째", f" no. {nth}") if nth > 1 else ("", "")
    if kind is None:
        return Hint(f"직접 만든 파라미터 {shape}{ko}", f"your own parameter {shape}{en}")
    said = name if kind == "Module" else f"{kind}.{name}"  # a module of the student's own
    return Hint(f"`{said}` {shape}{ko}", f"`{said}` {shape}{en}")


def _module(kind: str, number: str) -> Hint:
    nth = int(number) + 1
    return Hint(f"{nth}번째 `{kind}`", f"`{kind}` no. {nth}")


_PARTS: dict[re.Pattern[str], Callable[..., Hint]] = {
    re.compile(r"(?:(\w+)\.(\w+)|tensor)\|([0-9x]*)(?:@[0-9x]*)?(?:#([0-9]{1,4}))?"): _tensor,
    re.compile(r"([A-Z]\w*)#([0-9]{1,4})"): _module,
    re.compile(r"any ([A-Z]\w*)"): lambda kind: Hint(f"모든 `{kind}`", f"every `{kind}`"),
    re.compile(r"([0-9]+) parameters"): lambda count: Hint(
        f"파라미터 {count}개", f"{count} parameters"
    ),
}


OTHER_OBJECT = Hint(
    "받은 객체가 아니라 다른 객체가 나왔습니다.", "Another object comes back than the one given."
)
NO_MODULE = Hint("`nn.Module`이 아닙니다.", "It is not an `nn.Module`.")


def no_exception(name: str, wanted: str) -> Hint:
    return Hint(
        f"`{name}`은(는) 이 입력에서 {wanted}을(를) 내야 합니다.",
        f"`{name}` should raise {wanted} for this input.",
    )


def fault(kind: str, name: str) -> Hint:
    """The student's process gave no answer."""
    return _FAULTS.get(kind, _FAULTS["died"])(name)


_FAULTS: dict[str, Callable[[str], Hint]] = {
    "timeout": lambda name: Hint(
        f"`{name}`: 제한 시간 안에 끝나지 않았습니다. 끝나지 않는 반복문이 있는지 보세요.",
        f"`{name}` did not finish in time. Look for a loop that never ends.",
    ),
    "memory": lambda name: Hint(
        f"`{name}`: 메모리를 너무 많이 썼습니다. 큰 중간 텐서를 만들지 않았는지 보세요.",
        f"`{name}` used too much memory. Look for a huge intermediate tensor.",
    ),
    "spent": lambda name: Hint(
        f"`{name}`: 노트북 전체의 제한 시간을 다 써서 확인하지 못했습니다."
        " 오래 걸리는 셀을 줄이세요.",
        f"`{name}` was not looked at: the notebook had used up its time. Shorten the cells that"
        " take long.",
    ),
    "died": lambda name: Hint(
        f"`{name}`: 실행하던 프로세스가 멈췄습니다.",
        f"`{name}`: the process that ran it ended.",
    ),
    "output": lambda name: Hint(
        f"`{name}`: 출력이 너무 많습니다. 반복문 안의 print를 지우세요.",
        f"`{name}` printed too much. Remove the print from the loop.",
    ),
    "malformed": lambda name: Hint(
        f"`{name}`: 결과를 읽을 수 없습니다.",
        f"`{name}`: the result could not be read.",
    ),
}


def shapes(described: list[Any]) -> str:
    """` (shape (2, 3, 4, 4))` for the tensors among described arguments, to say on which input
    something happened.
    """
    sizes = [
        str(tuple(item["data"]["shape"]))
        for item in described
        if isinstance(item, dict) and item.get("is") == "tensor"
    ]
    return f" (shape {', '.join(sizes)})" if sizes else ""
