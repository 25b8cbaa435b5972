"""The workflows run the project's own commands, with pinned actions and no more rights than they
need.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from miniature import ROOT

FOLDER = ROOT / ".github" / "workflows"
NAMES = ["ci.yml", "publish.yml"]


def read(name: str) -> dict[Any, Any]:
    return yaml.safe_load((FOLDER / name).read_text("utf-8"))


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in read(name)["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("name", NAMES)
def test_actions_are_pinned_to_a_commit_and_say_which_version_it_is(name: str) -> None:
    used = re.findall(
        r"uses: (\S+)( # v\d+\.\d+\.\d+)?$", (FOLDER / name).read_text("utf-8"), re.MULTILINE
    )
    assert used
    for action, version in used:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", action) and version, action


@pytest.mark.parametrize("name", NAMES)
def test_a_workflow_may_only_read_and_leaves_no_credentials_behind(name: str) -> None:
    assert read(name)["permissions"] == {"contents": "read"}
    assert all(
        "permissions" not in job and "timeout-minutes" in job for job in read(name)["jobs"].values()
    )
    checkouts = [
        step for step in steps(name) if step.get("uses", "").startswith("actions/checkout@")
    ]
    assert checkouts and all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_ci_runs_what_everyone_runs() -> None:
    assert ".ci/run" in [step.get("run") for step in steps("ci.yml")]
    assert set(read("ci.yml")[True]) == {"push", "pull_request"}  # YAML reads `on` as true


def test_publishing_never_runs_for_a_pull_request() -> None:
    workflow = read("publish.yml")
    assert "pull_request" not in workflow[True]
    assert "workflow_run.event == 'push'" in workflow["jobs"]["publish"]["if"]
    assert (
        "head_branch == github.event.repository.default_branch" in workflow["jobs"]["publish"]["if"]
    )
    assert "make publish" in [step.get("run") for step in steps("publish.yml")]


@pytest.mark.parametrize("name", NAMES)
def test_no_value_that_others_can_write_is_pasted_into_a_script(name: str) -> None:
    for step in steps(name):
        assert "${{" not in step.get("run", ""), step
