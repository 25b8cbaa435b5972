"""Quizzes and predictions: one answers before one sees. `static/progress.js` asks, marks and
remembers.

A quiz stands in the notebooks as choices and folded answers (`book/bilingual/lesson/quiz.py`); here
the choices become radio buttons. What follows a prediction becomes a fold, with a line above it to
write in. Everything is in the page from the start, so nothing jumps; without scripts the buttons
are not shown, and folds are folds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from docutils import nodes

from book.site.words import word

CHECK_PAGE = "welcome"  # its quizzes are the concept check, which is scored as a whole
TEXT = "course-choice-text"
MARK = "( )"  # before each choice of a prediction
# A notebook folds the answer to a prediction by itself; here all that follows is folded already.
_INNER = re.compile(r"<details>\s*<summary>(?:예측과 맞춰 보기|Check your prediction)</summary>")
_OPEN = re.compile(r'<div class="quiz" data-quiz="([\w-]+)" data-right="(\d)">')
_LATER = '<details class="quiz-later">'  # around one that asks about what came out, in notebooks
_AFTER = " course-after"
_CLOSE = "</div><!-- quiz -->"
_STOP = (
    '<div class="quiz"',
    '<div class="course-play"',
    '<p class="course-play-link"',
    '<div class="course-quiz',
)


def _raw(html: str) -> nodes.raw:
    return nodes.raw("", html + "\n", format="html")


def _html(node: nodes.Node) -> str:
    return node.astext().strip() if isinstance(node, nodes.raw) else ""


def ranges(parent: nodes.Element) -> list[tuple[int, int]]:
    """Where the quizzes among the children of `parent` begin and end (inclusive)."""
    found, start = [], None
    for i, child in enumerate(parent.children):
        if _OPEN.fullmatch(_html(child)):
            start = i - (i > 0 and _is_later(parent[i - 1]))
        elif start is not None and _html(child) == "</div>":
            found.append((start, i + _is_later(parent[start])))
            start = None
    return found


def _is_later(node: nodes.Node) -> bool:
    return _html(node).startswith(_LATER)


def make_forms(document: nodes.document, page: str, lang: str) -> int:
    """Make each quiz of `page` ("ch02_gap") a form; returns how many there are."""
    parents = {
        id(raw.parent): raw.parent
        for raw in document.findall(nodes.raw)
        if _OPEN.fullmatch(_html(raw))
    }
    count = 0
    for parent in parents.values():
        for start, end in reversed(ranges(parent)):
            parent[start : end + 1] = _form(parent[start : end + 1], lang, alone=page != CHECK_PAGE)
            count += 1
    if page == CHECK_PAGE and count:
        _number(document, lang)
        last = [raw for raw in document.findall(nodes.raw) if _html(raw) == _CLOSE][-1]
        last.parent.insert(last.parent.index(last) + 1, _check(lang))
    return count


def _form(written: list[nodes.Node], lang: str, *, alone: bool) -> list[nodes.Node]:
    later = _is_later(written[0])  # here the fold of the prediction takes it in
    if later:
        written = written[1:-1]
    match = _OPEN.fullmatch(_html(written[0]))
    assert match
    folds = next(i for i, node in enumerate(written) if _html(node).startswith("<details>"))
    choices = max(
        i for i, node in enumerate(written[:folds]) if isinstance(node, nodes.bullet_list)
    )
    name = f"quiz-{match[1]}"
    made: list[nodes.Node] = [
        _raw(
            f'<div class="course-quiz{_AFTER if later else ""}" data-quiz="{match[1]}"'
            f' data-right="{match[2]}">'
        ),
        _raw(f'<div class="course-question" id="{name}">'),
        *written[1:choices],
        _raw(f'</div><div class="course-choices-list" role="radiogroup" aria-labelledby="{name}">'),
    ]
    for i, item in enumerate(written[choices].children):
        made += _choice(name, i, item.children[0])
    made.append(_raw("</div>"))
    if alone:
        button = _button("check-answer", word(lang, "check answer"))
        made.append(_raw(f'<p class="course-answer-buttons">{button}</p>'))
    made.append(_raw('<div class="course-answers" aria-live="polite">'))
    for node in written[folds:-1]:
        html = _html(node)
        made.append(
            _raw(html.replace("<details>", '<details class="course-answer">')) if html else node
        )
    return [*made, _raw("</div>"), _raw(_CLOSE)]


def _choice(group: str, at: int, text: nodes.Element) -> list[nodes.Node]:
    start = _raw(f'<label class="course-choice"><input type="radio" name="{group}" value="{at}">')
    return [start, nodes.inline("", "", *text.children, classes=[TEXT]), _raw("</label>")]


def _number(document: nodes.document, lang: str) -> None:
    """Call the quizzes of the check questions, by their number."""
    starts = [
        raw for raw in document.findall(nodes.raw) if 'class="course-question"' in raw.astext()
    ]
    for number, start in enumerate(starts, 1):
        call = next(iter(start.parent[start.parent.index(start) + 1].findall(nodes.strong)))
        call.children = []
        call += nodes.Text(word(lang, "question", number))


def _button(name: str, text: str) -> str:
    return f'<button type="button" class="course-{name}">{escape(text)}</button>'


def _check(lang: str) -> nodes.raw:
    buttons = [
        ("check-submit", "check submit"),
        ("check-again", "check again"),
        ("check-answers", "check answers"),
    ]
    html = "".join(_button(name, word(lang, key)) for name, key in buttons)
    said = '<p class="course-check-said" role="status"></p>'
    return _raw(
        f'<div class="course-check">{said}<p class="course-answer-buttons">{html}</p></div>'
    )


def hide_outcomes(document: nodes.document, lang: str) -> int:
    """Fold what follows each prediction, up to the next heading, prediction, quiz or playground;
    a quiz that says what came out is folded, too.
    """
    calls = [p for p in document.findall(nodes.paragraph) if "course-predict" in p["classes"]]
    for number, call in enumerate(calls, 1):
        section = call.parent
        start = section.index(call) + 1
        choices = _choices(section[start]) if start < len(section) else []
        if choices:
            del section[start]
        end = start
        while end < len(section) and not _ends(section[end]):
            end += 1
        followed = section[start:end]
        if any(_is_cell(node) for node in followed):
            followed = section[start : _behind_quizzes(section, end)]
        # A question that the whole chapter answers has nothing right below it.
        answered = (
            followed
            if any(_is_cell(node) for node in followed) and section.parent is not document
            else []
        )
        section[start : start + len(answered)] = [
            *_commit(number, lang, choices, bool(answered)),
            *_outcome(answered, lang),
        ]
    return len(calls)


def _behind_quizzes(section: nodes.Element, at: int) -> int:
    """Where those quizzes that begin at `at`, one right after the other, have ended."""
    while at < len(section) and _html(section[at]).startswith(f'<div class="course-quiz{_AFTER}'):
        at = next(i for i in range(at, len(section)) if _html(section[i]) == _CLOSE) + 1
    return at


def _ends(node: nodes.Node) -> bool:
    classes = node["classes"] if isinstance(node, nodes.Element) else []
    return (
        isinstance(node, nodes.section)
        or "course-predict" in classes
        or _html(node).startswith(_STOP)
    )


def _is_cell(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def _choices(node: nodes.Node) -> list[nodes.Element]:
    """The choices of a prediction, a list whose items begin with `( )`; none where there is no such
    list.
    """
    if not isinstance(node, nodes.bullet_list) or not all(
        item.astext().startswith(MARK) for item in node.children
    ):
        return []
    for item in node.children:
        first = next(text for text in item.findall(nodes.Text) if text.astext().strip())
        first.parent.replace(first, nodes.Text(first.astext().removeprefix(MARK).lstrip()))
    return [item.children[0] for item in node.children]


def _commit(
    number: int, lang: str, choices: list[nodes.Element], answered: bool
) -> list[nodes.Node]:
    """The line to write a prediction in, or the choices to pick it from."""
    name = f"prediction-{number}"
    label = escape(word(lang, "my prediction"))
    button = _button("commit-button", word(lang, "commit" if answered else "note"))
    start = f'<div class="course-commit" data-prediction="{number}">'
    if not choices:
        field = f'<input type="text" id="{name}" maxlength="300" autocomplete="off">'
        return [_raw(f'{start}<label for="{name}">{label}</label>{field}{button}</div>')]
    made: list[nodes.Node] = [
        _raw(f'{start}<div class="course-choices-list" role="radiogroup" aria-label="{label}">')
    ]
    for i, choice in enumerate(choices):
        made += _choice(name, i, choice)
    return [*made, _raw(f"</div>{button}</div>")]


def _outcome(followed: list[nodes.Node], lang: str) -> list[nodes.Node]:
    if not followed:
        return []
    summary = escape(word(lang, "outcome"))
    return [
        _raw(f'<details class="course-outcome"><summary>{summary}</summary>'),
        *_open(followed),
        _raw("</details>"),
    ]


def _open(followed: list[nodes.Node]) -> Iterator[nodes.Node]:
    """`followed` without the fold around the answer."""
    inner = False
    for node in followed:
        html = _html(node)
        if _INNER.fullmatch(html):
            inner = True
        elif inner and html == "</details>":
            inner = False
        else:
            yield node


def insert_progress(document: nodes.document, page: str, lang: str) -> None:
    """On the first page: go on where one was, take one's answers along, erase them."""
    top = next(iter(document.findall(nodes.section)), None)
    if page != CHECK_PAGE or top is None:
        return
    at = next(
        (i for i, child in enumerate(top.children) if isinstance(child, nodes.section)), len(top)
    )
    html = f'<section class="course-progress" aria-label="{escape(word(lang, "progress"))}">'
    html += f'<p class="course-progress-said">{escape(word(lang, "progress kept"))}</p>'
    html += '<p class="course-answer-buttons"><a class="course-continue" hidden></a>'
    html += _button("export", word(lang, "export")) + _button("erase", word(lang, "erase"))
    top.insert(at, _raw(f"{html}</p></section>"))
