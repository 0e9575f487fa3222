"""Garbage collection is held off, and comes back whatever happens."""

from __future__ import annotations

import gc

import pytest

from timeline.garbage import kept, uncollected


@pytest.mark.parametrize("hold", [uncollected, kept])
def test_nothing_is_collected_meanwhile_and_again_afterwards(hold):
    with hold():
        assert not gc.isenabled()

    assert gc.isenabled()


@pytest.mark.parametrize("hold", [uncollected, kept])
def test_an_error_leaves_collection_as_it_was(hold):
    with pytest.raises(ZeroDivisionError), hold():
        _ = 1 / 0

    assert gc.isenabled()


def test_one_within_another_leaves_collection_to_the_outer_one():
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()


def test_what_is_kept_is_never_looked_through_again():
    gc.unfreeze()
    with kept():
        made = [[] for _ in range(1000)]

    assert gc.get_freeze_count() > len(made)
    gc.unfreeze()
