"""Features of a sentence with a source and a target: names and weights, for a linear model.

Source, target, other names and numbers are masked, so that the model learns what is done and not who
does it to whom. Sense classes of the predicate table stand beside the words: they carry over to verbs
that no training sentence has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from spacy.tokens import Doc, Token

from timeline.coding.classifier.lexicon import Predicates
from timeline.coding.classifier.links import Link, Span, find_link
from timeline.coding.classifier.stance import Stance, find_stance, side_of

Features = dict[str, float]
FrameHit = tuple[str, float, str]
Put = Callable[[str, Token], None]

_OBJECTS = frozenset({"dobj", "attr", "acomp", "dative", "oprd"})
_MODALS = frozenset({"will", "would", "may", "might", "could", "can", "must", "should", "shall"})
_NEGATIONS = frozenset({"not", "n't", "never", "no", "without"})
_STOP = frozenset({"the", "a", "an", ",", "'s", "of", "and", "in", "-", '"', "'", "’s", "“", "”", "(", ")", ":"})
_TIMES = frozenset({"day", "week", "month", "year", "hour", "minute", "decade", "time", "yesterday", "today", "night"})
_NEAR = 9


def extract_features(
    doc: Doc,
    source: Span | None,
    target: Span | None,
    predicates: Predicates,
    frame_hits: Sequence[FrameHit] = (),
) -> Features:
    """Features of what the source does to the target.

    Args:
        doc: The parsed article; only the sentences that hold the arguments are read.
        source: Character span, or None where the text names no source.
        target: Character span, or None.
        predicates: The table of sense classes.
        frame_hits: (event type, score 0-1, rule) of the frames between the two, best first (pairs.classify_by_frames).
    """
    link = find_link(doc, source, target)
    out: Features = {"bias": 1.0}
    units = _act(link)
    _add_shape(out, link)
    _add_units(out, link, units, predicates)
    _add_stance(out, find_stance(link, units, predicates))
    _add_arguments(out, link, predicates)
    _add_context(out, doc, link, units, predicates)
    _add_windows(out, doc, link)
    _add_frames(out, frame_hits)
    return out


def _act(link: Link) -> list[tuple[str, Token]]:
    """(role, token) of the chain and of the words that complete its verbs, outermost first."""
    out: list[tuple[str, Token]] = []
    seen: set[int] = set()

    def put(role: str, token: Token) -> None:
        if token.i not in seen and not link.is_argument(token):
            seen.add(token.i)
            out.append((role, token))

    for token in link.chain:
        put("c", token)
        if token.pos_ in {"VERB", "AUX"}:
            _complete(token, put)
        else:
            _describe(token, put)
    tail = link.chain[-1] if link.chain else None
    for child in tail.children if tail is not None else ():
        if child.dep_ in {"xcomp", "ccomp", "advcl"}:
            put("x" if child.dep_ != "advcl" else "y", child)
            _complete(child, put)
    return out[:16]


def _complete(verb: Token, put: Put) -> None:
    """Objects, passive subjects and prepositional phrases of a verb."""
    for child in verb.children:
        if child.dep_ in _OBJECTS:
            put("o", child)
            _describe(child, put)
        elif child.dep_ == "nsubjpass":
            put("q", child)
        elif child.dep_ == "prep" and child.lower_ not in {"on", "by"}:
            for noun in child.children:
                if noun.dep_ == "pobj" and noun.pos_ != "PROPN" and noun.lemma_.lower() not in _TIMES:
                    put("r", noun)


def _describe(noun: Token, put: Put) -> None:
    """The nouns that complete a noun ("deployment of troops") and the words that qualify it."""
    for child in noun.children:
        if child.dep_ == "prep":
            for inner in child.children:
                if inner.dep_ == "pobj" and inner.pos_ != "PROPN":
                    put("p", inner)
        elif child.dep_ in {"amod", "compound", "nmod"} and child.pos_ != "PROPN":
            put("m", child)


def _add_shape(out: Features, link: Link) -> None:
    order = "none" if link.source is None or link.target is None else "st" if link.source.i < link.target.i else "ts"
    out[f"order={order}"] = 1.0
    if not link.joined:
        out["unjoined"] = 1.0
    for name, token in (("S", link.source), ("T", link.target)):
        if token is None:
            out[f"{name}=none"] = 1.0
            continue
        prep = f":{token.head.lower_}" if token.dep_ in {"pobj", "pcomp"} else ""
        out[f"{name}dep={token.dep_}{prep}"] = 1.0


def _add_units(out: Features, link: Link, units: list[tuple[str, Token]], predicates: Predicates) -> None:
    known = [(role, token, predicates.classes_of(token)) for role, token in units]
    for n, (role, token, classes) in enumerate(known):
        lemma, place = token.lemma_.lower(), "0" if not n else "1"
        _put(out, f"u:{role}={lemma}", f"w={lemma}", f"u{place}={lemma}")
        _put(out, *(f"k:{role}={name}" for name in classes), *(f"k={name}" for name in classes))
        _put(out, *(f"k{place}={name}" for name in classes))
        for sign in _signs(token):
            _put(out, f"sign{place}={sign}", f"sign:{lemma}={sign}", *(f"sign:{name}={sign}" for name in classes))
        if not classes and token.pos_ == "VERB":
            _put(out, *(f"g={gram}" for gram in _grams(lemma)))
    for (_, one, left), (_, two, right) in combinations(known[:9], 2):
        _put(out, f"uu={one.lemma_.lower()}>{two.lemma_.lower()}", *(f"ku={a}>{two.lemma_.lower()}" for a in left))
        _put(out, *(f"uk={one.lemma_.lower()}>{b}" for b in right), *(f"kk={a}>{b}" for a in left for b in right))
    _add_types(out, known, predicates)


def _add_stance(out: Features, stance: Stance) -> None:
    first = stance.operators[0] if stance.operators else "done"
    if stance.sign:
        _put(out, f"turn={stance.sign}", f"op+turn={first}>{stance.sign}")
    _put(out, f"op={first}", f"ops={'>'.join(stance.operators)}")
    if first == "done":
        return
    side = {"harm_turned": "kind", "help_turned": "hostile"}.get(stance.sign) or (
        side_of(stance.types[0]) if stance.types else "none"
    )
    _put(out, f"op+side={first}>{side}", *(f"op+type={first}>{one}>{stance.sign}" for one in stance.types[:2]))


def _add_types(out: Features, known: list[tuple[str, Token, tuple[str, ...]]], predicates: Predicates) -> None:
    typed = [weights for _, token, _ in known if (weights := predicates.types_of(token))]
    for name, some in (("first", typed[:1]), ("last", typed[-1:]), ("any", typed)):
        for weights in some:
            for event_type, weight in weights.items():
                out[f"t:{name}={event_type}"] = max(out.get(f"t:{name}={event_type}", 0.0), weight)
    if len(typed) > 1:
        _put(out, *(f"tt={a}>{b}" for a in typed[0] for b in typed[-1]))
    if not typed:
        out["t:none"] = 1.0


def _signs(token: Token) -> list[str]:
    """Auxiliaries, negation, voice and form of a verb; number and determiner "no" of a noun."""
    signs = [token.tag_] if token.pos_ in {"VERB", "AUX"} else []
    for child in token.children:
        word = child.lower_
        if child.dep_ in {"aux", "auxpass"} and (word in _MODALS or word in {"'ll", "wo", "'d"}):
            signs.append({"'ll": "will", "wo": "will", "'d": "would"}.get(word, word))
        elif child.dep_ == "neg" or word in _NEGATIONS:
            signs.append("neg")
        elif child.dep_ in {"nsubjpass", "auxpass"}:
            signs.append("passive")
        elif child.dep_ == "mark":
            signs.append("mark:" + word)
        elif child.dep_ == "prt":
            signs.append("prt:" + word)
    return signs


def _grams(lemma: str) -> Iterable[str]:
    padded = f"^{lemma}$"
    for size in (3, 4, 5):
        for n in range(len(padded) - size + 1):
            yield padded[n : n + size]


def _add_arguments(out: Features, link: Link, predicates: Predicates) -> None:
    for name, head, span in (("S", link.source, link.source_span), ("T", link.target, link.target_span)):
        if head is None:
            continue
        doc = head.doc
        for i in range(*span)[:40]:
            token = doc[i]
            if token.pos_ in {"NOUN", "ADJ", "VERB"}:
                where = "h" if i == head.i else "i"
                for kind in predicates.classes_of(token):
                    out[f"{name}{where}k={kind}"] = 0.5
                if where == "h" or name == "T":
                    out[f"{name}{where}={token.lemma_.lower()}"] = 0.5
        if head.pos_ == "PROPN":
            out[f"{name}h=PROPN"] = 0.5
        if name == "T" and link.chain:
            last = link.chain[-1]
            out[f"vTw={last.lemma_.lower()}>{_mask(head)}"] = 0.5
            for kind in predicates.classes_of(last):
                out.update({f"vT={kind}>{other}": 0.5 for other in predicates.classes_of(head)})


def _add_context(out: Features, doc: Doc, link: Link, units: list[tuple[str, Token]], predicates: Predicates) -> None:
    for name, tokens in (("ctx", link.context[:6]), ("abv", link.above[:4])):
        for token in tokens:
            _put(out, *(f"{name}:k={one}" for one in predicates.classes_of(token)))
            out[f"{name}:w={token.lemma_.lower()}"] = 1.0
    used = {token.i for _, token in units}
    for i in range(link.first, min(link.last, link.first + 80)):
        token = doc[i]
        if i in used or token.pos_ not in {"VERB", "NOUN"} or link.is_argument(token):
            continue
        for event_type, weight in predicates.types_of(token).items():
            key = f"off={event_type}"
            out[key] = max(out.get(key, 0.0), 0.5 * weight)


def _add_windows(out: Features, doc: Doc, link: Link) -> None:
    spans = sorted(span for span in (link.source_span, link.target_span) if span[1] > span[0])
    if not spans:
        return
    (_, left), (right, end) = spans[0], spans[-1]
    between = _words(doc, left, min(right, left + 24), link) if len(spans) > 1 else []
    after = _words(doc, end, min(end + _NEAR, link.last), link)
    for name, words, weight in (("b", between, 0.6), ("a", after, 0.25)):
        for size in (1, 2, 3):
            for n in range(len(words) - size + 1):
                out[f"{name}{size}={'_'.join(words[n : n + size])}"] = weight


def _words(doc: Doc, start: int, end: int, link: Link) -> list[str]:
    """Masked lemmas without articles and punctuation."""
    out: list[str] = []
    for i in range(start, end):
        token = doc[i]
        if token.lower_ in _STOP or token.is_space:
            continue
        word = "ARG" if link.is_argument(token) else _mask(token)
        if not (out and out[-1] == word and word in {"NAME", "ARG", "NUM"}):
            out.append(word)
    return out


def _mask(token: Token) -> str:
    if token.like_num or token.pos_ == "NUM":
        return "NUM"
    return "NAME" if token.pos_ == "PROPN" else token.lemma_.lower()


def _add_frames(out: Features, frame_hits: Sequence[FrameHit]) -> None:
    """What the frame lexicon reads between the two, best first; its word counts as much as its score."""
    if not frame_hits:
        out["f:none"] = 1.0
    for n, (event_type, score, rule) in enumerate(frame_hits[:4]):
        out[f"f={event_type}"] = 2.0 * score
        out[f"f:{'path' if rule.startswith('path') else 'read'}={event_type}"] = score
        if not n:
            out[f"f:first={event_type}"] = 2.0 * score
            out[f"f:rule={rule}"] = score
    if len(frame_hits) > 1:
        out[f"f:two={frame_hits[0][0]}>{frame_hits[1][0]}"] = 1.0


def _put(out: Features, *names: str) -> None:
    for name in names:
        out[name] = 1.0
