"""What all pages share: the state of the URL, the first start, the empty project, the link to copy."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from timeline.dashboard import data, state
from timeline.dashboard.first_start import start_sample
from timeline.dashboard.screens import SCREENS
from timeline.dashboard.work import follow_work
from timeline.errors import EngineError, TimelineError

_STYLE = """<style>
[data-testid="stSidebarUserContent"] {padding-top: .4rem}
[data-testid="stMainBlockContainer"] {padding-left: 2.2rem; padding-right: 2.2rem; max-width: 1680px}
[data-testid="stCaptionContainer"] {color: $muted; opacity: 1}
[data-testid="stMultiSelectTagsContainer"] [data-tag] *, [data-testid^="stBaseButton-primary"] * {color: $on_primary}
.st-key-timeline_marks {position: absolute; width: 1px; overflow: hidden}
.st-key-conditions button {min-height: 1.9rem; padding: 0 .6rem}
.st-key-evidence [class*="st-key-open_"] button, .st-key-evidence [class*="st-key-open_"] button > div {
  justify-content: flex-start; text-align: left; min-height: 1.9rem; width: 100%}
.st-key-evidence [class*="st-key-open_"] button p {text-align: left; unicode-bidi: plaintext}
@media (min-width: 1200px) {
  [data-testid="stColumn"]:has(.st-key-evidence) {position: sticky; top: 3.6rem; align-self: flex-start;
    max-height: calc(100vh - 4.4rem); overflow-y: auto; padding-bottom: 1rem}
}
@media (max-width: 1199px) {
  [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"] :is($halves)) {flex-wrap: wrap}
  [data-testid="stColumn"]:has(:is($halves)) {width: 100%; flex: 1 1 100%; min-width: 100%}
}
</style>"""
# What stands side by side on a wide screen and one below the other on a narrow one, by the keys of its containers.
_HALVES = ", ".join(
    f".st-key-{key}" for key in ("charts", "evidence", "article_list", "article", "exports_document", "exports_picture")
)
# On narrow screens the evidence of a selection docks at the bottom, so that it is in view wherever the click was.
_DOCK = """<style>
@media (max-width: 1199px) {
  [data-testid="stColumn"]:has(.st-key-evidence) {position: sticky; bottom: 0; z-index: 5; max-height: 44vh;
    overflow-y: auto; background: $ground; border-top: 2px solid $accent; padding: .5rem .2rem 1rem;
    box-shadow: 0 -6px 18px rgba(0,0,0,.18)}
}
</style>"""


def begin(page: str, needs_events: bool = True) -> bool:
    """Start a page: read the URL, say what it got wrong, show what is being coded or an empty project.

    Args:
        page: The page's name.
        needs_events: Whether the page has nothing to show without events.

    Returns:
        Whether the page should go on.
    """
    state.read_url(page)
    palette = data.palette()
    on_primary = palette.background if palette.name == "dark" else "#ffffff"  # the dark theme's primary is light
    style = _STYLE.replace("$muted", palette.muted).replace("$on_primary", on_primary)
    st.html(style.replace("$halves", _HALVES))
    if state.current_selection():
        st.html(_DOCK.replace("$ground", palette.background).replace("$accent", palette.accent))
    try:
        data.look_anew()
        sample = start_sample()
        empty = data.is_empty()
    except EngineError:
        raise  # what a query costs, or why an engine does not answer, is said in one place: `navigation`
    except TimelineError as error:
        st.error(f"The project cannot be opened. {state.escape_markdown(str(error))}", icon=":material/folder_off:")
        return False
    state.show_notices()
    if sample and not sample.work.finished:
        follow_work(sample.work)
    elif sample and sample.work.error:
        st.error(f"The sample could not be coded: {state.escape_markdown(sample.work.error)}", icon=":material/error:")
    if empty and needs_events:
        _show_empty()
        return False
    return True


def end() -> None:
    """Finish a page: the URL follows the state."""
    state.write_url()


def _show_empty() -> None:
    st.title("No events yet", anchor=False)
    st.markdown("Add news articles, and their events appear here: who did what to whom, when, and who says so.")
    st.page_link(str(SCREENS / "articles.py"), label="Add articles", icon=":material/note_add:")


def write_link() -> str:
    """The address of the present view: filter, selection and settings as plain text."""
    base = urlsplit(st.context.url or "http://localhost:8501/")
    query = urlencode(state.write_state(), safe=",~")
    return urlunsplit((base.scheme, base.netloc, base.path, query, ""))


def show_link_button() -> None:
    """A button that shows the address of the present view, to be copied."""
    with st.popover(
        "Copy link", icon=":material/link:", key="copy_link", help="An address that reopens this very view"
    ):
        st.caption("This address reopens the view as it is now: filters, selection, lanes, network.")
        st.code(write_link(), language=None, wrap_lines=True)
