"""Names what in a hand-in's source looks like an attack, for the incident report. Being named never costs a point.

Verdicts are formed outside, so an attack earns nothing whether it is noticed or not; the instructor wants to know all
the same. The patterns read the syntax tree and err on the side of naming: an incident is a reason to look, no more.
It has one more use, which can only give points back: where a test fails that is about none of the named cells, `one`
judges it a second time in a kernel in which the named cells have not run, so that an attack in one exercise (or a
harmless cell that looks like one) does not cost the points of another. A name that is missing here therefore costs no
more than that second chance.
"""

import ast
import re
from collections.abc import Iterable

from .. import parsing
from ..repair import Finding

_MODULES = {
    "ctypes": "calls C directly",
    "socket": "opens sockets",
    "subprocess": "starts processes",
    "urllib": "uses the network",
    "requests": "uses the network",
    "http": "uses the network",
    "pickle": "uses pickle",
    "gc": "searches memory",
    "inspect": "inspects frames",
    "linecache": "reads cached sources",
    "atexit": "registers exit handlers",
    "signal": "changes signals",
    "multiprocessing": "starts processes",
    "zmq": "talks to the kernel's sockets",
    "autograder": "imports the grader",
    "course_probe": "imports the grader",
    "course_wire": "imports the grader",
    "shutil": "changes files",
    "mmap": "maps memory",
    "resource": "changes limits",
    "weakref": "registers finalisers",
}
_NAMES = {
    "get_ipython": "reaches into IPython",
    "In": "reads the history",
    "Out": "reads the history",
    "_ih": "reads the history",
    "__builtins__": "reaches into builtins",
    "eval": "evaluates text",
    "exec": "executes text",
    "clear_output": "clears outputs",
    "update_display": "changes other outputs",
}
_ATTRIBUTES = {
    "settrace": "traces the interpreter",
    "setprofile": "traces the interpreter",
    "_getframe": "inspects frames",
    "f_locals": "inspects frames",
    "f_back": "inspects frames",
    "f_globals": "inspects frames",
    "meta_path": "hooks imports",
    "path_hooks": "hooks imports",
    "displayhook": "replaces the display hook",
    "ast_transformers": "rewrites cells",
    "input_transformers_cleanup": "rewrites cells",
    "input_transformers_post": "rewrites cells",
    "run_cell": "replaces the kernel's run",
    "run_code": "replaces the kernel's run",
    "do_execute": "replaces the kernel's run",
    "showtraceback": "hides errors",
    "kernel": "reaches into the kernel",
    "iopub_socket": "forges messages",
    "session": "forges messages",
    "clear_output": "clears outputs",
    "fork": "forks",
    "system": "runs commands",
    "popen": "runs commands",
    "kill": "sends signals",
    "killpg": "sends signals",
    "_exit": "ends the process",
    "environ": "reads the environment",
    "symlink": "makes links",
    "link": "makes links",
    "Thread": "starts threads",
    "modules": "reaches into loaded modules",
    "setrlimit": "changes limits",
    "setsid": "leaves its session",
    "setrecursionlimit": "changes limits",
}
_METHODS = {
    "__eq__": "lies about equality",
    "__torch_function__": "intercepts torch",
    "__torch_dispatch__": "intercepts torch",
    "__reduce__": "prepares pickles",
    "__reduce_ex__": "prepares pickles",
    "__del__": "has a finaliser",
    "__instancecheck__": "lies about types",
    "__array__": "intercepts NumPy",
    "__ne__": "lies about equality",
    "__lt__": "lies about order",
    "__gt__": "lies about order",
    "__le__": "lies about order",
    "__ge__": "lies about order",
    "__class__": "lies about types",
}
_PATCHED = ("torch", "builtins", "IPython", "numpy", "np", "nn", "F", "sys", "os", "time", "random")
_PATHS = re.compile(r"/proc\b|/etc/|/root|/home|/dev/shm|gradebook|\.\./|solutions/|nbgrader|/var/|kernel-.*\.json")
_MAGIC = re.compile(
    r"^[ \t]*(?:!|%%(?:bash|sh|script|html|javascript|js)\b|%(?:sx|system|run|load_ext)\b)", re.MULTILINE
)
_HARMLESS_SHELL = re.compile(r"^[ \t]*[!%][ \t]*pip3?[ \t]+(?:-q[ \t]+)?install\b", re.MULTILINE)


def findings(cells: Iterable[tuple[str, str]]) -> list[Finding]:
    """Incidents in `cells`, pairs of a name for the report and the source; each kind once per cell."""
    found = []
    for name, source in cells:
        reasons = sorted(set(_reasons(source)))
        if reasons:
            found.append(Finding("suspicious", f"Cell {name} {', '.join(reasons[:12])}.", name))
    return found


def _reasons(source: str) -> Iterable[str]:
    if _MAGIC.search(_HARMLESS_SHELL.sub("", source)):
        yield "runs commands"
    tree = parsing.parse(parsing.without_magics(source))
    for node in ast.walk(tree) if tree is not None else ():
        yield from _reasons_of(node)


def _reasons_of(node: ast.AST) -> Iterable[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        module = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        yield from (_MODULES[top] for name in module if (top := name.partition(".")[0]) in _MODULES)
    elif isinstance(node, ast.Name) and node.id in _NAMES:
        yield _NAMES[node.id]
    elif isinstance(node, ast.Call) and _called(node.func) in ("__import__", "import_module"):
        argument = node.args[0] if node.args else None
        name = str(argument.value) if isinstance(argument, ast.Constant) else ""
        yield _MODULES.get(name.partition(".")[0], "imports by name")
    elif isinstance(node, ast.Attribute) and node.attr in _ATTRIBUTES:
        yield _ATTRIBUTES[node.attr]
    elif isinstance(node, ast.FunctionDef) and node.name in _METHODS:
        yield _METHODS[node.name]
    elif isinstance(node, ast.ClassDef) and any(
        _root(base) in ("int", "float", "tuple", "str", "bool") for base in node.bases
    ):
        yield "subclasses a plain type"
    elif isinstance(node, ast.ClassDef) and any(_called(base).endswith("Tensor") for base in node.bases):
        yield "subclasses Tensor"
    elif isinstance(node, ast.Assign | ast.AugAssign | ast.Delete):
        targets = node.targets if isinstance(node, ast.Assign | ast.Delete) else [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and _root(target) in _PATCHED:
                yield f"patches {_dotted(target)}"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr" and node.args:
        if _root(node.args[0]) in _PATCHED:
            yield f"patches {_dotted(node.args[0])}"
    elif (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and len(node.value) < 300
        and _PATHS.search(node.value)
    ):
        yield f"names the path {node.value[:60]!r}"


def _called(function: ast.AST) -> str:
    """The last part of a dotted name."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _dotted(node: ast.AST) -> str:
    """The beginning of a dotted name; by a loop, however deep it is."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([_called(node) or "…", *reversed(parts)])[:60]


def _root(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
