"""Review: how right the coder is on what was reviewed, names to give, the log, and its exchange with colleagues."""

from __future__ import annotations

import re
from collections import Counter

import streamlit as st

from timeline import pipeline
from timeline.dashboard import curation, data, frame, place
from timeline.dashboard.adding import code_again
from timeline.dashboard.correcting import find_actor, offer_actors
from timeline.dashboard.locales import count_noun
from timeline.dashboard.state import escape_markdown
from timeline.dashboard.work import current_work, follow_work, keep_work
from timeline.errors import TimelineError
from timeline.ontology import SECTORS
from timeline.queries.review import Review, Share, review
from timeline.records import Actor, Coding
from timeline.store.codings import read_outlets
from timeline.store.curation.corrections import Kind
from timeline.store.curation.drafts import draft_name
from timeline.store.curation.exchange import Conflict, find_conflicts, write_lines
from timeline.store.curation.folding import Curated, find_undone, list_live
from timeline.store.curation.log import read_curated, read_log
from timeline.views.corrections import FIELD_WORDS, say_correction
from timeline.views.wording import clean_text, label_type, shorten

_MOST_LOGGED, _MOST_UNKNOWN = 500, 100
_KINDS = {
    "armed_group": "armed group", "organisation": "organisation", "person": "person", "party": "party",
    "organ": "organ of a state", "company": "company", "media": "media", "state": "state",
}  # fmt: skip
_LONGEST_FILE = 50_000_000


def show() -> None:
    """Draw the page."""
    if not frame.begin("Review"):
        return
    st.title("Review", anchor=False)
    st.caption("What readers confirmed, corrected and added, and how right the coder was on it.")
    curation.show_outcome()
    work = current_work()
    if work is not None and not work.finished:
        follow_work(work)
    with data.project().read():
        curated, log, articles = read_curated(data.project()), read_log(data.project()), read_outlets(data.project())
    left, right = st.columns([54, 46], gap="large")
    with left:
        _show_figures(review(curated, log, articles))
        _show_exchange()
    with right:
        _show_unknown(curated)
    _show_log(curated)
    frame.end()


# --- figures ---------------------------------------------------------------------------------------------------


def _show_figures(found: Review) -> None:
    st.subheader("How right the coder is", anchor=False)
    if not found.events.of and not found.checked:
        st.info(
            "Nothing is reviewed yet. Open an event in Explore and say “All right”, or correct it; or read an article "
            "whole and check it. A few dozen events, chosen blindly, tell much.", icon=":material/fact_check:",
        )  # fmt: skip
        return
    st.table([
        _row("is an event (precision)", found.events),
        _row("right in every field", found.whole),
        *(_row(f"· {FIELD_WORDS[name]}", share) for name, share in found.fields.items()),
        _row(f"acts found (recall, {count_noun(found.checked, 'article')} checked whole)", found.recall),
    ])  # fmt: skip
    st.caption(
        "The unit is one act as one article tells it. The interval holds the true share in 95 of 100 cases, if what "
        "was reviewed was not chosen for being wrong. Recall counts only articles that were checked whole."
    )
    if found.unseen:
        st.warning(f"{count_noun(found.unseen, 'act')} of checked articles changed since, and nobody looked at them.")
    if found.types:
        with st.expander("By kind of act", key="review_types"):
            st.table([_row(label_type(name), share) for name, share in found.types.items()])


def _row(name: str, share: Share) -> dict[str, str]:
    value, interval = share.value, share.interval
    if value is None or interval is None:
        return {"": name, "share": "–", "95 % interval": "–", "counted": "none"}
    return {
        "": name, "share": f"{value:.0%}", "95 % interval": f"{interval[0]:.0%} to {interval[1]:.0%}",
        "counted": f"{share.right} of {share.of}",
    }  # fmt: skip


# --- names -----------------------------------------------------------------------------------------------------


def _show_unknown(curated: Curated) -> None:
    """Words that name nobody known, most frequent first, and the form to say whom they name."""
    st.subheader("Who is that?", anchor=False)
    counts = count_unknown(curated.codings)
    if not counts or not curation.can_curate():
        st.caption("All actors of the events are known." if not counts else "This project can only be read.")
        return
    st.caption("Names that the lexicon does not have. Say once whom one names, and it is recognised everywhere.")
    options = [words for words, _ in counts.most_common(_MOST_UNKNOWN)]
    actors = offer_actors([])
    with st.form("naming", border=False, clear_on_submit=True):
        words = st.selectbox(
            "Words", options, key="naming_words", accept_new_options=True,
            format_func=lambda one: f"{clean_text(one)} · {counts[one]}" if one in counts else clean_text(one),
            help="With the number of acts that they stand in; others may be typed",
        )  # fmt: skip
        who = st.selectbox(
            "Whom they name", ["", *actors], key="naming_actor", accept_new_options=True,
            format_func=lambda one: clean_text(actors[one].name) if one in actors else one or "somebody new",
            help="A known actor; or leave it, and say below what the new one is",
        )  # fmt: skip
        kind = st.selectbox("The new one is", list(_KINDS), key="naming_kind", format_func=_KINDS.__getitem__)
        left, right = st.columns(2)
        country = left.text_input("Country", key="naming_country", max_chars=3, placeholder="SYR, or empty")
        sector = right.selectbox(
            "Sector", ["", *SECTORS], key="naming_sector",
            format_func=lambda code: f"{code}: {SECTORS[code]}" if code else "unknown",
        )  # fmt: skip
        curation.ask_reader("naming")
        sent = st.form_submit_button("Name", key="naming_save", type="primary", icon=":material/badge:")
    if sent and words:
        _name(str(words), actors.get(who) or (find_actor(str(who)) if who else None), kind, (country, sector))


def count_unknown(codings: tuple[Coding, ...]) -> Counter[str]:
    """How many sides of acts each name of nobody known stands on; mere descriptions in small letters are left out."""
    names = (
        " ".join((m.actor.name if m.actor else m.text).split())
        for coding in codings
        for m in {*coding.sources, *coding.targets}
        if m.actor is None or not m.actor.known
    )
    return Counter(name for name in names if re.search(r"\b[^\W\d_a-z]", name))


def _name(words: str, actor: Actor | None, kind: str, more: tuple[str, str]) -> None:
    country, sector = more[0].strip().upper(), more[1]
    if country and not re.fullmatch("[A-Z]{3}", country):
        st.error("A country is three letters, as in SYR or TUR.")
        return
    if actor is None or not actor.known:
        name = actor.name if actor else words
        actor = Actor(_write_id(name), name, country or None, sector or None, None, kind=kind)
    earlier = [c for c in list_live(read_log(data.project())) if c.kind is Kind.NAME and c.subject == words]
    before = dict(earlier[-1].after) if earlier else None
    if curation.save(draft_name(words, actor, curation.take_reader("naming"), before=before)):
        keep_work(code_again(place.project_folder()))
    st.rerun()


def _write_id(name: str) -> str:
    """A readable id for a new actor; names without Latin letters keep theirs."""
    return "-".join(re.findall(r"\w+", name.casefold())) or "unnamed"


# --- the log and its exchange ------------------------------------------------------------------------------------


def _show_log(curated: Curated) -> None:
    log = read_log(data.project())
    st.subheader("Corrections", anchor=False)
    if not log:
        st.caption("No correction yet.")
        return
    undone = find_undone(log)
    orphans = {orphan.correction.id: orphan.why for orphan in curated.orphans}
    if orphans:
        st.warning(
            f"{count_noun(len(orphans), 'correction')} apply to nothing here at present; they are kept and apply again "
            "when their act is found. They are marked below.", icon=":material/link_off:",
        )  # fmt: skip
    st.dataframe(
        [
            {
                "when": correction.at[:16].replace("T", " "),
                "who": clean_text(correction.who),
                "what": clean_text(say_correction(correction)),
                "why": clean_text(correction.reason),
                "state": "undone" if correction.id in undone else orphans.get(correction.id, ""),
            }
            for correction in reversed(log[-_MOST_LOGGED:])
        ],
        hide_index=True, key="review_log", height=min(420, 38 * len(log) + 42), alt="Corrections, latest first",
    )  # fmt: skip
    _show_conflicts(find_conflicts(data.project(), log))


def _show_conflicts(conflicts: tuple[Conflict, ...]) -> None:
    if not conflicts:
        return
    with st.expander(f"Conflicts ({len(conflicts)})", icon=":material/group:", key="review_conflicts"):
        st.caption("One thing, set otherwise by two readers who did not know of each other. The later one holds.")
        for conflict in conflicts[:_MOST_UNKNOWN]:
            for made in (conflict.earlier, conflict.later):
                st.markdown(f"- {escape_markdown(shorten(f'{made.who}: {say_correction(made)}', 200))}")


def _show_exchange() -> None:
    st.subheader("Exchange with colleagues", anchor=False)
    st.download_button(
        "Take the corrections to a colleague", data=_write_file, file_name=f"{data.project_name()}-corrections.jsonl",
        mime="application/jsonl", key="corrections_download", icon=":material/download:",
        on_click="ignore", help="A JSON Lines file; it applies to any project with the same articles",
    )  # fmt: skip
    if not curation.can_curate():
        return
    with st.form("corrections_import", border=False, clear_on_submit=True):
        upload = st.file_uploader("A colleague's corrections", type=["jsonl", "txt"], key="corrections_upload")
        sent = st.form_submit_button("Add them", key="corrections_send", icon=":material/upload_file:")
    if sent and upload is not None:
        _import(upload.getvalue())


def _write_file() -> bytes:
    return "".join(f"{line}\n" for line in write_lines(read_log(data.project()))).encode("utf-8")


def _import(content: bytes) -> None:
    if len(content) > _LONGEST_FILE:
        st.error("This file is too large to be a list of corrections.")
        return
    try:
        done = pipeline.import_corrections(data.project(), content.decode("utf-8-sig", "replace").splitlines())
    except TimelineError as error:
        st.error(escape_markdown(clean_text(str(error))))
        return
    words = f"{count_noun(len(done.new), 'correction')} added, {done.known} already there."
    if done.conflicts:
        words += f" {count_noun(len(done.conflicts), 'conflict')}, listed under Corrections."
    (st.success if not done.problems else st.warning)(
        words + (f" {count_noun(len(done.problems), 'line')} could not be read." if done.problems else "")
    )
    for problem in done.problems[:10]:
        st.caption(escape_markdown(clean_text(problem)))
