from autograder.syntax import identifiers_reached, torch_reached


def test_names_attributes_and_imports_of_the_function_are_reached():
    cell = "def f(x):\n    from torch.nn.functional import relu\n    return x.mean(dim=1)"
    assert {"mean", "relu", "functional"} <= identifiers_reached([cell], "f")


def test_helpers_and_objects_of_other_cells_are_followed():
    cells = [
        "import torch.nn.functional as G",
        "pool = make()",
        "def make():\n    return G.avg_pool2d",
        "def f(x):\n    return pool(x)",
    ]
    assert "avg_pool2d" in identifiers_reached(cells, "f")


def test_what_the_function_does_not_use_is_not_reached():
    cells = ["def other(x):\n    return x.mean()", "def f(x):\n    return x.sum()"]
    assert "mean" not in identifiers_reached(cells, "f")


def test_comments_and_strings_do_not_count():
    assert "mean" not in identifiers_reached(["def f(x):\n    # mean\n    return 'mean'"], "f")


def test_name_given_to_a_call_as_text_counts():
    cells = [
        "def f(x):\n    return einops.reduce(x, 'n c h w -> n c', reduction='mean')",
        "g = methodcaller('mean')",
    ]
    assert "mean" in identifiers_reached(cells, "f") & identifiers_reached(cells, "g")


def test_magics_and_cells_that_do_not_parse_are_passed_over():
    cells = [
        "%matplotlib inline\n!pip install x\ndef f(x):\n    return x.mean()",
        "def g(:",
        "x = \0",
    ]
    assert "mean" in identifiers_reached(cells, "f")


def test_unknown_function_gives_none():
    assert identifiers_reached(["def g(x):\n    return x"], "f") is None


def test_torchs_names_are_told_from_the_notebooks_own():
    cells = [
        "import torch.nn.functional as F\nx = F.max_pool2d(t, 2)",
        "class Pool:\n    def max_pool2d(self, x): return x",
        "def helper(x):\n    return F.avg_pool2d(x, 2)",
        "def f(x, pool):\n    return Pool().max_pool2d(x) + pool.max_pool2d(x) + max_pool2d(x)",
        "def g(x):\n    return helper(x)",
    ]
    assert torch_reached(cells, "f", ["pool"]) == set()
    assert torch_reached(cells, "g", ["pool"]) == {"avg_pool2d"}


def test_what_the_notebook_wrote_itself_is_not_torchs():
    cells = [
        "class P:\n    def max_pool2d(self, x): return x\np = P()",
        "def f(x):\n    return p.max_pool2d(x)",
        "from mine import max_pool2d",
        "import mine\ndef g(x):\n    return mine.avg_pool2d(max_pool2d(x))",
        "import torch.nn.functional as F\nq = F\ndef h(x):\n    return q.avg_pool2d(x, 2)",
    ]
    assert torch_reached(cells, "f", ["pool"]) == torch_reached(cells, "g", ["pool"]) == set()
    assert torch_reached(cells, "h", ["pool"]) == {"avg_pool2d"}
    inside = (
        "def i(x):\n    from torch.nn.functional import avg_pool2d\n    return avg_pool2d(x, 2)"
    )
    assert torch_reached([inside], "i", ["pool"]) == {"avg_pool2d"}


def test_the_last_definition_counts():
    cells = ["def f(x):\n    return F.max_pool2d(x, 2)", "def f(x):\n    return x.amax((2, 3))"]
    assert torch_reached(cells, "f", ["pool"]) == set()


def test_statements_that_cannot_run_mention_nothing():
    behind = "def f(x):\n    if False:\n        return F.max_pool2d(x, 2)\n    return x.amax()\n"
    assert torch_reached([f"{behind}    F.avg_pool2d(x)"], "f", ["pool"]) == set()
    loop = "def g(x):\n    while 0:\n        F.avg_pool2d(x)\n    for i in x:\n        raise ValueError"
    assert torch_reached([f"{loop}\n        F.avg_pool2d(x)"], "g", ["pool"]) == set()
    assert (
        torch_reached(["if True:\n    h = 1\nelse:\n    h = F.avg_pool2d"], "h", ["pool"]) == set()
    )


def test_statements_that_may_run_mention_what_they_name():
    asked = "def f(x, check=False):\n    if check:\n        F.max_pool2d(x, 2)\n    return x.amax()"
    assert torch_reached([asked], "f", ["pool"]) == {"max_pool2d"}
    other = "def g(x):\n    if x:\n        return x\n    return F.max_pool2d(x, 2)"
    assert torch_reached([other], "g", ["pool"]) == {"max_pool2d"}
    inside = "def h(x):\n    while True:\n        return F.max_pool2d(x, 2)"
    assert torch_reached([inside], "h", ["pool"]) == {"max_pool2d"}


def test_names_that_one_statement_imports_stand_for_themselves():
    cells = [
        "from torch.nn.functional import unfold, max_pool2d as theirs",
        "def f(x):\n    return unfold(x, 2)",
        "def g(x):\n    return theirs(x, 2)",
    ]
    assert torch_reached(cells, "f", ["pool"]) == set()
    assert torch_reached(cells, "g", ["pool"]) == {"max_pool2d"}
