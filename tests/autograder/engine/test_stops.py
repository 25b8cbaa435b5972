"""What a cell's last error says of why it stopped."""

import pytest
import torch

from autograder import hints
from autograder.engine import stops
from autograder.kernels.outputs import CellResult


def stopped(kind: str, message: str) -> CellResult:
    error = {"output_type": "error", "ename": kind, "evalue": message, "traceback": []}
    return CellResult(status="error", outputs=[error])


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("FileNotFoundError", "[Errno 2] No such file or directory: 'a.csv'"),
        ("ImportError", "TensorBoard logging requires TensorBoard version 1.15 or above"),
        ("AssertionError", "Torch not compiled with CUDA enabled"),
        ("RuntimeError", "Found no NVIDIA driver on your system. Please check …"),
        ("RuntimeError", "No CUDA GPUs are available"),
        ("AttributeError", "module 'torch._C' has no attribute '_cuda_setDevice'"),
    ],
)
def test_what_is_not_there_is_told(kind: str, message: str) -> None:
    assert stops.lacks(stopped(kind, message)) == kind


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("AssertionError", "GPU!"),
        ("ImportError", "cannot import name 'Conv2D' from 'torch.nn'"),
        ("AttributeError", "module 'torch' has no attribute 'cudaa'"),
        ("NameError", "name 'torch' is not defined"),
    ],
)
def test_a_mistake_of_ones_own_is_none(kind: str, message: str) -> None:
    assert stops.lacks(stopped(kind, message)) == ""


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
@pytest.mark.parametrize(
    "call",
    [
        lambda: torch.zeros(1).cuda(),
        lambda: torch.rand(2, device="cuda"),
        lambda: torch.cuda.get_device_name(0),
        lambda: torch.cuda.synchronize(),
        lambda: torch.cuda.reset_peak_memory_stats(),
        lambda: torch.cuda.Event().record(),
        lambda: torch.rand(2, device="mps"),
    ],
)
def test_torchs_own_words_are_known(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Exception) as caught:
        call()
    assert hints.is_no_gpu(str(caught.value))
    told = hints.stop(type(caught.value).__name__, str(caught.value))
    assert "There is no GPU" in told.en and "GPU가 없습니다" in told.ko
