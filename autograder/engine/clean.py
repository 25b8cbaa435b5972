"""What of a hand-in's text and outputs may be shown in the formgrader and in feedback: no markup,
no script, bounded size.

nbgrader's pages show HTML outputs and the HTML in Markdown as they are, on the instructor's own
origin. So outputs keep plain text and pictures only, and Markdown keeps a few harmless tags;
everything else is shown as the text that it is.
"""

import html
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from nbformat import NotebookNode
from nbformat.notebooknode import from_dict

from .. import printable
from ..reading import PICTURES, picture_of

MAX_TEXT = 20_000  # characters of one output, or of one text cell
MAX_OUTPUTS = 200
_HARMLESS = re.compile(
    r"</?(?:details|summary|br|sub|sup|b|i|em|strong|code|pre|p|u|kbd)\s*/?>", re.IGNORECASE
)
_SCHEME = re.compile(r"(?i)\b(javascript|vbscript|data|attachment)([\s\\]*):")
_ENTITY = re.compile(r"&(?=#?\w+;)")
# before a colon: looks like nothing, and no browser takes what it stands in for a scheme
_JOINER = "\u2060"
_IMAGE = re.compile(r"!(?=\[)")
_ATTACHED = re.compile(
    r"!\[([^\[\]\n]{0,200})\]\("
    r" ?(?:<attachment:([^<>\n]{1,300})>|attachment:([^()\s<>]{1,300}))[^()\n]{0,200}\)"
)
_DEFINED = re.compile(
    r"^ {0,3}\[([^\[\]\n]{1,200})\]: ?<?(attachment:[^\s<>]{1,300})>?[ \t]*$", re.MULTILINE
)
_REFERRED = re.compile(r"!\[([^\[\]\n]{0,200})\](?:\[([^\[\]\n]{0,200})\])?(?!\()")


def text(value: str, limit: int = MAX_TEXT, colours: bool = True) -> str:
    """Plain text of bounded length without control characters other than tab, newline and, where
    wanted, colours.
    """
    if len(value) > limit:
        value = (
            f"{value[: limit // 2]}\n… {len(value) - limit:,} characters left out"
            f" …\n{value[-limit // 2 :]}"
        )
    return printable.text(value, colours)


def markdown(
    source: str, pictures: Mapping[str, Mapping[str, str]] | None = None
) -> tuple[str, dict[str, Any], int]:
    """Markdown whose HTML is shown as text, a few harmless tags without attributes excepted, whose
    links run nothing, and whose pictures are the cell's own: another picture's address becomes a
    link, so that opening the page asks nobody for anything. Returns the text, the attachments that
    it shows, and how many were wanted in vain.
    """
    source = text(source, colours=False)
    # Markdown decodes entities in a link's address: what they spell has to be seen first
    for _ in range(5):
        if (decoded := html.unescape(source)) == source:
            break
        source = decoded
    source = _resolve(_ENTITY.sub("&amp;", printable.text(source, colours=False)))
    kept: dict[str, Any] = {}
    out, at, lost = [], 0, 0
    for match in _ATTACHED.finditer(source):
        out.append(_tame(source[at : match.start()]))
        at = match.end()
        wanted = match[2] or match[3]
        picture = (pictures or {}).get(wanted) or (pictures or {}).get(unquote(wanted))
        if picture is None:
            lost += 1
            out.append(f"({_tame(match[1])}: 그림이 없습니다 · no such picture)")
        else:  # a name of our own: mistune writes others in percents and then does not find them
            name = f"picture-{len(kept) + 1}"
            kept[name] = picture
            out.append(f"![{_tame(match[1])}](attachment:{name})")
    return "".join([*out, _tame(source[at:])]), kept, lost


def _resolve(source: str) -> str:
    """Pictures named by a definition elsewhere in the text, as Google Docs writes them, get their
    address in place.
    """
    defined = {match[1].casefold(): match[2] for match in _DEFINED.finditer(source)}
    if not defined:
        return source

    def place(match: re.Match[str]) -> str:
        address = defined.get((match[2] or match[1]).casefold())
        return f"![{match[1]}](<{address}>)" if address else match[0]

    return _REFERRED.sub(place, _DEFINED.sub("", source))


def _tame(source: str) -> str:
    """A piece of Markdown without HTML, pictures and scripts."""
    source = _IMAGE.sub(f"!{_JOINER}", source)
    out, at = [], 0
    for match in _HARMLESS.finditer(source):
        out += [_escape(source[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*out, _escape(source[at:])])


def _escape(part: str) -> str:
    part = re.sub(r"<(?=[A-Za-z/!?])", "&lt;", part)
    return _SCHEME.sub(rf"\1{_JOINER}:", part)


def outputs(raw: list[dict[str, Any]]) -> list[NotebookNode]:
    """Outputs as nbformat wants them, of what a kernel claimed to have printed."""
    kept = [output for entry in raw[:MAX_OUTPUTS] if (output := _output(entry))]
    if len(raw) > MAX_OUTPUTS:
        kept.append(_stream(f"… {len(raw) - MAX_OUTPUTS} more outputs left out …"))
    return [from_dict(output) for output in kept]


def size(made: list[NotebookNode]) -> int:
    """Characters of what is shown of outputs, the data of pictures included."""
    return sum(len(str(output)) for output in made)


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
            "ename": text(entry["ename"], 200, colours=False),
            "evalue": text(entry["evalue"], 2000, colours=False),
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
    kept = (
        {"text/plain": text(data["text/plain"])} if isinstance(data.get("text/plain"), str) else {}
    )
    for mime in PICTURES:
        if picture := picture_of(mime, data.get(mime)):
            kept[mime] = picture
    if not kept and data:
        kept["text/plain"] = "(an output that is neither text nor a picture was left out)"
    return kept
