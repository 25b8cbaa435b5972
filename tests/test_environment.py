"""What the environment files promise agrees with pyproject.toml."""

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_conda_environment_installs_the_projects_own_pins():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip = environment["dependencies"][0], environment["dependencies"][-1]["pip"]
    assert f">={python.split('=')[1]}" == PROJECT["requires-python"]
    assert pip == ["-e .[run]", "./book/torchvision_shim"]


def test_every_requirement_has_a_range():
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    for requirement in (
        r for group in groups for r in group if not r.startswith("from-pooling-to-gap")
    ):
        assert re.search(r"[<>=]=?", requirement), f"{requirement} has no range"


def test_every_make_target_is_described_in_its_help():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.M).group(1).split()
    described = re.findall(r"^([a-z-]+):.*##", text, re.M)
    assert sorted(phony) == sorted(described)
