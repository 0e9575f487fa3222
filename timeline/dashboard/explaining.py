"""Why a sentence gave what it gave, asked of a coder in this server; loaded when somebody first asks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

from timeline.dashboard import data
from timeline.records import Article
from timeline.store.curation.naming import Names, read_names

if TYPE_CHECKING:
    from timeline.coding.coder import Coder
    from timeline.coding.explain import Explanation


@cache
def _load_coder() -> Coder:
    from timeline.coding.coder import Coder  # loads the language model: seconds

    return Coder()


def explain_article(article: Article) -> tuple[Explanation, ...]:
    """Every sentence of an article explained by a coder that knows the project's names; seconds the first time."""
    return _explain(article, read_names(data.project()))


@st.cache_resource(
    max_entries=8, show_spinner="Reading the sentences …", hash_funcs={Article: lambda one: (one.id, one.published)}
)
def _explain(article: Article, names: Names) -> tuple[Explanation, ...]:
    return _load_coder().with_names(names).explain(article, 0, len(article.text))
