"""As told by: the accounts of several publishers side by side, in their own words, with what only one of them says.

An event is compared report by report; a pair of actors publisher by publisher, over all events between the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import combinations

from timeline.queries.events import EventEvidence
from timeline.records import Basis, Coding, EventDate, Mention, Realis
from timeline.store.codings import Report
from timeline.views.evidence import explain_date, list_marks, name_speakers, write_source_line
from timeline.views.markup import mark_up
from timeline.views.wording import REALIS_WORDS, clean_text, label_type, say_attribution

UNKNOWN_PUBLISHER = "publisher unknown"
MOST_WORDS = 8
FIELDS = ("date", "source", "act", "target", "realis")
Folds = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Account:
    """What one publisher, or everyone of one standpoint, tells of a pair of actors.

    Attributes:
        teller: Its name, or `UNKNOWN_PUBLISHER`.
        publishers: Through which publishers; itself alone where tellers are publishers.
        events: Ids of the events it reports, in the order given.
        alone: Those of them that no other one reports.
        source_words: Its words for the one that acts, most frequent first; pronouns left out.
        target_words: Its words for the one acted on, or for everyone else where only one actor is asked about.
        acts: How often it tells which event type, most frequent first.
        speakers: Whom it quotes or cites, most frequent first; "" stands for its own voice.
    """

    teller: str
    publishers: tuple[str, ...]
    events: tuple[str, ...]
    alone: tuple[str, ...]
    source_words: tuple[tuple[str, int], ...]
    target_words: tuple[tuple[str, int], ...]
    acts: tuple[tuple[str, int], ...]
    speakers: tuple[tuple[str, int], ...]


def name_publisher(report: Report) -> str:
    return report.article.publisher or UNKNOWN_PUBLISHER


def summarise_accounts(
    found: Iterable[EventEvidence],
    source: str,
    target: str = "",
    folds: Folds | None = None,
    teller_of: Callable[[Report], str] = name_publisher,
) -> tuple[Account, ...]:
    """What each publisher or standpoint tells of the events of a pair, the one with most events first.

    Args:
        found: The events with their reports.
        source: Id of the actor that acts.
        target: Id of the one acted on; "" for everyone else.
        folds: What actors count as, from `list_folds`; None for themselves.
        teller_of: Whom a report is told by: its publisher, or the standpoint it speaks for.
    """
    told: dict[str, list[tuple[str, Report]]] = {}
    for evidence in found:
        for report in evidence.reports:
            told.setdefault(teller_of(report), []).append((evidence.event.id, report))
    tellers = Counter(event for items in told.values() for event in {event for event, _ in items})
    accounts = [_summarise(name, items, tellers, (source, target), folds or {}) for name, items in told.items()]
    return tuple(sorted(accounts, key=lambda a: (-len(a.events), a.teller)))


def _summarise(
    teller: str, items: Sequence[tuple[str, Report]], tellers: Counter[str], pair: tuple[str, str], folds: Folds
) -> Account:
    events = tuple(dict.fromkeys(event for event, _ in items))
    codings = [report.coding for _, report in items]
    return Account(
        teller=teller,
        publishers=tuple(sorted({name_publisher(report) for _, report in items})),
        events=events,
        alone=tuple(event for event in events if tellers[event] == 1),
        source_words=_count_words(codings, lambda m: _is(m, pair[0], folds)),
        target_words=_count_words(codings, lambda m: _is(m, pair[1], folds) if pair[1] else not _is(m, pair[0], folds)),
        acts=_rank(label_type(c.event_type) for c in codings),
        speakers=_rank(", ".join(name_speakers(c)) for c in codings),
    )


def _count_words(codings: Iterable[Coding], wanted: Callable[[Mention], bool]) -> tuple[tuple[str, int], ...]:
    """The words of the mentions wanted, on either side; each form as it is first written."""
    words = [
        " ".join(clean_text(m.text).split())
        for coding in codings
        for m in dict.fromkeys((*coding.sources, *coding.targets))
        if m.rule != "pronoun" and wanted(m)
    ]
    written: dict[str, str] = {}
    for word in words:
        written.setdefault(word.casefold(), word)
    return _rank(written[word.casefold()] for word in words)


def _is(mention: Mention, actor_id: str, folds: Folds) -> bool:
    return mention.actor is not None and actor_id in (mention.actor.id, folds.get(mention.actor.id, ("", ""))[0])


def _rank(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_WORDS])


def find_differences(codings: Sequence[Coding]) -> dict[str, frozenset[int]]:
    """Which reports of an event differ from which: for each of `FIELDS` the indices that contradict another.

    As in merging, a vaguer date that holds the exact one does not contradict it, nor does a side left unnamed.
    """
    tests: dict[str, Callable[[Coding, Coding], bool]] = {
        "date": lambda a, b: _dates_apart(a.date, b.date),
        "source": lambda a, b: _sides_apart(a.sources, b.sources),
        "act": lambda a, b: a.event_type != b.event_type,
        "target": lambda a, b: _sides_apart(a.targets, b.targets),
        "realis": lambda a, b: (a.realis is Realis.DENIED) != (b.realis is Realis.DENIED),
    }
    pairs = list(combinations(enumerate(codings), 2))
    return {
        field: frozenset(n for (i, a), (j, b) in pairs if differ(a, b) for n in (i, j))
        for field, differ in tests.items()
    }


def _dates_apart(a: EventDate, b: EventDate) -> bool:
    stated = (Basis.CORRECTED, Basis.STATED, Basis.SENTENCE)
    if a.basis not in stated or b.basis not in stated or not (a.start and a.end and b.start and b.end):
        return False
    return a.end < b.start or b.end < a.start


def _sides_apart(a: Sequence[Mention], b: Sequence[Mention]) -> bool:
    """Whether the two sides have no actor, nor body one of them is part of, in common."""
    first, second = _identities(a), _identities(b)
    return bool(first and second) and not first & second


def _identities(side: Sequence[Mention]) -> set[str]:
    return {i for m in side if m.actor for i in (m.actor.id, m.actor.part_of) if i}


# --- as HTML ---------------------------------------------------------------------------------------------------


def write_comparison(reports: Sequence[Report], teller_of: Callable[[Report], str] = name_publisher) -> str:
    """Reports of one event side by side: a column each, a row for each thing they may differ in.

    Those of one teller stand together, and each column is headed by its teller.
    """
    reports = sorted(reports, key=teller_of) if teller_of is not name_publisher else reports
    codings = [report.coding for report in reports]
    apart = find_differences(codings)
    heads = "".join(f'<th scope="col" dir="auto">{_text(teller_of(r))}</th>' for r in reports)
    rows = [
        _write_row("Who says so", [_text(say_attribution(name_speakers(c), "")) for c in codings]),
        _write_row("In its words", [_quote(r) for r in reports]),
        _write_row("Who acts", [_say_side(c.sources) for c in codings], apart["source"]),
        _write_row("On whom", [_say_side(c.targets, c.text_target) for c in codings], apart["target"]),
        _write_row("Act", [_text(label_type(c.event_type)) for c in codings], apart["act"]),
        _write_row("When", [_text(explain_date(r.coding.date, r.article.published)) for r in reports], apart["date"]),
        _write_row("Told as", [_text(REALIS_WORDS[c.realis]) for c in codings], apart["realis"]),
        _write_row("Where", [f'<span class="ev-meta">{write_source_line(r.article)}</span>' for r in reports]),
    ]
    return f'<div class="ev ev-side"><table><thead><tr><td></td>{heads}</tr></thead>{"".join(rows)}</table></div>'


def _write_row(label: str, cells: Sequence[str], apart: frozenset[int] = frozenset()) -> str:
    written = "".join(
        f'<td dir="auto" class="ev-differs"><b>differs:</b> {cell}</td>'
        if i in apart
        else f'<td dir="auto">{cell}</td>'
        for i, cell in enumerate(cells)
    )
    return f'<tr><th scope="row">{label}</th>{written}</tr>'


def _quote(report: Report) -> str:
    coding = report.coding
    marks = [mark for mark in list_marks(coding) if mark.kind != "sentence"]
    return f'<span class="ev-text">{mark_up(report.article.text, marks, coding.start, coding.end)}</span>'


def _say_side(side: Sequence[Mention], words: str = "") -> str:
    """Each mention's words, and the actor they were read as where that says more."""
    if not side:
        return f"“{_text(words)}”" if words else "not named"
    said = []
    for mention in side:
        name = mention.actor.name if mention.actor else ""
        known = f' <span class="ev-meta">({_text(name)})</span>' if name and name != mention.text else ""
        said.append(f"“{_text(mention.text)}”{known}")
    return ", ".join(dict.fromkeys(said))


def write_accounts(accounts: Sequence[Account], source_name: str, target_name: str = "") -> str:
    """Accounts of a pair by publishers or standpoints side by side: a column each."""
    heads = "".join(f'<th scope="col" dir="auto">{_text(a.teller)}</th>' for a in accounts)
    told_through = any(a.publishers != (a.teller,) for a in accounts)
    rows = [
        *([_write_row("Told by", [_list_counts([(p, 1) for p in a.publishers]) for a in accounts])] * told_through),
        _write_row("Events it reports", [f"{len(a.events):,}" for a in accounts]),
        _write_row("Only it reports", [f"{len(a.alone):,}" for a in accounts]),
        _write_row(f"Its words for {_text(source_name)}", [_list_words(a.source_words) for a in accounts]),
        _write_row(
            f"Its words for {_text(target_name) or 'the other side'}", [_list_words(a.target_words) for a in accounts]
        ),
        _write_row("Acts it tells of", [_list_counts(a.acts) for a in accounts]),
        _write_row("According to", [_list_counts(a.speakers, "its own voice") for a in accounts]),
    ]
    return f'<div class="ev ev-side"><table><thead><tr><td></td>{heads}</tr></thead>{"".join(rows)}</table></div>'


def _list_words(counted: Sequence[tuple[str, int]]) -> str:
    return _list_counts([(f"“{word}”", number) for word, number in counted]) if counted else "none but pronouns"


def _list_counts(counted: Sequence[tuple[str, int]], empty: str = "") -> str:
    """Words with their numbers; words written from right to left keep their number after them."""
    return "<br>".join(
        f"<bdi>{_text(word or empty)}</bdi>{f' ×{number}' if number > 1 else ''}" for word, number in counted
    )


def _text(words: str) -> str:
    return escape(clean_text(words))
