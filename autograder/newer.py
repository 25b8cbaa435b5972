"""Whether code that this Python cannot parse is in the syntax of a newer one, as Colab may accept
it.

The few things that Python has learned since 3.11 are put into older words; code that parses then
was no mistake of its author's. Trusted side; linear in the source's length.
"""

import re
import sys

from . import parsing

_TYPE = re.compile(r"^([ \t]*)type[ \t]+(\w+)[ \t]*(?:\[[^\]\n]*\])?[ \t]*=", re.MULTILINE)
_GENERIC = re.compile(
    r"^([ \t]*(?:async[ \t]+def|def|class)[ \t]+\w+)[ \t]*\[[^\n(:]*\](?=[ \t]*[(:])", re.MULTILINE
)
_EXCEPT = re.compile(
    r"^([ \t]*except\*?)[ \t]+([\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)[ \t]*:", re.MULTILINE
)
_STRING = re.compile(r"(?i)(?<!\w)([rbuft]{0,2})('''|\"\"\"|'|\")")


def is_newer_syntax(source: str) -> bool:
    """True if only a newer Python than this one parses `source` (magics and shell lines taken
    out).
    """
    if len(source) > parsing.MAX_CELL or _parses(source):
        return False
    older = _EXCEPT.sub(
        r"\1 (\2):", _GENERIC.sub(r"\1", _TYPE.sub(r"\1\2 =", _without_strings(source)))
    )
    return _parses(older)


def running() -> str:
    """The version that grades, such as `3.11`."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _parses(source: str) -> bool:
    return parsing.parse(parsing.without_magics(source)) is not None


def _without_strings(source: str) -> str:
    """`source` with each string literal an empty one: Python 3.12 allows any expression inside of
    an f-string.
    """
    out, at = [], 0
    while at < len(source):
        comment, opening = source.find("#", at), _STRING.search(source, at)
        if opening is None or (0 <= comment < opening.start()):
            if comment < 0:
                break
            end = source.find("\n", comment)
            end = len(source) if end < 0 else end
            out.append(source[at:end])
            at = end
            continue
        end = _string_end(
            source, opening.end(), opening[2], formatted=bool(set(opening[1].lower()) & set("ft"))
        )
        if end < 0:
            break
        out += [source[at : opening.start()], '""']
        at = end
    return "".join([*out, source[at:]])


def _string_end(source: str, at: int, quote: str, formatted: bool) -> int:
    """Where a string that is open at `at` has ended; -1 if it does not. In a formatted one, braces
    hold expressions, whose own strings may use any quote.
    """
    depth = 0
    stack: list[tuple[str, bool, int]] = []
    while at < len(source):
        if depth and (inner := _STRING.match(source, at)):
            stack.append((quote, formatted, depth))
            quote, formatted, depth = inner[2], bool(set(inner[1].lower()) & set("ft")), 0
            at = inner.end()
        elif source[at] == "\\" and not depth:
            at += 2
        elif not depth and source.startswith(quote, at):
            at += len(quote)
            if not stack:
                return at
            quote, formatted, depth = stack.pop()
        elif source[at] == "\n" and len(quote) == 1 and not depth:
            return -1
        elif formatted and not depth and source.startswith("{{", at):
            at += 2
        else:
            depth += (source[at] == "{") - (source[at] == "}" and depth > 0) if formatted else 0
            at += 1
    return -1
