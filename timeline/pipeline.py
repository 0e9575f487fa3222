"""Articles through the coder into the store: add, code, recode, remove, each resumable and with progress.

An article is saved as soon as it is coded, so a run that is killed loses at most the ones in hand, and the next
run goes on from there. One bad article never stops a run: it is marked, logged and counted. The coder is handed
in; nothing here loads a model.
"""

from __future__ import annotations

import itertools
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from typing import Protocol

from timeline.errors import StoreError
from timeline.reading.duplicates import DuplicateIndex, Signature, sign_article
from timeline.records import Actor, Article
from timeline.store import articles as stored
from timeline.store.articles import Added, State, Versions
from timeline.store.coded_files import CodedRow
from timeline.store.codings import ENGLISH, CodedLike, Reading, save_coded, save_failure, save_not_english
from timeline.store.curation.corrections import Correction
from timeline.store.curation.exchange import Imported, import_lines
from timeline.store.curation.log import add_correction, undo
from timeline.store.curation.naming import read_names, take_over
from timeline.store.dictionaries import register_actors
from timeline.store.events import Merge, derive_events
from timeline.store.project import Project

_IN_HAND = 4  # articles sent ahead to each process
_TOGETHER = 100  # articles coded elsewhere that are added in one go
_DERIVE_PAUSE_SECONDS = 5.0
_DERIVE_SHARE = 0.1  # of a run's time may go into showing its events before it ends


class CoderLike(Protocol):
    """What codes articles. It may also have `actors`, the entries of its lexicon, whose names the store then knows.

    For `processes` above 1 it must be picklable.
    """

    @property
    def version(self) -> str: ...
    @property
    def lexicon_version(self) -> str: ...
    def code(self, article: Article) -> CodedLike: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come, after the article named here. `total` is 0 where it is not known beforehand."""

    done: int
    total: int
    title: str
    words: int


@dataclass(frozen=True, slots=True)
class CodingRun:
    """What a coding run did. `failed` holds (article id, message); `stopped` if it was asked to end early."""

    coded: int = 0
    not_english: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    words: int = 0
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class AddedCoded:
    """What came of articles coded elsewhere: new ones, those whose codings were saved, those that were there."""

    new: int = 0
    coded: int = 0
    known: int = 0
    failed: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: AddedCoded) -> AddedCoded:
        return AddedCoded(
            self.new + other.new, self.coded + other.coded, self.known + other.known, self.failed + other.failed
        )


ProgressCallback = Callable[[Progress], None]


def add_articles(project: Project, articles: Iterable[Article], progress: ProgressCallback | None = None) -> Added:
    """Add articles to the record and link those that are nearly the same as an earlier one.

    Adding an article again changes nothing, except that it may bring the date that was missing.
    """
    signatures: list[Signature] = []
    total = len(articles) if isinstance(articles, Sequence) else 0

    def watched() -> Iterator[Article]:
        words = 0
        for done, article in enumerate(articles, 1):
            signatures.append(sign_article(article))
            words += len(article.text.split())
            yield article
            if progress:
                progress(Progress(done, total, article.title, words))

    added = stored.add_articles(project, watched())
    new = set(added.new)
    if new:
        _link_duplicates(project, [signature for signature in signatures if signature.id in new])
    return added


def add_coded(project: Project, rows: Iterable[CodedRow], progress: ProgressCallback | None = None) -> AddedCoded:
    """Add articles that were coded elsewhere, with their codings; call `derive_events` after the last.

    An article that the project has coded by the same versions is left alone, so adding again changes nothing.
    """
    done = AddedCoded()
    for group in _in_groups(rows, _TOGETHER):
        added = add_articles(project, [row.reading.article for row in group])
        there = stored.read_versions(project, [row.reading.article.id for row in group])
        done = replace(done, new=done.new + len(added.new))
        for row in group:
            article = row.reading.article
            if there.get(article.id) == row.versions:
                done = replace(done, known=done.known + 1)
                continue
            problem = row.problem or _save_row(project, row)
            if problem:
                save_failure(project, article.id, problem, row.versions)
                done = replace(done, failed=(*done.failed, (article.id, problem)))
            else:
                done = replace(done, coded=done.coded + 1)
            if progress:
                progress(Progress(done.coded + done.known + len(done.failed), 0, article.title, 0))
    return done


def _save_row(project: Project, row: CodedRow) -> str:
    """Save what was read in an article; why that is impossible, "" if it is not."""
    try:
        save_coded(project, row.reading, row.versions)
    except ValueError as error:
        return str(error)
    return ""


def _in_groups(rows: Iterable[CodedRow], size: int) -> Iterator[list[CodedRow]]:
    rest = iter(rows)
    while group := list(itertools.islice(rest, size)):
        yield group


def code_pending(
    project: Project,
    coder: CoderLike,
    processes: int = 1,
    progress: ProgressCallback | None = None,
    should_stop: Callable[[], bool] | None = None,
    *,
    merge: Merge | None = None,
) -> CodingRun:
    """Code what is not coded yet or got another date since, then derive the events.

    Args:
        project: The project.
        coder: Codes one article; see `CoderLike`.
        processes: 1 codes in this process.
        progress: Called after each article is on disk.
        should_stop: Asked before each article; True ends the run in good order.
        merge: Codings to events, see `derive_events`.
    """
    coder = with_names(project, coder)
    versions = Versions(coder.version, coder.lexicon_version)
    ids = stored.select_ids(project, (State.UNCODED,), changed=True)
    return _Run(project, coder, versions, ids, progress, should_stop, merge).go(processes)


def recode(
    project: Project,
    coder: CoderLike,
    processes: int = 1,
    progress: ProgressCallback | None = None,
    should_stop: Callable[[], bool] | None = None,
    *,
    merge: Merge | None = None,
    everything: bool = False,
) -> CodingRun:
    """Code again what another coder or lexicon coded, and try again what failed.

    Arguments as `code_pending`; `everything` codes again also what is up to date.
    """
    states = (State.STALE, State.FAILED, *((State.CODED,) if everything else ()))
    plain, coder = coder, with_names(project, coder)
    versions = Versions(coder.version, coder.lexicon_version)
    take_over(project, Versions(plain.version, plain.lexicon_version), versions, read_names(project))
    ids = stored.select_ids(project, states, current=versions)
    return _Run(project, coder, versions, ids, progress, should_stop, merge).go(processes)


def with_names(project: Project, coder: CoderLike) -> CoderLike:
    """The coder with the names that readers of the project gave; any other coder than ours stays as it is."""
    extend: Callable[[Iterable[tuple[str, Actor]]], CoderLike] | None = getattr(coder, "with_names", None)
    return extend(read_names(project)) if extend else coder


def remove(project: Project, ids: Iterable[str], merge: Merge | None = None) -> int:
    """Remove articles and what was coded from them; returns how many there were."""
    removed = stored.remove_articles(project, ids)
    if removed:
        derive_events(project, merge)
    return removed


def correct(project: Project, correction: Correction, merge: Merge | None = None, *, force: bool = False) -> Correction:
    """Add a correction to the log and derive the events; returns it as it stands in the log.

    Raises:
        ChangedMeanwhileError: Its subject is not as its author saw it, and it is not forced.
    """
    made = add_correction(project, correction, force=force)
    derive_events(project, merge)
    return made


def undo_correction(project: Project, correction_id: str, who: str, merge: Merge | None = None) -> Correction:
    """Take back a correction, or an undo, and derive the events."""
    made = undo(project, correction_id, who)
    derive_events(project, merge)
    return made


def import_corrections(project: Project, lines: Iterable[str], merge: Merge | None = None) -> Imported:
    """Add the corrections of a colleague's file and derive the events."""
    done = import_lines(project, lines)
    if done.new:
        derive_events(project, merge)
    return done


@dataclass(slots=True)
class _Run:
    """One coding run; counts what it did."""

    project: Project
    coder: CoderLike
    versions: Versions
    ids: Sequence[tuple[str, int]]
    progress: ProgressCallback | None
    should_stop: Callable[[], bool] | None
    merge: Merge | None
    done: int = 0
    coded: int = 0
    not_english: int = 0
    words: int = 0
    stopped: bool = False
    failed: list[tuple[str, str]] = field(default_factory=list)
    derived_at: float = 0.0
    derive_seconds: float = 0.0

    def go(self, processes: int) -> CodingRun:
        self.derived_at = time.monotonic()
        register_actors_of(self.project, self.coder)
        try:
            if processes > 1 and len(self.ids) > 1:
                self._code_in_processes(processes)
            else:
                self._code_here()
        finally:
            # Also after an interruption: what is saved should be seen.
            derive_events(self.project, self.merge)
        return CodingRun(self.coded, self.not_english, tuple(self.failed), self.words, self.stopped)

    def _code_here(self) -> None:
        for article in self._articles():
            try:
                coded = self.coder.code(article)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one article, the others go on
                self._fail(article, error)
                continue
            self._save(article, coded)

    def _code_in_processes(self, processes: int) -> None:
        """Keep every process busy, save whatever is ready; a process that dies takes down only its article."""
        source = self._articles()
        suspects: list[Article] = []
        while True:
            in_hand: dict[Future[Reading], Article] = {}
            try:
                with ExitStack() as stack:
                    pool = stack.enter_context(_pool(self.coder, processes))
                    stack.callback(pool.shutdown, wait=False, cancel_futures=True)
                    self._feed(pool, source, in_hand, processes * _IN_HAND)
                return
            except BrokenProcessPool:
                suspects = list(in_hand.values())
            for article in suspects:
                self._code_apart(article)

    def _feed(
        self, pool: ProcessPoolExecutor, source: Iterator[Article], in_hand: dict[Future[Reading], Article], ahead: int
    ) -> None:
        while True:
            while len(in_hand) < ahead and (article := next(source, None)) is not None:
                try:
                    in_hand[pool.submit(_code_one, article)] = article
                except BrokenProcessPool:
                    in_hand[Future()] = article  # not lost: it is looked at with the suspects
                    raise
            if not in_hand:
                return
            ready, _ = wait(in_hand, return_when=FIRST_COMPLETED)
            for future in ready:
                self._take(future, in_hand)

    def _take(self, future: Future[Reading], in_hand: dict[Future[Reading], Article]) -> None:
        error = future.exception()
        if isinstance(error, BrokenProcessPool):
            raise error
        article = in_hand.pop(future)
        if error is not None:
            self._fail(article, error)
        else:
            self._save(article, future.result())

    def _code_apart(self, article: Article) -> None:
        """Code in a process of its own an article that may have killed one."""
        with _pool(self.coder, 1) as pool:
            try:
                reading = pool.submit(_code_one, article).result()
            except BrokenProcessPool:
                self._fail(article, RuntimeError("the process that coded it died, perhaps for want of memory"))
            except Exception as error:  # noqa: BLE001 - as in _code_here
                self._fail(article, error)
            else:
                self._save(article, reading)

    def _articles(self) -> Iterator[Article]:
        """The articles to code, read one at a time; other languages and removed ones are dealt with here."""
        for article_id, _ in self.ids:
            if self.should_stop and self.should_stop():
                self.stopped = True
                return
            try:
                article = stored.read_article(self.project, article_id)
            except StoreError:
                self.done += 1  # removed since the run began
                continue
            if article.language in ENGLISH:
                yield article
                continue
            save_not_english(self.project, article.id, self.versions)
            self.not_english += 1
            self._report(article)

    def _save(self, article: Article, coded: CodedLike) -> None:
        try:
            save_coded(self.project, coded, self.versions)
        except ValueError as error:  # the coder said what cannot be, for example a span outside the text
            self._fail(article, error)
            return
        if coded.article.language in ENGLISH:
            self.coded += 1
        else:
            self.not_english += 1
        self._report(article)

    def _fail(self, article: Article, error: BaseException) -> None:
        message = f"{type(error).__name__}: {error}"
        save_failure(self.project, article.id, message, self.versions)
        self.failed.append((article.id, message))
        self._report(article)

    def _report(self, article: Article) -> None:
        self.done += 1
        self.words += len(article.text.split())
        self._show_events()
        if self.progress:
            self.progress(Progress(self.done, len(self.ids), article.title, self.words))

    def _show_events(self) -> None:
        """Derive the events now and then, so that a dashboard sees them come; seldom if it takes long."""
        now = time.monotonic()
        if now - self.derived_at < max(_DERIVE_PAUSE_SECONDS, self.derive_seconds / _DERIVE_SHARE):
            return
        derive_events(self.project, self.merge)
        self.derived_at = time.monotonic()
        self.derive_seconds = self.derived_at - now


def register_actors_of(project: Project, coder: CoderLike) -> None:
    """Enter the actors of a coder's lexicon in the project; nothing is done if they were entered last."""
    actors: Iterable[Actor] = getattr(coder, "actors", ())
    if actors:
        register_actors(project, actors, coder.lexicon_version)


def _link_duplicates(project: Project, signatures: Iterable[Signature]) -> None:
    fresh = list(signatures)
    ids = {signature.id for signature in fresh}
    index = DuplicateIndex()
    for name, packed in stored.read_signatures(project):
        if name not in ids:
            index.add(Signature(name, packed))
    links = [link for signature in fresh if (link := index.add(signature))]
    stored.save_signatures(project, [(signature.id, signature.packed) for signature in fresh])
    stored.link_duplicates(project, [(link.id, link.of, link.containment) for link in links])


def _pool(coder: CoderLike, processes: int) -> ProcessPoolExecutor:
    # Spawned, not forked: the caller may be a server with threads, and other systems know nothing else.
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_install, initargs=(coder,))


_installed: list[CoderLike] = []


def _install(coder: CoderLike) -> None:
    """Keep the coder of this process, unpickled once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller's to deal with; here it would fail the article in hand
    _installed[:] = [coder]


def _code_one(article: Article) -> Reading:
    """Code in this process; only plain records travel back."""
    coded = _installed[0].code(article)
    return Reading(coded.article, tuple(coded.timexes), tuple(coded.mentions), tuple(coded.codings))
