"""A notebook's text, as nbformat writes it, in a fraction of the time: nbformat copies all of it
first, and Python's `json` indents without its compiled half.
"""

import json
from json.encoder import encode_basestring
from typing import Any

import nbformat
from nbformat import NotebookNode

_TRANSIENT = {"orig_nbformat", "orig_nbformat_minor", "signature"}
_SPLIT = {"application/javascript", "image/svg+xml"}


def text(notebook: NotebookNode) -> str:
    """What `nbformat.writes` gives; left to it where something has to be mended first."""
    ids = [cell.get("id") for cell in notebook.cells]
    if notebook.nbformat != 4 or (
        notebook.nbformat_minor >= 5 and (None in ids or len(set(ids)) < len(ids))
    ):
        return str(nbformat.writes(notebook))
    metadata = {key: notebook.metadata[key] for key in notebook.metadata.keys() - _TRANSIENT}
    cells = [_split(cell) for cell in notebook.cells]
    try:
        return _json({**notebook, "metadata": metadata, "cells": cells}, "")
    except TypeError:  # a name that is no text
        return str(nbformat.writes(notebook))


def _split(cell: NotebookNode) -> dict[str, Any]:
    """As nbformat splits a cell's texts into lines."""
    made = {**cell, "metadata": {k: v for k, v in cell.metadata.items() if k != "trusted"}}
    if isinstance(cell.get("source"), str):
        made["source"] = cell.source.splitlines(True)
    if "attachments" in cell:
        made["attachments"] = {
            name: _bundle(bundle) for name, bundle in cell["attachments"].items()
        }
    if cell.cell_type == "code":
        made["outputs"] = list(map(_output, cell.outputs))
    return made


def _output(output: NotebookNode) -> dict[str, Any]:
    if output.output_type in ("execute_result", "display_data") and "data" in output:
        return {**output, "data": _bundle(output.data)}
    if output.output_type == "stream" and isinstance(output.text, str):
        return {**output, "text": output.text.splitlines(True)}
    return output


def _bundle(data: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.splitlines(True)
        if isinstance(value, str) and (key.startswith("text/") or key in _SPLIT)
        else value
        for key, value in data.items()
    }


def _json(value: Any, margin: str) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    inner = margin + " "
    if isinstance(value, dict):
        opened, closed = "{}"
        items = [
            f"{inner}{encode_basestring(key)}: {_json(value[key], inner)}" for key in sorted(value)
        ]
    elif isinstance(value, list | tuple):
        opened, closed = "[]"
        items = [f"{inner}{_json(item, inner)}" for item in value]
    else:
        return json.dumps(value)
    inside = ",\n".join(items)
    return f"{opened}\n{inside}\n{margin}{closed}" if items else opened + closed
