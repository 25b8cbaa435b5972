"""What the report names as worth a look, and what it does not."""

import pytest

from autograder import answers
from autograder.engine import suspicion

USUAL = [
    "for m in model.modules(): m.eval()",
    "self.kernel = conv.kernel; run.session = 1",
    "torch.backends.cudnn.deterministic = True",
    'import os\nos.environ["PYTHONHASHSEED"] = "0"\nif "COLAB_GPU" in os.environ: pass',
    "import gc, inspect\ngc.collect()\nprint(inspect.getsource(f))",
    'IN_COLAB = "google.colab" in str(get_ipython())',
    'get_ipython().run_line_magic("matplotlib", "inline")',
    "from IPython.display import clear_output\nclear_output(wait=True)",
    "!nvidia-smi\n!pip install -q einops\n%load_ext autoreload",
    "!sudo apt-get install -y fonts-nanum\n!sudo fc-cache -fv\n!rm ~/.cache/matplotlib -rf",
    "import sys\nsys.setrecursionlimit(10**6)",
    "%%bash\n# what is here\nls -la\n  wget -q https://example.org/data.zip",
    "%%html\n<style>.container {width: 95%}</style>",
    'data = CIFAR10(root="../data")',
    "class Mode(str, Enum):\n    A = 'a'",
    "getattr(model, name)(x)",
    "from torch.backends import cudnn\ncudnn.benchmark = True",
    "import torch.backends.cudnn as cudnn\ncudnn.deterministic = True",
    "from torch.nn import modules\nself.fc = modules.Linear(2, 3)",
    "from IPython.core.interactiveshell import InteractiveShell\n"
    'InteractiveShell.ast_node_interactivity = "all"',
    'get_ipython().ast_node_interactivity = "all"',
    "assert (a\n!= b)",
    'HELP = """\n!rm -rf x\n"""',
    "import multiprocessing\nprint(multiprocessing.cpu_count())",
    "!python -m pip install -q einops\n!{sys.executable} -m pip list",
    "torch.Tensor.__repr__ = lambda self: str(self.shape)",
    "!cat notes.txt",
    "%%time\nx = f(3)\n%timeit -n 3 f(4)",
]
ODD = {
    "import sys\nsys.modules['torch']": "reaches into loaded modules",
    "import gc\ngc.get_objects()": "searches memory",
    "import inspect\ninspect.currentframe()": "inspects frames",
    "import os\nprint(os.environ)": "reads the environment",
    'import os\nos.environ["COURSE_SECRET"]': "reads the environment",
    "get_ipython().kernel": "reaches into",
    'getattr(sys, "mod" + "ules")': "pieces together",
    "with torch._C.DisableTorchFunction(): pass": "switches off what watches torch",
    'torch.library.Library("aten", "IMPL")': "replaces torch's operators",
    "from torch.library import Library": "replaces torch's operators",
    "from threading import Thread as T": "starts threads",
    "torch.allclose = lambda *a: True": "patches torch.allclose",
    "from torch import allclose as a\na.x = 1": "patches torch.allclose.x",
    "!cat /etc/passwd": "runs commands",
    "%%bash\nls\ncat /etc/passwd": "runs commands",
    "files = !id\nx?": "runs commands",
    "%%time\n!rm x": "runs commands",
    "v = %pwd\nimport gc\ngc.get_objects()": "searches memory",
    "%time import sys; sys.modules['torch']": "reaches into loaded modules",
    'get_ipython().run_cell_magic("time", "", "import sys\\nsys.modules")': "loaded modules",
    'get_ipython().run_cell_magic("time", "", text)': "reaches into IPython",
    "k = (17\n% 5)\nimport sys\nsys.modules['torch']": "reaches into loaded modules",
    'open("tools.py", "w").write(text)': "writes a module",
    'Path("tools.py").write_text(text)': "writes a module",
}


@pytest.mark.parametrize("source", USUAL)
def test_lines_of_everyday_notebooks_are_not_named(source):
    assert suspicion.findings([("cell", source)]) == []


@pytest.mark.parametrize(("source", "reason"), ODD.items())
def test_what_looks_like_an_attack_is_named(source, reason):
    (found,) = suspicion.findings([("cell", source)])
    assert found.kind == "suspicious" and reason in found.text


def test_no_answer_of_the_library_is_named():
    for folder in answers.ANSWERS.iterdir():
        for path in folder.glob("*.py"):
            cells = list(answers._cells(path.read_text(encoding="utf-8")))
            assert suspicion.findings(cells) == [], path
