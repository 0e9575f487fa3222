"""Short versions of the crash scripts; the long ones are run by hand, see tests/crash."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 and forkserver are POSIX")
sys.path.append(str(Path(__file__).parent / "crash"))


def test_killed_writers_lose_nothing(tmp_path: Path) -> None:
    """Ten kills at random moments of adding, coding, importing, compacting and correcting, with readers."""
    import kill9

    outcome = kill9.run(tmp_path / "project", kills=10, seed=7, longest=0.3)
    assert outcome.problems == []
    assert outcome.kills == 10
    assert sum(outcome.acknowledged.values()) >= 10


def test_two_writers_and_readers_at_once(tmp_path: Path) -> None:
    """Every write that came back is there, and no reader sees an error or less than before."""
    import together

    outcome = together.run(tmp_path / "project", seconds=3, reader_processes=1)
    assert outcome.problems == []
    assert outcome.articles > 0
    assert outcome.reads > 0
