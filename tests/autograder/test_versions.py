"""The two ends of pyproject's ranges; `make versions` grades with them."""

import pytest
from packaging.requirements import Requirement

from autograder import versions
from autograder.errors import GradingError


def test_each_named_package_has_both_ends_or_one_version() -> None:
    for requirement in versions.requirements().values():
        oldest, newest = (
            versions.end_of(requirement, "oldest"),
            versions.end_of(requirement, "newest"),
        )
        assert (oldest == newest == "") == ("==" in str(requirement.specifier))
        if oldest:
            assert requirement.specifier.contains(oldest.partition("==")[2])


def test_the_oldest_is_the_lower_bound_and_the_newest_the_range() -> None:
    requirement = Requirement("numpy>=2,<3")
    assert versions.end_of(requirement, "oldest") == "numpy==2"
    assert versions.end_of(requirement, "newest") == "numpy<3,>=2"


def test_a_range_without_a_lower_bound_is_named() -> None:
    with pytest.raises(GradingError, match=r"numpy<3 in pyproject\.toml"):
        versions.end_of(Requirement("numpy<3"), "oldest")
