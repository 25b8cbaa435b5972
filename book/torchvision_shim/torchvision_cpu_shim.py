"""Lets a CUDA build of torchvision import beside a CPU build of torch.

PyPI's torchvision wheel for Linux is linked against CUDA libraries. Beside a CPU build of torch its compiled part cannot be
loaded, and `import torchvision` stops with "operator torchvision::nms does not exist", because a Python module registers a
fake kernel for that operator. Declaring the two schemas is enough for the pure-Python part: data sets, transforms.v2, models
and utils. Calling `nms` itself still raises. On any other pair of builds nothing is done.
"""

from importlib import metadata

_SCHEMAS = ("nms", "qnms")
_library = None  # a torch.library.Library un-registers its schemas when it is collected


def _needs_shim(torch_version: str, cuda: str | None, torchvision_requires_cuda: bool) -> bool:
    """True when torch has no CUDA (`torch.version.cuda is None`) and the installed torchvision is a CUDA build."""
    return cuda is None and "+cu" not in torch_version and torchvision_requires_cuda


def _torchvision_is_cuda_build() -> bool:
    """Read from the installed files, without importing torchvision."""
    try:
        distribution = metadata.distribution("torchvision")
    except metadata.PackageNotFoundError:
        return False
    if "+cu" in distribution.version:
        return True
    if "+" in distribution.version:
        return False
    version_file = distribution.locate_file("torchvision/version.py")
    try:
        text = version_file.read_text()  # type: ignore[attr-defined]
    except OSError:
        return False
    return "+cu" in text or "cuda: Optional[str] = '" in text


def define_missing_operators() -> None:
    """Declare torchvision's `nms` and `qnms` where its compiled part cannot load. Called by `import torch`."""
    global _library
    import torch

    if _library is not None or not _needs_shim(torch.__version__, torch.version.cuda, _torchvision_is_cuda_build()):
        return
    _library = torch.library.Library("torchvision", "FRAGMENT")
    for name in _SCHEMAS:
        _library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
