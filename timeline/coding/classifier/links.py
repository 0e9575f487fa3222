"""The words that link a source and a target: the dependency path between them and what hangs on it.

A path such as  S <- said -> would (boycott) -> T  is cut at clause borders that the source's own act
does not cross: in "S met A and condemned T" only "condemned" links the two, "met" is context.
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Token

Span = tuple[int, int]

_CUTS = frozenset({"conj", "advcl", "relcl", "parataxis", "appos", "acl", "dep"})
_CLAUSE_POS = frozenset({"VERB", "AUX"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass"})
_CONTENT = frozenset({"VERB", "AUX", "NOUN", "ADJ", "PROPN", "ADV"})


@dataclass(frozen=True, slots=True)
class Link:
    """What joins two arguments. All tokens are of one doc; lists run from the outermost word inwards.

    `chain` links source and target; `context` are words on the path that a clause border sets apart;
    `above` governs the chain. `joined` is False where no path leads from one to the other.
    """

    chain: tuple[Token, ...]
    context: tuple[Token, ...]
    above: tuple[Token, ...]
    source: Token | None
    target: Token | None
    source_span: Span
    target_span: Span
    first: int
    last: int
    joined: bool

    def is_argument(self, token: Token) -> bool:
        """Whether the token lies inside the source or the target."""
        i = token.i
        return self.source_span[0] <= i < self.source_span[1] or self.target_span[0] <= i < self.target_span[1]


def find_link(doc: Doc, source: Span | None, target: Span | None) -> Link:
    """Find what joins two character spans; either may be None, not both, and the doc must not be empty."""
    source_span, target_span = token_span(doc, source), token_span(doc, target)
    s, t = head_of(doc, source_span), head_of(doc, target_span)
    first, last = _window(doc, [span for span in (source_span, target_span) if span[1] > span[0]])
    if s is None or t is None:
        chain, context, above, joined = _lone_chain(s or t)
    elif s.sent.start != t.sent.start:
        chain, context, above = _lone_chain(t)[:3]
        context, joined = (*_lone_chain(s)[0], *context), False
    else:
        chain, context, above, joined = _joint_chain(s, t)
    inside = set(range(*source_span)) | set(range(*target_span))
    chain, context, above = (
        tuple(token for token in part if token.i not in inside and token.pos_ in _CONTENT)
        for part in (chain, context, above)
    )
    return Link(chain, context, above, s, t, source_span, target_span, first, last, joined)


def token_span(doc: Doc, span: Span | None) -> Span:
    """Token positions that a character span touches; (0, 0) for None or an empty span."""
    if span is None or span[1] <= span[0]:
        return 0, 0
    found = doc.char_span(span[0], span[1], alignment_mode="expand")
    return (0, 0) if found is None else (found.start, found.end)


def head_of(doc: Doc, span: Span) -> Token | None:
    """The token of the span that the rest of the sentence attaches to; the first such that is no punctuation."""
    roots = [doc[i] for i in range(*span) if not span[0] <= doc[i].head.i < span[1] or doc[i].head.i == i]
    for token in roots:
        if not token.is_punct and token.pos_ not in {"ADP", "DET", "SPACE"}:
            return token
    return roots[0] if roots else None


def _window(doc: Doc, spans: list[Span]) -> Span:
    """First and last token of the sentences that hold the spans."""
    if not spans:
        return 0, min(len(doc), 60)
    start, end = min(span[0] for span in spans), max(span[1] for span in spans)
    return doc[start].sent.start, doc[end - 1].sent.end


def _lone_chain(token: Token | None) -> tuple[tuple[Token, ...], tuple[Token, ...], tuple[Token, ...], bool]:
    if token is None:
        return (), (), (), False
    up = _up(token)
    chain, above = _split_above(up)
    last = chain[-1] if chain else None
    while last is not None:  # follow the act inwards: "agreed to resign"
        inner = next((child for child in last.children if child.dep_ in {"xcomp", "ccomp"}), None)
        if inner is None or inner in chain or len(chain) > 8:
            break
        chain, last = (*chain, inner), inner
    return chain, (), above, True


def _split_above(up: list[Token]) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """The governors of an argument up to its first verb; and those above it, innermost first."""
    for n, token in enumerate(up):
        if token.pos_ in _CLAUSE_POS:
            return tuple(up[: n + 1]), tuple(up[n + 1 :])
    return tuple(up), ()


def _up(token: Token) -> list[Token]:
    """The token's governors, nearest first."""
    return list(token.ancestors)[:24]


def _joint_chain(s: Token, t: Token) -> tuple[tuple[Token, ...], tuple[Token, ...], tuple[Token, ...], bool]:
    s_up, t_up = [s, *_up(s)], [t, *_up(t)]
    t_rank = {token.i: n for n, token in enumerate(t_up)}
    rank = next((n for n, token in enumerate(s_up) if token.i in t_rank), None)
    if rank is None:
        return _lone_chain(t)[0], _lone_chain(s)[0], (), False
    top = s_up[rank]
    up, down = s_up[1:rank], t_up[1 : t_rank[top.i]][::-1]
    above = tuple(_up(top))
    if top in (s, t) and _is_nominal_link(up if top is t else [*down, t]):
        governors, above = _split_above(list(above))
        return tuple(reversed(governors)), tuple(up) + tuple(down), above, True
    middle = [] if top in (s, t) else [top]
    return (*_cut_chain([*middle, *down], up), above, True)


def _is_nominal_link(tokens: list[Token]) -> bool:
    """Whether one argument hangs on the other by coordination, preposition or possession only."""
    return all(token.pos_ not in _CLAUSE_POS for token in tokens)


def _cut_chain(down: list[Token], up: list[Token]) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """Keep of the downward path what the source itself does to the target; the rest is context.

    After a clause border without a subject of its own, the inner verb is the source's act ("met A and
    condemned T", "a statement accusing T"). A participle or relative clause on a noun describes the noun
    ("restrictions imposed on T"): there the outer words are the act.
    """
    start, end = 0, len(down)
    for n, token in enumerate(down):
        if not n or token.pos_ not in _CLAUSE_POS:
            continue
        if token.dep_ == "relcl" or (token.dep_ == "acl" and token.tag_ in {"VBN", "VBD"}):
            end = n
            break
        cut = token.dep_ in _CUTS or token.dep_ == "pcomp"
        if cut and token.tag_ != "TO" and not _is_infinitive(token) and not _has_subject(token):
            start = n
    inner_up = [token for token in up if token.pos_ in _CLAUSE_POS or token.pos_ == "NOUN"]
    if start:
        return tuple(down[start:end]), (*down[:start], *down[end:], *inner_up)
    return (*reversed(inner_up), *down[:end]), tuple(down[end:])


def _has_subject(token: Token) -> bool:
    return any(child.dep_ in _SUBJECTS for child in token.children)


def _is_infinitive(token: Token) -> bool:
    """Whether a noun's clause is "to VERB": "a decision to expel T" is one act with its noun."""
    return token.dep_ == "acl" and any(child.tag_ == "TO" for child in token.children)
