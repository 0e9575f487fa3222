"""Articles and exports, run by AppTest."""

from __future__ import annotations

import datetime as dt
import time

import page_driver
from page_driver import LINE, html
from view_projects import code_line

from timeline.dashboard import place

opened = page_driver.opened


def test_articles_show_what_was_coded(opened):
    app = opened([code_line(LINE)], "articles")

    assert "1 article in this project" in app.caption[0].value
    assert "1 act coded" in "".join(m.value for m in app.markdown)
    assert 'title="source: Arvonia; “Arvonia” names Arvonia (rule alias)"' in html(app)


def test_articles_without_a_date_are_pointed_out(opened):
    app = opened([code_line(("Arvonia", "ACCUSE", "Belmark", None))], "articles")

    assert "1 article without a publication date" in app.info[0].value


def test_a_date_can_be_set_and_the_article_is_coded_again(opened, monkeypatch, tmp_path):
    from timeline.store.articles import list_articles
    from timeline.store.project import open_project

    coder = _FakeCoder()
    _code_here(monkeypatch, coder)
    app = opened([code_line(("Arvonia", "ACCUSE", "Belmark", None))], "articles")
    (widget,) = [d for d in app.date_input if d.key and d.key.startswith("published_")]

    widget.set_value(dt.date(2020, 3, 6)).run()
    next(b for b in app.button if b.key.startswith("save_")).click().run()
    _wait_for_work(app)

    (row,) = list_articles(open_project(tmp_path / "project"))
    assert row.published == dt.date(2020, 3, 6)
    assert coder.coded == [row.id]


def test_pasted_text_is_read_and_coded(opened, monkeypatch, tmp_path):
    from timeline.store.articles import list_articles
    from timeline.store.project import open_project

    _code_here(monkeypatch, _FakeCoder())
    app = opened([], "articles")

    app.text_area(key="paste_text").set_value("Arvonia accused Belmark on Thursday of breaking the truce at the river.")
    app.text_input(key="paste_publisher").set_value("Arvon Gazette")
    app.date_input(key="paste_published").set_value(dt.date(2020, 3, 6))
    app.button(key="paste_send").click().run()
    _wait_for_work(app)

    (row,) = list_articles(open_project(tmp_path / "project"))
    assert (row.publisher, row.published) == ("Arvon Gazette", dt.date(2020, 3, 6))
    assert "1 article added" in app.success[0].value


def test_an_uploaded_file_cannot_name_its_place(tmp_path):
    from timeline.dashboard.adding import _save_upload

    for name in ("../../evil.txt", "C:\\x\\evil.txt", "\x00.txt", "." * 300, "a/b/جبهة.html.gz"):
        assert _save_upload(tmp_path, 1, name, b"x").parent == tmp_path


class _FakeCoder:
    """Codes nothing, and remembers what it was given."""

    version, lexicon_version = "fake-2", "fake-2"

    def __init__(self):
        self.coded = []

    def code(self, article):
        from view_projects import FakeCoded

        self.coded.append(article.id)
        return FakeCoded(article, (), (), ())


def _code_here(monkeypatch, coder):
    """Jobs are done in this process, with a coder that does nothing."""
    from timeline.dashboard import jobs, worker

    def run_job(job, work):
        jobs.run_job(job, lambda: coder, work.take, lambda: False)

    monkeypatch.setattr(worker, "run_job", run_job)


def _wait_for_work(app):
    from timeline.dashboard.work import current_work

    for _ in range(200):
        work = current_work()
        if work and work.finished:
            assert not work.error
            app.run()
            assert not app.exception
            return
        time.sleep(0.05)
    raise AssertionError("the work did not end")


def test_every_export_has_a_button_with_a_safe_name(opened):
    from timeline.dashboard.exporting import FORMATS

    app = opened(page="export")

    names = [button.proto.id for button in app.get("download_button")]
    assert len(names) == len(FORMATS)


def test_a_slow_file_is_prepared_and_then_offered(opened, monkeypatch):
    from timeline.dashboard import export
    from timeline.dashboard.exporting import FORMATS

    monkeypatch.setattr(export, "_SLOW_SECONDS", 0.0)
    app = opened(page="export")
    assert len(app.get("download_button")) == len([kind for kind in FORMATS.values() if not kind.seconds])

    next(b for b in app.button if b.label == "Prepare .ics").click().run()
    for _ in range(200):
        app.run()
        if any("Get .ics" in str(button.proto) for button in app.get("download_button")):
            break
        time.sleep(0.05)

    assert not app.exception
    assert len([b for b in app.button if b.label.startswith("Prepare")]) == len(FORMATS) - 1
    assert sum("Get .ics" in str(button.proto) for button in app.get("download_button")) == 1


def test_the_sample_goes_where_it_can_be_written(monkeypatch, tmp_path):
    monkeypatch.delenv(place.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    place._sample_folder.cache_clear()

    assert place.project_folder() == tmp_path / "data" / "event-timeline" / "idlib-sample"
    assert place.shows_sample()

    monkeypatch.setenv("XDG_DATA_HOME", "/proc/nowhere")
    place._sample_folder.cache_clear()
    folder = place.project_folder()
    place._sample_folder.cache_clear()
    assert folder.is_dir()
    assert "/proc" not in str(folder)
