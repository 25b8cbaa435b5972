"""`new`: a source that builds from the start."""

from __future__ import annotations

import re
from pathlib import Path

from book.bilingual.errors import BilingualError
from book.bilingual.lesson.source import FOLDERS, HEADER, find_lessons

_PROSE = """
+++ {"lang": "ko"}

# 제목

이 글은 무엇을 묻고 무엇을 보여 주나요?

+++ {"lang": "en"}

# Title

What does this page ask, and what does it show?
"""

_CODE = """
```{code-cell} ipython3
1 + 1
```
"""

_GRADED = '''
```{code-cell} ipython3
:grade: {solution: answer}
def answer():
    """Return the answer."""
    ### BEGIN SOLUTION
    return 42
    ### END SOLUTION
```

```{code-cell} ipython3
:grade: {test: test_answer, points: 90}
assert answer() == 42
```

+++ {"lang": "ko", "grade": {"manual": "short_answer", "points": 10}}

왜 그런지 두 문장으로 설명하세요.

### BEGIN SOLUTION
모범 답안과 채점 기준.
### END SOLUTION

+++ {"lang": "en", "grade": {"manual": "short_answer", "points": 10}}

Explain why, in two sentences.

### BEGIN SOLUTION
Model answer and rubric.
### END SOLUTION
'''


def create(root: Path, name: str, kind: str | None = None) -> str:
    """Write the source; return its path relative to the root. Raises `BilingualError` for a bad or
    taken name.
    """
    kind = kind or {"ch": "chapter", "ex": "exercise"}.get(
        name[:2] if re.match(r"(ch|ex)\d\d_", name) else "", "page"
    )
    patterns = {
        "chapter": r"ch\d\d_[a-z0-9_]+",
        "exercise": r"ex\d\d_[a-z0-9_]+",
        "page": r"[a-z][a-z0-9_-]*",
    }
    if not re.fullmatch(patterns[kind], name):
        raise BilingualError(
            f"{name!r} is no name for a {kind}; it must look like {patterns[kind]}"
        )
    if any(known == name for _, known, _ in find_lessons(root)):
        raise BilingualError(f"{name!r} exists already; edit it, or choose another name")
    path = root / FOLDERS[kind] / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        HEADER + _PROSE + {"chapter": _CODE, "exercise": _GRADED, "page": ""}[kind],
        encoding="utf-8",
    )
    return path.relative_to(root).as_posix()
