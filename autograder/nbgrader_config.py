"""nbgrader's configuration for this course: run nbgrader's commands in this folder.

    cd autograder && nbgrader generate_assignment ex02_gap_three_ways

`$COURSE_DIR` is the class's working tree (default `_build/course`), `$COURSE_LANG` the edition that is released (ko or
en), `$COURSE_DB` the gradebook's SQLAlchemy URL. Instructor notebooks come from `solutions/<lang>`, made by `make
notebooks`.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # nbgrader is started in this folder
    sys.path.insert(0, str(ROOT))

from nbgrader import preprocessors as steps  # noqa: E402

from autograder.engine.collect import BoundedExtractor  # noqa: E402
from autograder.nbgrader_steps import UnansweredText  # noqa: E402
from book.bilingual.stubs import CODE_STUB, TEXT_STUB  # noqa: E402

LANG = os.environ.get("COURSE_LANG") or "ko"
if LANG not in CODE_STUB:
    raise ValueError(f"COURSE_LANG is {LANG!r}: no edition is released in it; set it to {' or '.join(CODE_STUB)}")
COURSE = Path(os.environ.get("COURSE_DIR") or ROOT / "_build" / "course").resolve()
COURSE.mkdir(parents=True, exist_ok=True)

# nbgrader calls `alembic` by name; kernels import `autograder` for the hidden tests and share the cores.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
os.environ.setdefault("OMP_NUM_THREADS", "1")

c = get_config()  # type: ignore[name-defined]  # noqa: F821  # traitlets puts it here
c.CourseDirectory.course_id = "from-pooling-to-gap"
c.CourseDirectory.root = str(COURSE)
c.CourseDirectory.source_directory = str(ROOT / "solutions" / LANG)
c.CourseDirectory.db_url = os.environ.get("COURSE_DB") or f"sqlite:///{COURSE / 'gradebook.db'}"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".DS_Store"]
c.Exchange.root = str(
    COURSE / "exchange"
)  # for `release_assignment`, `list` and `collect`, where a class shares a machine
(COURSE / "exchange").mkdir(exist_ok=True)

c.ClearSolutions.code_stub = {"python": CODE_STUB[LANG]}
c.ClearSolutions.text_stub = TEXT_STUB[LANG]
c.Autograde.sanitize_preprocessors = [
    steps.ClearOutput,
    steps.DeduplicateIds,
    steps.OverwriteKernelspec,
    steps.OverwriteCells,
    UnansweredText,
    steps.CheckCellMetadata,
]
c.OverwriteCells.add_missing_cells = True  # a deleted test cell is put back, so that it cannot keep or hide points
c.Execute.timeout = 60
c.ExecutePreprocessor.timeout = 60

c.ZipCollectApp.extractor_plugin = BoundedExtractor  # nbgrader's own unpacks whatever an archive says, without bound
# Hand-ins as an LMS exports them: `<student>_…_<assignment>.ipynb`, or a zip or folder named after the student.
c.FileNameCollectorPlugin.named_regexp = (
    r".*?[/\\](?!ex\d\d_)(?P<student_id>[^/\\_]+)(?:_[^/\\]*)?(?:[/\\]ex\d\d_\w+)?[/\\_]"
    r"(?P<file_id>ex\d\d_[a-z0-9_]+?)(?:-\d+| ?\(\d+\))?\.ipynb$"
)

# `nbgrader autograde` and the formgrader's button grade in the sandbox, in parallel; AUTOGRADER_STOCK=1 leaves
# nbgrader alone.
from autograder.engine import hook  # noqa: E402

hook.install()
