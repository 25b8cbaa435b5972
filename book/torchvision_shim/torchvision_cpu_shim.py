"""Lets a CUDA build of torchvision import beside a CPU build of torch.

PyPI's torchvision wheel for Linux is linked against CUDA libraries. Beside a CPU build of torch its
compiled part cannot be loaded, and `import torchvision` stops with "operator torchvision::nms does
not exist", because a Python module registers a fake kernel for that operator. Declaring the two
schemas is enough for the pure-Python part: data sets, transforms.v2, models and utils. Calling
`nms` itself still raises. On any other pair of builds nothing is done.
"""

from importlib import metadata
from pathlib import Path

_SCHEMAS = ("nms", "qnms")
_library = None  # a torch.library.Library un-registers its schemas when it is collected


def _needs_shim(torch_cuda: str | None, torchvision_is_cuda: bool) -> bool:
    """True when torch has no CUDA (`torch.version.cuda is None`) and the installed torchvision is a
    CUDA build.
    """
    return torch_cuda is None and torchvision_is_cuda


def _torchvision_is_cuda_build() -> bool:
    """Read from the installed files, without importing torchvision."""
    try:
        distribution = metadata.distribution("torchvision")
    except metadata.PackageNotFoundError:
        return False
    # PyPI's wheel hides "+cu130" in here
    version_file = Path(str(distribution.locate_file("torchvision/version.py")))
    return version_file.is_file() and "+cu" in version_file.read_text(encoding="utf-8")


def define_missing_operators() -> None:
    """Declare torchvision's `nms` and `qnms` where its compiled part cannot load. Called by `import
    torch`.
    """
    global _library
    import torch

    if _library is not None or not _needs_shim(torch.version.cuda, _torchvision_is_cuda_build()):
        return
    _library = torch.library.Library("torchvision", "FRAGMENT")
    for name in _SCHEMAS:
        _library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
