"""Published ResNet-20 weights: their names, their checksum, and what happens without them."""

import hashlib
import io
import urllib.error

import pytest
import torch
from test_resnet import published_shapes

from book.snippets import published
from book.snippets.resnet import CifarResNet


def made_up_checkpoint() -> dict:
    """A checkpoint with the published names, as `torch.nn.DataParallel` writes them, and values of
    its own.
    """
    generator = torch.Generator().manual_seed(1)
    values = {
        f"module.{name}": (
            torch.zeros((), dtype=torch.long)
            if shape == ()
            else torch.rand(shape, generator=generator)
        )
        for name, shape in published_shapes().items()
    }
    return {"state_dict": values, "best_prec1": 91.73}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(published, "DATA_CACHE", tmp_path / "cache")
    return tmp_path / "cache"


def serve(content: bytes, monkeypatch) -> list[str]:
    asked: list[str] = []

    def urlopen(url, timeout):
        asked.append(url)
        return io.BytesIO(content)

    monkeypatch.setattr(published.urllib.request, "urlopen", urlopen)
    return asked


def test_every_published_value_lands_under_its_name_in_the_chapters_class():
    checkpoint = made_up_checkpoint()
    state = published.from_published(checkpoint).state_dict()
    assert len(state) == len(checkpoint["state_dict"])
    assert all(
        torch.equal(state[name.removeprefix("module.")], v)
        for name, v in checkpoint["state_dict"].items()
    )


def test_mapped_network_is_in_evaluation_mode_and_gives_logits():
    net = published.from_published(made_up_checkpoint())
    assert not net.training
    assert net(torch.zeros(2, 3, 32, 32)).shape == (2, 10)


def test_a_name_that_the_class_does_not_have_is_named():
    checkpoint = made_up_checkpoint()
    checkpoint["state_dict"]["module.layer4.0.conv1.weight"] = torch.zeros(1)
    with pytest.raises(RuntimeError, match=r"layer4\.0\.conv1\.weight"):
        published.from_published(checkpoint)


def test_file_with_the_right_checksum_is_read_and_kept(cache, monkeypatch):
    buffer = io.BytesIO()
    torch.save(made_up_checkpoint(), buffer)
    content = buffer.getvalue()
    url = f"https://example.org/net-{hashlib.sha256(content).hexdigest()[:8]}.th"
    asked = serve(content, monkeypatch)
    assert published.fetch_weights(url) == published.fetch_weights(url) == content
    assert asked == [url]  # the second came from the cache


def test_file_with_another_checksum_is_neither_read_nor_kept(cache, monkeypatch, capsys):
    serve(b"not weights", monkeypatch)
    assert published.published_resnet20() is None
    assert "not 12fca82f; the file is damaged and was not read" in capsys.readouterr().out
    assert not cache.exists()


def test_damaged_file_in_the_cache_is_thrown_away(cache, monkeypatch):
    cache.mkdir()
    (cache / published.RESNET20_FILE).write_bytes(b"cut off")
    with pytest.raises(ValueError, match="not 12fca82f"):
        published.fetch_weights()
    assert not list(cache.iterdir())


def test_offline_reader_is_told_that_nothing_was_loaded(cache, monkeypatch, capsys):
    def urlopen(url, timeout):
        raise urllib.error.URLError("no route to host")

    monkeypatch.setattr(published.urllib.request, "urlopen", urlopen)
    assert published.published_resnet20() is None
    assert (
        "published weights not loaded (URLError: <urlopen error no route to host>)"
        in capsys.readouterr().out
    )


def test_normalisation_is_that_of_the_collection():
    black_and_white = torch.stack([torch.full((3, 1, 1), -1.0), torch.full((3, 1, 1), 1.0)])
    low, high = published.imagenet_normalized(black_and_white)
    assert torch.allclose(
        low.flatten(), -torch.tensor([0.485, 0.456, 0.406]) / torch.tensor([0.229, 0.224, 0.225])
    )
    assert torch.allclose((high - low).flatten(), 1 / torch.tensor([0.229, 0.224, 0.225]))


def test_published_names_are_those_of_the_class():
    assert set(CifarResNet(20).state_dict()) == set(published_shapes())
