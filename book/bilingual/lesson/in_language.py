"""A cell's code as one edition shows it: each call `hint("한국어", "English")` becomes the text of
that language, and the helpers' `hint` itself drops out.

The program stays the same but for that, which is made sure of: both trees are compared. Line breaks
go where a text that has become short leaves none to be needed; a folded cell is then formatted.
"""

from __future__ import annotations

import ast
import functools
import re
import unicodedata

from autograder.stubs import LANGUAGES
from book.bilingual.lesson.inline import FOLDED_COLUMNS, InlineError, formatted

HINT = "hint"
_MEND = f'write {HINT}("한국어", "English")'
_LITERAL = re.compile(r'(f?)"((?!"")(?:[^"\\]|\\.)*)"')
_SECTION = re.compile(r"^# book/snippets/\S*?(\w+)\.py\n+(?=# book/snippets/|\Z)", re.MULTILINE)


def width(line: str) -> int:
    """Columns of a line: a Korean letter takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


@functools.lru_cache(maxsize=512)  # a build shows each cell several times
def in_language(code: str, lang: str, columns: int, folded: bool = False) -> str:
    """`code` with the hints of one language alone. Raises `InlineError` for a hint that is not
    written as two texts.
    """
    if f"{HINT}(" not in code:
        return code
    try:
        tree = ast.parse(code)
    except SyntaxError:  # an IPython command
        return code
    lines, out, end = code.split("\n"), list[str](), 0
    for first, last, node in _spans(tree):
        out += lines[end : first - 1]
        end = last
        if _is_definition(node):
            while end < len(lines) and not lines[end].strip():
                end += 1
        else:
            out += _replaced("\n".join(lines[first - 1 : last]), lang, columns).split("\n")
    found = _without_empty_sections("\n".join([*out, *lines[end:]]).rstrip("\n"))
    if folded:
        found = formatted(found, FOLDED_COLUMNS, commas=False).replace("# @title", "#@title", 1)
    wanted = ast.dump(_InLanguage(lang).visit(tree))
    if ast.dump(ast.parse(found)) != wanted:
        raise InlineError("a hint cannot be written in one language", _MEND)
    return found


def _spans(tree: ast.Module) -> list[tuple[int, int, ast.stmt]]:
    """First and last line of each top-level statement; those that share a line are one."""
    found: list[tuple[int, int, ast.stmt]] = []
    for node in tree.body:
        marks = getattr(node, "decorator_list", [])
        first, last = min([node.lineno, *(m.lineno for m in marks)]), node.end_lineno or 0
        if found and found[-1][1] >= first:
            found[-1] = (found[-1][0], last, node)
        else:
            found.append((first, last, node))
    return found


def _is_definition(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == HINT


def _is_hint(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == HINT


def _chosen(node: ast.Call, lang: str) -> ast.expr:
    """The argument of that language."""
    inside = [part for each in node.args for part in ast.walk(each)]
    if len(node.args) != 2 or node.keywords or any(map(_is_hint, inside)):
        raise InlineError(f"`{ast.unparse(node)[:60]}` is not a hint of two texts", _MEND)
    return node.args[LANGUAGES.index(lang)]


class _InLanguage(ast.NodeTransformer):
    """What the program should be."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def visit_Module(self, node: ast.Module) -> ast.AST:
        node.body = [each for each in node.body if not _is_definition(each)]
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return _chosen(node, self._lang) if _is_hint(node) else self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id == HINT:
            raise InlineError(f"`{HINT}` is used without being called", _MEND)
        return node


def _replaced(statement: str, lang: str, columns: int) -> str:
    """A statement with its hints replaced, one after the other."""
    while f"{HINT}(" in statement:
        nodes = ast.walk(ast.parse(statement))
        calls = [node for node in nodes if isinstance(node, ast.Call) and _is_hint(node)]
        if not calls:
            break
        node = min(calls, key=lambda call: (call.lineno, call.col_offset))
        statement = _laid_out(statement, node, _chosen(node, lang), columns)
    return statement


def _laid_out(statement: str, node: ast.Call, text: ast.expr, columns: int) -> str:
    """The statement with `text` in the place of the call: on the call's first line if it fits."""
    lines = [line.encode() for line in statement.split("\n")]
    first, last = node.lineno - 1, (node.end_lineno or 0) - 1
    before = lines[first][: node.col_offset].decode()
    after = lines[last][node.end_col_offset :].decode()
    parts = [part.strip() for part in (ast.get_source_segment(statement, text) or "").split("\n")]
    one = _as_one(parts, text)
    indent = " " * (len(before) - len(before.lstrip()))
    inner = indent + "    "
    alone = not before.strip()
    key = re.fullmatch(r": (.+)", after) if alone else None
    if one and (width(before + one + after) <= columns or (alone and len(parts) == 1 and not key)):
        made = [before + one + after]
    elif one and key and max(map(width, (before + one + ":", inner + key[1]))) <= columns:
        made = [before + one + ":", inner + key[1]]  # of a dictionary: its value below it
    else:
        parts = [one] if one and width(inner + one) <= columns else parts
        made = [f"{before}(", *(inner + part for part in parts), f"{indent}){after}"]
    kept = [line.decode() for line in lines]
    return "\n".join([*kept[:first], *made, *kept[last + 1 :]])


def _as_one(parts: list[str], text: ast.expr) -> str:
    """The text on one line: its literals, which stand on one line each, as one; empty where that
    cannot be.
    """
    if len(parts) == 1:
        return parts[0]
    found = [_LITERAL.fullmatch(part) for part in parts]
    literals = [(match[1], match[2]) for match in found if match]
    if len(literals) < len(parts):
        return ""
    mark = "f" if any(mark for mark, _ in literals) else ""
    said = "".join(
        text.replace("{", "{{").replace("}", "}}") if mark and not own else text
        for own, text in literals
    )
    one = f'{mark}"{said}"'
    return one if ast.dump(ast.parse(one, mode="eval").body) == ast.dump(text) else ""


def _without_empty_sections(code: str) -> str:
    """A folded cell without the path of a snippet of which nothing is left, and without its name in
    the title.
    """
    gone = set(_SECTION.findall(f"{code}\n"))
    if not gone:
        return code
    title, _, rest = _SECTION.sub("", f"{code}\n").rstrip("\n").partition("\n")
    head, colon, names = title.partition(": ")
    kept = [name for name in names.split(", ") if name not in gone]
    return f"{head}{colon}{', '.join(kept)}\n{rest}" if title.startswith("#@title") else code
