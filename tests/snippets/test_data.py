"""Each loader finds local data, downloads from the public source, or says loudly that it
stands in.
"""

import functools
import http.server
import io
import threading
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image

from book.snippets import data


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
    """No local data, an empty cache, no internet."""
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.setattr(data, "DATA_CACHE", tmp_path / "cache")
    monkeypatch.setattr(data, "CATS_VS_DOGS_URL", "http://127.0.0.1:9/closed.zip")
    monkeypatch.setattr(data, "DATA_IS_REAL", True)


def photo(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (40, 50, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG")
    return out.getvalue()


def test_stand_in_has_the_shapes_of_the_real_data_and_says_so(capsys):
    splits = data.load_cats_vs_dogs(size=32)
    assert {name: tuple(s.images.shape) for name, s in splits.items()} == {
        "train": (1000, 3, 32, 32),
        "validation": (400, 3, 32, 32),
        "test": (400, 3, 32, 32),
    }
    assert data.DATA_IS_REAL is False
    assert "STAND-IN DATA: cats vs dogs" in capsys.readouterr().out


def test_pacs_stand_in_has_every_domain_and_category(monkeypatch):
    monkeypatch.setattr(
        data, "_pacs_from_hub", lambda *_: (_ for _ in ()).throw(ImportError("no datasets"))
    )
    splits = data.load_pacs(size=32)
    assert len(splits["train"]) == 1400
    assert sorted(set(splits["train"].labels.tolist())) == list(range(7))
    assert sorted(set(splits["train"].domains.tolist())) == list(range(4))


def test_claim_on_stand_in_data_is_not_checked_and_says_so(monkeypatch, capsys):
    monkeypatch.setattr(data, "DATA_IS_REAL", False)
    data.claim("cats are easy", False)
    assert "claim not checked: stand-in data" in capsys.readouterr().out


def test_claim_that_fails_on_real_data_raises():
    with pytest.raises(AssertionError, match="contradicts the claim: cats are easy"):
        data.claim("cats are easy", False)


def test_cats_vs_dogs_are_downloaded_once_and_dealt_by_name(monkeypatch, tmp_path):
    served = tmp_path / "served"
    served.mkdir()
    with zipfile.ZipFile(served / "pets.zip", "w") as archive:
        for folder, n in (("train", 4), ("validation", 5)):
            for animal in ("cats", "dogs"):
                for i in range(n):
                    archive.writestr(f"pets/{folder}/{animal}/{animal[:-1]}.{i}.jpg", photo(i))
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(served))
    monkeypatch.setattr(handler.func, "log_message", lambda *_: None)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(data, "CATS_VS_DOGS_URL", f"http://127.0.0.1:{server.server_port}/pets.zip")
    try:
        root = data._cats_vs_dogs_archive({"train": 3, "validation": 2, "test": 2})
    finally:
        server.shutdown()
        server.server_close()
    dealt = {
        s: sorted(p.name for p in (root / s / "cats").iterdir())
        for s in ("train", "validation", "test")
    }
    assert dealt == {
        "train": ["cat.0.jpg", "cat.1.jpg", "cat.2.jpg"],
        "validation": ["cat.0.jpg", "cat.1.jpg"],
        "test": ["cat.2.jpg", "cat.3.jpg"],
    }
    # from the cache, no server
    assert data._cats_vs_dogs_archive({"train": 3, "validation": 2, "test": 2}) == root


def test_local_folder_is_read_in_class_order(monkeypatch, tmp_path):
    for split in ("train", "validation", "test"):
        for animal in ("cats", "dogs"):
            folder = tmp_path / "cats_vs_dogs" / split / animal
            folder.mkdir(parents=True)
            (folder / "a.jpg").write_bytes(photo(1))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    splits = data.load_cats_vs_dogs(size=24)
    assert splits["train"].images.shape == (2, 3, 24, 24)
    assert splits["train"].labels.tolist() == [0, 1]
    assert data.DATA_IS_REAL is True


def test_official_cifar10_yields_the_balanced_subset_in_official_order():
    labels = np.arange(50_000) % 10
    images = np.zeros((50_000, 1, 1, 3), dtype=np.uint8)
    images[:, 0, 0, 0] = np.arange(50_000) // 10_000  # which official batch
    split = data._cifar10_split(images, list(labels), train=True, full=False)
    assert split.labels.bincount().tolist() == [484] * 10
    assert torch.equal(split.images[:, 0, 0, 0].sort().values, split.images[:, 0, 0, 0])
