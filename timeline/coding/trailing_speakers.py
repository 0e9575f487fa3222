"""Sets apart who says so at the end of a sentence that has lost its comma: "X shelled the town the ministry said."

Agencies' copy often reaches us without its commas, and the parser then takes the speaker for a part of the clause
before. So the tail is parsed as if it stood alone, and the clause is hung under its verb afterwards, as with the comma.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from spacy.language import Language
from spacy.tokens import Doc

SPLIT, JOIN = "split_trailing_speakers", "join_trailing_speakers"  # names in the pipeline
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_NAMES = r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}"
_WHERE = rf"(?: (?:on )?{_DAY}| in (?:a|its|his|her|their) (?:\w+ )?statement| (?:told|to) (?:the )?{_NAMES})*"
_END = r"(?=[.][\"”’']?(?:\s|$))"
_SAYING = rf"said|says|reported|added|announced|confirmed|told (?:the )?{_NAMES}"
_SAID = re.compile(rf"(?<=\w) (?P<verb>{_SAYING}){_WHERE}{_END}")
_INVERTED = re.compile(rf"(?<=[\w%]) (?P<verb>said|says) (?P<who>(?:the |a |an )?[^.,;:\"“”\n]{{3,60}}?){_WHERE}{_END}")
_NAME_TAGS = frozenset({"NNP", "NNPS"})
_NOUN_TAGS = frozenset({"NN", "NNS", "NNP", "NNPS", "JJ", "POS", "VBG", "CD", "HYPH"})
_CLOSING_TAGS = frozenset({"NNS", "RB", "VBD", "VBN", "RP", "PRP"})  # of words that end a clause before a name
_OPENING_TAGS = frozenset({"DT", "PRP", "PRP$"})
_VERBAL = frozenset({"VBD", "VBN", "VBZ", "VBP", "MD"})
_BEFORE = frozenset({"NN", "NNS", "NNP", "NNPS", "CD", "JJ", "RB", "VBD", "VBN", "RP", "PRP"})
_TIMES = re.compile(rf"{_DAY}|yesterday|today|earlier|later|there|so|yes|no|nothing|goodbye|much|more", re.IGNORECASE)
_SAYINGS = frozenset(
    ["thing", "things", "word", "words", "everything", "anything", "something", "nothing", "all", "much", "way", "time",
     "that"]
)  # fmt: skip
_LONGEST, _SHORTEST = 7, 5  # words of a speaker, and of what is said
_KEY = "trailing_speakers"


@Language.component(SPLIT)
def split_trailing_speakers(doc: Doc) -> Doc:
    """Let the parser begin anew at the speaker."""
    text = doc.text
    starts: list[int] = []
    found: list[tuple[int, int]] = []
    for match in (*_SAID.finditer(text), *_INVERTED.finditer(text)):
        starts = starts or [token.idx for token in doc]
        verb = bisect_left(starts, match.start("verb"))
        first = verb if match.re is _INVERTED else _speaker_before(doc, verb)
        if match.re is _INVERTED and not _is_speaker(doc, verb + 1, bisect_left(starts, match.end("who"))):
            continue
        if first is not None and _is_clause_before(doc, first):
            doc[first].is_sent_start = True
            for token in doc[first + 1 : bisect_left(starts, match.end())]:
                token.is_sent_start = False
            found.append((first, verb))
    if found:
        doc.user_data[_KEY] = found
    return doc


@Language.component(JOIN)
def join_trailing_speakers(doc: Doc) -> Doc:
    """Hang what was said under the verb of saying, as the parser does where it sees a comma."""
    for first, verb in doc.user_data.pop(_KEY, ()):
        said, told = doc[verb].sent.root, doc[first - 1].sent.root
        if said.i < first or told.i >= first:
            continue
        told.head, told.dep_ = said, "ccomp"
        for child in said.children if first == verb else ():
            if child.dep_ in ("dobj", "attr", "oprd") and child.i > verb:
                child.dep_ = "nsubj"  # "…, said X"
    return doc


def _speaker_before(doc: Doc, verb: int) -> int | None:
    """The first word of the speaker that ends before the verb; None where none is told apart."""
    at = verb
    while at > 0 and verb - at < _LONGEST and doc[at - 1].tag_ in _NAME_TAGS:
        at -= 1
    if 0 < at < verb and doc[at - 1].tag_ in _CLOSING_TAGS and not _is_hyphened(doc, at - 1):
        return at
    at = verb
    while at > 0 and verb - at < _LONGEST and (doc[at - 1].tag_ in _NOUN_TAGS or _is_hyphened(doc, at - 1)):
        at -= 1
    return at - 1 if at > 0 and doc[at - 1].tag_ in _OPENING_TAGS else None


def _is_hyphened(doc: Doc, i: int) -> bool:
    """The second half of "Norlund-based"."""
    return i > 0 and doc[i - 1].text == "-"


def _is_speaker(doc: Doc, start: int, end: int) -> bool:
    """Whether words behind "said" are a noun phrase that could speak."""
    words = doc[start:end]
    named = any(token.tag_ in _NAME_TAGS for token in words) or (len(words) > 1 and words[0].tag_ == "DT")
    nominal = all(token.tag_ in _NOUN_TAGS | {"DT", "PRP$"} or token.lower_ in ("of", "for", "in") for token in words)
    return bool(len(words)) and named and nominal and not _TIMES.fullmatch(words.text)


def _is_clause_before(doc: Doc, first: int) -> bool:
    """Whether a whole clause goes before, that the speaker does not belong to."""
    if first < _SHORTEST or doc[first].is_sent_start or doc[first - 1].tag_ not in _BEFORE:
        return False
    if doc[first - 1].lower_ in _SAYINGS:
        return False
    at = first - 1
    while at > 0 and not doc[at].is_sent_start:
        at -= 1
    return first - at >= _SHORTEST and any(token.tag_ in _VERBAL for token in doc[at:first])
