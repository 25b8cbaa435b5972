"""Playgrounds: what they compute is what PyTorch computes, in both languages, by keyboard, kept in the address."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import torch
from docutils import nodes
from docutils.utils import new_document
from playwright.sync_api import Browser, Page, expect
from torch import nn
from torch.nn import functional as F

from book.site import plays
from book.site.plays import PLACES, insert

CLOSE = 1e-4


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page with playgrounds; the test fails if their script does."""
    opened = browser.new_page(base_url=address)
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.goto("/notebooks/ko/ch01_pooling.html")
    opened.wait_for_function("typeof coursePlays === 'object'")
    yield opened
    opened.close()
    assert faults == []


@pytest.mark.browser
def test_the_output_size_is_torchs(page: Page) -> None:
    cases = [
        (n, k, s, p, ceil)
        for n in range(4, 12)
        for k in range(1, 6)
        for s in range(1, 5)
        for p in range(k // 2 + 1)
        for ceil in (False, True)
        if n + 2 * p >= k
    ]
    asked = "cases => cases.map(([n, k, s, p, ceil]) => coursePlays.math.outputSize(n, k, s, p, ceil))"
    told = page.evaluate(asked, cases)
    for (n, k, s, p, ceil), size in zip(cases, told, strict=True):
        assert nn.MaxPool1d(k, s, p, ceil_mode=ceil)(torch.zeros(1, 1, n)).shape[-1] == size, (n, k, s, p, ceil)


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["max", "average"])
def test_pooling_and_its_gradient_are_torchs_with_ties_too(page: Page, kind: str) -> None:
    pool = F.max_pool2d if kind == "max" else F.avg_pool2d
    for seed in range(20):
        draw = torch.Generator().manual_seed(seed)
        x = torch.randint(0, 4, (1, 1, 6, 6), generator=draw).float().requires_grad_()
        out = pool(x, 2, 2)
        out.sum().backward()
        asked = "([map, kind]) => [coursePlays.math.pool(map, 2, 2, kind), coursePlays.math.route(map, 2, 2, kind)]"
        made, back = page.evaluate(asked, [x.detach()[0, 0].tolist(), kind])
        assert torch.allclose(torch.tensor(made).float(), out[0, 0], atol=CLOSE)
        assert x.grad is not None and torch.allclose(torch.tensor(back).float(), x.grad[0, 0], atol=CLOSE)


@pytest.mark.browser
def test_shrinking_a_row_is_torchs(page: Page) -> None:
    row = torch.rand(1, 1, 16, generator=torch.Generator().manual_seed(0))
    around = F.pad(row, (1, 1), mode="circular")
    blur = F.conv1d(around, torch.tensor([[[0.25, 0.5, 0.25]]]))[..., ::2]
    wanted = {
        "stride": row[..., ::2],
        "max": F.max_pool1d(row, 2),
        "average": F.avg_pool1d(row, 2),
        "blur": blur,
    }
    for how, value in wanted.items():
        made = page.evaluate("([row, how]) => coursePlays.math.shrink(row, how)", [row[0, 0].tolist(), how])
        assert torch.allclose(torch.tensor(made).float(), value[0, 0], atol=CLOSE), how


@pytest.mark.browser
def test_the_mean_of_a_cam_is_the_logit_without_its_bias(page: Page) -> None:
    draw = torch.Generator().manual_seed(0)
    maps, weights = torch.rand(3, 6, 6, generator=draw), torch.randn(3, generator=draw)
    made = page.evaluate("([m, w]) => coursePlays.math.cam(m, w)", [maps.tolist(), weights.tolist()])
    cam = torch.einsum("c,chw->hw", weights, maps)
    assert torch.allclose(torch.tensor(made).float(), cam, atol=CLOSE)
    assert abs(page.evaluate("map => coursePlays.math.mean(map)", made) - float(weights @ maps.mean((1, 2)))) < CLOSE


@pytest.mark.browser
def test_bill_and_receptive_field_are_those_of_layers(page: Page) -> None:
    def count(head: nn.Module) -> int:
        return sum(p.numel() for p in head.parameters())

    told = page.evaluate("coursePlays.math.bill(128, 16, 16, 10)")
    assert told == {"flatten": count(nn.Linear(128 * 256, 10)), "gap": count(nn.Linear(128, 10))}
    net = nn.Sequential(nn.Conv1d(1, 1, 3), nn.Conv1d(1, 1, 3, stride=2), nn.Conv1d(1, 1, 5))
    for layer in net:
        nn.init.ones_(layer.weight)  # type: ignore[arg-type, union-attr]
    x = torch.zeros(1, 1, 40, requires_grad=True)
    net(x)[0, 0, 3].backward()
    assert x.grad is not None
    seen = int((x.grad != 0).sum())
    assert page.evaluate("coursePlays.math.field([[3, 1], [3, 2], [5, 1]])") == [seen, 2]


@pytest.mark.browser
def test_two_gradients_change_the_losses_as_told(page: Page) -> None:
    for length, degrees in ((1.0, 0), (0.5, 90), (2.0, 150)):
        turn = torch.deg2rad(torch.tensor(float(degrees)))
        g1, g2 = torch.tensor([1.0, 0.0]), length * torch.stack([turn.cos(), turn.sin()])
        step = g1 + g2
        told = page.evaluate("([l, d]) => coursePlays.math.conflict(l, d)", [length, degrees])
        assert abs(told["first"] + float(g1 @ step)) < CLOSE and abs(told["second"] + float(g2 @ step)) < CLOSE


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_playground_opens_and_answers_the_keyboard(browser: Browser, address: str, lang: str) -> None:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    for name, places in PLACES.items():
        page.goto(f"/notebooks/{lang}/{name}.html")
        for play in places:
            box = page.locator(f".course-play[data-play={play}]")
            expect(box.locator(".course-play-title")).to_be_visible()
            before = box.inner_html()
            control = box.locator("input[type=range], button, .course-editable").first
            control.focus()
            page.keyboard.press("ArrowRight" if control.evaluate("e => e.matches('input')") else "Enter")
            assert box.inner_html() != before, play
            assert f"play-{play}=" in page.url
            box.get_by_role("button", name=re.compile("처음으로|Reset")).click()
    context.close()
    assert faults == []


@pytest.mark.browser
def test_a_playground_comes_back_as_its_address_says(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address)
    page.goto("/notebooks/en/ch02_gap.html?play-bill=c:256~side:7~classes:1000~wrong:1")
    box = page.locator(".course-play[data-play=bill]")
    expect(box).to_contain_text("12,545,000")  # 256·7·7·1000 + 1000
    page.close()


@pytest.mark.browser
def test_without_scripts_a_sentence_stands_in_its_place(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/notebooks/ko/ch01_pooling.html")
    expect(page.locator(".course-play").first).to_contain_text("JavaScript를 켜면")
    context.close()


def test_a_playground_whose_heading_is_gone_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(plays.logger, "warning", lambda text, *args, **more: said.append(text % args))
    document = new_document("test")
    document += nodes.section("", nodes.title("", "출력 크기"), nodes.paragraph("", "글"), ids=["x"])
    assert insert(document, "ch01_pooling", "ko")
    assert "course-play" in document.astext() and len(said) == len(PLACES["ch01_pooling"]) - 1
    assert "book/site/plays.py" in said[0]
