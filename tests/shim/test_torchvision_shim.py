"""The torchvision shim acts on the one pair of builds that needs it, and on no other."""

import importlib.util
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "book" / "torchvision_shim" / "torchvision_cpu_shim.py"
spec = importlib.util.spec_from_file_location("shim_under_test", SOURCE)
shim = importlib.util.module_from_spec(spec)
spec.loader.exec_module(shim)


@pytest.mark.parametrize(
    ("torch_cuda", "torchvision_is_cuda", "wanted"),
    [(None, True, True), ("13.0", True, False), (None, False, False), ("13.0", False, False)],
)
def test_only_a_cuda_torchvision_beside_a_cpu_torch_needs_it(
    torch_cuda, torchvision_is_cuda, wanted
):
    assert shim._needs_shim(torch_cuda, torchvision_is_cuda) is wanted


def test_torchvision_imports_and_builds_a_model():
    import torch
    import torchvision

    model = torchvision.models.resnet18()
    assert model(torch.zeros(1, 3, 64, 64)).shape == (1, 1000)
