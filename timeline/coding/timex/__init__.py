"""Time expressions: recognised by a grammar and placed on the calendar, in pure Python."""

from timeline.coding.timex.recogniser import recognise_timexes

__all__ = ["recognise_timexes"]
