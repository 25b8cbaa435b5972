"""Computes rows of a study in a process of its own: one job per line on stdin, one answer per line
on stdout.

Started by path with the project on PYTHONPATH, so that the tool itself never imports torch. A job
is {"module", "function", "arguments"}; an answer {"metrics", "seconds" (of CPU), "versions",
"real"} or {"error"}.
"""

import importlib
import json
import math
import platform
import sys
import time
import traceback


def _answer(job: dict) -> dict:
    module = importlib.import_module(job["module"])
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)
    begun = time.process_time()
    metrics = getattr(module, job["function"])(**job["arguments"])
    seconds = round(time.process_time() - begun, 2)
    data = sys.modules.get("book.snippets.data")
    versions = {
        name: sys.modules[name].__version__.split("+")[0]
        for name in ("torch", "numpy")
        if name in sys.modules
    }
    return {
        "metrics": {key: _plain(value) for key, value in metrics.items()},
        "seconds": seconds,
        "versions": {"python": platform.python_version(), **versions},
        "real": bool(getattr(data, "DATA_IS_REAL", True)),
    }


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    number = value if isinstance(value, int | float) else float(value)  # type: ignore[arg-type]
    if not math.isfinite(number):
        raise ValueError(f"a metric is {number}; results hold finite numbers only")
    return number


def main() -> None:
    """Answer jobs until stdin ends. What the study prints goes to stderr."""
    out, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        try:
            answer = _answer(json.loads(line))
        except Exception:
            answer = {"error": traceback.format_exc(limit=-3)}
        print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main()
