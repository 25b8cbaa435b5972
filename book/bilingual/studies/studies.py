"""Multi-seed studies: declared in `book/studies.yml`, run in parallel, kept in
`book/results/<study>.json`.
"""

from __future__ import annotations

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
from book.bilingual.gates import evidence
from book.bilingual.lesson.inline import PACKAGE, InlineError, snippet_closure, snippet_of
from book.bilingual.studies.study_code import code_hash

PATH = "book/studies.yml"
TRAININGS = ("flattened", "budget", "none")
_KEYS = {
    "run",
    "grid",
    "seeds",
    "tolerance",
    "longer",
    "training",
    "flat",
    "claims",
    "n_test",
    "told",
}
RowDone = Callable[[int, int], None]
Setting = dict[str, Any]


@dataclass(frozen=True)
class Study:
    """One declared study; CONTRIBUTING.md, Studies, says what each key means."""

    name: str
    run: str  # book.snippets.module:function
    grid: dict[str, list[Any]]
    seeds: list[int]
    tolerance: dict[str, float] = field(default_factory=dict)
    # seeds, and values of grid keys, of the longer rows
    longer: dict[str, list[Any]] = field(default_factory=dict)
    training: str = ""  # one of TRAININGS; empty when undeclared
    why: str = ""  # the reason of a fixed budget, or of no training
    flat: float = 0.02  # largest fall of the training loss that still counts as flat
    claims: str = ""  # book.snippets.module:function
    n_test: int | None = None  # test images of a row
    # lesson#anchor: where the course says that a conclusion did not outlive longer training
    told: str = ""

    def settings(self) -> list[Setting]:
        """Every combination of the grid with every seed, in order; then the rows of `longer`, at
        length 4.
        """
        first = _product(self.grid, self.seeds)
        if not self.longer:
            return first
        first = first if "length" in self.grid else [_with_length(setting, 1) for setting in first]
        kept = [setting for setting in first if setting["length"] <= 1]
        lengths = [length for length in self.grid.get("length", [4]) if length > 1] or [4]
        narrowed = {
            key: self.longer.get(key, values)
            for key, values in self.grid.items()
            if key != "length"
        }
        return kept + [
            _with_length(setting, length)
            for length in lengths
            for setting in _product(narrowed, self.longer.get("seeds", self.seeds))
        ]


def _product(grid: dict[str, list[Any]], seeds: list[int]) -> list[Setting]:
    combinations = itertools.product(*grid.values())
    return [dict(zip(grid, c, strict=True), seed=seed) for c in combinations for seed in seeds]


def _with_length(setting: Setting, length: float) -> Setting:
    """`setting` with `length` before the seed, as a grid key would stand."""
    bare = {key: value for key, value in setting.items() if key not in ("length", "seed")}
    return bare | {"length": length, "seed": setting["seed"]}


def load(root: Path, names: tuple[str, ...] = ()) -> list[Study]:
    """The declared studies, or those named. Raises `ProblemsFound` for a bad declaration or an
    unknown name.
    """
    found, problems = [], list[Problem]()
    for name, entry in _declared(root).items():
        fault = _fault(root, name, entry)
        if fault:
            problems.append(
                Problem(PATH, 0, "", f"study {name!r}: {fault}", "see CONTRIBUTING.md, Studies")
            )
            continue
        kind, why = _training(entry.get("training", ""))
        rest = {
            key: entry[key]
            for key in ("tolerance", "longer", "flat", "claims", "n_test", "told")
            if key in entry
        }
        found.append(
            Study(
                name,
                entry["run"],
                entry.get("grid", {}),
                entry["seeds"],
                training=kind,
                why=why,
                **rest,
            )
        )
    known = [study.name for study in found]
    for name in names:
        if name not in known:
            problems.append(
                Problem(
                    PATH, 0, "", f"no study is called {name!r}", f"use one of {', '.join(known)}"
                )
            )
    if problems:
        raise ProblemsFound(problems)
    return [study for study in found if not names or study.name in names]


def _declared(root: Path) -> dict[Any, Any]:
    path = root / PATH
    data = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) if path.is_file() else {}
    return data or {}


def _training(declared: Any) -> tuple[str, str]:
    """Kind and reason of a `training` entry."""
    if isinstance(declared, dict):
        return next(((str(kind), str(why)) for kind, why in declared.items()), ("", ""))
    return str(declared), ""


def _fault(root: Path, name: Any, entry: Any) -> str:
    if not isinstance(name, str) or not name.isidentifier():
        return "its name is not an identifier, but notebooks use it as one"
    if not isinstance(entry, dict) or set(entry) - _KEYS or not {"run", "seeds"} <= set(entry):
        return (
            f"needs `run` and `seeds`, and may have {', '.join(sorted(_KEYS - {'run', 'seeds'}))};"
            f" got {entry!r}"
        )
    for key in ("run", "claims"):
        fault = _function_fault(root, entry[key], key) if key in entry else ""
        if fault:
            return fault
    grid = entry.get("grid", {})
    if not isinstance(grid, dict) or not all(isinstance(v, list) and v for v in grid.values()):
        return f"`grid` is {grid!r}, not lists of values"
    if not isinstance(entry["seeds"], list) or not all(isinstance(s, int) for s in entry["seeds"]):
        return f"`seeds` is {entry['seeds']!r}, not a list of whole numbers"
    return _longer_fault(entry, grid) or _training_fault(entry)


def _function_fault(root: Path, target: Any, key: str) -> str:
    module, colon, function = str(target).partition(":")
    if not module.startswith(PACKAGE + ".") or not colon or not function.isidentifier():
        return f"`{key}` is {target!r}, not {PACKAGE}.module:function"
    try:
        snippet_closure(root, snippet_of(module))
    except InlineError as error:
        return error.what
    return ""


def _longer_fault(entry: dict[str, Any], grid: dict[str, Any]) -> str:
    longer = entry.get("longer", {})
    if not isinstance(longer, dict) or not all(isinstance(v, list) and v for v in longer.values()):
        return f"`longer` is {longer!r}, not lists of values, such as {{seeds: [0, 1]}}"
    for key, values in longer.items():
        unknown = [
            v for v in values if v not in (entry["seeds"] if key == "seeds" else grid.get(key, []))
        ]
        if unknown:
            return f"`longer` has {key} {unknown}, which the study itself does not run"
    return ""


def _training_fault(entry: dict[str, Any]) -> str:
    declared = entry.get("training", "flattened")
    kind, why = _training(declared)
    one = not isinstance(declared, dict) or len(declared) == 1
    if not one or kind not in TRAININGS or bool(why.strip()) != (kind != "flattened"):
        return f"`training` is {declared!r}, not flattened, {{budget: why}} or {{none: why}}"
    if not isinstance(entry.get("flat", 0.02), int | float) or not isinstance(
        entry.get("n_test", 1), int
    ):
        return (
            f"`flat` is {entry.get('flat')!r} and `n_test` {entry.get('n_test')!r}; both are"
            " numbers"
        )
    return ""


def result_path(root: Path, name: str) -> Path:
    return root / "book/results" / f"{name}.json"


def read(root: Path, name: str) -> dict[str, Any] | None:
    """A study's results; None when it was never run."""
    path = result_path(root, name)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def staleness(root: Path, study: Study) -> str:
    """Why the results do not belong to the study as it stands; empty when they do."""
    results = read(root, study.name)
    return "was never run" if results is None else _mismatch(root, study, results)


def _mismatch(root: Path, study: Study, results: dict[str, Any]) -> str:
    if results.get("code") != code_hash(root, study.run):
        return "its code changed since it was run"
    return "" if rows_fit(study, results) else "its grid or seeds changed since it was run"


def rows_fit(study: Study, results: dict[str, Any]) -> bool:
    """Whether the recorded rows are those of the study's grid and seeds."""
    settings = study.settings()
    return [_setting_of(row, settings[0]) for row in results["rows"]] == settings


def _setting_of(row: dict[str, Any], pattern: Setting) -> Setting:
    return {key: row.get(key) for key in pattern}


def stale_claims(root: Path, study: Study) -> str:
    """Why the recorded verdicts are not those of the study's claims; empty when they are."""
    results = read(root, study.name)
    recorded = (results or {}).get("claims_code", "")
    wanted = code_hash(root, study.claims) if study.claims else ""
    return "" if recorded == wanted else "its claims changed since they were judged"


def stale_problems(root: Path) -> list[Problem]:
    """Studies whose results are missing, stale or no evidence, and results of no study."""
    try:
        declared = load(root)
    except ProblemsFound as error:
        return error.problems
    found = []
    for study in declared:
        reason = staleness(root, study) or stale_claims(root, study)
        if reason:
            mend = f"run python -m book.bilingual results {study.name}"
            found.append(Problem(PATH, 0, "", f"study {study.name!r} is stale: {reason}", mend))
        else:
            results = read(root, study.name) or {}
            found += evidence.row_faults(study, results["rows"])
            found += evidence.told_problems(root, study, results.get("claims", {}))
        found += evidence.declaration_problems(study)
    names = {study.name for study in declared}
    for path in sorted((root / "book/results").glob("*.json")):
        if path.stem not in names:
            found.append(
                Problem(
                    path.relative_to(root).as_posix(),
                    0,
                    "",
                    f"no study in {PATH} makes it",
                    "remove it",
                )
            )
    return found


def undeclared(root: Path) -> set[str]:
    """Studies that must say how long they train, and do not. Looks at nothing else of them."""
    return {
        str(name)
        for name, entry in _declared(root).items()
        if not (isinstance(entry, dict) and _training(entry.get("training", ""))[0])
    }


def run(
    root: Path, study: Study, *, jobs: int = 1, progress: RowDone = lambda done, total: None
) -> dict[str, Any]:
    """Compute every row and write the results, all or nothing.

    Where only the claims changed, they are judged again on the recorded rows. Raises `StudyError`
    when a row fails, `ProblemsFound` when the rows are not the evidence that `training` promises;
    these are kept beside the results, as `<study>.refused`, and need not be computed again when
    only the declaration or the claims were at fault.
    """
    path = result_path(root, study.name)
    refused = path.with_suffix(".refused")
    results = _rows_at_hand(root, study, refused) or _computed(root, study, jobs, progress)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        faults = evidence.row_faults(study, results["rows"])
        if faults:
            raise ProblemsFound(faults)
        results = _with_verdicts(root, study, results)
    except (ProblemsFound, StudyError):
        refused.write_text(_dump(results), encoding="utf-8")
        raise
    staged = path.with_suffix(".staged")
    staged.write_text(_dump(results), encoding="utf-8")
    os.replace(staged, path)
    refused.unlink(missing_ok=True)
    return results


def _rows_at_hand(root: Path, study: Study, refused: Path) -> dict[str, Any] | None:
    """Rows that need not be computed: refused ones, or recorded ones whose claims alone have
    changed.
    """
    if refused.is_file():
        results = json.loads(refused.read_text(encoding="utf-8"))
        if not _mismatch(root, study, results):
            return results
    if stale_claims(root, study) and not staleness(root, study):
        return read(root, study.name)
    return None


def _with_verdicts(root: Path, study: Study, results: dict[str, Any]) -> dict[str, Any]:
    """`results` with what the study's claims say of the rows of each length."""
    bare = {key: value for key, value in results.items() if key not in ("claims", "claims_code")}
    if not study.claims:
        return bare
    verdicts = {
        f"{length:g}": _judged(root, study, rows)
        for length, rows in evidence.by_length(results["rows"])
    }
    rows = bare.pop("rows")
    return bare | {"claims_code": code_hash(root, study.claims), "claims": verdicts, "rows": rows}


def _computed(root: Path, study: Study, jobs: int, progress: RowDone) -> dict[str, Any]:
    settings = study.settings()
    answers = _compute(root, study, study.run, settings, jobs, progress)
    rows = [
        setting
        | answer["metrics"]
        | {"seconds": answer["metrics"].get("seconds", answer["seconds"])}
        for setting, answer in zip(settings, answers, strict=True)
    ]
    return {
        "study": study.name,
        "code": code_hash(root, study.run),
        "seeds": study.seeds,
        "device": _processor(),
        "threads": 1,
        "versions": answers[0]["versions"],
        "date": datetime.now(UTC).date().isoformat(),
        "rows": rows,
    }


def _judged(root: Path, study: Study, rows: list[dict[str, Any]]) -> dict[str, bool]:
    """What the study's `claims` say of rows of one length: conclusion in words → whether the rows
    bear it out.
    """
    answer = _compute(root, study, study.claims, [{"rows": rows}], 1, lambda done, total: None)[0]
    return {name: bool(holds) for name, holds in answer["metrics"].items()}


def _dump(results: dict[str, Any]) -> str:
    """JSON with one row a line: small diffs, still readable."""
    head = {key: value for key, value in results.items() if key != "rows"}
    rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in results["rows"])
    return json.dumps(head, ensure_ascii=False, indent=1)[:-2] + f',\n "rows": [\n{rows}\n ]\n}}\n'


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = (
        [
            line.split(":", 1)[1].strip()
            for line in info.read_text().splitlines()
            if line.startswith("model name")
        ]
        if info.is_file()
        else []
    )
    return f"CPU, {names[0] if names else platform.machine()}"


def check_rows(root: Path, study: Study, rows: list[int], *, jobs: int = 1) -> list[dict[str, Any]]:
    """Recompute the rows with these numbers; return their settings. Raises `StudyError` where one
    differs.
    """
    results = read(root, study.name)
    if results is None or staleness(root, study):
        raise StudyError(
            f"study {study.name!r} is stale: {staleness(root, study)}. Run `results {study.name}`"
            " first."
        )
    settings = [study.settings()[row] for row in rows]
    answers = _compute(root, study, study.run, settings, jobs, lambda done, total: None)
    for row, setting, answer in zip(rows, settings, answers, strict=True):
        _compare_row(study, setting, results["rows"][row], answer["metrics"])
    return settings


def _compare_row(
    study: Study, setting: dict[str, Any], recorded: dict[str, Any], fresh: dict[str, Any]
) -> None:
    wrong = []
    for metric, value in recorded.items():
        bound = study.tolerance.get(metric, 0.0)
        if (
            metric not in setting
            and metric != "seconds"
            and not _close(value, fresh.get(metric), bound)
        ):
            wrong.append(f"{metric} is {fresh.get(metric)}, recorded {value} (±{bound})")
    new = set(fresh) - set(recorded)
    if wrong or new:
        reason = "; ".join(wrong) or f"it now also measures {', '.join(sorted(new))}"
        raise StudyError(
            f"study {study.name!r}, row {setting}: {reason}. Run `results {study.name}` if that is"
            " right."
        )


def _close(recorded: Any, fresh: Any, bound: float) -> bool:
    if isinstance(recorded, list):
        same = isinstance(fresh, list) and len(fresh) == len(recorded)
        return same and all(_close(a, b, bound) for a, b in zip(recorded, fresh, strict=True))
    return isinstance(fresh, int | float) and abs(recorded - fresh) <= bound


def _compute(
    root: Path, study: Study, target: str, settings: list[Setting], jobs: int, progress: RowDone
) -> list[dict[str, Any]]:
    """Answers of `target` in the order of `settings`, by `jobs` processes of one thread each."""
    module, _, function = target.partition(":")
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
                job = {"module": module, "function": function, "arguments": settings[number]}
                process.stdin.write(json.dumps(job) + "\n")
                process.stdin.flush()
                answers[number] = json.loads(
                    process.stdout.readline() or '{"error": "the process died"}'
                )
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
            which = f"row {settings[number]}" if target == study.run else "its claims"
            raise StudyError(f"study {study.name!r}, {which} failed:\n{answer['error']}")
        if not answer["real"]:
            raise StandInError(
                f"study {study.name!r} ran on stand-in data; set COURSE_DATA to the folder of the"
                " real data."
            )
    return [answers[number] for number in range(len(settings))]
