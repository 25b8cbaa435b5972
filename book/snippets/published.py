"""Published weights of ResNet-20 for CIFAR-10, fetched when the reader is online and checked before they are read."""

import hashlib
import io
import urllib.request
from typing import Any

import torch

from book.snippets.data import DATA_CACHE
from book.snippets.resnet import CifarResNet

RESNET20_FILE = "resnet20-12fca82f.th"  # the eight digits begin its SHA-256, torch.hub's convention
RESNET20_URL = f"https://github.com/akamaster/pytorch_resnet_cifar10/raw/master/pretrained_models/{RESNET20_FILE}"
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # what the collection normalizes by


def fetch_weights(url: str = RESNET20_URL, timeout: float = 20) -> bytes:
    """The weights file, from the course's cache or else from `url` (at most `timeout` s per read).

    Raises `OSError` when it cannot be had, `ValueError` when its SHA-256 does not begin as its name says; then nothing
    is kept.
    """
    name = url.rsplit("/", 1)[-1]
    cached = DATA_CACHE / name
    if cached.exists():
        content = cached.read_bytes()
    else:
        with urllib.request.urlopen(url, timeout=timeout) as reply:
            content = reply.read()
    wanted, found = name.rsplit("-", 1)[-1].split(".")[0], hashlib.sha256(content).hexdigest()
    if not found.startswith(wanted):
        cached.unlink(missing_ok=True)
        raise ValueError(f"{name}: its SHA-256 begins {found[:8]}, not {wanted}; the file is damaged and was not read")
    if not cached.exists():
        DATA_CACHE.mkdir(parents=True, exist_ok=True)
        cached.write_bytes(content)
    return content


def from_published(checkpoint: dict[str, Any]) -> CifarResNet:
    """ResNet-20 with published weights: `state_dict` holds the parameters, their names behind `module.`.

    Raises `RuntimeError` that names what is missing or left over when the names or shapes are others.
    """
    net = CifarResNet(20)
    net.load_state_dict({name.removeprefix("module."): value for name, value in checkpoint["state_dict"].items()})
    return net.eval()


def published_resnet20() -> CifarResNet | None:
    """The network with its published weights; None, and one line that says why, when they cannot be loaded."""
    try:
        content = fetch_weights()
    except (OSError, ValueError) as error:
        print(f"published weights not loaded ({type(error).__name__}: {error})")
        return None
    return from_published(torch.load(io.BytesIO(content), map_location="cpu", weights_only=True))


def imagenet_normalized(images: torch.Tensor) -> torch.Tensor:
    """Images in [-1, 1] `(N, 3, H, W)` to the scale that the published weights were trained on."""
    mean, std = (torch.tensor(values).view(3, 1, 1) for values in (IMAGENET_MEAN, IMAGENET_STD))
    return ((images + 1) / 2 - mean) / std
