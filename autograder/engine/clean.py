"""What of a hand-in's text and outputs may be shown in the formgrader and in feedback: no markup, no script, bounded
size.

nbgrader's pages show HTML outputs and the HTML in Markdown as they are, on the instructor's own origin. So outputs
keep plain text and pictures only, and Markdown keeps a few harmless tags; everything else is shown as the text that
it is.
"""

import base64
import binascii
import html
import re
from typing import Any

from nbformat import NotebookNode
from nbformat.notebooknode import from_dict

MAX_TEXT = 20_000  # characters of one output
MAX_PICTURE = 4 << 20  # bytes, decoded
MAX_OUTPUTS = 200
_MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]")
_ESCAPE_SEQUENCE = re.compile(r"\x1b(?!\[[0-9;]{0,20}m)")  # colours stay: nbconvert turns them into spans
_HARMLESS = re.compile(r"</?(?:details|summary|br|sub|sup|b|i|em|strong|code|pre|p|u|kbd)\s*/?>", re.IGNORECASE)
_SCHEME = re.compile(r"(?i)\b(javascript|vbscript|data)([\s\\]*):")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_JOINER = "\u2060"  # before a colon: looks like nothing, and no browser takes what it stands in for a scheme


def text(value: str, limit: int = MAX_TEXT) -> str:
    """Plain text of bounded length without control characters other than tab, newline and colours."""
    value = value.encode("utf-8", "replace").decode("utf-8")
    value = _ESCAPE_SEQUENCE.sub("", _CONTROL.sub("", value))
    if len(value) > limit:
        value = f"{value[: limit // 2]}\n… {len(value) - limit:,} characters left out …\n{value[-limit // 2 :]}"
    return value


def markdown(source: str) -> str:
    """Markdown whose HTML is shown as text, a few harmless tags without attributes excepted, and whose links run
    nothing.
    """
    for _ in range(5):  # Markdown decodes entities in a link's address: what they spell has to be seen first
        if (decoded := html.unescape(source)) == source:
            break
        source = decoded
    source = _ENTITY.sub("&amp;", source)
    out, at = [], 0
    for match in _HARMLESS.finditer(source):
        out += [_escape(source[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*out, _escape(source[at:])])


def _escape(part: str) -> str:
    part = re.sub(r"<(?=[A-Za-z/!?])", "&lt;", part)
    return _SCHEME.sub(rf"\1{_JOINER}:", text(part, 200_000))


def outputs(raw: list[dict[str, Any]]) -> list[NotebookNode]:
    """Outputs as nbformat wants them, of what a kernel claimed to have printed."""
    kept = [output for entry in raw[:MAX_OUTPUTS] if (output := _output(entry))]
    if len(raw) > MAX_OUTPUTS:
        kept.append(_stream(f"… {len(raw) - MAX_OUTPUTS} more outputs left out …"))
    return [from_dict(output) for output in kept]


def _stream(value: str, name: str = "stderr") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": value}


def _output(entry: dict[str, Any]) -> dict[str, Any] | None:
    kind = entry["output_type"]
    if kind == "stream":
        return _stream(text(entry["text"]), entry["name"])
    if kind == "error":
        lines = [text(line, 4000) for line in entry["traceback"][:60]]
        return {
            "output_type": "error",
            "ename": text(entry["ename"], 200),
            "evalue": text(entry["evalue"], 2000),
            "traceback": lines,
        }
    data = _data(entry["data"])
    if not data:
        return None
    made: dict[str, Any] = {"output_type": kind, "data": data, "metadata": {}}
    if kind == "execute_result":
        made["execution_count"] = entry.get("execution_count")
    return made


def _data(data: dict[str, Any]) -> dict[str, str]:
    kept = {"text/plain": text(data["text/plain"])} if isinstance(data.get("text/plain"), str) else {}
    for mime, magic in _MAGIC.items():
        value = data.get(mime)
        if isinstance(value, str) and len(value) < MAX_PICTURE * 3 // 2:
            try:
                picture = base64.b64decode("".join(value.split()), validate=True)
            except (binascii.Error, ValueError):
                continue
            if picture.startswith(magic) and len(picture) <= MAX_PICTURE:
                kept[mime] = base64.b64encode(picture).decode()
    if not kept and data:
        kept["text/plain"] = "(an output that is neither text nor a picture was left out)"
    return kept
