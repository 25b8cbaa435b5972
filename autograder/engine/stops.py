"""What a cell or an answer says of why it stopped: a package, a file, the network or a GPU is
missing, or it asked to end.
"""

import re
from collections.abc import Sequence
from typing import Any

from .. import hints
from ..kernels.outputs import CellResult

_NO_MODULE = re.compile(r"No module named '([A-Za-z_]\w*)[\w.]*'")
_LACKING = {  # exceptions that say so
    *(
        "FileNotFoundError",
        "NotADirectoryError",
        "PermissionError",
        "OSError",
        "ModuleNotFoundError",
    ),
    *(
        "URLError",
        "HTTPError",
        "gaierror",
        "SSLError",
        "TimeoutError",
        "ConnectionError",
        "ConnectionRefusedError",
    ),
    *("ConnectTimeout", "MaxRetryError", "ProxyError"),  # of requests and urllib3
}


def missing(outputs: Sequence[dict[str, Any]]) -> str:
    """The package that a cell stopped at; empty if it was something else."""
    last = outputs[-1] if outputs else {}
    if last.get("output_type") != "error" or last.get("ename") not in (
        "ModuleNotFoundError",
        "ImportError",
    ):
        return ""
    found = _NO_MODULE.match(str(last.get("evalue")))
    return found[1] if found else ""


def lacks(result: CellResult) -> str:
    """The exception at which a cell stopped, if it says that a file, the network, a package or a
    GPU is not there.
    """
    last = result.outputs[-1] if result.status == "error" and result.outputs else {}
    if last.get("output_type") != "error":
        return ""
    name, message = str(last.get("ename")), str(last.get("evalue"))
    # what a package says of another one that is not there; a name that is not there is a mistake
    needs = name == "ImportError" and not message.startswith("cannot import name")
    return name if name in _LACKING or needs or hints.is_no_gpu(message) else ""


def missing_in(reply: Any) -> str:
    """As `missing`, of a probe's reply, or of several in one."""
    several = reply.get("replies") if isinstance(reply, dict) else None
    for one in several if isinstance(several, list) else [reply]:
        error = one.get("error") if isinstance(one, dict) else None
        if isinstance(error, dict) and error.get("type") == "ModuleNotFoundError":
            found = _NO_MODULE.match(str(error.get("message")))
            return found[1] if found else ""
    return ""


def asks_to_end(reply: dict[str, Any]) -> bool:
    """Whether a cell called `exit()` or `quit()`: IPython passes that on to the front end."""
    payload = reply.get("payload")
    return isinstance(payload, list) and any(
        isinstance(entry, dict) and entry.get("source") == "ask_exit" for entry in payload
    )
