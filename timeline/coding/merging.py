"""Merging: codings of one happening become one event, and their differences are kept.

Two codings are compared only if they share an actor and a month. A pair is scored by act, actors, date, place
and wording, and the pairs above `THRESHOLD` are joined, best first, unless that would tie together reports that
exclude each other (different days, towns far apart, reversed roles). The result does not depend on the order of
the codings, and merging merged codings changes nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from timeline.ontology import EVENT_TYPES
from timeline.records import UNDATED, Actor, Basis, Coding, Event, EventDate, Mention, Realis, digest

THRESHOLD = 0.62
MAX_GAP_DAYS = 1  # reports of a day's events date them a day apart
MAX_BLOCK = 400  # codings compared with one another at once; larger blocks are split by day

_ORGANS_OF_STATE = frozenset({None, "GOV", "MIL", "COP", "SPY", "LEG", "JUD"})
_REPEATED = frozenset({"STATEMENT", "SUPPORT", "REQUEST", "ACCUSE", "REJECT", "THREATEN"})  # words, said anew each day
_STATED_APART = {"CONSULT": 0.0}  # who reports a meeting knows its day; a night attack may be given either
_BROAD = frozenset({"GOV", "UNK", "CVL"})
_CIVILIAN = frozenset({"AGR", "EDU", "JRN", "LAB", "MED", "REF", "REL", "SOC"})  # whom a report may call civilians
_LOOSELY_NAMED = 0.85  # score of a side whose actors only may be the same
_LEAST_SHARE_OF_REPORTS = 0.2
_LEAST_SHARED_WORDING = 0.08  # of two acts that only may go by either name
_BASIS_ORDER = {basis: rank for rank, basis in enumerate(Basis)}
_REALIS_ORDER = {realis: rank for rank, realis in enumerate(Realis)}
# Acts that reports of one happening call by either name.
_NEIGHBOURS = frozenset(
    frozenset(pair)
    for pair in (
        ("AGREE", "CONSULT"), ("AGREE", "COOPERATE"), ("AGREE", "SUPPORT"), ("CONSULT", "COOPERATE"),
        ("REQUEST", "THREATEN"), ("ACCUSE", "REJECT"), ("ACCUSE", "REQUEST"), ("ACCUSE", "THREATEN"),
        ("COERCE", "ASSAULT"), ("COERCE", "SANCTION"), ("MOBILIZE", "ASSAULT"), ("CONCEDE", "RETREAT"),
        ("AID", "SUPPORT"),
        ("STATEMENT", "SUPPORT"), ("STATEMENT", "CONSULT"), ("STATEMENT", "REQUEST"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loose:
    """What an actor is: its folded id, country and sector. `vague` ones, such as "the army", name no country."""

    id: str
    country: str | None
    sector: str | None

    @property
    def vague(self) -> bool:
        return self.country is None


@dataclass(frozen=True, slots=True)
class Report:
    """What merging needs of a coding, worked out once."""

    coding: Coding
    id: str
    sources: frozenset[str]
    targets: frozenset[str]
    source_sectors: frozenset[str]
    target_sectors: frozenset[str]
    loose: frozenset[Loose]  # actors that another report may name more exactly
    exact: frozenset[Loose]
    people: frozenset[str]
    mutual: bool
    start: dt.date | None
    end: dt.date | None
    words: frozenset[str]

    @property
    def actors(self) -> frozenset[str]:
        return self.sources | self.targets


def merge_codings(codings: Iterable[Coding], sentences: dict[str, str] | None = None) -> tuple[Event, ...]:
    """Group codings into events.

    Args:
        codings: Any number, in any order, from one or many articles; a repeated id counts once.
        sentences: Sentence text by coding id, for the overlap of wording; without it wording counts nothing.

    Returns:
        One event per happening, sorted by start (undated last) and id; empty input gives ().
    """
    by_id = {coding.id: coding for coding in codings}
    reports = [_as_report(by_id[key], key, (sentences or {}).get(key, "")) for key in sorted(by_id)]
    groups = _join(reports)
    return sort_events(build_event([report.coding for report in group]) for group in groups)


def build_event(codings: Iterable[Coding]) -> Event:
    """The event that these codings, at least one, tell of."""
    ordered = tuple(sorted(codings, key=lambda coding: coding.id))
    best = min(ordered, key=_trust)
    return Event(
        id=digest(*(coding.id for coding in ordered)),
        codings=ordered,
        event_type=_most_common(coding.event_type for coding in ordered),
        sources=_actors(ordered, "sources"),
        targets=_actors(ordered, "targets"),
        date=_best_date(ordered),
        realis=min((coding.realis for coding in ordered), key=_REALIS_ORDER.__getitem__),
        place=best.place or next((coding.place for coding in ordered if coding.place), None),
        differences=_differences(ordered),
    )


def sort_events(events: Iterable[Event]) -> tuple[Event, ...]:
    """Events in their order: by start (undated last) and id."""
    return tuple(sorted(events, key=lambda event: (event.date.start or dt.date.max, event.id)))


def score_pair(first: Report, second: Report) -> float:
    """How likely two codings tell of one happening, 0 to 1; 0 where something excludes it."""
    act = _act_score(first.coding, second.coding)
    actors = _actor_score(first, second)
    date = _date_score(first, second)
    if not (act and actors and date) or not _same_reality(first.coding, second.coding):
        return 0.0
    wording = _jaccard(first.words, second.words)
    said = first.coding.event_type == second.coding.event_type == "STATEMENT"  # one may say many things in a day
    if (act < 1 or said) and first.words and second.words and wording < _LEAST_SHARED_WORDING:
        return 0.0
    place = _place_score(first.coding, second.coding)
    if place < 0:
        return 0.0
    return round(0.25 * act + 0.35 * actors + 0.25 * date + 0.10 * min(1.0, 3 * wording) + 0.05 * place, 4)


def _as_report(coding: Coding, key: str, sentence: str) -> Report:
    actors = [mention.actor for mention in (*coding.sources, *coding.targets) if mention.actor]
    return Report(
        coding,
        key,
        frozenset(_folded(mention.actor) for mention in coding.sources if mention.actor),
        frozenset(_folded(mention.actor) for mention in coding.targets if mention.actor),
        _sectors(coding.sources),
        _sectors(coding.targets),
        frozenset(_loose(actor) for actor in actors if _is_loose(actor)),
        frozenset(_loose(actor) for actor in actors if not _is_loose(actor)),
        frozenset(m.actor.id for m in (*coding.sources, *coding.targets) if m.actor and m.actor.kind == "person"),
        bool(set(coding.sources) & set(coding.targets)),
        coding.date.start,
        coding.date.end,
        frozenset(word.lower() for word in re.findall(r"\w{4,}", sentence)),
    )


def _folded(actor: Actor) -> str:
    """The state or group an actor speaks for: reports name Erdogan, Ankara or Turkey for one act.

    Rebels and civilians of a country are not the country.
    """
    if actor.kind == "place" and actor.country:  # where one report names a town, another counts its dead
        return f"{actor.country}-CVL"
    if actor.country and (actor.country in {"EUR", "UNO"} or actor.sector in _ORGANS_OF_STATE):
        return actor.country
    return actor.part_of if actor.part_of and actor.part_of != actor.country else actor.id


def _loose(actor: Actor) -> Loose:
    return Loose(_folded(actor), actor.country, "CVL" if actor.kind == "place" else actor.sector)


def _is_loose(actor: Actor) -> bool:
    """Whether an actor is only a town, or a country's or nobody's rebels or civilians, by no name of their own."""
    plain = f"{actor.country}-{actor.sector}" if actor.country else actor.sector
    return actor.kind == "place" or actor.id == plain


def _sectors(side: Iterable[Mention]) -> frozenset[str]:
    """The sectors that tell one part of a country from another: soldiers are not refugees."""
    return frozenset(mention.actor.sector for mention in side if mention.actor and mention.actor.sector) - _BROAD


def _join(reports: Sequence[Report]) -> list[list[Report]]:
    """Greedy agglomeration, best pair first, never joining groups that exclude each other."""
    scored = sorted((-score, a.id, b.id) for a, b, score in _scored_pairs(reports))
    home = {report.id: [report] for report in reports}
    for _, first, second in scored:
        left, right = home[first], home[second]
        if left is right or any(not _compatible(a, b) for a in left for b in right):
            continue
        left += right
        for report in right:
            home[report.id] = left
    unique = {id(group): group for group in home.values()}
    return list(unique.values())


def _scored_pairs(reports: Sequence[Report]) -> Iterator[tuple[Report, Report, float]]:
    seen: set[tuple[str, str]] = set()
    for block in _blocks(reports):
        for first, second in combinations(block, 2):
            key = (first.id, second.id)
            if key in seen:
                continue
            seen.add(key)
            score = score_pair(first, second)
            if score >= THRESHOLD:
                yield first, second, score


def _blocks(reports: Sequence[Report]) -> Iterator[list[Report]]:
    """Codings that share an actor and a month, or two days where a month holds too many."""
    months: defaultdict[tuple[str, str], list[Report]] = defaultdict(list)
    for report in reports:
        for actor in report.actors:
            for month in _months(report):
                months[actor, month].append(report)
    for _, block in sorted(months.items()):
        if len(block) <= MAX_BLOCK:
            yield block
        else:
            yield from _by_day(block)


def _months(report: Report) -> set[str]:
    days = {day + shift for day in (report.start, report.end) if day for shift in (-_gap(day), _gap(day))}
    return {f"{day:%Y-%m}" for day in days} or {"undated"}


def _gap(day: dt.date) -> dt.timedelta:
    return dt.timedelta(days=MAX_GAP_DAYS if dt.date.min < day < dt.date.max else 0)


def _by_day(block: Sequence[Report]) -> Iterator[list[Report]]:
    days: defaultdict[dt.date | None, list[Report]] = defaultdict(list)
    for report in block:
        for shift in (0, 1):
            days[report.start + dt.timedelta(days=shift) if report.start else None].append(report)
    for day in sorted(days, key=lambda day: day or dt.date.min):
        yield days[day][:MAX_BLOCK]


def _act_score(first: Coding, second: Coding) -> float:
    if first.event_type == second.event_type:
        return 1.0
    if frozenset((first.event_type, second.event_type)) in _NEIGHBOURS:
        return 0.5
    return 0.0


def _actor_score(first: Report, second: Report) -> float:
    """Overlap of roles; an unknown side is compatible with any, a reversed dyad with none but meetings."""
    if first.actors == second.actors and first.sources == second.sources:
        return 1.0
    if first.people and second.people and not first.people & second.people:
        return 0.0  # the ministers' call is not the presidents'
    if first.mutual or second.mutual:
        shared = _jaccard(first.actors, second.actors)
        return shared if shared >= 0.5 else 0.0  # meetings of one person with different others
    if not (first.sources & second.sources or first.targets & second.targets):
        return 0.0  # nobody in common, or the roles reversed
    source = _side(first, second, "sources") * _sector_score(first.source_sectors, second.source_sectors)
    target = _side(first, second, "targets") * _sector_score(first.target_sectors, second.target_sectors)
    return 0.0 if not source or not target else (source + target) / 2


def _side(first: Report, second: Report, side: str) -> float:
    one: frozenset[str] = getattr(first, side)
    other: frozenset[str] = getattr(second, side)
    if not one or not other:
        return 0.6 if one or other else 0.8
    if one == other or not (first.loose or second.loose):
        return _jaccard(one, other)
    named = _named_alike(one, first, other, second), _named_alike(other, second, one, first)
    return max(_jaccard(one, other), _LOOSELY_NAMED * _jaccard(*named))


def _named_alike(side: frozenset[str], report: Report, other: frozenset[str], peer: Report) -> frozenset[str]:
    """A side with its loose actors named as the other report does; the vague that it does not name fall away."""
    renamed = {}
    for loose in report.loose:
        if loose.id in side and loose.id not in other:
            fitting = [found.id for found in (*peer.exact, *peer.loose) if found.id in other and _may_be(loose, found)]
            renamed[loose.id] = min(fitting, default="" if loose.vague and len(side) > 1 else loose.id)
    return frozenset(name for actor in side if (name := renamed.get(actor, actor)))


def _may_be(loose: Loose, found: Loose) -> bool:
    """ "Police" may be the Spanish police, "Norlandic rebels" a group of Norlund, "girls" schoolgirls."""
    if not loose.vague and loose.country != found.country:
        return False
    return loose.sector == found.sector or (loose.sector == "CVL" and found.sector in _CIVILIAN)


def _sector_score(first: frozenset[str], second: frozenset[str]) -> float:
    return 0.5 if first and second and not first & second else 1.0


def _jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / len(first | second) if first or second else 0.0


def _date_score(first: Report, second: Report) -> float:
    """1 for the same day; less where spans only overlap or days lie next to each other; 0 beyond."""
    if first.start is None and first.end is None and second.start is None and second.end is None:
        return 0.5
    if first.start is None or second.start is None or first.end is None or second.end is None:
        return 0.0
    if first.start == second.start and first.end == second.end:
        return 1.0 if first.start == first.end else 0.8
    gap = max((second.start - first.end).days, (first.start - second.end).days)
    if gap > MAX_GAP_DAYS:
        return 0.0
    if gap > 0:
        if first.coding.event_type in _REPEATED:
            return 0.3
        later = second if first.end < second.start else first
        weak = later.coding.date.basis is Basis.PUBLISHED  # that day may lie after the act, and never before it
        return 0.6 if weak else _STATED_APART.get(first.coding.event_type, 0.3)
    return 0.7 if min(_days(first), _days(second)) == 1 and max(_days(first), _days(second)) <= 7 else 0.4


def _days(report: Report) -> int:
    return (report.end - report.start).days + 1 if report.start and report.end else 10_000


def _place_score(first: Coding, second: Coding) -> float:
    """1 for the same place, -1 for attacks on different towns, 0 where a place is missing."""
    if not first.place or not second.place:
        return 0.0
    if first.place.name == second.place.name:
        return 1.0
    far = abs(first.place.latitude - second.place.latitude) + abs(first.place.longitude - second.place.longitude) > 0.75
    material = EVENT_TYPES[first.event_type].quad_class in (2, 4)
    return -1.0 if far and material else 0.0


def _same_reality(first: Coding, second: Coding) -> bool:
    """A plan is not its fulfilment; a denied act and the claim of it are one contested happening."""
    real = {Realis.ACTUAL, Realis.DENIED, Realis.HISTORICAL}
    return (first.realis in real) == (second.realis in real) and (first.realis in real or first.realis == second.realis)


def _compatible(first: Report, second: Report) -> bool:
    if first.coding.article_id == second.coding.article_id and first.coding.event_type != second.coding.event_type:
        return False
    return score_pair(first, second) >= THRESHOLD - 0.15


def _trust(coding: Coding) -> tuple[int, float, str]:
    return _BASIS_ORDER[coding.date.basis], -coding.confidence, coding.id


def _most_common(values: Iterable[str]) -> str:
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value))


def _actors(codings: Sequence[Coding], side: str) -> tuple[Actor, ...]:
    """The named actors of one side, most reported first; a name that folds into a more exact one goes.

    What fewer than a fifth of the reports say that name anybody there is left to the reports: with twenty of them
    somebody is named in passing, or misread.
    """
    named = [{mention.actor for mention in getattr(coding, side) if mention.actor} for coding in codings]
    counts = Counter(actor for actors in named for actor in actors)
    least = sum(map(bool, named)) * _LEAST_SHARE_OF_REPORTS
    counts = Counter({actor: count for actor, count in counts.items() if count >= least})
    exact = [actor for actor in counts if not any(_is_within(other, actor) for other in counts)]
    return tuple(sorted(exact, key=lambda actor: (-counts[actor], actor.id)))


def _is_within(actor: Actor, other: Actor) -> bool:
    """Whether one name tells more exactly who the other is: "the Sudrian army" beside "Sudria" or "soldiers"."""
    return actor.part_of == other.id or (
        other.is_bare_sector and actor.sector == other.sector and not actor.is_bare_sector
    )


def _best_date(codings: Sequence[Coding]) -> EventDate:
    """The best founded date; among equals the narrower, then the most reported."""
    dated = [coding.date for coding in codings if coding.date.start or coding.date.end]
    if not dated:
        return next((coding.date for coding in codings), UNDATED)
    votes = Counter((date.start, date.end) for date in dated)

    def rank(date: EventDate) -> tuple[int, int, int, dt.date]:
        width = (date.end - date.start).days if date.start and date.end else 100_000
        return _BASIS_ORDER[date.basis], width, -votes[date.start, date.end], date.start or dt.date.min

    return min(dated, key=rank)


def _differences(codings: Sequence[Coding]) -> tuple[str, ...]:
    """Fields in which the reports truly disagree: a vaguer date that holds the exact one is no disagreement."""
    found = []
    if len({coding.event_type for coding in codings}) > 1:
        found.append("act")
    if _sides_differ(codings):
        found.append("actors")
    if _dates_differ([coding.date for coding in codings]):
        found.append("date")
    if len({coding.realis is Realis.DENIED for coding in codings}) > 1:
        found.append("realis")
    return tuple(found)


def _sides_differ(codings: Sequence[Coding]) -> bool:
    for side in ("sources", "targets"):
        named = {frozenset(_folded(m.actor) for m in getattr(coding, side) if m.actor) for coding in codings}
        if len(named - {frozenset()}) > 1:
            return True
    return False


def _dates_differ(dates: Sequence[EventDate]) -> bool:
    spans = [(date.start, date.end) for date in dates if date.basis in (Basis.STATED, Basis.SENTENCE)]
    firm = [(start, end) for start, end in spans if start and end]
    return any(a[1] < b[0] or b[1] < a[0] for a, b in combinations(firm, 2))
