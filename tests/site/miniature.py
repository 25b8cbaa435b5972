"""A project of five pages per language, for tests that do harm or need to be quick; and how a site
is built.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import yaml

from book.site.plays import PLACES

ROOT = Path(__file__).resolve().parents[2]
INSTRUCTORS = "pooling-to-gap/pooling-to-gap-instructors"


def build(source: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`jupyter-book build`, as `make book` calls it, but into `out`, with this project's
    extension.
    """
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "build", source, "--path-output", out, "-W", "-n", "--keep-going", *options]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=surroundings)


EXERCISE = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
---

+++ {"lang": "ko"}

# 과제 1. 작은 과제

+++ {"lang": "en"}

# Assignment 1. A small one

```{code-cell} ipython3
:grade: {solution: double}
def double(x):
    ### BEGIN SOLUTION
    return x.mul(2.0).contiguous()
    ### END SOLUTION
```

```{code-cell} ipython3
:grade: {test: test_double, points: 90}
assert double(1) == 2
```

```{raw-cell}
:cases: test_double

- kind: function
  call: double
  inputs: [{shape: [3, 4, 17, 9]}]
```

+++ {"lang": "ko", "grade": {"manual": "short_answer", "points": 10}}

왜 그럴까요?

### BEGIN SOLUTION
두 배로 만들면 모든 값이 같은 비율로 커지기 때문입니다.
### END SOLUTION

+++ {"lang": "en", "grade": {"manual": "short_answer", "points": 10}}

Why?

### BEGIN SOLUTION
Because doubling scales all of the values by one and the same ratio.
### END SOLUTION
"""

GLOSSARY = """
- {en: pooling, ko: 풀링, en_def: Summarising a window., ko_def: 윈도우를 요약합니다., avoid_en: [], avoid_ko: []}
- {en: max pooling, ko: 최대 풀링, en_def: Keeping the largest., ko_def: 큰 값만 남깁니다., avoid_en: [], avoid_ko: []}
"""

# Where the site puts the playgrounds of chapter 1.
PLAYED = {  # heading after heading
    lang: "\n\n".join(f"## {titles[lang == 'en']}" for titles in PLACES["ch01_pooling"].values())
    for lang in ("ko", "en")
}

TEXTS = {
    "ko": {
        "welcome": "# 시작하며\n\n[풀링](ch01_pooling.ipynb)을 배웁니다.",
        "ch01_pooling": (
            "# 풀링\n\n최대 풀링을 쓰면 작아집니다. 풀링을 배웁니다.\n\n## 둘째 절\n\n$x$를"
            " 줄입니다.\n\n" + PLAYED["ko"]
        ),
        "ex01_small": "# 과제 1. 작은 과제\n\n함수를 채우세요.",
        "glossary": (
            '# 용어집\n\n<a id="term-pooling"></a>풀링\n\n<a id="term-max-pooling"></a>최대 풀링'
        ),
        "instructors": (
            "# 강의하는 분께\n\nhttps://github.com/pooling-to-gap/pooling-to-gap-instructors"
        ),
    },
    "en": {
        "welcome": "# Welcome\n\n[Pooling](ch01_pooling.ipynb) is taught.",
        "ch01_pooling": (
            "# Pooling\n\nMax pooling shrinks. Pooling is taught.\n\n## Section two\n\nIt shrinks"
            " $x$.\n\n" + PLAYED["en"]
        ),
        "ex01_small": "# Assignment 1. A small one\n\nFill in the function.",
        "glossary": (
            '# Glossary\n\n<a id="term-pooling"></a>pooling\n\n<a id="term-max-pooling"></a>max'
            " pooling"
        ),
        "instructors": (
            "# For instructors\n\nhttps://github.com/pooling-to-gap/pooling-to-gap-instructors"
        ),
    },
}


def write_miniature(root: Path) -> Path:
    """A project of five pages per language, with this project's configuration."""
    (root / "book" / "exercises").mkdir(parents=True)
    (root / "book" / "exercises" / "ex01_small.md").write_text(EXERCISE, "utf-8")
    (root / "book" / "glossary.yml").write_text(GLOSSARY, "utf-8")
    shutil.copytree(ROOT / "book" / "site" / "static", root / "book" / "site" / "static")
    for name in ("_config.yml", "pyproject.toml"):
        shutil.copyfile(ROOT / name, root / name)
    (root / "LICENSE").write_text("A licence.\n", "utf-8")
    parts = []
    for lang, texts in TEXTS.items():
        folder = root / "notebooks" / lang
        folder.mkdir(parents=True)
        for name, text in texts.items():
            if name.startswith(("ch", "ex")):
                write_notebook(folder / f"{name}.ipynb", text)
            else:
                (folder / f"{name}.md").write_text(text + "\n", "utf-8")
        parts.append(
            {"caption": lang, "chapters": [{"file": f"notebooks/{lang}/{name}"} for name in texts]}
        )
    index = "# 선택 · Choose\n\n[한국어](ko/welcome.md) [English](en/welcome.md)\n"
    (root / "notebooks" / "index.md").write_text(index, "utf-8")
    toc = {"format": "jb-book", "root": "notebooks/index", "parts": parts}
    (root / "_toc.yml").write_text(yaml.safe_dump(toc, allow_unicode=True), "utf-8")
    return root


def write_notebook(
    path: Path, text: str, code: str = "def double(x):\n    raise NotImplementedError"
) -> None:
    """A notebook of one text cell and one code cell."""
    cells = [
        nbformat.v4.new_markdown_cell(text, id="text"),
        nbformat.v4.new_code_cell(code, id="code"),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)


def replace(path: Path, old: str, new: str) -> None:
    """Replace a text in a file; the text must be there."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
