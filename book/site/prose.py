"""What the site makes of the notebooks' plain Markdown as it writes a page: calls to predict, lines
that break well.
"""

from __future__ import annotations

import re

from docutils import nodes

# A paragraph that opens with such words in bold asks the reader to stop and answer.
_CALL = re.compile(r"(?:먼저 )?예측(?:해 ?보\w+|하\w+)?|(?:First,? )?[Pp]redict(?: first)?")
_PARTICLE = re.compile(r"[가-힣]+[.,?!:;)]*")
# What touches a formula: the browser would begin a line even with its comma.
_AHEAD, _BEHIND = re.compile(r"\S{1,8}$"), re.compile(r"[가-힣]+[.,?!:;)]*|\S{1,16}")
# A line may break behind these signs; the word before them stays with them in any case.
_SIGNED = re.compile(
    r"((?:몇 |(?:\([가-힣]{1,4} − )?[0-9A-Za-z]{0,8})[%)\]”’][가-힣]{1,12}[.,?!:;)]*)"
)
# An equation in plain text, as in a heading, points, top-1, the number that ends a paragraph, a
# name such as ResNet-18 or Grad-CAM, an interval and a shape: the browser would break at their
# spaces and hyphens.
_WHOLE = re.compile(
    r"((?:[A-Z]\(x\)(?: [=+] (?:[A-Z]\(x\)|[\dx](?![\dA-Za-z])))+"
    r"|\(\d+ points?\)|(?<![\w-])top-\d|\b(?:to|by|at|is) \d{1,2}\.$"
    r"|(?<![\w-])[A-Z][A-Za-z]*\d?-[A-Z\d]\w*(?:/\d+)?"
    r"|[(\[][+−-]?\d[\d.]*(?:, [+−-]?\d[\d.]*){1,3}[)\]])[가-힣]*[.,?!:;)”’]*)"
)
_EMPTY_HEAD = re.compile(r"<th[^>]*>(?:<p></p>)?</th>")
_CODE_PIECE = re.compile(r'(?<=<span class="pre">)[^<]{8,}')
_JOINT = re.compile(r"(?<=\w)[_.(\[](?=\w)")
_UNIT = re.compile(r"(?<=\d) (?=(?:min|s|MiB)\b)")
# A small number and a date: the browser would break at their hyphens.
_HYPHENED = re.compile(r"(?<=[>\s])(\d{4}-\d\d-\d\d|[\d.]+e-\d+)(?=[<\s])")
_TABLE = re.compile(r"(<table.*?</table>)", re.S)
# Longer code may have to break on a phone.
MAX_TEX = 24


def mark_predictions(document: nodes.document) -> int:
    """Give each paragraph that asks for a prediction a class of its own; returns how many there
    are.
    """
    found = 0
    for paragraph in document.findall(nodes.paragraph):
        # MyST puts an empty text before bold words that open a paragraph.
        first = next((child for child in paragraph.children if child.astext()), None)
        if isinstance(first, nodes.strong) and _CALL.fullmatch(first.astext().strip(" .:?!")):
            paragraph["classes"].append("course-predict")
            found += 1
    return found


def keep_particles(document: nodes.document) -> int:
    """Tie a particle to the short code, the percent sign or the closing bracket before it, or a
    line may begin with 은 or 입니다, and to a formula whatever touches it; returns how many were
    tied.
    """
    return (
        keep_formulas(document)
        + keep_wholes(document)
        + _behind_code(document)
        + _tie(document, _SIGNED)
        + _behind_links(document)
    )


def keep_dots(document: nodes.document) -> int:
    """The dot between two links stays on the first one's line; returns how many there are."""
    found = 0
    for link in list(document.findall(nodes.reference)):
        parent = link.parent
        at = next(number for number, child in enumerate(parent) if child is link)
        after = parent[at + 1] if at + 1 < len(parent) else None
        if isinstance(after, nodes.Text) and after.astext().startswith(" · "):
            parent[at + 1] = nodes.Text("\u00a0·" + after.astext()[2:])
            found += 1
    return found


def keep_short_code(document: nodes.document) -> int:
    """Short code in a line of text does not break, neither at a hyphen nor within a call; returns
    how many there are.
    """
    short = [code for code in document.findall(nodes.literal) if len(code.astext()) <= MAX_TEX]
    for code in short:
        code["classes"].append("course-tied")
    return len(short)


def mark_single_lines(document: nodes.document) -> int:
    """Give what a cell printed as one line a class: on a phone it may break, as no columns would
    come apart; returns how many there are.
    """
    found = 0
    for output in document.findall(nodes.container):
        if output.get("nb_element") == "cell_code_output":
            for block in output.findall(nodes.literal_block):
                if "\n" not in block.astext().strip("\n"):
                    block["classes"].append("course-one-line")
                    found += 1
    return found


def _behind_links(document: nodes.document) -> int:
    """A link may wrap, so a word joiner ties the particle to its last sign."""
    tied = 0
    for link in list(document.findall(nodes.reference)):
        parent = link.parent
        at = next(number for number, child in enumerate(parent) if child is link)
        after = parent[at + 1] if at + 1 < len(parent) else None
        if not isinstance(after, nodes.Text) or not _PARTICLE.match(after.astext()):
            continue
        if link.astext().endswith(("%", ")", "]", "”", "’")):
            parent[at + 1] = nodes.Text("\u2060" + after.astext())
            tied += 1
    return tied


def keep_wholes(document: nodes.document) -> int:
    """Short equations in plain text, names with a hyphen, intervals and shapes, such as F(x) = 0,
    ResNet-18 and (2, 6), do not break, except in a table's cell, which has to fit a phone; returns
    how many there are.
    """
    return _tie(document, _WHOLE, outside=nodes.entry)


def keep_formulas(document: nodes.document) -> int:
    """Tie whatever touches a formula to it; returns how many were tied. A browser may break a line
    on either side of a formula, at a word joiner too, and never within one.
    """
    tied = 0
    for formula in list(document.findall(nodes.math)):
        parent = formula.parent
        at = parent.index(formula)
        before = parent[at - 1] if at else None
        after = parent[at + 1] if at + 1 < len(parent) else None
        ahead = _AHEAD.search(before.astext()) if isinstance(before, nodes.Text) else None
        behind = _BEHIND.match(after.astext()) if isinstance(after, nodes.Text) else None
        if not ahead and not behind:
            continue
        unit = nodes.inline("", "", classes=["course-tied"])
        pieces: list[nodes.Node] = [unit]
        first, last = at, at + 1
        if ahead and before is not None:
            unit += nodes.Text(ahead[0])
            pieces.insert(0, nodes.Text(before.astext()[: ahead.start()]))
            first -= 1
        unit += formula.deepcopy()
        if behind and after is not None:
            unit += nodes.Text(behind[0])
            pieces.append(nodes.Text(after.astext()[behind.end() :]))
            last += 1
        parent[first:last] = [piece for piece in pieces if piece.astext()]
        tied += 1
    return tied


def _behind_code(document: nodes.document) -> int:
    tied = 0
    for piece in list(document.findall(nodes.literal)):
        parent = piece.parent
        at = parent.index(piece)
        after = parent[at + 1] if at + 1 < len(parent) else None
        if not isinstance(after, nodes.Text):
            continue
        match = _PARTICLE.match(after.astext())
        if not match:
            continue
        if len(piece.astext()) > MAX_TEX:  # may break, but not before the particle
            parent[at + 1] = nodes.Text("\u2060" + after.astext())
            tied += 1
            continue
        rest = after.astext()[match.end() :]
        unit = nodes.inline("", "", piece.deepcopy(), nodes.Text(match[0]), classes=["course-tied"])
        del parent[at + 1]  # `remove` would take the first text that reads the same
        parent.replace(piece, unit)
        if rest:
            parent.insert(at + 1, nodes.Text(rest))
        tied += 1
    return tied


def _tie(
    document: nodes.document, pattern: re.Pattern[str], outside: type[nodes.Element] | None = None
) -> int:
    """Nothing that the pattern's one group finds breaks; returns how often it was found."""
    tied = 0
    for text in list(document.findall(nodes.Text)):
        parent = text.parent
        if isinstance(parent, nodes.math | nodes.literal | nodes.FixedTextElement | nodes.raw):
            continue
        if "course-tied" in parent.get("classes", ()):
            continue
        if outside and _within(text, outside):
            continue
        pieces = pattern.split(text.astext())  # what is tied stands at the odd places
        if len(pieces) > 1:
            at = next(number for number, child in enumerate(parent) if child is text)
            parent[at : at + 1] = [
                nodes.inline("", piece, classes=["course-tied"])
                if number % 2
                else nodes.Text(piece)
                for number, piece in enumerate(pieces)
                if piece
            ]
            tied += len(pieces) // 2
    return tied


def _within(node: nodes.Node, kind: type[nodes.Element]) -> bool:
    while node.parent is not None:
        node = node.parent
        if isinstance(node, kind):
            return True
    return False


def tables_that_scroll(html: str) -> str:
    """Each table in a box of its own: on a phone the table scrolls, not the page. An empty corner
    heads nothing; a long name in a cell breaks between its parts, not within them, no unit stands
    on a line of its own, and a date or a small number stays whole.
    """

    def boxed(match: re.Match[str]) -> str:
        table = _HYPHENED.sub(r'<span class="course-tied">\1</span>', _UNIT.sub("\u00a0", match[1]))
        table = _CODE_PIECE.sub(lambda piece: _JOINT.sub(r"\g<0><wbr>", piece[0]), table)
        return f'<div class="course-scroll">{table}</div>'

    return _TABLE.sub(boxed, _EMPTY_HEAD.sub("<td></td>", html))
