"""Articles: add files or text, set dates, see what was coded from each."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from timeline import pipeline
from timeline.dashboard import data, frame, place
from timeline.dashboard.article_dialog import open_article, show_opened
from timeline.dashboard.curation import show_outcome
from timeline.dashboard.locales import count_noun, date_format
from timeline.dashboard.place import engine_name
from timeline.dashboard.state import escape_markdown
from timeline.dashboard.work import Work, current_work, follow_work, keep_work
from timeline.errors import TimelineError
from timeline.store.articles import ArticleRow, list_articles, set_published
from timeline.store.codings import list_problems, read_coded
from timeline.store.curation.log import read_curated
from timeline.views.evidence import list_codings, write_article, write_source_line
from timeline.views.markup import write_style
from timeline.views.wording import clean_text

_PAGE = 50
_TYPES = ["txt", "md", "html", "htm", "pdf", "json", "jsonl", "csv", "tsv", "xml", "rss", "atom", "gz", "zip"]
_STATES = {
    "uncoded": "waiting", "coded": "coded", "stale": "to be coded again", "failed": "failed",
    "not_english": "not English",
}  # fmt: skip
_TEXT_STYLE = "<style>.st-key-article_text {max-height: 36rem; overflow-y: auto}</style>"
_EARLIEST = dt.date(1000, 1, 1)


def show() -> None:
    """Draw the page."""
    if not frame.begin("Articles", needs_events=False):
        return
    st.title("Articles", anchor=False)
    rows = list_articles(data.project())
    undated = sum(row.published is None for row in rows)
    st.caption(
        f"{count_noun(len(rows), 'article')} in this project"
        + (f", {undated} without a publication date" if undated else "")
    )
    show_outcome()
    _show_adding(expanded=not rows)
    _show_work()
    if rows:
        _show_list(rows, undated)
    _show_problems()
    show_opened()
    frame.end()


# --- adding ----------------------------------------------------------------------------------------------------


def _show_adding(expanded: bool) -> None:
    if engine_name():
        st.info(
            f"Events are read from tables at {escape_markdown(engine_name())}. They hold no articles, and none are "
            "added to them here: start `timeline serve` on a project for that.",
            icon=":material/database:",
        )
        return
    if data.project().read_only:
        st.info("This project's folder is read-only: articles can be read but not added.", icon=":material/lock:")
        return
    with st.expander("Add articles", expanded=expanded, icon=":material/note_add:", key="adding"):
        files, text = st.tabs(["Files", "Paste text"], key="adding_tabs")
        with files:
            _show_upload()
        with text:
            _show_paste()


def _show_upload() -> None:
    with st.form("upload_form", border=False, clear_on_submit=True):
        uploads = st.file_uploader(
            "Articles as files", type=_TYPES, accept_multiple_files=True, key="uploads",
            help="Text, Markdown, web pages, PDF, JSON, JSON Lines, CSV, RSS and Atom, each also as .gz or in a .zip. "
            "Title, publisher and date are looked for in the file.",
        )  # fmt: skip
        sent = st.form_submit_button("Add and code", key="upload_send", type="primary", icon=":material/upload_file:")
    if sent and uploads:
        from timeline.dashboard.adding import add_uploads

        keep_work(add_uploads(place.project_folder(), [(u.name, u.getvalue()) for u in uploads]))
        st.rerun()
    elif sent:
        st.warning("Choose or drop at least one file first.")


def _show_paste() -> None:
    with st.form("paste_form", border=False, clear_on_submit=True):
        text = st.text_area("Text of the article", key="paste_text", height=180, placeholder="Paste the article here")
        left, middle, right = st.columns(3)
        published = left.date_input(
            "Publication date", value=None, min_value=_EARLIEST, key="paste_published", format=date_format(),
            help="Without it, words such as “on Thursday” cannot be placed. Left empty, it is looked for in the text.",
        )  # fmt: skip
        title = middle.text_input("Title", key="paste_title", max_chars=300)
        publisher = right.text_input(
            "Publisher", key="paste_publisher", max_chars=120, help="The outlet that brought it"
        )
        url = st.text_input("Address", key="paste_url", max_chars=2000, placeholder="https://… (optional)")
        sent = st.form_submit_button("Add and code", key="paste_send", type="primary", icon=":material/content_paste:")
    if sent and text.strip():
        from timeline.dashboard.adding import add_text

        keep_work(
            add_text(
                place.project_folder(),
                text,
                published=published,
                title=title.strip(),
                publisher=publisher.strip(),
                url=url.strip(),
            )
        )
        st.rerun()
    elif sent:
        st.warning("Paste some text first.")


def _show_work() -> None:
    """Progress of what is being coded, by whichever session; then what came of it."""
    work = current_work()
    if work is None:
        return
    if not work.finished:
        follow_work(work)
        return
    _show_result(work)


def _show_result(work: Work) -> None:
    if work.error:
        st.error(f"Coding stopped: {escape_markdown(work.error)}", icon=":material/error:")
    elif work.summary:
        st.success(work.summary, icon=":material/check_circle:")
    for problem in work.problems[:20]:
        st.warning(escape_markdown(clean_text(problem)), icon=":material/warning:")
    if len(work.problems) > 20:
        st.caption(f"and {count_noun(len(work.problems) - 20, 'more problem')}")


# --- the list --------------------------------------------------------------------------------------------------


def _show_list(rows: tuple[ArticleRow, ...], undated: int) -> None:
    if undated:
        st.info(
            f"{count_noun(undated, 'article')} without a publication date: in {'it' if undated == 1 else 'them'} "
            "words such as "
            "“on Thursday” stay undated. Choose one below and set its date.", icon=":material/event_busy:",
        )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            "Find", key="article_words", placeholder="words in title or text", type="search", width=320
        )
        only = st.toggle(
            "Only without a date", key="article_undated", help="Articles whose publication date is unknown"
        )
    found = [row for row in list_articles(data.project(), text=words) if not only or row.published is None]
    if not found:
        st.info("No article matches. Change the words, or switch off “Only without a date”.")
        return
    left, right = st.columns([51, 49], gap="medium")
    with left, st.container(key="article_list"):
        chosen = _show_table(found)
    with right, st.container(key="article"):
        _show_article(chosen or found[0].id)


def _show_table(rows: list[ArticleRow]) -> str | None:
    pages = -(-len(rows) // _PAGE)
    slot = st.container()
    page = st.pagination(pages, key=f"articles_page_{pages}") if pages > 1 else 1
    part = rows[(page - 1) * _PAGE : page * _PAGE]
    key = f"articles_table_{abs(hash(tuple(row.id for row in part))) % 10**8}"
    state = slot.dataframe(
        [
            {
                "title": clean_text(r.title) or "Untitled",
                "publisher": clean_text(r.publisher),
                "published": r.published.isoformat() if r.published else "unknown",
                "acts": str(r.codings) if r.state == "coded" else _STATES.get(r.state, r.state),
            }
            for r in part
        ],
        hide_index=True, key=key, on_select="rerun", selection_mode="single-row", height=min(620, 38 * len(part) + 42),
        column_config={
            "title": st.column_config.TextColumn(width=300),
            "publisher": st.column_config.TextColumn(width=92),
            "published": st.column_config.TextColumn(width=84),
            "acts": st.column_config.TextColumn(width=46, help="Acts coded from it, or how far it has come"),
        },
        alt="Articles, one per row; select a row to read it",
    )  # fmt: skip
    chosen = state["selection"]["rows"]
    return part[chosen[0]].id if chosen and chosen[0] < len(part) else None


def _show_article(article_id: str) -> None:
    try:
        reading = read_coded(data.project(), article_id)
    except TimelineError:
        st.info("This article was removed meanwhile.")
        return
    article = reading.article
    acts = read_curated(data.project(), [article_id]).codings
    style = write_style(data.palette())
    st.html(f'{style}<div class="ev"><p class="ev-meta">{write_source_line(article)}</p></div>')
    if not data.project().read_only:
        _show_tools(article_id, article.published)
    codings = list_codings(acts)
    if codings:
        st.markdown(f"**{count_noun(len(codings), 'act')} coded**")
        st.dataframe(codings, hide_index=True, key=f"codings_{article_id}", alt="Acts coded from this article")
    else:
        st.caption(
            "No act was coded from this article: it may not be coded yet, or none of its sentences says who did "
            "what to whom."
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Hover over a mark, or click it, to see what it was read as, and why.", width="content")
        st.button(
            "Sentence by sentence", key=f"explain_{article_id}", type="tertiary", icon=":material/manage_search:",
            on_click=open_article, args=(article_id, "sentences"),
            help="Why each sentence gave what it gave; add what is missing, and check the article",
        )  # fmt: skip
    with st.container(border=True, key="article_text"):
        st.html(_TEXT_STYLE)
        st.html(write_article(article, acts, reading.timexes, reading.mentions))


def _show_tools(article_id: str, published: dt.date | None) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.date_input(
            "Publication date", value=published, min_value=_EARLIEST, key=f"published_{article_id}_{published}",
            format=date_format(), width=190, help="Setting it codes the article again, since dates such as “on "
            "Thursday” hang on it",
        )  # fmt: skip
        st.button(
            "Save date", key=f"save_{article_id}", disabled=day == published, icon=":material/save:",
            on_click=_save_date, args=(article_id, day),
        )  # fmt: skip
        with st.popover("Remove", icon=":material/delete:", key=f"remove_{article_id}"):
            st.markdown("Remove this article and what was coded from it? This cannot be undone.")
            st.button(
                "Remove it", key=f"really_remove_{article_id}", type="primary", on_click=_remove, args=(article_id,)
            )


def _save_date(article_id: str, day: dt.date | None) -> None:
    from timeline.dashboard.adding import code_again

    set_published(data.project(), article_id, day, who="dashboard", reason="set on the Articles page")
    keep_work(code_again(place.project_folder()))


def _remove(article_id: str) -> None:
    pipeline.remove(data.project(), [article_id])


def _show_problems() -> None:
    problems = list_problems(data.project(), limit=200)
    if not problems:
        return
    with st.expander(f"Problems ({len(problems)})", icon=":material/warning:", key="problems"):
        st.dataframe(
            [{"time": at, "stage": stage, "about": clean_text(about), "problem": clean_text(words)} for at, stage,
            about, words in problems],
            hide_index=True, key="problems_table", alt="What went wrong when reading and coding, latest first",
        )  # fmt: skip
