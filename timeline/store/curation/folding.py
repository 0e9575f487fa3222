"""Codings and events as the log of corrections leaves them: one fold, the same in every project with the same log.

    codings + log → corrected codings → merging → events + log → regrouped events

Corrections apply in the order of their time; what is undone does not apply. A correction whose codings are not found
any more, since a new coder reads the sentence otherwise or the article is gone, is kept and listed as an orphan.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from timeline.coding.merging import build_event, sort_events
from timeline.coding.words import fold_text
from timeline.records import Actor, Basis, Coding, Event, EventDate, Mention, Place, Precision, Realis
from timeline.store.curation.corrections import (
    FIELDS,
    Address,
    Correction,
    Kind,
    read_actor,
    read_address,
    read_coding,
    read_values,
    same_value,
)
from timeline.store.serial import clean, from_plain

TextOf = Callable[[str], str | None]
_Confirmed = dict[str, list[Any]]  # field → the values a reader called right; none named: all


@dataclass(frozen=True, slots=True)
class Orphan:
    """A correction that applies to nothing here, and why."""

    correction: Correction
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """A merge, or a split of `codings` from `rest`, with the codings found for it."""

    kind: Kind
    codings: frozenset[str]
    rest: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Curated:
    """What the log makes of the codings.

    Attributes:
        codings: All codings, corrected and added ones among them, deleted ones left out; sorted by id.
        changed: Ids of those that are not as the coder left them.
        sentences: The sentence of each coding by id.
        as_coded: The codings of each article, and those added to it, before any correction; with their sentences.
        added: Ids of codings that a reader added, deleted ones included.
        reviewed: Ids of codings that a reader checked as they now are.
        removed: Deleted codings by id, with the deletion.
        touched: The live corrections of each coding by id, in the order of the log.
        steps: Merges and splits in the order of the log.
        orphans: What applied to nothing.
    """

    codings: tuple[Coding, ...]
    changed: frozenset[str] = frozenset()
    sentences: Mapping[str, str] = field(default_factory=dict)
    as_coded: Mapping[str, Sequence[tuple[Coding, str]]] = field(default_factory=dict)
    added: frozenset[str] = frozenset()
    reviewed: frozenset[str] = frozenset()
    removed: Mapping[str, Correction] = field(default_factory=dict)
    touched: Mapping[str, tuple[Correction, ...]] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    orphans: tuple[Orphan, ...] = ()


def list_live(log: Iterable[Correction]) -> tuple[Correction, ...]:
    """The corrections that are not undone, without the undos, by time."""
    ordered = sort_log(log)
    undone = find_undone(ordered)
    return tuple(c for c in ordered if c.kind is not Kind.UNDO and c.id not in undone)


def sort_log(log: Iterable[Correction]) -> tuple[Correction, ...]:
    """Corrections by time, and by id where two were made at one moment; each once."""
    unique = {correction.id: correction for correction in log}
    return tuple(unique[key] for key in sorted(unique, key=lambda key: (unique[key].at, key)))


def find_undone(log: Iterable[Correction]) -> frozenset[str]:
    """Ids of corrections that an undo takes back which is not itself undone."""
    undos: defaultdict[str, list[str]] = defaultdict(list)
    for correction in log:
        if correction.kind is Kind.UNDO:
            undos[correction.subject].append(correction.id)
    known: dict[str, bool] = {}
    for start in [key for keys in undos.values() for key in keys]:
        chain = [start]
        while chain:  # an undo of an undo of …; ids are hashes of what they undo, so there are no circles
            waiting = [key for key in undos.get(chain[-1], ()) if key not in known]
            if waiting:
                chain.append(waiting[0])
            else:
                known[chain[-1]] = not any(known[key] for key in undos.get(chain[-1], ()))
                chain.pop()
    return frozenset(subject for subject, keys in undos.items() if any(known[key] for key in keys))


def apply_corrections(
    codings: Iterable[tuple[Coding, str]], log: Iterable[Correction], text_of: TextOf = lambda _: None
) -> Curated:
    """Apply a log to codings.

    Args:
        codings: Codings as coded, each with its sentence.
        log: Corrections in any order.
        text_of: Text of an article by id, None where there is no such article; asked where a
            correction adds a coding or finds none.
    """
    fold = _Fold({coding.id: (coding, sentence) for coding, sentence in codings}, text_of)
    for correction in list_live(log):
        fold.take(correction)
    return fold.finish()


def regroup(events: Iterable[Event], curated: Curated) -> tuple[Event, ...]:
    """Events after merges and splits by hand, each with what was corrected and whether it was reviewed."""
    listed = list(events)
    if curated.steps:
        listed = _regroup(listed, curated)
    if curated.changed or curated.reviewed:
        listed = [_mark(event, curated) for event in listed]
    return sort_events(listed)


def find_coding(address: Address, candidates: Iterable[tuple[Coding, str]]) -> str | None:
    """The id of the coding of an article that an address means; None where none does, or more than one might.

    It is the one with the same id, else the one whose act has words in common with the address: best of the same
    type. The words of the sentence must be those of the address, so that an article of the same address with
    another text, in the project of a colleague, is not taken for it.
    """
    same_words = [(c, s) for c, s in candidates if _same_words(address, c, s)]
    if any(coding.id == address.coding for coding, _ in same_words):
        return address.coding
    near = [
        coding
        for coding, _ in same_words
        if coding.trigger_start < address.trigger_end and address.trigger_start < coding.trigger_end
    ]
    best = [coding for coding in near if coding.event_type == address.event_type] or near
    return best[0].id if len(best) == 1 else None


def find_addressed(curated: Curated, addresses: Iterable[Address]) -> tuple[Coding | None, ...]:
    """For each address its coding as corrected; None where it is not found or was deleted."""
    now = {coding.id: coding for coding in curated.codings}
    found = (find_coding(address, curated.as_coded.get(address.article, ())) for address in addresses)
    return tuple(now.get(key) if key else None for key in found)


def set_field(coding: Coding, name: str, value: Any, note: str = "", words: Iterable[Mention] = ()) -> Coding:
    """The coding with one of `FIELDS` set by hand; `note` says by whom and why, `words` are mentions of actors."""
    kept = replace(coding, kept_id=coding.id, corrected=tuple(sorted({*coding.corrected, name})))
    if name == "date":
        start, end = (dt.date.fromisoformat(day) if day else None for day in (value["start"], value["end"]))
        return replace(kept, date=EventDate(start, end, Precision(value["precision"]), Basis.CORRECTED, note=note))
    if name == "type":
        return replace(kept, event_type=value, finer_root="")
    if name == "realis":
        return replace(kept, realis=Realis(value))
    if name == "place":
        return replace(kept, place=None if value is None else from_plain(Place, value))
    mentions = tuple(_mention(actor, words) for actor in value)
    if name == "sources":
        return replace(kept, sources=mentions)
    return replace(kept, targets=mentions, text_target="" if mentions else coding.text_target)


def _mention(plain: Any, words: Iterable[Mention]) -> Mention:
    """The words of an actor where it has some, else a mention without a place in the text."""
    own = next((m for m in words if m.actor and m.actor.id == plain["id"]), None)
    if own is not None:
        return own
    actor = read_actor(plain)
    return Mention(-1, -1, actor.name, actor, "corrected")


class _Fold:
    """The state of one fold; made and thrown away by `apply_corrections`."""

    def __init__(self, codings: dict[str, tuple[Coding, str]], text_of: TextOf) -> None:
        self.codings, self.text_of = codings, text_of
        self.by_article: defaultdict[str, list[tuple[Coding, str]]] = defaultdict(list)
        for coding, sentence in codings.values():
            self.by_article[clean(coding.article_id)].append((coding, sentence))
        self.now = {key: coding for key, (coding, _) in codings.items()}
        self.sentences = {key: sentence for key, (_, sentence) in codings.items()}
        self.confirmed: dict[str, _Confirmed] = {}
        self.removed: dict[str, Correction] = {}
        self.touched: defaultdict[str, list[Correction]] = defaultdict(list)
        self.steps: list[Step] = []
        self.orphans: list[Orphan] = []

    def take(self, correction: Correction) -> None:
        if correction.kind is Kind.ADD:
            self._add(correction)
        elif correction.kind is Kind.NAME:
            self._name(correction)
        elif correction.kind is Kind.CHECK:
            for plain, values in zip(correction.after["codings"], correction.after["values"], strict=True):
                seen = {name: [values[name]] for name in FIELDS if name in values}
                self.confirmed.update(dict.fromkeys(self._find([read_address(plain)]), seen))
        elif correction.kind is not Kind.PUBLISHED:
            self._change(correction)

    def finish(self) -> Curated:
        left = {key: coding for key, coding in self.now.items() if key not in self.removed}
        return Curated(
            codings=tuple(left[key] for key in sorted(left)),
            changed=frozenset(key for key, coding in left.items() if coding is not self.codings.get(key, (None,))[0]),
            sentences=self.sentences,
            as_coded=self.by_article,
            added=frozenset(self.now.keys() - self.codings.keys()),
            reviewed=frozenset(key for key, seen in self.confirmed.items() if key in left and _holds(left[key], seen)),
            removed={key: made for key, made in self.removed.items() if key in self.now},
            touched={key: tuple(made) for key, made in self.touched.items()},
            steps=tuple(self.steps),
            orphans=tuple(self.orphans),
        )

    def _change(self, correction: Correction) -> None:
        found = self._find(correction.addresses)
        if not found:
            self.orphans.append(Orphan(correction, self._say_why(correction.addresses)))
            return
        for key in found:
            self.touched[key].append(correction)
        if correction.kind is Kind.CORRECT:
            for name in FIELDS:
                if name in correction.after:
                    self._set(found, name, correction)
            if correction.after.get("reviewed"):
                self.confirmed.update(dict.fromkeys(found, _read_confirmed(correction)))
        elif correction.kind is Kind.DELETE:
            self.removed.update(dict.fromkeys(found, correction))
        else:
            rest = self._find([read_address(a) for a in correction.before.get("codings", ())])
            self.steps.append(Step(correction.kind, frozenset(found), frozenset(rest)))

    def _set(self, found: Iterable[str], name: str, correction: Correction) -> None:
        note = f"{correction.who}: {correction.reason}" if correction.reason else correction.who
        for key in found:
            coded = self.codings[key][0] if key in self.codings else self.now[key]
            words = [m for coding in (coded, self.now[key]) for m in (*coding.sources, *coding.targets)]
            self.now[key] = set_field(self.now[key], name, correction.after[name], note, words)

    def _add(self, correction: Correction) -> None:
        coding = read_coding(correction)
        text = self.text_of(coding.article_id)
        words = correction.addresses[0].sentence if correction.addresses else None
        if text is None or clean(text[coding.start : coding.end]) != words:
            why = "its article is not in this project" if text is None else "the article's text is another here"
            self.orphans.append(Orphan(correction, why))
            return
        self.now[coding.id] = replace(coding, corrected=("added",))
        self.sentences[coding.id] = words
        self.by_article[clean(coding.article_id)].append((coding, words))
        self.touched[coding.id].append(correction)
        self.confirmed[coding.id] = {}

    def _name(self, correction: Correction) -> None:
        """Give an actor to every mention of these words that names nobody known, and of whom was proposed for them."""
        key, actor = _name_key(correction.subject), read_actor(correction.after)
        hit = False
        for name, coding in self.now.items():
            sides = tuple(_rename(side, key, actor) for side in (coding.sources, coding.targets))
            if sides != (coding.sources, coding.targets):
                self.now[name] = replace(coding, sources=sides[0], targets=sides[1], kept_id=name)
                hit = True
        if not hit and not any(_is_known_by(actor, m) for c in self.now.values() for m in (*c.sources, *c.targets)):
            self.orphans.append(Orphan(correction, "no act here has these words or this actor"))

    def _find(self, addresses: Iterable[Address]) -> list[str]:
        found = (find_coding(address, self.by_article[address.article]) for address in addresses)
        return list(dict.fromkeys(key for key in found if key is not None))

    def _say_why(self, addresses: Sequence[Address]) -> str:
        articles = {address.article for address in addresses}
        if not any(self.by_article.get(article) for article in articles):
            gone = all(self.text_of(article) is None for article in articles)
            return "its article is not in this project" if gone else "nothing is coded from its article any more"
        return "its act is not coded any more, or its sentence reads otherwise here"


def _same_words(address: Address, coding: Coding, sentence: str) -> bool:
    """Whether the two sentences, which may be cut differently, have words in common and agree on them."""
    left, right = max(address.start, coding.start), min(address.end, coding.end)
    if left >= right:
        return False
    return (
        address.sentence[left - address.start : right - address.start]
        == clean(sentence)[left - coding.start : right - coding.start]
    )


def _read_confirmed(correction: Correction) -> _Confirmed:
    """The values that a correction leaves as right: what it sets, and what the reader saw of the rest."""
    seen = {name: list(correction.before.get(name, ())) for name in FIELDS if name in correction.before}
    return {**seen, **{name: [correction.after[name]] for name in FIELDS if name in correction.after}}


def _holds(coding: Coding, confirmed: _Confirmed) -> bool:
    """Whether a coding has the values that a reader confirmed; a new coder may have changed them."""
    values = read_values(coding)
    return all(any(same_value(name, values[name], one) for one in seen) for name, seen in confirmed.items())


def _rename(side: tuple[Mention, ...], key: str, actor: Actor) -> tuple[Mention, ...]:
    return tuple(
        replace(m, actor=actor, rule="named")
        if (m.actor is None or not m.actor.known) and key in (_name_key(m.text), m.actor and _name_key(m.actor.name))
        else m
        for m in side
    )


def _name_key(words: str) -> str:
    return fold_text(words).removeprefix("the ")


def _is_known_by(actor: Actor, mention: Mention) -> bool:
    return mention.actor is not None and mention.actor.id == actor.id


def _regroup(events: Sequence[Event], curated: Curated) -> list[Event]:
    home: dict[str, set[str]] = {}
    codings: dict[str, Coding] = {}
    for event in events:
        members = {coding.id for coding in event.codings}
        codings.update({coding.id: coding for coding in event.codings})
        home.update(dict.fromkeys(members, members))
    for step in curated.steps:
        named = [key for key in sorted(step.codings) if key in home]
        if step.kind is Kind.MERGE:
            joined = set().union(*(home[key] for key in named))
            home.update(dict.fromkeys(joined, joined))
            continue
        rest = {id(home[key]) for key in step.rest if key in home}
        out = {key for key in named if id(home[key]) in rest}
        for key in out:
            home[key].discard(key)
        home.update(dict.fromkeys(out, out))
    groups = {id(members): frozenset(members) for members in home.values()}
    kept = {frozenset(coding.id for coding in event.codings): event for event in events}
    return [kept.get(members) or build_event(codings[key] for key in members) for members in groups.values()]


def _mark(event: Event, curated: Curated) -> Event:
    corrected = sorted({name for coding in event.codings for name in coding.corrected})
    reviewed = bool(event.codings) and all(coding.id in curated.reviewed for coding in event.codings)
    return replace(event, corrected=tuple(corrected), reviewed=reviewed)
