"""`timeline code --jsonl`: articles to JSON Lines with character offsets, safe against being killed.

One line is one article. Offsets count characters (Unicode code points) of its `text`, the end excluded, so
`text[start:end]` are the words meant.

    schema      1; grows when a field changes its meaning
    id, title, publisher, published, url, language, text     the article; `published` null where unknown
    coder, lexicon     versions that coded it
    timexes     [{start, end, text, type, value, mod, from, to, precision, rule, note}]; type and value as in
                TIMEX3, `from` and `to` the days it allows, null where open or not resolved
    mentions    [{start, end, text, rule, actor}]; actor null or {id, name, country, sector, part_of, known}
    codings     [{id, start, end (of the sentence), trigger {start, end, text}, event_type, quad_class,
                cameo_root, goldstein, realis, sources, targets (mentions), text_target,
                date {from, to, precision, basis, timex {start, end} or null, note},
                place null or {name, country, latitude, longitude},
                attribution {speakers (mentions, outermost first), start, end, quoted}, rule, confidence, doubts}]

The lines come in the order in which the articles are read; an article met twice gives one line. They are written
to OUT.part, which becomes OUT when all is done. If OUT.part is there already, its lines are kept as long as they
are those that would be written: same articles in the same order, coded by the same versions.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from timeline.cli import running
from timeline.cli.output import count, dump_json
from timeline.cli.progress import ProgressLine

if TYPE_CHECKING:
    from timeline.pipeline import CoderLike
    from timeline.records import Actor, Article, Coding, EventDate, Mention, TimeExpression
    from timeline.store.codings import CodedLike

SCHEMA = 1
_IN_HAND = 4  # articles sent ahead to each process
_Failure = tuple[str, str]


@dataclass(slots=True)
class LineRun:
    """What a run wrote; `failed` holds (article id, reason)."""

    written: int = 0
    kept: int = 0
    words: int = 0
    seconds: float = 0.0
    failed: list[_Failure] = field(default_factory=list)

    def describe(self, out: str) -> str:
        """One line on the outcome."""
        kept = f" after {self.kept:,} from before" if self.kept else ""
        speed = f", {self.words / self.seconds:,.0f} words a second" if self.written and self.seconds else ""
        return f"{count(self.written, 'article')} coded to {out}{kept}: {count(self.words, 'word')}{speed}"


def write_lines(
    first: Article, rest: Iterator[Article], out: str, options: argparse.Namespace, should_stop: Callable[[], bool]
) -> LineRun:
    """Code articles and write a line for each; `out` "-" is standard output."""
    started, run = time.monotonic(), LineRun()
    coder = running.load_coder(options.lexicon)
    articles = _once(chain([first], rest))
    with ProgressLine("coding", quiet=options.quiet) as line:
        if out == "-":
            _write(sys.stdout, _code(articles, coder, options.processes), run, line)
        else:
            target = Path(out).expanduser()
            part = target.with_name(target.name + ".part")
            articles, size = _resume(part, articles, coder, run)
            with part.open("r+b" if size else "wb") as file:
                file.truncate(size)
            with part.open("a", encoding="utf-8", newline="\n") as text:
                _write(text, _code(articles, coder, options.processes), run, line)
                text.flush()
                os.fsync(text.fileno())
            if not should_stop():
                part.replace(target)
    run.seconds = time.monotonic() - started
    return run


def as_plain(coded: CodedLike, coder: str, lexicon: str) -> dict[str, Any]:
    """What a line holds of an article, see the module."""
    article = coded.article
    return {
        "schema": SCHEMA,
        "id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "language": article.language,
        "coder": coder,
        "lexicon": lexicon,
        "text": article.text,
        "timexes": [_timex(timex) for timex in coded.timexes],
        "mentions": [_mention(mention) for mention in coded.mentions],
        "codings": [_coding(coding, article.text) for coding in coded.codings],
    }


def _timex(timex: TimeExpression) -> dict[str, Any]:
    span = timex.span
    return {
        "start": timex.start,
        "end": timex.end,
        "text": timex.text,
        "type": str(timex.type),
        "value": timex.value,
        "mod": timex.mod,
        "from": span.start.isoformat() if span and span.start else None,
        "to": span.end.isoformat() if span and span.end else None,
        "precision": str(span.precision) if span else None,
        "rule": timex.rule,
        "note": timex.note,
    }


def _mention(mention: Mention) -> dict[str, Any]:
    return {
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "rule": mention.rule,
        "actor": _actor(mention.actor),
    }


def _actor(actor: Actor | None) -> dict[str, Any] | None:
    if actor is None:
        return None
    return {name: getattr(actor, name) for name in ("id", "name", "country", "sector", "part_of", "known")}


def _coding(coding: Coding, text: str) -> dict[str, Any]:
    trigger = (coding.trigger_start, coding.trigger_end)
    said = coding.attribution
    return {
        "id": coding.id,
        "start": coding.start,
        "end": coding.end,
        "trigger": {"start": trigger[0], "end": trigger[1], "text": text[slice(*trigger)]},
        **{name: getattr(coding, name) for name in ("event_type", "quad_class", "cameo_root", "goldstein")},
        "realis": str(coding.realis),
        "sources": [_mention(mention) for mention in coding.sources],
        "targets": [_mention(mention) for mention in coding.targets],
        "text_target": coding.text_target,
        "date": _date(coding.date),
        "place": coding.place
        and {name: getattr(coding.place, name) for name in ("name", "country", "latitude", "longitude")},
        "attribution": {
            "speakers": [_mention(speaker) for speaker in said.speakers],
            "start": said.start,
            "end": said.end,
            "quoted": said.quoted,
        },
        "rule": coding.rule,
        "confidence": coding.confidence,
        "doubts": list(coding.doubts),
    }


def _date(date: EventDate) -> dict[str, Any]:
    return {
        "from": date.start.isoformat() if date.start else None,
        "to": date.end.isoformat() if date.end else None,
        "precision": str(date.precision),
        "basis": str(date.basis),
        "timex": date.timex and {"start": date.timex.start, "end": date.timex.end},
        "note": date.note,
    }


def _once(articles: Iterator[Article]) -> Iterator[Article]:
    seen: set[str] = set()
    for article in articles:
        if article.id not in seen:
            seen.add(article.id)
            yield article


def _resume(part: Path, articles: Iterator[Article], coder: CoderLike, run: LineRun) -> tuple[Iterator[Article], int]:
    """The articles still to code, and how many bytes of the unfinished file stay."""
    if not part.is_file():
        return articles, 0
    size = 0
    with part.open("rb") as lines:
        for line in lines:
            article = next(articles, None)
            if article is None:
                return iter(()), size
            if not _is_line_of(line, article, coder):
                return chain([article], articles), size
            size += len(line)
            run.kept += 1
    return articles, size


def _is_line_of(line: bytes, article: Article, coder: CoderLike) -> bool:
    """Whether a line is what coding this article would give; one that was torn is not."""
    try:
        found = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return False
    if not isinstance(found, dict):
        return False
    published = article.published.isoformat() if article.published else None
    wanted = (SCHEMA, article.id, published, article.title, article.publisher, coder.version, coder.lexicon_version)
    names = ("schema", "id", "published", "title", "publisher", "coder", "lexicon")
    return tuple(found.get(name) for name in names) == wanted


def _write(out: IO[str], coded: Iterator[tuple[Article, str, str]], run: LineRun, line: ProgressLine) -> None:
    for done, (article, text, error) in enumerate(coded, 1):
        if error:
            run.failed.append((article.id, error))
        else:
            out.write(text + "\n")
            out.flush()  # a line that is out of our hands survives our being killed
            run.written += 1
            run.words += len(article.text.split())
        line.show(done, 0, run.words, article.title)


def _code(articles: Iterator[Article], coder: CoderLike, processes: int) -> Iterator[tuple[Article, str, str]]:
    """Each article with its line, "" where it failed, and why it did, "" where it did not."""
    return _code_here(articles, coder) if processes <= 1 else _code_in_processes(articles, coder, processes)


def _code_here(articles: Iterator[Article], coder: CoderLike) -> Iterator[tuple[Article, str, str]]:
    for article in articles:
        yield (article, *_attempt(article, coder))


def _code_in_processes(
    articles: Iterator[Article], coder: CoderLike, processes: int
) -> Iterator[tuple[Article, str, str]]:
    """As `_code_here`, in order; an article that kills its process is tried once more, alone, and then given up."""
    while True:
        waiting: deque[tuple[Article, Future[tuple[str, str]]]] = deque()
        try:
            with _pool(coder, processes) as pool:
                for article in articles:
                    waiting.append((article, Future()))
                    waiting[-1] = (article, pool.submit(_code_kept, article))
                    if len(waiting) > processes * _IN_HAND:
                        yield _take(waiting)
                while waiting:
                    yield _take(waiting)
            return
        except BrokenProcessPool:
            for article, _ in waiting:
                yield (article, *_attempt_apart(article, coder))


def _take(waiting: deque[tuple[Article, Future[tuple[str, str]]]]) -> tuple[Article, str, str]:
    article, future = waiting[0]
    answer = future.result()
    waiting.popleft()  # only now: what broke the pool is still in hand
    return (article, *answer)


def _attempt(article: Article, coder: CoderLike) -> tuple[str, str]:
    """The line of an article, or why there is none."""
    try:
        return dump_json(as_plain(coder.code(article), coder.version, coder.lexicon_version)), ""
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one article, the others go on
        return "", f"{type(error).__name__}: {error}"


def _attempt_apart(article: Article, coder: CoderLike) -> tuple[str, str]:
    with suppress(BrokenProcessPool), _pool(coder, 1) as pool:
        return pool.submit(_code_kept, article).result()
    return "", "the process that coded it died, perhaps for want of memory"


def _pool(coder: CoderLike, processes: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_keep, initargs=(coder,))


_kept: list[CoderLike] = []


def _keep(coder: CoderLike) -> None:
    """Keep this process's coder; Ctrl-C is the parent's to deal with."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _kept[:] = [coder]


def _code_kept(article: Article) -> tuple[str, str]:
    return _attempt(article, _kept[0])
