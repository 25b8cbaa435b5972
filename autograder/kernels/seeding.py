"""Makes `torch.manual_seed` cheap where there is no GPU.

torch notes each seed for devices that may be initialised later, with a formatted stack trace: 2 ms
per call, most of the time of a probe that seeds for each request. Without the device the note is
never read. Used by the fork server and by the grading workers.
"""

import contextlib


def skip_absent_devices() -> None:
    """Let `torch.manual_seed` pass over the accelerators where this machine has none. Imports
    torch.
    """
    import torch

    for name in ("cuda", "xpu", "mtia"):
        device = getattr(torch, name, None)
        with contextlib.suppress(AttributeError):
            if device is not None and not device.is_available():
                device.manual_seed_all = _no_device
                device.manual_seed = _no_device


def _no_device(seed: int) -> None:
    """There is no such device to seed."""
