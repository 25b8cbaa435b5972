"""What a cell printed and showed, as a notebook holds it, from what its kernel claims."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class CellResult:
    """What a cell did. `status`: ok, error, timeout, died, or output (too much of it, or cut off);
    `outputs`: nbformat dicts, as the kernel claims.
    """

    status: str = "died"
    outputs: list[dict[str, Any]] = field(default_factory=list)
    execution_count: int | None = None
    reply: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0


class Collector:
    """Turns iopub messages into nbformat outputs, counting bytes."""

    def __init__(self, result: CellResult, max_output: int) -> None:
        self._outputs = result.outputs
        self._left = max_output
        self._clear = False
        self._displays: dict[str, dict[str, Any]] = {}

    @property
    def full(self) -> bool:
        return self._left < 0

    def add(self, message: dict[str, Any]) -> bool:
        """Take one message; True if it says that the kernel is idle."""
        kind, content = message.get("msg_type"), message.get("content")
        if not isinstance(content, dict):
            return False
        if kind == "status":
            return content.get("execution_state") == "idle"
        if kind == "clear_output":
            self._clear = bool(content.get("wait"))
            if not self._clear:
                self._outputs.clear()
            return False
        output = _output(str(kind), content)
        if output is None:
            return False
        self._left -= len(str(output))
        if self._left < 0:
            return False
        if self._clear:
            self._outputs.clear()
            self._clear = False
        self._place(str(kind), content, output)
        return False

    def _place(self, kind: str, content: dict[str, Any], output: dict[str, Any]) -> None:
        transient = content.get("transient")
        display = transient.get("display_id") if isinstance(transient, dict) else None
        if kind == "update_display_data":
            known = self._displays.get(str(display))
            if known is not None:  # of this cell: another cell's outputs are not to be touched
                known["data"], known["metadata"] = output["data"], output["metadata"]
            return
        last = self._outputs[-1] if self._outputs else None
        if (
            kind == "stream"
            and last
            and last["output_type"] == "stream"
            and last["name"] == output["name"]
        ):
            last["text"] += output["text"]
            return
        if display is not None:
            self._displays[str(display)] = output
        self._outputs.append(output)


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value)


def _data(content: dict[str, Any]) -> dict[str, Any]:
    data = content.get("data")
    if not isinstance(data, dict):
        return {}
    return {
        _text(mime): value if mime.endswith("json") else _text(value)
        for mime, value in data.items()
        if isinstance(mime, str)
    }


def _output(kind: str, content: dict[str, Any]) -> dict[str, Any] | None:
    if kind == "stream":
        name = "stderr" if content.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": _text(content.get("text", ""))}
    if kind == "error":
        traceback = content.get("traceback")
        lines = [_text(line) for line in traceback] if isinstance(traceback, list) else []
        return {
            "output_type": "error",
            "ename": _text(content.get("ename", "")),
            "evalue": _text(content.get("evalue", "")),
            "traceback": lines,
        }
    if kind in ("display_data", "update_display_data"):
        return {"output_type": "display_data", "data": _data(content), "metadata": {}}
    if kind == "execute_result":
        count = content.get("execution_count")
        count = count if isinstance(count, int) and 0 <= count < 10**6 else None
        return {
            "output_type": "execute_result",
            "data": _data(content),
            "metadata": {},
            "execution_count": count,
        }
    return None
