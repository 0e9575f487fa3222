"""Numbers and date fields in the reader's locale."""

from __future__ import annotations

import pytest
import streamlit as st

from timeline.dashboard import locales


@pytest.mark.parametrize(
    ("locale", "number", "date"),
    [
        (None, "1,204 events", "YYYY-MM-DD"),
        ("en-US", "1,204 events", "MM/DD/YYYY"),
        ("en-GB", "1,204 events", "DD/MM/YYYY"),
        ("de-DE", "1.204 events", "DD.MM.YYYY"),
        ("fr-FR", "1\u202f204 events", "DD/MM/YYYY"),
        ("sv-SE", "1\u00a0204 events", "YYYY-MM-DD"),
        ("ar-EG", "1,204 events", "DD/MM/YYYY"),
        ("xx-nowhere", "1,204 events", "YYYY-MM-DD"),
        ("../etc", "1,204 events", "YYYY-MM-DD"),
    ],
)
def test_a_reader_sees_the_separators_and_fields_of_their_locale(monkeypatch, locale, number, date):
    monkeypatch.setattr(type(st.context), "locale", property(lambda _: locale))

    assert locales.count_noun(1204, "event") == number
    assert locales.date_format() == date
