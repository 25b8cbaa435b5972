"""Multi-seed studies: declared in `book/studies.yml`, run in parallel, kept in `book/results/<study>.json`."""

from __future__ import annotations

import ast
import hashlib
import itertools
import json
import os
import platform
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from book.bilingual.errors import Problem, ProblemsFound, StandInError, StudyError
from book.bilingual.inline import PACKAGE, InlineError, snippet_closure

PATH = "book/studies.yml"
_KEYS = {"run", "grid", "seeds", "tolerance"}
RowDone = Callable[[int, int], None]


@dataclass(frozen=True)
class Study:
    """One declared study."""

    name: str
    module: str
    function: str
    grid: dict[str, list[Any]]
    seeds: list[int]
    tolerance: dict[str, float] = field(default_factory=dict)

    def settings(self) -> list[dict[str, Any]]:
        """Every combination of the grid with every seed, in order."""
        combinations = itertools.product(*self.grid.values())
        return [dict(zip(self.grid, c, strict=True), seed=seed) for c in combinations for seed in self.seeds]


def load(root: Path, names: tuple[str, ...] = ()) -> list[Study]:
    """The declared studies, or those named. Raises `ProblemsFound` for a bad declaration or an unknown name."""
    path = root / PATH
    data = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    found, problems = [], list[Problem]()
    for name, entry in (data or {}).items():
        fault = _fault(root, name, entry)
        if fault:
            problems.append(Problem(PATH, 0, "", f"study {name!r}: {fault}", "see CONTRIBUTING.md, Studies"))
            continue
        module, _, function = entry["run"].partition(":")
        found.append(Study(name, module, function, entry.get("grid", {}), entry["seeds"], entry.get("tolerance", {})))
    known = [study.name for study in found]
    for name in names:
        if name not in known:
            problems.append(Problem(PATH, 0, "", f"no study is called {name!r}", f"use one of {', '.join(known)}"))
    if problems:
        raise ProblemsFound(problems)
    return [study for study in found if not names or study.name in names]


def _fault(root: Path, name: Any, entry: Any) -> str:
    if not isinstance(name, str) or not name.isidentifier():
        return "its name is not an identifier, but notebooks use it as one"
    if not isinstance(entry, dict) or set(entry) - _KEYS or not {"run", "seeds"} <= set(entry):
        return f"needs `run` and `seeds`, and may have `grid` and `tolerance`; got {entry!r}"
    module, colon, function = str(entry["run"]).partition(":")
    if not module.startswith(PACKAGE + ".") or not colon or not function.isidentifier():
        return f"`run` is {entry['run']!r}, not {PACKAGE}.module:function"
    try:
        snippet_closure(root, module.removeprefix(PACKAGE + "."))
    except InlineError as error:
        return error.what
    grid = entry.get("grid", {})
    if not isinstance(grid, dict) or not all(isinstance(v, list) and v for v in grid.values()):
        return f"`grid` is {grid!r}, not lists of values"
    if not isinstance(entry["seeds"], list) or not all(isinstance(s, int) for s in entry["seeds"]):
        return f"`seeds` is {entry['seeds']!r}, not a list of whole numbers"
    return ""


def code_hash(root: Path, study: Study) -> str:
    """Hash of what the run's module and its snippet imports compute: comments, docstrings and layout do not count."""
    digest = hashlib.sha256(study.function.encode())
    for name in snippet_closure(root, study.module.removeprefix(PACKAGE + ".")):
        tree = ast.parse((root / "book/snippets" / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if (
                isinstance(body, list)
                and body
                and isinstance(body[0], ast.Expr)
                and isinstance(body[0].value, ast.Constant)
            ):
                body[0].value.value = ""
        digest.update(ast.dump(tree).encode())
    return "sha256:" + digest.hexdigest()


def result_path(root: Path, name: str) -> Path:
    return root / "book/results" / f"{name}.json"


def read(root: Path, name: str) -> dict[str, Any] | None:
    """A study's results; None when it was never run."""
    path = result_path(root, name)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def staleness(root: Path, study: Study) -> str:
    """Why the results do not belong to the study as it stands; empty when they do."""
    results = read(root, study.name)
    if results is None:
        return "was never run"
    if results.get("code") != code_hash(root, study):
        return "its code changed since it was run"
    keys = [*study.grid, "seed"]
    if [{key: row.get(key) for key in keys} for row in results["rows"]] != study.settings():
        return "its grid or seeds changed since it was run"
    return ""


def stale_problems(root: Path) -> list[Problem]:
    """Studies whose results are missing or stale, and results of no study."""
    try:
        declared = load(root)
    except ProblemsFound as error:
        return error.problems
    found = []
    for study in declared:
        reason = staleness(root, study)
        if reason:
            mend = f"run python -m book.bilingual results {study.name}"
            found.append(Problem(PATH, 0, "", f"study {study.name!r} is stale: {reason}", mend))
    names = {study.name for study in declared}
    for path in sorted((root / "book/results").glob("*.json")):
        if path.stem not in names:
            found.append(Problem(path.relative_to(root).as_posix(), 0, "", f"no study in {PATH} makes it", "remove it"))
    return found


def run(root: Path, study: Study, *, jobs: int = 1, progress: RowDone = lambda done, total: None) -> dict[str, Any]:
    """Compute every row and write the results, all or nothing. Raises `StudyError` when a row fails."""
    settings = study.settings()
    answers = _compute(root, study, settings, jobs, progress)
    rows = [setting | answer["metrics"] for setting, answer in zip(settings, answers, strict=True)]
    results = {
        "study": study.name,
        "code": code_hash(root, study),
        "seeds": study.seeds,
        "device": _processor(),
        "threads": 1,
        "versions": answers[0]["versions"],
        "date": datetime.now(UTC).date().isoformat(),
        "rows": rows,
    }
    path = result_path(root, study.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_suffix(".staged")
    staged.write_text(_dump(results), encoding="utf-8")
    os.replace(staged, path)
    return results


def _dump(results: dict[str, Any]) -> str:
    """JSON with one row a line: small diffs, still readable."""
    head = {key: value for key, value in results.items() if key != "rows"}
    rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in results["rows"])
    return json.dumps(head, ensure_ascii=False, indent=1)[:-2] + f',\n "rows": [\n{rows}\n ]\n}}\n'


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = (
        [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        if info.is_file()
        else []
    )
    return f"CPU, {names[0] if names else platform.machine()}"


def check_rows(root: Path, study: Study, rows: list[int], *, jobs: int = 1) -> list[dict[str, Any]]:
    """Recompute the rows with these numbers; return their settings. Raises `StudyError` where one differs."""
    results = read(root, study.name)
    if results is None or staleness(root, study):
        raise StudyError(f"study {study.name!r} is stale: {staleness(root, study)}. Run `results {study.name}` first.")
    settings = [study.settings()[row] for row in rows]
    answers = _compute(root, study, settings, jobs, lambda done, total: None)
    for row, setting, answer in zip(rows, settings, answers, strict=True):
        _compare_row(study, setting, results["rows"][row], answer["metrics"])
    return settings


def _compare_row(study: Study, setting: dict[str, Any], recorded: dict[str, Any], fresh: dict[str, Any]) -> None:
    wrong = []
    for metric, value in recorded.items():
        bound = study.tolerance.get(metric, 0.0)
        if metric not in setting and not _close(value, fresh.get(metric), bound):
            wrong.append(f"{metric} is {fresh.get(metric)}, recorded {value} (±{bound})")
    if wrong or set(fresh) - set(recorded):
        reason = "; ".join(wrong) or f"it now also measures {', '.join(sorted(set(fresh) - set(recorded)))}"
        raise StudyError(f"study {study.name!r}, row {setting}: {reason}. Run `results {study.name}` if that is right.")


def _close(recorded: Any, fresh: Any, bound: float) -> bool:
    if isinstance(recorded, list):
        same = isinstance(fresh, list) and len(fresh) == len(recorded)
        return same and all(_close(a, b, bound) for a, b in zip(recorded, fresh, strict=True))
    return isinstance(fresh, int | float) and abs(recorded - fresh) <= bound


def _compute(
    root: Path, study: Study, settings: list[dict[str, Any]], jobs: int, progress: RowDone
) -> list[dict[str, Any]]:
    """Rows in the order of `settings`, by `jobs` processes of one thread each."""
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(len(settings)):
        todo.put(number)
    answers: dict[int, dict[str, Any]] = {}
    failed = threading.Event()

    def serve() -> None:
        env = {k: v for k, v in os.environ.items() if k != "COURSE_SEED"}
        env |= {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", "PYTHONPATH": str(root)}
        worker = [sys.executable, "-P", str(Path(__file__).with_name("study_worker.py"))]
        with subprocess.Popen(
            worker, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env, cwd=root
        ) as process:
            assert process.stdin and process.stdout
            while not failed.is_set():
                try:
                    number = todo.get_nowait()
                except queue.Empty:
                    break
                job = {"module": study.module, "function": study.function, "arguments": settings[number]}
                process.stdin.write(json.dumps(job) + "\n")
                process.stdin.flush()
                answers[number] = json.loads(process.stdout.readline() or '{"error": "the process died"}')
                progress(len(answers), len(settings))
                if "error" in answers[number]:
                    failed.set()
            process.stdin.close()

    threads = [threading.Thread(target=serve) for _ in range(min(jobs, len(settings)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, answer in answers.items():
        if "error" in answer:
            raise StudyError(f"study {study.name!r}, row {settings[number]} failed:\n{answer['error']}")
        if not answer["real"]:
            raise StandInError(
                f"study {study.name!r} ran on stand-in data; set COURSE_DATA to the folder of the real data."
            )
    return [answers[number] for number in range(len(settings))]
