"""What hand-ins may import: installed as declared, or answered by a stand-in."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / "autograder" / "probe" / "packages.py"


def run(code: str) -> str:
    """What `code` prints where packages.py is loaded, or the last line of its error."""
    program = f"import runpy, types\noffer = runpy.run_path({str(FILE)!r})['offer']\n{code}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd="/")
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def declared() -> dict[str, str]:
    text = FILE.read_text(encoding="utf-8").partition("INSTALLED = {")[2].partition("}")[0]
    return dict(re.findall(r'"(\w+)": "([\w-]+)"', text))


def test_every_package_is_installed_and_required_by_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {re.split(r"[<>=\[]", line)[0] for line in project["optional-dependencies"]["run"]}
    assert declared() and set(declared().values()) <= required
    assert [name for name in declared() if importlib.util.find_spec(name) is None] == []


@pytest.mark.parametrize(
    "code",
    [
        "from google.colab import drive\ndrive.mount('/proc/drive')",
        "from google.colab import files\nassert files.upload() == {}\nfiles.download('x')",
        "from google.colab.patches import cv2_imshow\ncv2_imshow(None)",
        "import google.colab\ngoogle.colab.output.clear()",
        "from google.colab import userdata\nassert userdata.get('KEY') is None",
    ],
)
def test_colab_is_answered_and_does_nothing(code: str) -> None:
    assert run(f"import os, tempfile\nos.chdir(tempfile.mkdtemp())\n{code}\nprint('on')") == "on"


def test_package_that_is_not_there_stays_so_until_it_is_offered() -> None:
    attempt = "\ntry:\n    import nowhere\nexcept ModuleNotFoundError:\n    print('missing')"
    assert run(attempt) == "missing"
    assert (
        run("offer('nowhere')\nimport nowhere.deep as n\nfrom nowhere import thing\nprint('on')")
        == "on"
    )


@pytest.mark.parametrize(
    "use", ["n.f()", "n.a.b(1)", "class C(n.Base): pass", "n.table[0]()", "for x in n.y: pass"]
)
def test_use_of_a_stand_in_names_the_package(use: str) -> None:
    assert (
        run(f"offer('nowhere')\nimport nowhere as n\n{use}")
        == "ModuleNotFoundError: No module named 'nowhere'"
    )


@pytest.mark.parametrize(
    "annotation", ["n.Float[int, 'n c']", "n.Float[int] | None", "None | n.A", "Optional[n.A[1]]"]
)
def test_annotation_by_a_stand_in_uses_nothing(annotation: str) -> None:
    code = "offer('nowhere')\nimport nowhere as n\nfrom typing import Optional\n"
    assert run(f"{code}def f(x: {annotation}): return x\nprint(f('on'))") == "on"


def test_stand_ins_do_not_disturb_those_who_look_through_all_modules() -> None:
    code = (
        "offer('nowhere')\nimport nowhere, google.colab,"
        " inspect\ninspect.getmodule(inspect.getmodule)\nprint('on')"
    )
    assert run(code) == "on"
