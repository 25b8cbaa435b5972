"""What is taken of a cell that stopped where a file, the network, a package or a GPU is not there:
whatever cannot depend on what is missing.

Theory of operation. Imports, functions and classes are taken as they are; assignments whose right
side is made of literals, lambdas, constructors of torch's, `partial`, and names that the cell makes
of nothing else; of an `if` the same, where its condition is of that kind. A name that any other
statement of the cell binds or changes is made of what is missing, perhaps; so is what is made with
it. Each statement stands in a `try` of its own, so that one that fails takes no other with it.
"""

import ast
from collections.abc import Iterator, Sequence

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_TURNS = 20
_TORCHS = frozenset({"torch", "nn", "F", "functools"})
_CALLED = frozenset({"partial", "device", "is_available"})  # of them, beside what has a capital
_BUILTINS = frozenset(
    {"dict", "float", "frozenset", "int", "len", "list", "range", "set", "slice", "str", "tuple"}
)
_PARTS = (  # of what may be evaluated, beside names, lambdas and calls
    *(ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.Starred, ast.Slice),
    *(ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Subscript, ast.Attribute),
    *(ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context, ast.keyword),
)


def of(tree: ast.Module) -> str:
    """The statements that are taken, as text; empty where there are but imports."""
    may_call = {*_TORCHS, *_BUILTINS, *_CALLED, *_own_and_torchs(tree.body)}
    fixed = may_call.union(*map(_imported, tree.body))
    lost, kept = set[str](), list[ast.stmt]()
    for _ in range(_TURNS):
        kept, left = _parted(tree.body, lost, may_call)
        more = set().union(*map(_bound, left), *(_changed(node) - fixed for node in left))
        if more <= lost:
            break
        lost |= more
    else:  # a long chain of one made of the other
        kept = [node for node in tree.body if isinstance(node, _DEFINITIONS + _IMPORTS)]
    if all(isinstance(node, _IMPORTS) for node in kept):
        return ""
    first = [node for node in kept if _is_future(node)]  # only at the top is it allowed
    rest = [_alone(node) for node in kept if not _is_future(node)]
    return ast.unparse(ast.fix_missing_locations(ast.Module([*first, *rest], [])))


def _parted(
    body: Sequence[ast.stmt], lost: set[str], may_call: set[str]
) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """The statements that are taken, and those that are not, where `lost` names may depend on what
    is missing.
    """
    kept, left = list[ast.stmt](), list[ast.stmt]()
    for node in body:
        if isinstance(node, _DEFINITIONS + _IMPORTS):
            kept.append(node)
        elif isinstance(node, ast.If) and _is_plain(node.test, lost, may_call):
            one, one_left = _parted(node.body, lost, may_call)
            other, other_left = _parted(node.orelse, lost, may_call)
            left += [*one_left, *other_left]
            if one or other:
                alone = [_alone(each) for each in one] or [ast.Pass()]
                kept.append(ast.If(node.test, alone, [_alone(each) for each in other]))
        elif _assigned(node).isdisjoint(lost | {""}) and _is_plain(
            getattr(node, "value", None), lost, may_call
        ):
            kept.append(node)
        else:
            left.append(node)
    return kept, left


def _assigned(node: ast.stmt) -> set[str]:
    """The names that an assignment binds; with an empty one where it is another statement, or more
    than names are bound.
    """
    if isinstance(node, ast.AnnAssign):
        targets: list[ast.expr] = [node.target]
    elif isinstance(node, ast.Assign):
        targets = list(node.targets)
    else:
        return {""}
    parts = [
        part
        for target in targets
        for part in (target.elts if isinstance(target, ast.Tuple) else [target])
    ]
    return {part.id if isinstance(part, ast.Name) else "" for part in parts}


def _is_plain(value: ast.expr | None, lost: set[str], may_call: set[str]) -> bool:
    """Whether an expression cannot depend on what is missing."""
    if value is None:
        return False
    waiting: list[ast.AST] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            if node.id in lost:
                return False
        elif isinstance(node, ast.Lambda):  # its body is looked at when it is called, as a def's
            waiting += [*node.args.defaults, *(each for each in node.args.kw_defaults if each)]
        elif isinstance(node, ast.Call):
            if not _is_constructor(node.func, may_call):
                return False
            waiting += [node.func, *node.args, *node.keywords]
        elif isinstance(node, _PARTS):
            waiting += ast.iter_child_nodes(node)
        else:
            return False
    return True


def _is_constructor(function: ast.expr, may_call: set[str]) -> bool:
    """`nn.Conv2d`, `partial`, `torch.device`, `tuple`, a class of the cell's own."""
    if isinstance(function, ast.Name):
        return function.id in may_call - _TORCHS
    return (
        isinstance(function, ast.Attribute)
        and _root(function) in may_call
        and (function.attr[0].isupper() or function.attr in _CALLED)
    )


def _own_and_torchs(body: Sequence[ast.stmt]) -> Iterator[str]:
    """Names that the cell gives to classes of its own, and to what it imports of torch and
    functools. Its functions may compute for long, and are not called.
    """
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif all(map(_is_torchs, _modules(node))):
            yield from _imported(node)


def _modules(node: ast.stmt) -> list[str]:
    """The modules that an import looks into."""
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def _imported(node: ast.stmt) -> set[str]:
    """The names that an import binds."""
    names = node.names if isinstance(node, _IMPORTS) else []
    return {alias.asname or alias.name.partition(".")[0] for alias in names}


def _is_torchs(module: str) -> bool:
    return module.partition(".")[0] in ("torch", "functools")


def _bound(statement: ast.stmt) -> set[str]:
    """Names that a statement binds or deletes."""
    names = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
    return {node.id for node in names if not isinstance(node.ctx, ast.Load)}


def _changed(statement: ast.stmt) -> set[str]:
    """Names of objects that a statement changes, or lets change themselves: `x[0] = 1`, `x.a = 1`,
    `x.append(1)`.
    """
    nodes = list(ast.walk(statement))
    parts = [node for node in nodes if isinstance(node, ast.Subscript | ast.Attribute)]
    called = [node.func for node in nodes if isinstance(node, ast.Call)]
    methods = [each for each in called if isinstance(each, ast.Attribute)]
    return {_root(n) for n in [*methods, *(n for n in parts if not isinstance(n.ctx, ast.Load))]}


def _root(node: ast.expr) -> str:
    """`x` of `x.a[0].b`; empty where there is no name."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _alone(node: ast.stmt) -> ast.stmt:
    """The statement in a `try` of its own."""
    handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, [ast.Pass()])
    return ast.Try([node], [handler], [], [])


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"
