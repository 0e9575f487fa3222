"""A project in which every field that comes from outside is an attack: articles, actors, places, imported rows,
corrections, problems, the name of its folder.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from pathlib import Path

from attack_strings import ATTACKS, URLS
from view_projects import FakeCoded, make_project

from timeline.records import (
    Actor,
    Article,
    Attribution,
    Basis,
    Coding,
    EventDate,
    Mention,
    Place,
    Precision,
    Realis,
    TimeExpression,
    TimexType,
    identify_article,
)
from timeline.store.codings import log_problem
from timeline.store.curation.drafts import draft_delete, draft_fields, draft_name
from timeline.store.curation.log import add_correction, undo
from timeline.store.events import derive_events
from timeline.store.imports import finish_import, import_file
from timeline.store.project import Project
from timeline.store.serial import clean

FOLDER = "x\"><img src=x onerror=window.hacked=1> :streamlit: $x$ `y` '=1+1"
HUB = Actor("hub", "Hub", "BEL", "GOV")  # who is acted on in every event
TEXTS = ATTACKS
_TYPES = ("ACCUSE", "CONSULT", "ASSAULT", "AID")


def make_attacked(base: Path) -> Project:
    """The project; each attack is the text, title, publisher, speaker, actor and place of one article and one row."""
    project = make_project(base / FOLDER, [_code(number, text) for number, text in enumerate(TEXTS.values())])
    table = base / f"{FOLDER}.csv"
    _write_table(table)
    import_file(project, table, "acled")
    finish_import(project)
    _correct(project)
    for text in TEXTS.values():
        log_problem(project, "reading", text, text)
    return project


def _code(number: int, words: str) -> FakeCoded:
    """An article of one act, by an actor who bears the attack as name, against the hub."""
    sentence = f"{words} shelled Hub on Thursday, {words} said."
    text = f"{words}\n{sentence}\n{words}"
    start = text.index(sentence)
    act = text.index(" shelled Hub", start) + 1
    day = dt.date(2020, 3, 5) + dt.timedelta(days=number)
    url = URLS[number % len(URLS)]
    article = Article(identify_article(text, ""), text, day, words, words, url, "en")
    actor = Mention(
        start, start + len(words), words, Actor(f"a{number}{words}"[:80], words, "BEL", "REB", known=False), words
    )
    hub = Mention(act + 8, act + 11, "Hub", HUB, "alias")
    when = text.index("Thursday", act)
    timex = TimeExpression(when, when + 8, "Thursday", TimexType.DATE, words, note=words)
    said = text.rindex(f", {words} said.")
    speaker = Mention(said + 2, said + 2 + len(words), words, None, words)
    coding = Coding(
        article.id, start, start + len(sentence), act, act + 7, _TYPES[number % len(_TYPES)], (actor,), (hub,),
        Realis.ACTUAL, EventDate(day, day, Precision.DAY, Basis.SENTENCE, timex, words),
        place=Place(words, "BEL", 30.0 + number % 7, 30.0 + number // 7),
        attribution=Attribution((speaker,), said, said + len(words) + 7), rule=words, confidence=0.8,
    )  # fmt: skip
    return FakeCoded(article, (timex,), (actor, hub), (coding,))


def _write_table(path: Path) -> None:
    """An export of ACLED with the attacks as names, places, sources and notes, and in a column we do not know."""
    fixed = {"event_type": "Battles", "sub_event_type": "Armed clash", "country": "Syria"}
    rows = [
        fixed | {"event_id_cnty": f"SYR{number}{words}"[:60], "event_date": f"2021-01-{number % 28 + 1:02}",
        "actor1": words, "actor2": "Hub", "location": words, "latitude": str(35 + number / 50),
        "longitude": "37.5", "source": words, "notes": words, "=own column": words}
        for number, words in enumerate(clean(text).replace("\0", " ") for text in TEXTS.values())
    ]  # fmt: skip
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _correct(project: Project) -> None:
    """Corrections by readers with attacks as names and reasons; every fifth is called no event, and is one again."""
    for number, (name, words) in enumerate(TEXTS.items()):
        coded = _code(number, words)
        told = [(coded.codings[0], coded.article.text[coded.codings[0].start : coded.codings[0].end])]
        if number % 5:
            after = {"sources": [{"id": f"c{number}", "name": words, "country": None, "sector": None}]}
            add_correction(project, draft_fields(told, after if number % 2 else {}, words, words, reviewed=True))
        else:
            undo(project, add_correction(project, draft_delete(told, words, words)).id, words, words)
        if not number % 7:
            add_correction(project, draft_name(words, replace(HUB, id=f"n-{name}", name=words), words))
    derive_events(project)
