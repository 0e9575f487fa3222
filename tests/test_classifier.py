"""The classifier: its features, its answers on acts it must know, its training sentences, odd input."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.coding.classifier.classify import NEUTRAL, choose_type, classify
from timeline.coding.classifier.features import extract_features
from timeline.coding.classifier.inflection import inflect
from timeline.coding.classifier.lexicon import load_predicates, read_predicates
from timeline.coding.classifier.links import find_link, head_of, token_span
from timeline.coding.classifier.model import BITS, Scorer, hash_features
from timeline.coding.classifier.stance import find_stance
from timeline.coding.classifier.training import compose, expand, read_cores
from timeline.coding.parsing import parse
from timeline.ontology import EVENT_TYPES

Marked = tuple[str, tuple[int, int] | None, tuple[int, int] | None]


def read_marked(marked: str) -> Marked:
    """Text and spans of a sentence with `[S:…]` and `[T:…]`."""
    text, spans = "", {}
    while "[" in marked:
        before, _, rest = marked.partition("[")
        inside, _, marked = rest.partition("]")
        role, _, words = inside.partition(":")
        text += before
        spans[role] = (len(text), len(text) + len(words))
        text += words
    return text + marked, spans.get("S"), spans.get("T")


ACTS = [
    ("AGREE", "[S:Veldania] has agreed to reopen its border with [T:Ostmark]."),
    ("AGREE", "[S:Veldania] said on Monday it would release [T:nine Ostmark fishermen]."),
    ("CONSULT", "[S:The Veldanian premier] held talks with [T:President Orlo Kasper] in Geneva."),
    ("CONSULT", "[T:President Orlo Kasper] was received by [S:the king] on Tuesday."),
    ("SUPPORT", "[S:Veldania] praised [T:Ostmark] for its courage."),
    ("CONCEDE", "[S:Veldania] lifted the ban on imports from [T:Ostmark]."),
    ("RETREAT", "[S:The rebels] freed [T:two hostages] after a month."),
    ("RETREAT", "[S:Veldania] withdrew its troops from [T:Ostmark]."),
    ("COOPERATE", "[S:Veldania] shared intelligence with [T:Ostmark]."),
    ("AID", "[S:Veldania] sent food and medicine to [T:Ostmark]."),
    ("REQUEST", "[S:Veldania] urged [T:Ostmark] to free the prisoners."),
    ("ACCUSE", "[S:Veldania] accused [T:Ostmark] of killing civilians."),
    ("REJECT", "[S:Veldania] refused to lift sanctions on [T:Ostmark]."),
    ("REJECT", "[S:Veldania] turned down a request from [T:Ostmark]."),
    ("THREATEN", "[S:Veldania] threatened to bomb [T:Ostmark]."),
    ("THREATEN", "[S:Veldania] gave [T:Ostmark] a deadline to withdraw."),
    ("PROTEST", "[S:Thousands of farmers] marched against [T:the government]."),
    ("SANCTION", "[S:Veldania] suspended aid to [T:Ostmark]."),
    ("SANCTION", "[S:Veldania] expelled [T:two Ostmark diplomats]."),
    ("MOBILIZE", "[S:Veldania] massed tanks on the border with [T:Ostmark]."),
    ("COERCE", "[S:Police] arrested [T:a union leader] in the capital."),
    ("COERCE", "[T:A union leader] was arrested by [S:police] in the capital."),
    ("ASSAULT", "[S:Veldanian warplanes] bombed [T:a village in Ostmark]."),
]


@pytest.mark.parametrize(("event_type", "marked"), ACTS, ids=[f"{t}-{n}" for n, (t, _) in enumerate(ACTS)])
def test_plain_acts_are_classified(event_type: str, marked: str) -> None:
    """The plainest wording of each type gets its type, with the derived fields of the ontology."""
    text, source, target = read_marked(marked)
    found = classify(parse(text), source, target)

    assert found is not None
    assert event_type == found.event_type
    assert EVENT_TYPES[event_type].quad_class == found.quad_class
    assert EVENT_TYPES[event_type].cameo_root == found.cameo_root
    assert 0.0 < found.confidence <= 1.0


OTHERS = [
    ("ACCUSE", "After rebels bombed a market, [S:Veldania] blamed [T:Ostmark] for the attack."),
    ("COERCE", "[S:Police] detained [T:an activist] days after Veldania and Ostmark signed a peace treaty."),
    ("AID", "While Ostmark shelled the port, [S:a Veldanian charity] sent medicine to [T:the besieged town]."),
]


@pytest.mark.parametrize(("event_type", "marked"), OTHERS, ids=["blamed-after-bombing", "arrest-after-treaty", "aid"])
def test_the_act_between_the_two_wins_over_others(event_type: str, marked: str) -> None:
    """Other acts of the sentence do not speak for source and target."""
    text, source, target = read_marked(marked)
    found = classify(parse(text), source, target)

    assert found is not None
    assert event_type == found.event_type


@pytest.mark.parametrize(
    ("text", "source", "target"),
    [("", None, None), ("", (0, 3), (4, 8)), ("Veldania bombed Ostmark.", None, None), ("   ", (0, 0), (1, 1))],
    ids=["empty", "spans-past-the-end", "no-sides", "empty-spans"],
)
def test_nothing_to_link_gives_none(text: str, source: tuple[int, int] | None, target: tuple[int, int] | None) -> None:
    """Without text or without sides there is no answer, rather than a guess."""
    assert classify(parse(text), source, target) is None


@pytest.mark.parametrize("missing", ["source", "target"])
def test_one_side_is_enough(missing: str) -> None:
    """A sentence that names one side only is still answered."""
    text, source, target = read_marked("[S:Police] arrested [T:a union leader] in the capital.")
    found = classify(parse(text), None if missing == "source" else source, None if missing == "target" else target)

    assert found is not None
    assert found.event_type == "COERCE"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.integers(0, 90), st.integers(0, 90), st.integers(0, 90))
def test_odd_text_and_spans_never_raise(text: str, one: int, two: int, three: int) -> None:
    """Any text and any spans give None or a probability of a known type."""
    found = classify(parse(text), (one, two), (two, three))

    assert found is None or (found.event_type in EVENT_TYPES and 0.0 <= found.confidence <= 1.0)


def test_odds_sum_to_one_over_all_types() -> None:
    """Every event type has a probability; together they are 1."""
    text, source, target = read_marked("[S:Veldania] bombed [T:Ostmark].")
    odds = Scorer.load().score(parse(text), source, target)

    assert set(EVENT_TYPES) == set(odds)
    assert pytest.approx(1.0, abs=1e-5) == sum(odds.values())


def test_side_is_chosen_before_the_type() -> None:
    """Two neighbouring types that share the odds beat one type of the other side."""
    odds = dict.fromkeys(EVENT_TYPES, 0.0) | {"AID": 0.3, "COOPERATE": 0.25, "ASSAULT": 0.45}

    assert choose_type(odds) == "AID"


def test_neutral_only_where_it_is_nearly_sure() -> None:
    """A bare remark is the answer only above the threshold."""
    odds = dict.fromkeys(EVENT_TYPES, 0.0)

    assert choose_type(odds | {NEUTRAL: 0.9, "ACCUSE": 0.1}) == NEUTRAL
    assert choose_type(odds | {NEUTRAL: 0.6, "ACCUSE": 0.4}) == "ACCUSE"


def test_names_do_not_matter() -> None:
    """Masking: another pair of invented names gives the same features but for what stands in the names."""
    found = []
    for source, target in (("Veldania", "Ostmark"), ("Corvia", "Brenland")):
        text, *spans = read_marked(f"[S:{source}] bombed [T:{target}] on Monday.")
        features = extract_features(parse(text), spans[0], spans[1], load_predicates())
        found.append({name for name in features if source.lower() not in name and target.lower() not in name})

    assert found[0] == found[1]
    assert "u:c=bomb" in found[0]


def test_clause_of_another_act_is_context() -> None:
    """In "met A and condemned T" the act is to condemn."""
    text, source, target = read_marked("[S:Veldania] met the king of Corvia and condemned [T:Ostmark].")
    link = find_link(parse(text), source, target)

    assert [token.lemma_ for token in link.chain] == ["condemn"]
    assert "meet" in [token.lemma_ for token in link.context]


def test_participle_on_a_noun_is_not_the_act() -> None:
    """In "lifted restrictions imposed on T" the act is to lift."""
    text, source, target = read_marked("[S:Veldania] lifted restrictions imposed on [T:Ostmark].")
    link = find_link(parse(text), source, target)

    assert link.chain[0].lemma_ == "lift"
    assert "impose" not in [token.lemma_ for token in link.chain]


@pytest.mark.parametrize(
    ("marked", "operator", "sign"),
    [
        ("[S:Veldania] refused to lift the embargo on [T:Ostmark].", "refuse", "harm_turned"),
        ("[S:Veldania] threatened to suspend aid to [T:Ostmark].", "threaten", "help_turned"),
        ("[S:Veldania] will suspend aid to [T:Ostmark].", "future:S", "help_turned"),
        ("[S:Veldania] said [T:Ostmark] must leave.", "duty:T", ""),
        ("[S:Veldania] bombed [T:Ostmark].", None, ""),
    ],
    ids=["refuse-to-lift", "threaten-to-suspend", "future", "duty-of-target", "done"],
)
def test_stance(marked: str, operator: str | None, sign: str) -> None:
    """The outer word and the turned sign are found in the parse."""
    text, source, target = read_marked(marked)
    link = find_link(parse(text), source, target)
    units = [("c", token) for token in link.chain]
    units += [("o", child) for token in link.chain for child in token.children if child.dep_ == "dobj"]
    stance = find_stance(link, units, load_predicates())

    assert operator == (stance.operators[0] if stance.operators else None)
    assert sign == stance.sign


def test_hashed_features_have_unit_length() -> None:
    """Long and short sentences weigh alike; buckets stay inside the table."""
    indices, values = hash_features({"a": 1.0, "b": 2.0, "\udcff": 1.0})

    assert pytest.approx(1.0) == float(np.linalg.norm(values))
    assert all(0 <= index < 1 << BITS for index in indices)


def test_head_of_a_phrase_is_its_noun() -> None:
    """The head of "the president of Corvia" is the president."""
    doc = parse("On Monday the president of Corvia resigned.")

    head = head_of(doc, token_span(doc, (10, 33)))

    assert head is not None
    assert head.text == "president"


@pytest.mark.parametrize(
    ("act", "past", "gerund"),
    [
        ("ban T", "banned T", "banning T"),
        ("withdraw its troops", "withdrew its troops", "withdrawing its troops"),
        ("deny T entry", "denied T entry", "denying T entry"),
        ("free T", "freed T", "freeing T"),
        ("release T", "released T", "releasing T"),
        ("expel T", "expelled T", "expelling T"),
    ],
)
def test_inflection(act: str, past: str, gerund: str) -> None:
    """Only the first word of an act is inflected."""
    forms = inflect(act)

    assert past == forms["D"]
    assert gerund == forms["G"]


def test_predicates_name_known_types_only() -> None:
    """A class that suggests an unknown type is refused by name."""
    with pytest.raises(ValueError, match=r"class strike: unknown ATTACK"):
        read_predicates({"strike": {"types": {"ATTACK": 1}, "verbs": "hit"}})


def test_every_type_has_training_sentences() -> None:
    """At least 140 cores a type (40 for the neutral one), none empty of both sides, none twice in a file."""
    cores = [*read_cores(), *compose()]
    counts = {name: sum(core.event_type == name for core in cores) for name in EVENT_TYPES}

    assert not [name for name, count in counts.items() if count < (40 if name == NEUTRAL else 140)]


def test_mistakes_in_training_files_are_all_reported(tmp_path: Path) -> None:
    """Each bad line is named with its file and line."""
    (tmp_path / "bad.txt").write_text("S met T\n= HUG\nnobody here\n= AID\nS fed T\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"(?s)bad.txt:1.*bad.txt:2: unknown type 'HUG'.*bad.txt:3"):
        read_cores(tmp_path)


def test_spans_of_training_sentences_are_exact() -> None:
    """The spans cut out the fillings also behind words set in front; the same seed gives the same text."""
    cores = read_cores()[:200]
    examples = list(expand(cores, 3, seed=7))

    assert [example.text for example in examples] == [example.text for example in expand(cores, 3, seed=7)]
    for example in examples:
        for span in (example.source, example.target):
            words = example.text[slice(*span)] if span else "X"
            assert words
            assert words == words.strip()
            assert words[0].isupper() or example.text[span[0] - 1] in " -(" if span and span[0] else True
