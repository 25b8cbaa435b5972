"""The order of the tests."""

import pytest

QUICK = ("snippets", "studies", "shim")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Folders of many quick tests come last: with them, two cores end at the same time."""
    items.sort(key=lambda item: item.path.parent.name in QUICK)
