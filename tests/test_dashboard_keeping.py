"""Answers are kept by what was asked, worked out once, and errors are not kept."""

from __future__ import annotations

import threading

import pytest

from timeline.dashboard.keeping import forget_all, keep


def test_an_answer_is_kept_until_others_were_asked_for_more_lately():
    asked = []

    @keep(2)
    def double(number):
        asked.append(number)
        return [number * 2]

    assert double(1) is double(1)
    double(2)
    double(1)
    double(3)  # 2 goes, which was asked for longest ago
    double(1)
    assert asked == [1, 2, 3]
    double(2)
    assert asked == [1, 2, 3, 2]
    forget_all()
    double(2)
    assert asked == [1, 2, 3, 2, 2]


def test_an_error_is_not_kept():
    answers = iter([ValueError("not yet"), "now"])

    @keep(2)
    def ask():
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found

    with pytest.raises(ValueError, match="not yet"):
        ask()
    assert ask() == "now"


def test_what_two_ask_for_at_once_is_worked_out_once():
    begun, go, asked = threading.Event(), threading.Event(), []

    @keep(2)
    def slow(number):
        asked.append(number)
        begun.set()
        assert go.wait(10)
        return number

    threads = [threading.Thread(target=slow, args=(1,)) for _ in range(2)]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    go.set()
    for thread in threads:
        thread.join(10)

    assert asked == [1]
