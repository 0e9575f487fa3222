"""News articles reduced to dated, evidence-backed events: who did what to whom, and who says so.

The public names load on first use, so that `import timeline` and `timeline --help` stay quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from timeline.version import VERSION

__version__ = VERSION

if TYPE_CHECKING:
    from timeline.coding.coder import CodedArticle, Coder
    from timeline.coding.key_dates import key_dates
    from timeline.reading import read_articles
    from timeline.records import Actor, Article, Coding, DateSpan, Event, Mention, TimeExpression

_HOMES = {
    "Actor": "timeline.records",
    "Article": "timeline.records",
    "CodedArticle": "timeline.coding.coder",
    "Coder": "timeline.coding.coder",
    "Coding": "timeline.records",
    "DateSpan": "timeline.records",
    "Event": "timeline.records",
    "Mention": "timeline.records",
    "TimeExpression": "timeline.records",
    "key_dates": "timeline.coding.key_dates",
    "read_articles": "timeline.reading",
}

__all__ = [
    "Actor",
    "Article",
    "CodedArticle",
    "Coder",
    "Coding",
    "DateSpan",
    "Event",
    "Mention",
    "TimeExpression",
    "key_dates",
    "read_articles",
]


def __getattr__(name: str) -> object:
    if name == "cluster":
        return import_module("timeline.cluster")
    if name not in _HOMES:
        raise AttributeError(f"module 'timeline' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
