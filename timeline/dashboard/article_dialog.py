"""One article in a window: its text with all that was found, and sentence by sentence why; adding what was missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from timeline.dashboard import curation, data
from timeline.dashboard.correcting import ask_date, ask_side, ask_type, offer_actors, take_date, take_side
from timeline.dashboard.explaining import explain_article
from timeline.dashboard.locales import count_noun
from timeline.dashboard.state import escape_cells, escape_markdown, seed_widget
from timeline.errors import TimelineError
from timeline.records import Actor, Article, Coding, Mention
from timeline.store.codings import read_coded
from timeline.store.curation.corrections import Kind, read_actor
from timeline.store.curation.drafts import draft_add, draft_check
from timeline.store.curation.folding import Curated, list_live, set_field
from timeline.store.curation.log import read_curated, read_log
from timeline.views.evidence import list_codings, write_article, write_source_line
from timeline.views.markup import write_style

if TYPE_CHECKING:
    from timeline.coding.explain import Explanation

_OPEN = "open_article"
_VIEWS = {"text": "Text", "sentences": "Sentence by sentence"}


def open_article(article_id: str, view: str = "text") -> None:
    """Have the window open on the next run."""
    st.session_state[_OPEN] = article_id
    st.session_state["article_view"] = view


def show_opened() -> None:
    """Draw the window if it was asked for; call once, outside other containers."""
    article_id = st.session_state.pop(_OPEN, None)
    if article_id:
        _show_article(article_id)


@st.dialog("Article", width="large")
def _show_article(article_id: str) -> None:
    """Draw the window."""
    try:
        reading = read_coded(data.project(), article_id)
    except TimelineError:
        st.info("This article was removed meanwhile.")
        return
    article, curated = reading.article, read_curated(data.project(), [article_id])
    st.html(write_style(data.palette()) + f'<div class="ev"><p class="ev-meta">{write_source_line(article)}</p></div>')
    view = st.segmented_control(
        "Show", list(_VIEWS), key=seed_widget("article_view", "text"), format_func=_VIEWS.__getitem__, required=True,
        label_visibility="collapsed", help="Sentence by sentence: what was found in each, and why it gave what it gave",
    )  # fmt: skip
    if view == "sentences":
        _show_sentences(article, curated)
        return
    st.caption(
        f"{count_noun(len(curated.codings), 'act')}. Hover over a mark, click it or reach it with Tab to see what it "
        "was read as, and why."
    )
    st.html(write_article(article, curated.codings, reading.timexes, reading.mentions))
    _show_check(article, curated)


def _show_check(article: Article, curated: Curated) -> None:
    """What the article's acts are, and the word of a reader that they are all there are."""
    if curated.codings:
        st.table(escape_cells(list_codings(curated.codings)))
    checks = [c for c in list_live(read_log(data.project())) if c.kind is Kind.CHECK and c.subject == article.id]
    unseen = [coding for coding in curated.codings if coding.id not in curated.reviewed]
    if checks:
        st.caption(escape_markdown(f"Checked by {checks[-1].who} on {checks[-1].at[:10]}."))
    if not curation.can_curate() or (checks and not unseen):
        return
    if st.button(
        "All acts are right, and none is missing", key="article_check", icon=":material/task_alt:",
        help="Marks every act as reviewed and counts the article for how many acts the coder finds. Correct, delete "
        "and add what is wrong or missing first.",
    ):  # fmt: skip
        told = [(coding, curated.sentences[coding.id]) for coding in curated.codings]
        curation.save(draft_check(article.id, told, curation.reader()))
        st.rerun()


# --- sentence by sentence ----------------------------------------------------------------------------------------


def _show_sentences(article: Article, curated: Curated) -> None:
    from timeline.views.explanations import label_sentence, write_explanation  # imports the coder's libraries

    found = explain_article(article)
    if not found:
        st.info("This article is in a language that is not coded.")
        return
    labels = [label_sentence(number, article, one) for number, one in enumerate(found, 1)]
    chosen = st.selectbox(
        "Sentence", range(len(found)), key="article_sentence", format_func=labels.__getitem__,
        help="The present coder reads the article anew here; what it would code is listed with every word it weighed",
    )  # fmt: skip
    one = found[chosen]
    st.html(write_explanation(article, one))
    by_hand = [c for c in curated.codings if c.corrected and c.start < one.end and one.start < c.end]
    if by_hand:
        st.caption("Corrected or added by readers:")
        st.table(escape_cells(list_codings(by_hand)))
    if curation.can_curate():
        with st.expander("Add an act that this sentence tells", icon=":material/add:", key="adding_act"):
            _show_add(article, one)


def _show_add(article: Article, found: Explanation) -> None:
    key = f"add_{article.id}_{found.start}"
    actors = offer_actors([m.actor for m in found.mentions if m.actor])
    words = {c.text: (c.start, c.end) for c in found.candidates}
    first = next((c for c in found.candidates if c.event_type), None)
    dated = next((t.span for t in found.timexes if t.span), None)
    with st.form(key, border=False):
        ask_type(key, first.event_type if first else "STATEMENT")
        st.selectbox(
            "Word for the act", [*words, "none of them"], key=f"word_{key}",
            index=list(words).index(first.text) if first else 0,
        )  # fmt: skip
        ask_side("Who acts", f"sources_{key}", [], actors)
        ask_side("On whom", f"targets_{key}", [], actors)
        ask_date(
            key, dated.start if dated else article.published, dated.end if dated else None,
            dated.precision if dated else "day" if article.published else "unknown",
        )  # fmt: skip
        st.text_input("Reason", key=f"reason_{key}", max_chars=500)
        curation.ask_reader(key)
        sent = st.form_submit_button("Add", key="add_save", type="primary", icon=":material/add:")
    if sent:
        _add(article, found, key, words.get(st.session_state[f"word_{key}"], (found.start, found.start)), actors)
        st.rerun()


def _add(article: Article, found: Explanation, key: str, trigger: tuple[int, int], actors: dict[str, Actor]) -> None:
    """Save the act of the form; actors keep their words where the sentence has them."""
    state = st.session_state
    sides = [
        tuple(_find_words(found, read_actor(plain)) for plain in take_side(f"{side}_{key}", actors))
        for side in ("sources", "targets")
    ]
    blank = Coding(article.id, found.start, found.end, *trigger, state[f"type_{key}"], (), ())
    date = set_field(blank, "date", take_date(key)).date
    draft = draft_add(
        article, (found.start, found.end), trigger, state[f"type_{key}"], sides=(sides[0], sides[1]), date=date,
        who=curation.take_reader(key), reason=state[f"reason_{key}"].strip(),
    )  # fmt: skip
    curation.save(draft)


def _find_words(found: Explanation, actor: Actor) -> Mention:
    own = next((m for m in found.mentions if m.actor and m.actor.id == actor.id), None)
    return own or Mention(-1, -1, actor.name, actor, "added")
