"""Text to parsed spaCy documents with exact offsets: model choice, sentence bounds, huge and odd texts.

The parser may not end a sentence after "Gen." or inside a hard-wrapped line and must end one at an empty
line; `mark_sentence_starts` tells it so before it runs. Named entities take nearly half the time of the
model's pipeline and are wanted for few sentences: `parse` leaves them out, `add_names` finds them where asked.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import cast

from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span, Token

from timeline.coding import garden_paths, hyphens, trailing_speakers
from timeline.coding.attribute_table import use_attribute_table
from timeline.coding.fronted_dates import COMPONENT as FRONTED_DATES
from timeline.coding.lemmas import mend_verbs
from timeline.coding.resources import find_model

CHUNK_CHARS = 40_000  # spaCy wants about 1 GB per 100,000 words of one document; this keeps memory flat
_BATCH_TEXTS, _BATCH_CHARS = 8, 80_000  # taken through the model together; larger batches leave the processor's cache
_BATCH_SENTENCES = 64
SENTENCE_TOKENS = 250  # a text without full stops is cut: what reads a sentence may look at each word from each other
WORD_CHARS = 1_000  # no word is longer; the tokeniser peels punctuation off a run in quadratic time
MARK_CHARS = 100  # of a run of punctuation

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_AGENCY = (
    "AA|AAP|AFP|Agencies|AKI|Anadolu|Anadolu Agency|ANI|ANSA|AP|APA|ARA News|Associated Press|BelTA|Bloomberg|BNA|CNN|"
    "DPA|dpa|EFE|Fars|FNA|IANS|Interfax|INA|IRNA|ISNA|KUNA|Kyodo|MENA|Mehr|NNA|PANA|Petra|PTI|QNA|Reuters|REUTERS|"
    "RIA|RIA Novosti|SANA|SPA|Sputnik|STA|TASS|Tasnim|Trend|Ukrinform|UNIAN|UPI|WAM|Xinhua|Yonhap"
)
_DATELINE = re.compile(
    r"^[ \t]*(?:[A-Z][A-Z.'’ -]{2,30}|[A-Z][a-z]{2,15}(?: [A-Z][a-z]{2,15})?(?=,? (?:\(|\d|" + _MONTH + r")))"
    r"(?:, [A-Z][\w.]{1,15}(?: [A-Z][\w.]{1,15})?(?=[, ]))?"  # the country or state
    rf"(?:,? (?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? \d{{4}})?)?"
    r"(?: ?\([A-Z][\w./& -]{1,30}\))?"  # the agency
    r"(?: ?[—–]|--| -{1,2}(?= )) *"
    # An agency says so without a dash too, as in texts that have lost their marks.
    rf"|^[ \t]*[A-Z][A-Z.'’ -]{{2,30}} \((?:{_AGENCY})\) +",
    re.MULTILINE,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
# The tokenizer takes marks off one by one and looks at all the rest each time, so runs of them are cut shorter.
_RUN = re.compile(rf"[^\w\s]{{{MARK_CHARS}}}|\S{{{WORD_CHARS}}}")
_ABBREVIATED = frozenset(
    ("gen.", "lt.", "col.", "maj.", "capt.", "sgt.", "cpl.", "adm.", "cmdr.", "brig.", "mr.", "mrs.", "ms.", "dr.",
     "prof.", "rev.", "hon.", "sen.", "rep.", "gov.", "pres.", "amb.", "sec.", "supt.", "st.", "mt.", "ft.", "no.",
     "nos.", "vs.", "jan.", "feb.", "mar.", "apr.", "jun.", "jul.", "aug.", "sep.", "sept.", "oct.", "nov.", "dec.",
     "dept.", "govt.", "approx.", "art.", "fig.", "vol.", "ca.", "cf.", "e.g.", "i.e.", "al.", "bros.", "messrs.")
)  # fmt: skip
_LETTERED = re.compile(r"(?:[A-Za-z]\.){1,5}")  # U.S., U.N., J.
_OPENERS = frozenset(
    ("the", "a", "an", "it", "he", "she", "they", "we", "i", "you", "this", "that", "these", "those", "there", "but",
     "and", "so", "yet", "in", "on", "at", "as", "for", "from", "to", "with", "by", "after", "before", "when", "while",
     "if", "since", "although", "though", "however", "meanwhile", "his", "her", "their", "its", "our", "my", "last",
     "some", "many", "most", "one", "two", "three", "several", "both", "all", "no", "not", "who", "what", "why", "how",
     "according", "also", "earlier", "later")
)  # fmt: skip
_CLOSERS = frozenset("\"'”’»)]")
_ENDERS = frozenset(".!?…")
_NAME_FOR_IS = "isis"  # what the model is told for "IS", a name it learnt as a verb
_CURLY = ("’", "’s", "’S", "’re", "’ve", "’ll", "’d", "’m", "n’t", "N’T")
_loaded: list[Language] = []


@cache
def load_model(name: str | None = None) -> Language:
    """Load the English model: the named one, else an official one if installed, else the bundled twin of sm.

    Raises:
        TimelineError: No model is installed; the message says what to install.
    """
    nlp: Language = importlib.import_module(find_model(name)).load()
    use_attribute_table(nlp)
    mend_verbs(nlp)
    _straighten(nlp)
    _loaded.append(nlp)
    nlp.add_pipe("capital_names", first=True)
    nlp.add_pipe(hyphens.COMPONENT, first=True)
    nlp.add_pipe("sentence_starts", before="parser")
    nlp.add_pipe(trailing_speakers.SPLIT, before="parser")
    nlp.add_pipe(garden_paths.COMPONENT, after="parser")
    nlp.add_pipe(trailing_speakers.JOIN, after=garden_paths.COMPONENT)
    nlp.add_pipe(FRONTED_DATES)
    return nlp


def _straighten(nlp: Language) -> None:
    """Let the model see a curly apostrophe as the straight one it learnt: with "X’s army" it takes X for an object."""
    for form in _CURLY:
        lexeme, straight = nlp.vocab[form], nlp.vocab[form.replace("’", "'")]
        lexeme.prefix_, lexeme.suffix_, lexeme.shape_ = straight.prefix_, straight.suffix_, straight.shape_


def parse(text: str, model: Language | None = None) -> Doc:
    """Parse one text. `doc.text` is the text, character for character; a lone surrogate becomes U+FFFD."""
    return next(parse_many([text], model))


def parse_many(texts: Iterable[str], model: Language | None = None) -> Iterator[Doc]:
    """Parse texts in order, batched. A text longer than `CHUNK_CHARS` is parsed by paragraphs and rejoined."""
    nlp = model or load_model()
    counts: list[int] = []

    def chunks() -> Iterator[str]:
        for text in texts:
            parts = split_text(text)
            counts.append(len(parts))
            yield from parts

    parsed = (doc for batch in _batch(chunks()) for doc in nlp.pipe(batch, batch_size=len(batch), disable=["ner"]))
    for done, first in enumerate(map(_drop_vectors, parsed)):
        rest = [_drop_vectors(next(parsed)) for _ in range(counts[done] - 1)]
        yield Doc.from_docs([first, *rest], ensure_whitespace=False) if rest else first


def _batch(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for text in texts:
        if batch and (len(batch) == _BATCH_TEXTS or sum(map(len, batch)) + len(text) > _BATCH_CHARS):
            yield batch
            batch = []
        batch.append(text)
    if batch:
        yield batch


def _drop_vectors(doc: Doc) -> Doc:
    """Without the layer that the model's pipes shared: most of a parse's memory, and wanted by none of ours."""
    doc.tensor = doc.tensor[:0].copy()
    return doc


def split_text(text: str) -> list[str]:
    """Cut a text into pieces the model can take; joined they are the text, but for lone surrogates.

    Cuts fall after an empty line, else after a line, else after a space; a "word" of thousands of letters
    is cut where it must be.
    """
    text = _SURROGATE.sub("\ufffd", text)
    pieces, start = [], 0
    while len(text) - start > CHUNK_CHARS:
        end = _find_cut(text, start, start + CHUNK_CHARS)
        pieces.append(text[start:end])
        start = end
    pieces.append(text[start:])
    return [part for piece in pieces for part in _split_runs(piece)]


def _split_runs(text: str) -> list[str]:
    ends = [match.end() for match in _RUN.finditer(text)]
    cuts = [0, *(end for end in ends if end < len(text)), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


def add_names(sentences: Iterable[Span], model: Language | None = None) -> list[tuple[int, int, str]]:
    """Find named entities in the given sentences only: (first token, token after the last, label), sorted."""
    spans = list(sentences)
    nlp = model or (_model_of(spans[0].doc) if spans else None)
    if nlp is None or not spans or "ner" not in nlp.pipe_names:
        return []
    recogniser = cast("TrainablePipe", nlp.get_pipe("ner"))
    norms = spans[0].doc.to_array(["NORM"])
    docs = recogniser.pipe((garden_paths.copy_sentence(span, norms) for span in spans), batch_size=_BATCH_SENTENCES)
    return [
        (span.start + ent.start, span.start + ent.end, ent.label_)
        for span, doc in zip(spans, docs, strict=True)
        for ent in doc.ents
    ]


def find_datelines(text: str) -> tuple[tuple[int, int], ...]:
    """Where paragraphs open with a dateline ("MOSCOW, March 5 (Agency) — "): characters [start, end), dash included."""
    return tuple(match.span() for match in _DATELINE.finditer(text))


def _in_dateline(idx: int, datelines: tuple[tuple[int, int], ...]) -> bool | None:
    """True for the first word after a dateline, False for a word in one, None elsewhere."""
    for start, end in datelines:
        if start <= idx <= end:
            return idx == end or None if idx in (start, end) else False
    return None


def _model_of(doc: Doc) -> Language:
    """The model that parsed a document; its words and the recogniser's must be the same."""
    return next((model for model in _loaded if model.vocab is doc.vocab), None) or load_model()


@Language.component("capital_names")
def mark_capital_names(doc: Doc) -> Doc:
    """Let the model read "IS" as a name and not as the verb, unless all around it is in capitals."""
    if "IS" not in doc.text:
        return doc
    for token in doc:
        if token.text == "IS" and not any(near.is_alpha and near.is_upper for near in _neighbours(token)):
            token.norm_ = _NAME_FOR_IS
    return doc


def _neighbours(token: Token) -> list[Token]:
    return [token.doc[i] for i in (token.i - 1, token.i + 1) if 0 <= i < len(token.doc)]


@Language.component("sentence_starts")
def mark_sentence_starts(doc: Doc) -> Doc:
    """Say where a sentence must or must not begin; elsewhere the parser decides."""
    lines = _Lines(doc.text)
    datelines = find_datelines(doc.text)
    previous, gap, last_stop = None, "", 0
    for token in doc:
        if token.is_space:
            gap += token.text
            if token.i:
                token.is_sent_start = False
            continue
        if previous is not None:
            begins = _begins_after_gap(doc, previous, token.i, gap, lines) if "\n" in gap else None
            if begins is None:
                begins = _begins(doc, previous, token.i, bool(gap))
            if datelines and (place := _in_dateline(token.idx, datelines)) is not None:
                begins = place
            if token.i - last_stop >= SENTENCE_TOKENS:
                begins = True
            if begins is not None:
                token.is_sent_start = begins
        if token.text[-1] in _ENDERS or token.is_sent_start:
            last_stop = token.i
        previous, gap = token.i, ""
    return doc


def _begins(doc: Doc, before: int, here: int, spaced: bool) -> bool | None:
    """Whether token `here` begins a sentence after token `before`; None leaves it to the parser."""
    last, token = doc[before].text, doc[here].text
    whole = doc[before - 1].text + last if last == "." and before and not doc[before - 1].whitespace_ else last
    if whole.lower() in _ABBREVIATED:
        return False
    if last[-1] == "-" and (len(last) > 1 or not (before and doc[before - 1].whitespace_)):
        return False  # "al- Bab": a line was broken there
    if last[-1] == "." and _LETTERED.fullmatch(last):
        return None if token.lower() in _OPENERS and token[0].isupper() else False
    if token[0] in _CLOSERS and not spaced and not doc[before].whitespace_:
        return False
    end = before
    while end > 0 and doc[end].text in _CLOSERS and not doc[end - 1].whitespace_:
        end -= 1
    stop = doc[end].text
    if stop[-1] in _ENDERS and len(stop) <= 3 and (doc[before].whitespace_ or spaced):
        return True if _looks_like_start(doc, here) else None
    return None


def _looks_like_start(doc: Doc, here: int) -> bool:
    text = doc[here].text
    if text[0] in "\"'“‘«([-–—" and here + 1 < len(doc):
        text = doc[here + 1].text
    return text[0].isupper() or text[0].isdigit()


def _begins_after_gap(doc: Doc, before: int, here: int, gap: str, lines: _Lines) -> bool | None:
    """The same where the gap between the two holds a line break."""
    if gap.count("\n") > 1:
        return True
    if not _looks_like_start(doc, here):
        return False
    last = doc[before].text
    if last[-1] in _ENDERS or last in _CLOSERS:
        return None
    length = lines.length_before(doc[before].idx + len(last))
    return length < 0.6 * lines.width or length > 2 * lines.width or last[-1] == ":"


class _Lines:
    """A text's lines: those before and after a break are one sentence only if the text is wrapped at a margin."""

    def __init__(self, text: str) -> None:
        self._text = text  # spaCy puts a document's text together anew each time it is asked
        lengths = sorted(len(line) for line in text.split("\n"))
        typical = lengths[len(lengths) * 3 // 4] if len(lengths) > 3 else lengths[-1]
        self.width = typical if 40 <= typical <= 120 else 0

    def length_before(self, at: int) -> int:
        """The length of a line up to a character of it."""
        return at - self._text.rfind("\n", 0, at) - 1


def _find_cut(text: str, start: int, limit: int) -> int:
    for mark in ("\n\n", "\n", ". ", " "):
        found = text.rfind(mark, start + 1, limit)
        if found > start:
            return found + len(mark)
    return limit
