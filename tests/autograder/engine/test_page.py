"""What is put on a page: bounded in size and in the time that nbconvert takes to show it, and
nothing else lost.
"""

import gc
import subprocess
import sys
import time

import pytest
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from autograder import parsing, printable
from autograder.engine import clean
from autograder.engine.page import ALL_S, MAX_CODE, Page, TooLong, cpu_limit

FAR_TOO_LONG_S = 4  # on a busy machine, too; what is not mended takes half a minute
PICTURE = {"image/png": "iVBORw0KGgo="}


def test_code_and_text_that_render_at_once_stay_as_they_are() -> None:
    code = "def f(x):  \n\n\n\n\n    return x\n" * 20
    text = "# Title\n\n- **bold** and $x^2$ and `code`\n" * 20
    assert Page().code(code) == code and Page().markdown(text, {}) == (text, {})


@pytest.mark.parametrize("source", ["\t \n" * 6000, "a." * 10_000, " \x0b\n" * 6000, "\n" * 60_000])
def test_code_that_is_slow_to_colour_is_shown_in_another_way(source: str) -> None:
    shown = Page().code(source)
    started = time.process_time()
    Highlight2HTML(pygments_lexer="ipython3")(shown)
    assert time.process_time() - started < FAR_TOO_LONG_S


@pytest.mark.parametrize(
    "source", ["**a " * 2500 + " b**" * 2500, "\\begin{a}" * 20_000, "[" * 20_000]
)
def test_text_that_is_slow_to_render_is_shown_as_it_is(source: str) -> None:
    shown, _ = Page().markdown(source, {})
    started = time.process_time()
    markdown2html_mistune(shown)
    assert time.process_time() - started < FAR_TOO_LONG_S


def test_a_page_takes_no_longer_however_many_slow_cells_there_are() -> None:
    page, started = Page(), time.process_time()
    for _ in range(60):
        page.code("a." * 9000)
    # without a bound: 6 times
    assert time.process_time() - started < 3 * ALL_S and page.left_out == 60


def test_outputs_of_a_hand_in_are_bounded_together() -> None:
    page = Page()
    picture = {"output_type": "display_data", "data": {"image/png": clean_picture(3 << 20)}}
    kept = [page.outputs([picture]) for _ in range(20)]
    shown = sum("image/png" in output.get("data", {}) for outputs in kept for output in outputs)
    assert shown == 3 and page.left_out == 17
    assert kept[-1][0].text == "(left out: too much output)\n"


def clean_picture(size: int) -> str:
    import base64

    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(size)).decode()


def test_long_code_is_cut() -> None:
    assert len(Page().code("x = 1\n" * 100_000)) < MAX_CODE + 100


def test_cpu_limit_ends_a_computation_and_nothing_after_it() -> None:
    with pytest.raises(TooLong), cpu_limit(0.05):
        while True:
            pass
    started = time.process_time()
    while time.process_time() - started < 0.1:
        pass


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_cpu_limit_is_not_lost_in_a_callback_of_the_collector() -> None:
    def slow(*_: object) -> None:
        until = time.process_time() + 0.02
        while time.process_time() < until:
            pass

    gc.callbacks.append(slow)
    try:
        with pytest.raises(TooLong), cpu_limit(0.05):
            while True:
                [[] for _ in range(1000)]
        assert gc.isenabled()
    finally:
        gc.callbacks.remove(slow)


@pytest.mark.parametrize(
    "source",
    [
        "![x](attachment:a.png)", "![x](<attachment:a.png>)", "![x]( attachment:a.png 'title')",
        "![x][r]\n\n[r]: attachment:a.png", "![x][r]\n\n[r]: <attachment:a.png>",
    ],
)  # fmt: skip
def test_picture_of_the_cell_is_shown(source: str) -> None:
    shown, kept = Page().markdown(source, {"a.png": PICTURE})
    assert kept == {"picture-1": PICTURE}
    assert "![x](attachment:picture-1)" in shown


@pytest.mark.parametrize(
    "source",
    [
        "![x](/logout)", "![x](http://a.b/c)", "![x](//a.b/c)", "![x][r]\n\n[r]: /logout",
        "![r]\n\n[r]: /logout",
        "[![x](/logout)](y)", "&#33;[x](/logout)", "!&#91;x](/logout)", "![x](attachment:lost.png)",
        "![x](data:image/svg+xml;base64,xx)", "<img src=/logout>", "![x\ny](/logout)",
        "!\u200e[x](/logout)",
        "![x][r]\n\n[r]: attachment:lost", "![x](attach&#109;ent:lost)",
    ],
)  # fmt: skip
def test_picture_from_elsewhere_is_no_picture(source: str) -> None:
    page = Page()
    shown, kept = page.markdown(source, {})
    assert kept == {} and "<img" not in markdown2html_mistune(shown)


def test_parsing_leaves_out_what_is_too_large_and_reads_small_cells_first() -> None:
    sources = ["a;" * 60_000, "x = 1", *["b;" * 49_000] * 6]
    assert parsing.unread(sources) == {0, 7} or parsing.unread(sources) == {0, 6, 7}
    assert parsing.parse(sources[0]) is None and parsing.parse("x = 1") is not None
    assert parsing.parse("a" + ".b" * 5000) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u009b31mb\u009dc\u202ed\u2066", "a31mbcd"),
        (
            "\x1b[8mhidden\x1b[0;8mtoo\x1b[31mred\x1b[38;5;8mgrey",
            "[8mhidden[0;8mtoo\x1b[31mred\x1b[38;5;8mgrey",
        ),
        ("a\ud800b\x00c", "a?bc"),
    ],
)
def test_text_moves_hides_and_turns_nothing(text: str, shown: str) -> None:
    assert clean.text(text) == shown


def test_line_is_one_line_without_escapes() -> None:
    assert printable.line("a\n\u2028b\x1b[31mc\t\td") == "a b[31mc d"
    assert len(printable.line("x" * 10**6)) == printable.MAX_LINE


def test_coloring_code_imports_no_ipython() -> None:
    program = (
        "import sys; from autograder.engine import page;"
        " from nbconvert.filters.highlight import Highlight2HTML;"
        " assert 'class=\"mi\"' in Highlight2HTML()('x = 1', language='ipython3');"
        " print('IPython' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
