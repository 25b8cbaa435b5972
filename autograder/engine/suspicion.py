"""Names what in a hand-in's source looks like an attack, for the incident report. Being named never
costs a point.

Verdicts are formed outside, so an attack earns nothing whether it is noticed or not; the instructor
wants to know all the same. The patterns read the syntax tree and err on the side of naming: an
incident is a reason to look, no more. It has one more use, which can only give points back: where a
test fails that is about none of the named cells, `one` judges it a second time in a kernel in which
the named cells have not run, so that an attack in one exercise (or a harmless cell that looks like
one) does not cost the points of another. A name that is missing here therefore costs no more than
that second chance.
"""

import ast
import re
from collections.abc import Iterable, Mapping

from .. import parsing
from ..reading import Finding

_MODULES = {
    "ctypes": "calls C directly",
    "socket": "opens sockets",
    "subprocess": "starts processes",
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
    "ipykernel": "reaches into the kernel",
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
    "update_display": "changes other outputs",
    "ProcessPoolExecutor": "starts processes",
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
    "DisableTorchFunction": "switches off what watches torch",
    "DisableTorchFunctionSubclass": "switches off what watches torch",
    "_pop_torch_function_stack": "switches off what watches torch",
    "_len_torch_function_stack": "switches off what watches torch",
    "_get_function_stack_at": "switches off what watches torch",
    "_dispatch_library": "replaces torch's operators",
    "Library": "replaces torch's operators",
    "get_kernel": "replaces torch's operators",
    "TorchFunctionMode": "intercepts torch",
    "TorchDispatchMode": "intercepts torch",
    "InteractiveShell": "reaches into IPython",
    "modules": "reaches into loaded modules",
    "setrlimit": "changes limits",
    "setsid": "leaves its session",
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
_SETTINGS = ("torch.backends.", "torch.utils.", "np.random.", "random.")  # meant to be set
_PATHS = re.compile(
    r"/proc\b|/etc/|/dev/shm|gradebook|(?:\.\./){2}|solutions/|nbgrader|kernel-.*\.json"
)
_HARMLESS_SHELL = re.compile(
    r"(?:sudo[ \t]+)?(?:pip3?|conda|mamba|apt|apt-get|fc-cache|fc-list|nvidia-smi|nvcc|lscpu|nproc"
    r"|free|df|du|ls|pwd|cd|cat|head|date|echo|wget|gdown|curl|unzip|tar|mkdir|git[ \t]+clone"
    r"|(?:python3?|\{sys\.executable\})[ \t]+(?:-V|--version|-m[ \t]+pip)"
    r"|rm[ \t]+(?:-\w+[ \t]+)*~/\.cache/matplotlib)\b.*",
    re.DOTALL,
)
_MODULE_FILE = re.compile(r"[\w./-]+\.py")
# Of these names only some uses are worth a look: what may be done with each by somebody who means
# nothing by it.
_HARMLESS_USES = {
    "gc": {"collect", "enable", "disable"},
    "inspect": {"getsource", "getdoc", "signature", "isclass", "isfunction", "cleandoc"},
    "get_ipython": {"run_line_magic", "magic", "ast_node_interactivity"},
    "InteractiveShell": {"ast_node_interactivity"},
    "multiprocessing": {"cpu_count"},
}
# What may be set on what should not be patched: how a cell or a tensor is shown.
_SHOWN = (".ast_node_interactivity", ".__repr__", ".__str__")
# These attributes mean something on these objects alone: `self.kernel` is a student's own.
_ONLY_ON = {
    "modules": {"sys"},
    "link": {"os"},
    "kernel": {"get_ipython", "ip", "shell", "app", "instance"},
    "session": {"get_ipython", "ip", "shell", "app", "instance", "kernel"},
}
_SECRETS = re.compile("COURSE|SECRET|KEY|TOKEN|PASS|NBGRADER|PYTHONPATH|PRELOAD", re.IGNORECASE)


def findings(cells: Iterable[tuple[str, str]]) -> list[Finding]:
    """Incidents in `cells`, pairs of a name for the report and the source; each kind once per
    cell.
    """
    found = []
    for name, source in cells:
        reasons = sorted(set(_reasons(source)))
        if reasons:
            found.append(Finding("suspicious", f"Cell {name} {', '.join(reasons[:12])}.", name))
    return found


def _reasons(source: str) -> Iterable[str]:
    plain = parsing.plain(source)
    if any(
        not _HARMLESS_SHELL.fullmatch(command.strip()) or _PATHS.search(command)
        for command in plain.shell
    ):
        yield "runs commands"
    tree = parsing.parse(plain.source)
    if tree is None:
        return
    harmless, imported = _harmless(tree), _imported(tree)
    for node in ast.walk(tree):
        if id(node) not in harmless:
            yield from _reasons_of(node, imported)


def _imported(tree: ast.Module) -> dict[str, str]:
    """Name in the cell → what it stands for, of what is imported from the modules that should not
    be patched.
    """
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom):
            found |= {
                alias.asname or alias.name: f"{node.module or ''}.{alias.name}"
                for alias in node.names
            }
    return {name: path for name, path in found.items() if path.partition(".")[0] in _PATCHED}


def _harmless(tree: ast.Module) -> set[int]:
    """Nodes that look odd and belong to lines which honest notebooks hold."""
    nodes = list(ast.walk(tree))
    stored = {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    own = stored | {node.arg for node in nodes if isinstance(node, ast.arg)}
    found = {
        id(node) for node in nodes if isinstance(node, ast.Name) and node.id in own & {"In", "Out"}
    }
    fine = set()
    for name, uses in _HARMLESS_USES.items():
        used = [
            node
            for node in nodes
            if isinstance(node, ast.Attribute) and _origin(node.value) == name
        ]
        if all(node.attr in uses for node in used):
            fine.add(name)
            found |= {id(_innermost(node)) for node in used}
    for node in nodes:
        if isinstance(node, ast.Import):
            odd = [alias for alias in node.names if alias.name.partition(".")[0] in _MODULES]
            found |= (
                {id(node)}
                if all(alias.name in fine and not alias.asname for alias in odd)
                else set()
            )
        elif isinstance(node, ast.ImportFrom) and "InteractiveShell" in fine:
            only = [alias.name for alias in node.names] == ["InteractiveShell"]
            found |= {id(node)} if only else set()
        # str(get_ipython())
        elif isinstance(node, ast.Call) and _called(node.func) in ("str", "repr", "print"):
            found |= {
                id(_innermost(argument))
                for argument in node.args
                if _origin(argument) == "get_ipython"
            }
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            plain = _is_environ(node.func.value) and _plain_key(node.args[0])
            found |= {id(node.func.value)} if plain else set()
        elif isinstance(node, ast.Subscript):  # os.environ["PYTHONHASHSEED"] = "0"
            plain = _is_environ(node.value) and _plain_key(node.slice)
            found |= {id(node.value)} if plain else set()
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            found |= {id(other) for other in node.comparators if _is_environ(other)}
    return found


def _is_environ(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "environ"


def _plain_key(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and not _SECRETS.search(node.value)
    )


def _innermost(node: ast.AST) -> ast.AST:
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node


def _origin(node: ast.AST) -> str:
    """The name with which a chain of attributes and calls begins."""
    inner = _innermost(node)
    return inner.id if isinstance(inner, ast.Name) else ""


def _reasons_of(node: ast.AST, imported: Mapping[str, str]) -> Iterable[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        module = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
        )
        yield from (_MODULES[top] for name in module if (top := name.partition(".")[0]) in _MODULES)
        taken = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
        yield from (
            _ATTRIBUTES[name]
            for name in taken & set(_ATTRIBUTES)
            if module[0] in _ONLY_ON.get(name, module)
        )
    elif isinstance(node, ast.Name) and node.id in _NAMES:
        yield _NAMES[node.id]
    elif isinstance(node, ast.Call) and _called(node.func) in ("__import__", "import_module"):
        argument = node.args[0] if node.args else None
        name = str(argument.value) if isinstance(argument, ast.Constant) else ""
        yield _MODULES.get(name.partition(".")[0], "imports by name")
    elif isinstance(node, ast.Attribute) and node.attr in _ATTRIBUTES:
        on = {_called(node.value.func if isinstance(node.value, ast.Call) else node.value)}
        if on <= _ONLY_ON.get(node.attr, on):
            yield _ATTRIBUTES[node.attr]
    elif isinstance(node, ast.FunctionDef) and node.name in _METHODS:
        yield _METHODS[node.name]
    elif isinstance(node, ast.ClassDef) and any(
        _root(base) in ("int", "float", "tuple", "str", "bool") for base in node.bases
    ):
        if not any(_called(base).endswith("Enum") for base in node.bases):
            yield "subclasses a plain type"
    elif isinstance(node, ast.ClassDef) and any(
        _called(base).endswith("Tensor") for base in node.bases
    ):
        yield "subclasses Tensor"
    elif isinstance(node, ast.Assign | ast.AugAssign | ast.Delete):
        targets = node.targets if isinstance(node, ast.Assign | ast.Delete) else [node.target]
        for target in targets:
            path = _path(target, imported) if isinstance(target, ast.Attribute) else ""
            if path.partition(".")[0] in _PATCHED and not (
                path.startswith(_SETTINGS) or path.endswith(_SHOWN)
            ):
                yield f"patches {path}"
    elif isinstance(node, ast.Call) and _writes_a_module(node):
        yield "writes a module"
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "setattr"
        and node.args
    ):
        path = _path(node.args[0], imported)
        if path.partition(".")[0] in _PATCHED and not f"{path}.".startswith(_SETTINGS):
            yield f"patches {path}"
    elif (
        isinstance(node, ast.Call)
        and _called(node.func) in ("getattr", "attrgetter")
        and _pieced(node.args)
    ):
        yield "looks up a name that it pieces together"
    elif (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and len(node.value) < 300
        and _PATHS.search(node.value)
    ):
        yield f"names the path {node.value[:60]!r}"


def _writes_a_module(node: ast.Call) -> bool:
    """`open("tools.py", "w")`, `Path("tools.py").write_text(…)`."""
    called = _called(node.func)
    if called in ("write_text", "write_bytes") and isinstance(node.func, ast.Attribute):
        inner = node.func.value
        return isinstance(inner, ast.Call) and _names_a_module(inner)
    modes = [*node.args[1:2], *(each.value for each in node.keywords if each.arg == "mode")]
    return (
        called == "open"
        and _names_a_module(node)
        and any(isinstance(mode, ast.Constant) and mode.value != "r" for mode in modes)
    )


def _names_a_module(node: ast.Call) -> bool:
    first = node.args[0] if node.args else None
    return (
        isinstance(first, ast.Constant)
        and isinstance(first.value, str)
        and bool(_MODULE_FILE.fullmatch(first.value))
    )


def _pieced(arguments: list[ast.expr]) -> bool:
    """Is a name among the arguments put together from texts?"""
    return any(
        isinstance(each, ast.BinOp)
        and isinstance(each.left, ast.Constant)
        and isinstance(each.right, ast.Constant)
        for each in arguments
    )


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


def _path(node: ast.AST, imported: Mapping[str, str]) -> str:
    """A dotted name, its beginning as it was imported; empty where it begins with no name."""
    root = _root(node)
    first, _, rest = _dotted(node).partition(".")
    return f"{imported.get(root, root)}.{rest}".rstrip(".") if root and first == root else ""


def _root(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
