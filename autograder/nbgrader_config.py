"""nbgrader's configuration for this course: run nbgrader's commands in this folder.

    cd autograder && nbgrader generate_assignment ex02_gap_three_ways

`$COURSE_DIR` is the class's working tree (default `class/` at the project's root; a relative path
counts from there), `$COURSE_LANG` the edition that is released (ko or en), `$COURSE_DB` the
gradebook's SQLAlchemy URL, `$COURSE_EXCHANGE` nbgrader's exchange (default: in the class's tree),
`$COURSE_ID` the course's name in it. Instructor notebooks come from `solutions/<lang>`, made by
`make notebooks`.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # nbgrader is started in this folder
    sys.path.insert(0, str(ROOT))

from nbgrader import preprocessors as steps  # noqa: E402

from autograder import places, settings  # noqa: E402
from autograder.engine.collect import BoundedExtractor, FolderCollector  # noqa: E402
from autograder.nbgrader_steps import UnansweredText  # noqa: E402
from autograder.stubs import CODE_STUB, TEXT_STUB  # noqa: E402

settings.check_all()
LANG = settings.COURSE_LANG()
COURSE = places.prepare()

# nbgrader calls `alembic` by name; kernels import `autograder` for the hidden tests and share the
# cores.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])
)
os.environ.setdefault("OMP_NUM_THREADS", "1")

c = get_config()  # type: ignore[name-defined]  # noqa: F821  # traitlets puts it here
c.CourseDirectory.course_id = settings.COURSE_ID()
c.CourseDirectory.root = str(COURSE)
c.CourseDirectory.source_directory = str(ROOT / "solutions" / LANG)
c.CourseDirectory.db_url = places.gradebook_url()
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".DS_Store"]
# for those who share a machine: release_assignment, collect, …
c.Exchange.root = str(places.exchange_dir())
# beside the gradebook, never in this folder, which is git's
c.ExportPlugin.to = str(COURSE / "grades.csv")

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
# a deleted test cell is put back, so that it cannot keep or hide points
c.OverwriteCells.add_missing_cells = True
c.GenerateFeedback.exporter_class = "autograder.feedback.page.FeedbackExporter"
# the formgrader's exporter
c.HTMLExporter.preprocessors = ["autograder.feedback.formgrader.BesideTheAnswer"]
c.Execute.timeout = 60
c.ExecutePreprocessor.timeout = 60

# nbgrader's own unpacks whatever an archive says, without bound
c.ZipCollectApp.extractor_plugin = BoundedExtractor
c.ZipCollectApp.collector_plugin = FolderCollector
c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".txt"]

# `nbgrader autograde` and the formgrader's button grade in the sandbox, in parallel;
# AUTOGRADER_STOCK=1 leaves nbgrader alone.
from autograder.engine import hook  # noqa: E402
from autograder.feedback import page  # noqa: E402

hook.install(__file__)
page.install()
