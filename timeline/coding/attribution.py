"""Attribution: who says that the act took place, nested and outermost first.

An act inside a reported clause ("Peskov said that the ministry had warned that …"), beside "according to …",
after an accusation ("accused Turkey of arming …"), or inside a quotation belongs to its speaker. A sentence
that only continues a quotation is given the speaker of the sentence before it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from timeline.coding.kinds import Kinds
from timeline.coding.resources import read_yaml
from timeline.records import NARRATED, Attribution, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spacy.tokens import Doc, Span, Token

_OPENING = "“«„"
_CLOSING = "”»"
_STRAIGHT = frozenset({'"', "``", "''"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_NOBODY = frozenset({"nobody", "none", "neither", "noone", "what", "whatever"})
_EMPTY_SUBJECTS = frozenset({"it", "which", "that", "who", "there"})
_MAX_CLIMB = 30  # words over the act; deeper than any sentence that was written to be read
TURN = "turn"  # rule of speakers that a transcript names before they speak
_QUOTE_REACH = 3  # sentences that a quotation may go on without naming its speaker again


@cache
def load_reporting_words() -> dict[str, frozenset[str]]:
    """Lemma lists of resources/attribution.yaml: verbs, accusing verbs, nouns, prepositions."""
    raw = read_yaml("attribution.yaml")
    return {section: frozenset(words) for section, words in raw.items()}


@dataclass(frozen=True, slots=True)
class Voices:
    """Who speaks where in one article, worked out once; `at` answers for any of its words."""

    doc: Doc
    mentions: tuple[Mention, ...]
    text: str
    _starts: tuple[int, ...]
    _quoted: bytes
    kinds: Kinds

    def at(self, trigger_i: int) -> Attribution:
        """Who says that the act at token `trigger_i` took place.

        Returns:
            The speakers, outermost first, with the reporting words of the innermost; `NARRATED` where the
            article speaks in its own voice. A speaker without a mention gets one whose actor is None.
        """
        trigger, quoted = self.doc[trigger_i], bool(self._quoted[trigger_i])
        reports = _reports_over(trigger)
        if not reports and quoted:
            reports = _report_before(trigger)
        if not reports:
            turn = self._turn_at(trigger.idx)
            if turn is not None:
                return Attribution((turn,), quoted=quoted)
            return Attribution(quoted=quoted) if quoted else NARRATED
        speakers = tuple(self._as_mention(head) for _, head in reversed(reports))
        words = reports[0][0]
        return Attribution(speakers, words.idx, words.idx + len(words), quoted)

    def _turn_at(self, place: int) -> Mention | None:
        """Whoever a transcript names before these words: "SMITH: We saw troops." """
        turn = self.kinds.turn_at(place)
        if turn is None or not turn.named:
            return None
        label = self.text[turn.start : turn.said].rstrip(" :")
        surname = label.split(",")[0].split("(")[0].split()[-1].lower()
        known = (
            mention.actor
            for mention in self.mentions
            if mention.actor is not None
            and mention.actor.kind == "person"
            and mention.text.lower().split()[-1] == surname
        )
        return Mention(turn.start, turn.start + len(label), label, next(known, None), TURN)

    def _as_mention(self, head: Token) -> Mention:
        """The mention that covers a speaker's head, else one of its noun phrase without an actor."""
        place = bisect_right(self._starts, head.idx) - 1
        if place >= 0 and head.idx < self.mentions[place].end:
            return self.mentions[
                bisect_left(self._starts, self._starts[place])
            ]  # the first of several on the same words
        right = head
        for token in head.subtree:
            if token.i > right.i and token.dep_ in {"compound", "amod", "flat", "nummod"}:
                right = token
        start, end = head.left_edge.idx, right.idx + len(right)
        return Mention(start, end, self.text[start:end], None, "speaker")


def build_voices(doc: Doc, mentions: Sequence[Mention], kinds: Kinds | None = None) -> Voices:
    """Make an article's words ready to be attributed; `mentions` are its mentions, sorted by start."""
    starts = tuple(mention.start for mention in mentions)
    return Voices(doc, tuple(mentions), doc.text, starts, _find_quoted(doc), kinds or Kinds())


def find_attribution(doc: Doc, trigger_i: int, mentions: Sequence[Mention]) -> Attribution:
    """Attribute one act; for many acts of an article build its `Voices` once."""
    return build_voices(doc, mentions).at(trigger_i)


def _find_quoted(doc: Doc) -> bytes:
    """For each token 1 if it stands inside quotation marks, counted from the start of its paragraph, else 0."""
    found, inside = bytearray(len(doc)), False
    for i, token in enumerate(doc):
        found[i] = inside
        text = token.text
        if "\n" in text:
            inside = False
        elif text[-1] in _OPENING:
            inside = True
        elif text[0] in _CLOSING:
            inside = False
        elif text in _STRAIGHT:
            inside = not inside
    return bytes(found)


def _reports_over(trigger: Token) -> list[tuple[Token, Token]]:
    """(reporting word, speaker's head) pairs over the trigger, innermost first."""
    words = load_reporting_words()
    found: list[tuple[Token, Token]] = []
    child = trigger
    for head in [trigger, *islice(trigger.ancestors, _MAX_CLIMB)]:
        found += _according_to(head, exclude=child if head is not trigger else None)
        if head is not trigger:
            speaker = _speaker_of(head, child, words)
            if speaker is not None and not _is_nobody(speaker):
                found.append((head, speaker))
        child = head
    return _without_repeats(found)


def _is_nobody(speaker: Token) -> bool:
    """ "No group claimed the attack": nobody says so."""
    return speaker.lower_ in _NOBODY or any(child.lower_ == "no" for child in speaker.children)


def _without_repeats(reports: Iterable[tuple[Token, Token]]) -> list[tuple[Token, Token]]:
    kept: list[tuple[Token, Token]] = []
    for word, speaker in reports:
        if all(speaker.i != other.i for _, other in kept):
            kept.append((word, speaker))
    return kept


def _speaker_of(head: Token, child: Token, words: dict[str, frozenset[str]]) -> Token | None:
    """The subject of a reporting verb over `child`, the accuser over an accusation, the owner of a claim."""
    lemma = head.lemma_.lower()
    if child.dep_ in {"ccomp", "parataxis"} and _is_demanded(child):
        return None
    reporting = head.pos_ in {"VERB", "AUX"} and (lemma in words["verbs"] or lemma in words["claiming"])
    if reporting and (child.dep_ in {"ccomp", "parataxis", "advcl", "dobj"} or _follows_aside(head, child)):
        if child.dep_ == "dobj" and child.pos_ == "NOUN" and lemma not in words["claiming"]:
            return None
        if child.dep_ == "advcl" and not _opens_with_as(head, child):
            return None
        return _subject_of(head)
    if lemma in words["quoting"] and child.dep_ == "prep" and child.lower_ == "as":
        return _subject_of(head)
    if head.pos_ == "VERB" and lemma in words["accusing"] and child.dep_ in {"prep", "pcomp"}:
        return _subject_of(head)
    if head.pos_ == "NOUN" and lemma in words["nouns"] and child.dep_ in {"acl", "prep", "ccomp"}:
        return _owner_of(head)
    if child.dep_ == "advcl" and lemma not in words["verbs"]:
        return None
    return _parenthetical_speaker(head, child, words)


def _is_demanded(act: Token) -> bool:
    """ "Insisted that it release": a bare verb is what the subject demands, not what it says happened."""
    bare = act.tag_ == "VB" or (
        act.tag_ == "VBP" and any(child.dep_ == "nsubj" and child.tag_ in {"NN", "NNP"} for child in act.children)
    )
    return bare and not any(child.dep_ == "aux" for child in act.children)


def _follows_aside(head: Token, act: Token) -> bool:
    """ "The rebels, the colonel insisted, attacked": read by the parser as two conjuncts without a conjunction."""
    return act.dep_ == "conj" and head.nbor().text == "," and not any(child.dep_ == "cc" for child in head.children)


def _opens_with_as(head: Token, clause: Token) -> bool:
    return any(part.lower_ == "as" for part in clause.children) and head.i < clause.i


def _parenthetical_speaker(head: Token, child: Token, words: dict[str, frozenset[str]]) -> Token | None:
    """ "The army, the ministry said, attacked": the reporting verb hangs below the act."""
    for part in head.children:
        if part is not child and part.dep_ in {"parataxis", "ccomp"} and part.lemma_.lower() in words["verbs"]:
            inverted = part.i < head.i or not any(grand.dep_ == "mark" for grand in part.children)
            if inverted and not any(grand.dep_ in {"ccomp", "dobj"} for grand in part.children):
                return _subject_of(part)
    return None


def _subject_of(verb: Token) -> Token | None:
    """The subject of a verb, of the verb it is conjoined to or controlled by; the agent of a passive."""
    for child in verb.children:
        if child.dep_ == "agent":
            return next(iter(child.children), None)
    subjects = [child for child in verb.children if child.dep_ in _SUBJECTS]
    for child in sorted(subjects, key=lambda child: abs(child.i - verb.i)):  # of two the nearest: the other is misread
        if child.lower_ not in _EMPTY_SUBJECTS:
            return child
        if child.lower_ in {"which", "that", "who"} and verb.dep_ == "relcl":
            return verb.head
    if verb.dep_ == "pcomp" and verb.head.lower_ == "as":
        return next((child for child in verb.head.head.children if child.dep_ == "dobj"), None)
    if verb.dep_ in {"conj", "xcomp"} and verb.head is not verb:
        return _subject_of(verb.head)
    if verb.dep_ in {"advcl", "acl"} and verb.tag_ == "VBG":
        return verb.head if verb.dep_ == "acl" else _subject_of(verb.head)
    return None


def _owner_of(noun: Token) -> Token | None:
    for child in noun.children:
        if child.dep_ == "poss":
            return child
        if child.dep_ == "prep" and child.lower_ in {"by", "from", "of"}:
            return next((grand for grand in child.children if grand.dep_ == "pobj"), None)
    return None


def _according_to(token: Token, exclude: Token | None) -> list[tuple[Token, Token]]:
    """ "according to X" and "in the words of X" among a token's children."""
    found = []
    for child in token.children:
        if child is exclude or child.dep_ not in {"prep", "advmod"}:
            continue
        if child.lower_ == "according":
            objects = [grand for inner in child.children if inner.lower_ == "to" for grand in inner.children]
            found += [(child, part) for part in objects if part.dep_ == "pobj"][:1]
    return found


def _report_before(trigger: Token) -> list[tuple[Token, Token]]:
    """The speaker of an earlier sentence whose quotation this one goes on."""
    words = load_reporting_words()
    sentence: Span = trigger.sent
    for _ in range(_QUOTE_REACH):
        if sentence.start == 0:
            break
        sentence = trigger.doc[sentence.start - 1].sent
        for token in sentence:
            if token.pos_ == "VERB" and token.lemma_.lower() in words["verbs"]:
                speaker = _subject_of(token)
                if speaker is not None:
                    return [(token, speaker)]
    return []
