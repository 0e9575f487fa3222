"""About: what this is, how events are coded, what the terms mean, what it cannot do."""

from __future__ import annotations

import streamlit as st

import timeline
from timeline.dashboard import frame
from timeline.dashboard.state import escape_markdown
from timeline.ontology import EVENT_TYPES, QUAD_CLASSES
from timeline.records import Precision
from timeline.views.palette import GLYPH_OF_QUAD, QUAD_ORDER
from timeline.views.provenance import CAVEAT
from timeline.views.wording import BASIS_WORDS, REALIS_WORDS, label_type

_WHAT = """
This program reads news articles and turns them into **events**: who did what to whom, when, where, who says so,
and the sentence that says it. It draws them as a **timeline** of actors and as a **network**, and keeps the
evidence one click away. Everything runs on this machine; nothing is sent anywhere.
"""
_HOW = """
1. **Reading.** Title, text, publisher and publication date are taken from the file; boilerplate goes;
   near-duplicates are linked.
2. **Coding.** Each sentence is parsed. Rules find the act (a verb, a noun such as *airstrike*, a phrase such as
   *hold talks*), who does it and to whom; a small linear model scores the reading. Names, titles and pronouns
   are tied to actors with their offices at the article's date.
3. **Dating.** A date comes from the event's own clause, else its sentence, else an earlier sentence, else the
   publication date. It is never made more exact than its words: *early March* stays a span of days.
4. **Attribution and realis.** Who says so is kept, nested where needed (*Peskov said that the ministry had
   warned …*), and whether the act is told as done, planned, called for, hypothetical, denied or history.
5. **Merging.** Reports of one happening become one event; where they disagree on date, actors or act, that is
   kept and shown.
"""
_LIMITS = """
- An event is a **claim by the source named**, found by a machine. Read the sentence before you use it.
- Who acts on whom is read within a sentence, with pronouns and names resolved within the article; irony, images
  and what stands between the lines are lost.
- English articles only; others are kept but not coded.
- Counts follow what is reported, not what happens: more articles make more events, and outlets choose what to
  tell.
- Scores from -10 to +10 are conventions of the field for a kind of act, not measurements of harm.
- Positions in the network are chosen for legibility; nearness is no finding.
"""
_LICENCES = """
The program is free software under the MIT licence. It stands on Streamlit, Plotly,
networkx, pandas, DuckDB, Delta Lake, spaCy and its small English model, trafilatura and others, all under
permissive licences. Event types follow PLOVER (Halterman, Bagozzi, Beger, Schrodt and Scarborough 2023), in our
own words; scores follow its table and Goldstein (1992). The bundled sample articles are written by the authors
about public facts; each names the facts it rests on.
"""


def show() -> None:
    """Draw the page."""
    if not frame.begin("About", needs_events=False):
        return
    with st.container(width=860):
        st.title("About", anchor=False)
        st.markdown(_WHAT)
        st.info(CAVEAT, icon=":material/gavel:")
        st.subheader("How events are coded", anchor=False)
        st.markdown(_HOW)
        st.subheader("What the terms mean", anchor=False)
        _show_terms()
        st.subheader("What it cannot do", anchor=False)
        st.markdown(_LIMITS)
        st.subheader("Licences and sources", anchor=False)
        st.markdown(_LICENCES)
        st.caption(f"Version {timeline.__version__}")
    frame.end()


def _show_terms() -> None:
    kinds, types, dates, realis = st.tabs(["Kinds of act", "Event types", "Dates", "Realis"], key="terms")
    kinds.table(
        [
            {"mark": GLYPH_OF_QUAD[q], "kind of act": QUAD_CLASSES[q], "event types": ", ".join(_types_of(q))}
            for q in QUAD_ORDER
        ]
    )
    types.table(
        [
            {"event type": label_type(t.name), "kind": QUAD_CLASSES[t.quad_class], "score": f"{t.goldstein:+.1f}",
            "CAMEO root": t.cameo_root,
             "an actor …": escape_markdown(t.meaning)}
            for t in EVENT_TYPES.values()
        ]
    )  # fmt: skip
    dates.markdown("**Basis**, best first: where the date comes from.")
    dates.table([{"basis": name, "meaning": words} for name, words in BASIS_WORDS.items()])
    dates.markdown(f"**Precision**: how exact its words are: {', '.join(p.value for p in Precision)}.")
    realis.table(
        [{"realis": name.replace("_", " "), "the text tells the act as": words} for name, words in REALIS_WORDS.items()]
    )


def _types_of(quad: int) -> list[str]:
    return [label_type(t.name) for t in EVENT_TYPES.values() if t.quad_class == quad]
