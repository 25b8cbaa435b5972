"""Turns `snippets` and `results` into code cells, so that a notebook opened alone runs.

A chapter gets of a snippet what its own cells reach and no more, docstrings cut to their first
line: a fold is opened to be read. An exercise gets its snippets whole.
"""

from __future__ import annotations

import ast
import functools
import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

PACKAGE = "book.snippets"
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}, "tags": ["hide-input"]}
# of code that a page shows beside its margins, and of code in a fold
SHOWN_COLUMNS, FOLDED_COLUMNS = 76, 120
ROWS = "runs"  # the snippet that rebuilds a study's rows


class InlineError(Exception):
    """A snippet or result cannot be inlined: `what` and `mend`."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


@dataclass
class Part:
    """One top-level statement of a snippet, with the comment above it."""

    text: str
    names: set[str]  # what it binds
    uses: set[str]  # the names that it mentions
    blank: int  # lines left blank above it


@dataclass
class Snippet:
    """One module of `book/snippets`, taken apart."""

    name: str
    path: str  # from the project's root
    parts: list[Part]  # without docstring, imports and what is imported from other snippets
    imports: list[str]  # import statements of other packages
    needs: list[str]  # snippets that it imports from

    @property
    def names(self) -> set[str]:
        """What it defines at top level."""
        return {name for part in self.parts for name in part.names}


@dataclass(frozen=True)
class Wanted:
    """What a lesson's own cells and texts mention, and what it shows in cells of its own."""

    names: frozenset[str]
    strings: frozenset[str]  # `field_*` for f"field_{when}"
    shown: frozenset[str] = frozenset()  # "module.name"


def snippet_path(root: Path, name: str) -> Path:
    """Where the module `name` lies in `book/snippets` or a folder below. Raises `InlineError`."""
    folder = root / "book/snippets"
    found = sorted(folder.rglob(f"{name}.py")) if str(name).isidentifier() else []
    if not found:
        known = ", ".join(sorted(p.stem for p in folder.rglob("*.py") if p.stem != "__init__"))
        raise InlineError(
            f"unknown snippet {name!r}",
            f"use one of {known or '(there is none)'}, or write {name}.py",
        )
    return found[0]


def snippet_of(module: str) -> str:
    """`book.snippets.checks.hints` → `hints`, by which lessons and studies call it."""
    return module.rpartition(".")[2]


def read_snippet(root: Path, name: str) -> Snippet:
    """Parse the snippet `name`. Raises `InlineError` when it is missing or cannot be inlined."""
    path = snippet_path(root, name)
    source = path.read_text(encoding="utf-8")
    return _taken_apart(name, path.relative_to(root).as_posix(), source)


@functools.lru_cache(maxsize=256)  # a hundred studies and lessons ask for the same ones
def _taken_apart(name: str, path: str, source: str) -> Snippet:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise InlineError(
            f"snippet {name!r}, line {error.lineno}: {error.msg}", "mend the snippet"
        ) from error
    lines = source.splitlines()
    snippet = Snippet(name, path, [], [], [])
    end = 0
    for i, node in enumerate(tree.body):
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        start = _with_comment(lines, first - 1, end)
        blank, end = start - end, node.end_lineno or node.lineno
        if _is_ours(node):
            snippet.needs += _needed(name, node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            snippet.imports += _single_imports(node)
        elif not (i == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            text = "\n".join(lines[start:end])
            snippet.parts.append(Part(text, _defined(node), _used(node), min(blank, 2)))
    return snippet


def _with_comment(lines: list[str], start: int, end: int) -> int:
    """The first line of the comment right above line `start`, not above line `end`."""
    while start > end and lines[start - 1].startswith("#"):
        start -= 1
    return start


def names_in(node: ast.AST) -> set[str]:
    """The variables that code mentions."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _used(node: ast.stmt) -> set[str]:
    """The names that a statement mentions, annotations of arguments and results left aside."""
    noted = {id(part) for note in _annotations(node) for part in ast.walk(note)}
    return {p.id for p in ast.walk(node) if isinstance(p, ast.Name) and id(p) not in noted}


def _annotations(tree: ast.AST) -> set[ast.expr]:
    """Annotations of arguments, results and variables in functions; a dataclass needs its own."""
    found = set[ast.expr | None]()
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            found.add(node.annotation)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.returns)
            inner = (each for each in ast.walk(node) if isinstance(each, ast.AnnAssign))
            found |= {each.annotation for each in inner if each.value}
    return {note for note in found if note is not None}


def _is_ours(node: ast.stmt) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.level > 0 or (node.module or "").split(".")[0] == "book"
    return isinstance(node, ast.Import) and any(
        alias.name.split(".")[0] == "book" for alias in node.names
    )


def _needed(name: str, node: ast.stmt) -> list[str]:
    direct = (
        isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(PACKAGE + ".")
        and node.level == 0
    )
    names: list[ast.alias] = node.names  # type: ignore[attr-defined]
    if not direct or any(alias.asname or alias.name == "*" for alias in names):
        what = f"snippet {name!r} says `{ast.unparse(node)}`, which cannot be inlined"
        raise InlineError(what, f"write `from {PACKAGE}.module import name`, without `as` or `*`")
    assert isinstance(node, ast.ImportFrom) and node.module
    return [snippet_of(node.module)]


def _single_imports(node: ast.Import | ast.ImportFrom) -> list[str]:
    """One statement per imported name, so that equal ones of several snippets fall together."""
    if isinstance(node, ast.Import):
        return [ast.unparse(ast.Import([alias])) for alias in node.names]
    return [ast.unparse(ast.ImportFrom(node.module, [alias], node.level)) for alias in node.names]


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return {n.id for t in targets if t is not None for n in ast.walk(t) if isinstance(n, ast.Name)}


class Inliner:
    """Inlines the snippets of one lesson, each once; all of them, or what is `wanted`."""

    def __init__(self, root: Path, wanted: Wanted | None = None) -> None:
        self._root, self._wanted = root, wanted
        self._done: dict[str, Snippet] = {}
        self._kept: set[str] | None = None  # names to be inlined; None for all
        self._imported: set[str] = set()

    def plan(self, names: Iterable[str]) -> None:
        """Learn, before the first cell, which snippets the lesson names (`module` or
        `module.name`), so that each is inlined as far as any cell reaches it. Raises `InlineError`.
        """
        if self._wanted is None:
            return
        self._kept, parts = set(), dict[str, Part]()
        todo = set(self._wanted.names | {each.partition(".")[2] for each in self._wanted.shown})
        for name in names:
            for module in snippet_closure(self._root, name.partition(".")[0]):
                snippet = read_snippet(self._root, module)
                for part in snippet.parts:
                    parts |= dict.fromkeys(part.names, part)
                    todo |= set() if part.names else part.uses
        while todo:
            name = todo.pop()
            self._kept.add(name)
            if name in parts:
                todo |= (parts[name].uses | parts[name].names) - self._kept

    def snippets(self, names: list[str], *, shown: bool = False) -> str:
        """Code of the cell that holds `names` and what they need: a folded cell, or one that is
        `shown`. Raises `InlineError`.
        """
        whole = [name for name in names if "." not in name]
        order: list[Snippet] = []
        for name in whole:
            self._collect(name, order, ())
        chosen = [(snippet, self._parts(snippet)) for snippet in order]
        for name in names:
            if "." in name:
                chosen.append(self._selected(*name.split(".", 1)))
        body = [
            text if shown else f"# {snippet.path}\n{text}"
            for snippet, parts in chosen
            if (text := _joined(parts, self._short))
        ]
        imports = self._imports(chosen)
        code = "\n\n".join([*(["\n".join(_grouped(imports))] if imports else []), *body])
        if self._short:
            code = _formatted(code, SHOWN_COLUMNS if shown else FOLDED_COLUMNS)
            code = _wrapped(code, SHOWN_COLUMNS) if shown else re.sub(r"\n{3,}", "\n\n", code)
        return code if shown else f"#@title Helpers: {', '.join(names)}\n\n{code}"

    @property
    def _short(self) -> bool:
        return self._kept is not None

    def _parts(self, snippet: Snippet) -> list[Part]:
        """What of a snippet goes into the folded cell."""
        if self._kept is None or self._wanted is None:
            return snippet.parts
        return [
            part
            for part in snippet.parts
            if not part.names
            or (
                (part.names & self._kept)
                and not any(f"{snippet.name}.{name}" in self._wanted.shown for name in part.names)
            )
        ]

    def _selected(self, module: str, name: str) -> tuple[Snippet, list[Part]]:
        snippet = read_snippet(self._root, module)
        found = [part for part in snippet.parts if name in part.names]
        if not found:
            known = ", ".join(sorted(snippet.names))
            raise InlineError(f"snippet {module!r} defines no {name!r}", f"use one of {known}")
        return snippet, found

    def _imports(self, chosen: list[tuple[Snippet, list[Part]]]) -> list[str]:
        """Import statements that a cell needs: those used, each name bound once per lesson."""
        found = sorted(
            {line for snippet, _ in chosen for line in snippet.imports}, key=_import_order
        )
        if self._kept is None:
            return found
        used = {name for _, parts in chosen for part in parts for name in part.uses}
        assert self._wanted is not None
        kept: list[str] = []
        for line in found:
            bound = line.split()[-1].split(".")[0]
            if bound in used | self._wanted.names and bound not in self._imported:
                self._imported.add(bound)
                kept.append(line)
        return kept

    def _collect(self, name: str, order: list[Snippet], path: tuple[str, ...]) -> None:
        if name in path:
            raise InlineError(
                f"snippets import each other in a circle: {' → '.join([*path, name])}",
                "break the circle",
            )
        if name in self._done:
            return
        snippet = read_snippet(self._root, name)
        for needed in dict.fromkeys(snippet.needs):
            self._collect(needed, order, (*path, name))
        for other in self._done.values():
            clash = sorted(snippet.names & other.names)
            if clash:
                raise InlineError(
                    f"snippets {other.name!r} and {name!r} both define {', '.join(clash)}",
                    "rename one",
                )
        self._done[name] = snippet
        order.append(snippet)


def _joined(parts: list[Part], short: bool) -> str:
    """The statements one below the other, as far apart as in the source, or a line at most."""
    texts = [
        "\n" * (min(part.blank, 1) if short else part.blank)
        + (_short(part.text) if short else part.text)
        for part in parts
    ]
    return "\n".join(texts).strip("\n")


def _short(text: str) -> str:
    """Code without the annotations of its functions, its docstrings cut to their first line."""
    lines = [line.encode() for line in text.split("\n")]
    cuts: list[tuple[int, int, int, int, bytes]] = []  # line, column, to line, to column, instead
    tree = ast.parse(text)
    for note in _annotations(tree):
        before = lines[note.lineno - 1][: note.col_offset].rstrip()
        mark = 2 if before.endswith(b"->") else 1  # or a colon
        cuts.append((note.lineno, len(before) - mark, *_end(note), b""))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            doc = node.body[0]
            if ast.get_docstring(node) and (doc.end_lineno or 0) > doc.lineno:
                cuts.append((doc.lineno, len(lines[doc.lineno - 1]), *_end(doc), b'"""'))
    for line, column, last, end, instead in sorted(cuts, reverse=True):
        lines[line - 1 : last] = [lines[line - 1][:column] + instead + lines[last - 1][end:]]
    return b"\n".join(lines).decode()


def _end(node: ast.AST) -> tuple[int, int]:
    return node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]


def _formatted(code: str, columns: int) -> str:
    """Code as the formatter sets it within so many columns, with short lists of arguments on one
    line.
    """
    return _filled(formatted(code, columns, commas=False), columns)


def formatted(code: str, columns: int, *, commas: bool = True) -> str:
    """Code as the formatter sets it; `commas`: whether a last comma keeps arguments on lines of
    their own. Raises `InlineError`.
    """
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--quiet"]
    command += [] if commas else ["--config", "format.skip-magic-trailing-comma=true"]
    command += ["--line-length", str(columns), "--stdin-filename", "cell.py", "-"]
    done = subprocess.run(command, input=code, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InlineError(f"cannot be formatted: {done.stderr.strip()}", "mend the snippet")
    return done.stdout.rstrip("\n")


def _filled(code: str, columns: int) -> str:
    """Code whose arguments stand several to a line where the formatter gives each a line."""
    lines, out = code.split("\n"), list[str]()
    while lines:
        out.append(lines.pop(0))
        indent = len(out[-1]) - len(out[-1].lstrip())
        inner, items = " " * (indent + 4), list[str]()
        if out[-1].endswith(("(", "[")) and "#" not in out[-1]:
            while len(items) < len(lines) and _is_item(lines[len(items)], inner):
                items.append(lines[len(items)])
        if len(items) > 1 and re.match(rf" {{{indent}}}[)\]]", lines[len(items)]):
            del lines[: len(items)]
            text = " ".join(item.strip().replace(" ", "\0") for item in items)
            kept = textwrap.wrap(
                text,
                columns,
                initial_indent=inner,
                subsequent_indent=inner,
                break_long_words=False,
                break_on_hyphens=False,
            )
            out += [line.replace("\0", " ") for line in kept]
    return "\n".join(out)


def _is_item(line: str, indent: str) -> bool:
    """Whether a line is one whole argument at this indentation."""
    text = line.removeprefix(indent)
    if text == line or text[:1].isspace() or not text.endswith(",") or "#" in text:
        return False
    return all(text.count(a) == text.count(b) for a, b in ("()", "[]", "{}"))


def _wrapped(code: str, columns: int) -> str:
    """Code whose long comments and docstrings of one line are broken into several."""
    lines: list[str] = []
    for line in code.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        found = _LONG.fullmatch(line) if len(line) > columns else None
        if found is None:
            lines.append(line)
            continue
        quotes, text, statement, comment = found.groups()
        if quotes:
            lines += textwrap.wrap(
                f'"""{text}"""', columns, initial_indent=indent, subsequent_indent=indent
            )
        else:
            mark = f"{indent}# "
            lines += textwrap.wrap(comment, columns, initial_indent=mark, subsequent_indent=mark)
            lines += [statement.rstrip()] if statement.strip() else []
    return "\n".join(lines)


_LONG = re.compile(r"""\s*(\"\"\")(.+)\"\"\"|([^#"]*)# (.+)""")


def _import_order(statement: str) -> tuple[bool, str]:
    return (not statement.startswith("from __future__"), statement.split()[1] + statement)


def _grouped(statements: list[str]) -> list[str]:
    """`from m import a`, `from m import b` become one line."""
    grouped: dict[str, list[str]] = {}
    for statement in statements:
        head, _, name = statement.partition(" import ")
        grouped.setdefault(head if name else statement, []).extend([name] if name else [])
    return [
        f"{head} import {', '.join(sorted(names))}" if names else head
        for head, names in grouped.items()
    ]


def snippet_closure(root: Path, name: str) -> list[str]:
    """`name` and the snippets that it needs, in the order of their definition."""
    inliner = Inliner(root)
    order: list[Snippet] = []
    inliner._collect(name, order, ())
    return [snippet.name for snippet in order]


def results_code(
    root: Path,
    studies: list[str],
    lengths: list[float] | None = None,
    wanted: Wanted | None = None,
) -> str:
    """Code that defines each study's dict: its rows and how they were made, one line per arm with
    the values of all seeds, of the metrics that are `wanted` and the `lengths` of training, by
    default all. Raises `InlineError` when a study has no results.

    Numbers have five digits; the file has them all.
    """
    return "\n".join(_study(root, study, lengths, wanted) for study in studies)


def _study(root: Path, study: str, lengths: list[float] | None, wanted: Wanted | None) -> str:
    path = root / "book/results" / f"{study}.json"
    if not path.is_file():
        mend = f"declare it in book/studies.yml and run `python -m book.bilingual results {study}`"
        raise InlineError(f"there are no results of a study {study!r}", mend)
    data = json.loads(path.read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = [
        row for row in data["rows"] if lengths is None or row.get("length", lengths[0]) in lengths
    ]
    if not rows:
        raise InlineError(
            f"study {study!r} has no rows of the lengths {lengths}", "use its lengths"
        )
    columns = list(rows[0])
    setting = columns[: columns.index("seed")]
    metrics = [
        name
        for name in columns[len(setting) + 1 :]
        if wanted is None or any(fnmatchcase(name, text) for text in wanted.strings)
    ]
    arms: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        arms.setdefault(repr([row[name] for name in setting]), []).append(row)
    lines = [
        [*(arm[0][name] for name in setting), [row["seed"] for row in arm]]
        + [[_rounded(row[name]) for row in arm] for name in metrics]
        for arm in arms.values()
    ]
    versions = ", ".join(f"{name} {version}" for name, version in data["versions"].items())
    made = f"make results, {data['date']}: {versions}; {data['device']}, threads: {data['threads']}"
    return (
        f"{study} = {{'made': {made!r}, 'rows': rows_of({setting!r}, {metrics!r}, [\n"
        + "".join(f"    {line!r},\n" for line in lines)
        + "])}"
    )


def _rounded(value: Any) -> Any:
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return float(f"{value:.5g}") if isinstance(value, float) else value
