"""The coder: one article in; its time expressions, mentions and codings out. Glue only: the stages do the work.

    text → parse → timexes, mentions, places → relations → realis, attribution, date, place → codings

A coder loads its model and lexicons once and is then a pure function of the article. A coding never ties an
actor of one sentence to an act of another, except through coreference.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.coding.actors import ActorResolver
from timeline.coding.attribution import TURN, Voices, build_voices
from timeline.coding.classifier.classify import Classification, classify
from timeline.coding.dating import Dating, build_dating
from timeline.coding.doubts import find_doubts, weigh_doubts
from timeline.coding.dropped import Why
from timeline.coding.explain import Explanation, Found, explain_sentence
from timeline.coding.frames import load_frames
from timeline.coding.kinds import Kind, read_kinds
from timeline.coding.lexicon import load_lexicon
from timeline.coding.mentions import recognise_mentions
from timeline.coding.parsing import load_model, parse, parse_many
from timeline.coding.places import choose_place, find_places
from timeline.coding.realis import find_realis
from timeline.coding.relations import Relation, code_relations
from timeline.coding.resources import hash_resources
from timeline.coding.roles import Participants
from timeline.coding.scoring import is_aside
from timeline.coding.sentences import WISHES
from timeline.coding.timex import recognise_timexes
from timeline.coding.worth import Sides, is_audience, why_no_news, why_not_told
from timeline.records import Actor, Article, Coding, EventDate, Mention, Place, Realis, TimeExpression, digest
from timeline.version import VERSION

if TYPE_CHECKING:
    from spacy.tokens import Doc

CODED_LANGUAGES = frozenset({"", "en"})
HISTORICAL_AFTER_DAYS = 90  # an act the text itself dates further back is background to the report, not its news
_BATCH_ARTICLES, _BATCH_CHARS = 8, 80_000
_Outcome = tuple[list["CodedArticle"], Exception | None]


@dataclass(frozen=True, slots=True)
class CodedArticle:
    """An article and what was read in it. Everything is sorted by place; empty where it is not English."""

    article: Article
    timexes: tuple[TimeExpression, ...] = ()
    mentions: tuple[Mention, ...] = ()
    codings: tuple[Coding, ...] = ()
    dating: Dating | None = field(default=None, repr=False, compare=False)

    def date_at(self, start: int, end: int) -> EventDate | None:
        """When the act whose words are characters [start, end) took place.

        Returns:
            None for an article that was not coded, and after a journey between processes, where the parse stays behind.
        """
        return self.dating.at(start, end) if self.dating else None

    def without_parse(self) -> CodedArticle:
        """The same records without the parse: small, and fit to be pickled."""
        return replace(self, dating=None)


class Coder:
    """Codes articles with one model and one lexicon; loading takes a second, needs no network and is done once.

    Args:
        lexicons: YAML files whose actors are added to ours and override those of the same id.
        model: Name of an installed spaCy model; by default the best English one there is.
        names: Words and whom they name, as readers of a project said.

    Raises:
        LexiconError: A lexicon has mistakes; all are listed.
        TimelineError: No model is installed.
    """

    def __init__(
        self, lexicons: Iterable[str | Path] = (), model: str | None = None, names: Iterable[tuple[str, Actor]] = ()
    ) -> None:
        self._lexicons, self._model_name, self._names = tuple(lexicons), model, tuple(names)
        self._model = load_model(model)
        self._resolver = ActorResolver(load_lexicon(self._lexicons, self._names))
        self._frames = load_frames()

    def __reduce__(self) -> tuple[object, ...]:
        return Coder, (self._lexicons, self._model_name, self._names)

    def with_names(self, names: Iterable[tuple[str, Actor]]) -> Coder:
        """A coder that also knows these words; the same one if it knows just these. The model is shared."""
        wanted = tuple(names)
        return self if wanted == self._names else Coder(self._lexicons, self._model_name, wanted)

    @property
    def version(self) -> str:
        """The package's version and the model's: what a recoding depends on besides the lexicon."""
        meta = self._model.meta
        return f"{VERSION}+{meta['name']}-{meta['version']}"

    @property
    def lexicon_version(self) -> str:
        return digest(self._resolver.lexicon.version, hash_resources())

    @property
    def actors(self) -> tuple[Actor, ...]:
        """The lexicon's entries, sorted by id."""
        entries = self._resolver.lexicon.entries
        return tuple(
            Actor(entry.id, entry.name, entry.country, entry.sector, entry.part_of, kind=entry.kind)
            for _, entry in sorted(entries.items())
        )

    def code(self, article: Article) -> CodedArticle:
        """Read one article. Any text will do; one that is marked as not English gives empty results."""
        if article.language not in CODED_LANGUAGES:
            return CodedArticle(article)
        return self._read(article, parse(article.text, self._model))

    def _read(self, article: Article, doc: Doc) -> CodedArticle:
        timexes = recognise_timexes(article.text, article.published)
        mentions = recognise_mentions(doc, self._resolver, article.published)
        dating = build_dating(doc, timexes, article.published)
        voices = build_voices(doc, mentions, read_kinds(article))
        places = find_places(article.text)
        resolve = partial(self._resolver.resolve_acted_on, on=article.published)
        codings = tuple(
            coding
            for relation in code_relations(doc, mentions, self._frames, resolve)
            if not isinstance(coding := _as_coding(article, relation, voices, dating, places), Why)
        )
        coded = CodedArticle(article, timexes, mentions, codings, dating)
        return coded if voices.text == article.text else _as_written(coded)

    def explain(self, article: Article, start: int, end: int) -> tuple[Explanation, ...]:
        """Tell of each sentence that has characters in [start, end) what was found in it and why what was coded.

        Returns:
            In the order of the text; () for an article that is marked as not English.
        """
        if article.language not in CODED_LANGUAGES:
            return ()
        doc = parse(article.text, self._model)
        timexes = recognise_timexes(article.text, article.published)
        mentions = recognise_mentions(doc, self._resolver, article.published)
        resolve = partial(self._resolver.resolve_acted_on, on=article.published)
        told = code_relations(doc, mentions, self._frames, resolve)
        found = Found(mentions, timexes, find_places(article.text), told)
        dating = build_dating(doc, timexes, article.published)
        voices = build_voices(doc, mentions, read_kinds(article))
        people = Participants(doc, mentions, resolve)
        as_coding = partial(_as_coding, article, voices=voices, dating=dating, places=found.places)
        return tuple(
            explain_sentence(span, people, self._frames, found, as_coding)
            for span in doc.sents
            if span.start_char < end and start < span.end_char
        )

    def code_many(self, articles: Iterable[Article], processes: int = 1) -> Iterator[CodedArticle]:
        """Code articles in order; in one process a tenth faster than one by one, with the same results.

        Articles are read ahead by at most a few batches of eight. An article that cannot be coded raises when its
        turn has come, after those before it. With several processes the results come without their parse, see
        `CodedArticle.date_at`.
        """
        batches = _batch(articles)
        if processes <= 1:
            for batch in batches:
                yield from self._code_batch(batch)
            return
        with ProcessPoolExecutor(processes, get_context("spawn"), _keep, (self,)) as pool:
            waiting: deque[Future[_Outcome]] = deque()
            for batch in batches:
                waiting.append(pool.submit(_code_kept, batch))
                if len(waiting) > processes + 1:
                    yield from _take(waiting.popleft())
            while waiting:
                yield from _take(waiting.popleft())

    def _code_batch(self, articles: Sequence[Article]) -> Iterator[CodedArticle]:
        """Parse articles together; if that fails, each on its own, so that only the one at fault fails."""
        english = [article for article in articles if article.language in CODED_LANGUAGES]
        try:
            docs = iter(list(parse_many([article.text for article in english], self._model)))
        except Exception:  # noqa: BLE001 - whatever it is, it is raised again when the article's turn has come
            yield from map(self.code, articles)
            return
        for article in articles:
            yield self._read(article, next(docs)) if article.language in CODED_LANGUAGES else CodedArticle(article)

    def classify(
        self, text: str, source: tuple[int, int] | None = None, target: tuple[int, int] | None = None
    ) -> Classification | None:
        """Say what the source does to the target in one sentence or passage.

        Args:
            text: The passage.
            source: Characters [start, end) of who acts; None where it names nobody.
            target: Characters [start, end) of who is acted on; None where it names nobody.

        Returns:
            None where nothing links the two.
        """
        return classify(parse(text, self._model), source, target)

    def resolve(self, phrase: str, on: dt.date | None = None) -> Actor | None:
        """The actor that a phrase names on a day, or None."""
        return self._resolver.resolve(phrase, on)


def _as_coding(
    article: Article, relation: Relation, voices: Voices, dating: Dating, places: Sequence[Place]
) -> Coding | Why:
    """A relation with its realis, date and attribution, or why it is none: an outlet's report, a mere remark, ..."""
    attribution = voices.at(relation.trigger_i)
    sources = tuple(mention for mention in relation.sources if mention.rule != "outlet")
    if relation.sources and not sources:
        return Why.OUTLET  # an outlet's report is attribution, not an act
    targets = tuple(mention for mention in relation.targets if mention.rule != "outlet")
    if not sources and relation.event_type in WISHES and attribution.speakers:
        sources = attribution.speakers[-1:]  # "talks are needed, Putin said": the wish is the speaker's
    if relation.event_type == "STATEMENT":
        targets = tuple(mention for mention in targets if not is_audience(mention))
    trigger = relation.trigger_start, relation.trigger_end
    place = choose_place(article.text, places, (relation.start, relation.end), trigger)
    sides = Sides(relation.event_type, sources, targets)
    told = voices.doc[relation.trigger_i]
    kind = voices.kinds.at(relation.trigger_start)
    authored = not attribution.quoted and all(map(_is_author, attribution.speakers))
    reason = why_no_news(sides) or why_not_told(
        sides, told, placed=place is not None, authored=authored, reported=kind is Kind.REPORT
    )
    if reason is not None:
        return reason
    date = dating.at(*trigger)
    realis = find_realis(voices.doc, relation.trigger_i)
    if realis is Realis.DENIED and relation.settled:
        realis = Realis.ACTUAL  # "does not recognise" is itself the act of rejecting
    if realis is Realis.ACTUAL and (_is_long_past(date, article.published) or _is_toll(sources, date)):
        realis = Realis.HISTORICAL
    doubts = find_doubts(sides, realis, kind, passing=is_aside(told))
    return Coding(
        article_id=article.id,
        start=relation.start,
        end=relation.end,
        trigger_start=relation.trigger_start,
        trigger_end=relation.trigger_end,
        event_type=relation.event_type,
        sources=sources,
        targets=targets,
        realis=realis,
        date=date,
        place=place,
        attribution=attribution,
        text_target=relation.text_target,
        rule=relation.rule,
        confidence=weigh_doubts(relation.confidence, doubts, relation.event_type),
        finer_root=relation.cameo_root,
        doubts=doubts,
    )


def _is_author(speaker: Mention) -> bool:
    """Whether it is the author who speaks, or whose turn it is in a transcript."""
    return speaker.text in ("I", "We", "we") or speaker.rule == TURN


def _as_written(coded: CodedArticle) -> CodedArticle:
    """The records with the article's own words where the parser was given others: it knows no half characters."""

    def quote(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
        return tuple(replace(one, text=coded.article.text[one.start : one.end]) for one in mentions)

    codings = tuple(
        replace(
            coding,
            sources=quote(coding.sources),
            targets=quote(coding.targets),
            attribution=replace(coding.attribution, speakers=quote(coding.attribution.speakers)),
        )
        for coding in coded.codings
    )
    return replace(coded, mentions=quote(coded.mentions), codings=codings)


def _is_toll(sources: Sequence[Mention], date: EventDate) -> bool:
    """ "More than 280,000 have been killed since 2011": what nobody in particular did for so long is background."""
    return bool(not sources and date.start and date.end and (date.end - date.start).days > HISTORICAL_AFTER_DAYS)


def _is_long_past(date: EventDate, published: dt.date | None) -> bool:
    return bool(date.end and published and (published - date.end).days > HISTORICAL_AFTER_DAYS)


_kept: list[Coder] = []


def _keep(coder: Coder) -> None:
    """Keep this process's coder, loaded once."""
    _kept[:] = [coder]


def _code_kept(articles: Sequence[Article]) -> _Outcome:
    """Code a batch up to the first article that cannot be coded."""
    done: list[CodedArticle] = []
    try:
        for coded in _kept[0]._code_batch(articles):
            done.append(coded.without_parse())  # noqa: PERF401 - what is done is kept if the next one fails
    except Exception as error:  # noqa: BLE001 - raised in the calling process when the article's turn has come
        return done, error
    return done, None


def _take(future: Future[_Outcome]) -> Iterator[CodedArticle]:
    done, error = future.result()
    yield from done
    if error is not None:
        raise error


def _batch(articles: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    chars = 0
    for article in articles:
        if batch and (len(batch) == _BATCH_ARTICLES or chars + len(article.text) > _BATCH_CHARS):
            yield batch
            batch, chars = [], 0
        batch.append(article)
        chars += len(article.text)
    if batch:
        yield batch
