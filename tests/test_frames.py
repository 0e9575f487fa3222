"""The frame lexicon: its notation, its loader's complaints, its size and its soundness."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from timeline.coding.frames import Frames, load_frames, parse_pattern, read_frames
from timeline.errors import LexiconError
from timeline.ontology import EVENT_TYPES

CLASSES = {"weapon": frozenset({"gun", "missile"})}


def write_lexicon(
    folder: Path, frames: str, classes: str = "weapon: [gun]\n", operators: str = "light: [launch]\n"
) -> list[Path]:
    texts = {"frames.yaml": frames, "classes.yaml": classes, "operators.yaml": operators}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


@pytest.mark.parametrize(
    ("line", "heads", "subject", "kinds"),
    [
        ("attack T", ("attack",), "S", ["object T"]),
        ("bomb/shell T", ("bomb", "shell"), "S", ["object T"]),
        ("T die", ("die",), "T", []),
        ("R meet (R)", ("meet",), "R", ["object R ?"]),
        ("shoot down T", ("shoot",), "S", ["prep T"]),  # a preposition or a particle with an object
        ("open =fire on|at T", ("open",), "S", ["object X", "prep T"]),
        ("call on T (TO)", ("call",), "S", ["prep T", "infinitive X ?"]),
        ("give T {weapon}", ("give",), "S", ["object T", "object X"]),
        ("seize {T:weapon}", ("seize",), "S", ["object T"]),
        ("accuse T of ING", ("accuse",), "S", ["object T", "prep X"]),
        ("set ~free T", ("set",), "S", ["complement X", "object T"]),
        ("decline TO=comment", ("decline",), "S", ["infinitive X"]),
        ("S=troop leave T", ("leave",), "S", ["subject X", "object T"]),
    ],
)
def test_notation(line: str, heads: tuple[str, ...], subject: str, kinds: list[str]) -> None:
    """A line of the notation is read as the README says."""
    found_heads, found_subject, slots = parse_pattern(line, "verb", CLASSES)

    assert (heads, subject) == (found_heads, found_subject)
    assert kinds == [f"{slot.kind} {slot.role}{' ?' if slot.optional else ''}" for slot in slots]


def test_noun_participants_are_optional() -> None:
    """A noun may leave out who did it to whom."""
    _, _, slots = parse_pattern("attack by S on T", "noun", CLASSES)

    assert all(slot.optional for slot in slots)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "must begin with a word"),
        ("Attack T", "must begin with a word"),
        ("T", "must begin with a word"),
        ("attack (on T", "parentheses do not pair"),
        ("attack on) T", "parentheses do not pair"),
        ("give {gift} to T", "unknown class"),
        ("attack on@ T", "cannot read 'on@'"),
        ("seize =Q:ship", "'Q' is no role"),
        ("speak with R", "needs R before the verb"),
    ],
)
def test_bad_notation_is_explained(line: str, reason: str) -> None:
    """A line that breaks the notation says what is wrong with it."""
    with pytest.raises(ValueError, match=r"\S") as caught:
        parse_pattern(line, "verb", CLASSES)

    assert reason in str(caught.value)


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    """The loader lists every mistake as file:line."""
    paths = write_lexicon(
        tmp_path,
        "- type: ATTACK\n  pos: verb\n  frames:\n    - bomb T\n"
        "- type: ASSAULT\n  pos: verb\n  colour: red\n  root: '99'\n  frames:\n    - bomb T\n"
        "- type: ASSAULT\n  pos: verb\n  frames:\n    - bomb T\n    - Bomb T\n    - give {gift} to T\n",
    )
    with pytest.raises(LexiconError) as caught:
        read_frames(paths)

    places = [problem.split(": ", 1)[0] for problem in caught.value.problems]
    assert places == ["frames.yaml:1", "frames.yaml:5", "frames.yaml:5", "frames.yaml:15", "frames.yaml:16"]


@pytest.mark.parametrize(
    ("frames", "classes", "reason"),
    [
        ("- {", "weapon: [gun]\n", "not readable as YAML"),
        ("a: b\n", "weapon: [gun]\n", "expected a list of groups"),
        ("- type: ASSAULT\n  pos: verb\n", "weapon: [gun]\n", "'frames' must be a list"),
        ("[]\n", "weapon: gun\n", "must be a list of words"),
        ("[]\n", "weapon: ['{tool}']\n", "names an unknown class {tool}"),
        ("[]\n", "- gun\n", "expected a mapping"),
        ("- type: ASSAULT\n  pos: verb\n  confidence: high\n  frames: [bomb T]\n", "weapon: [gun]\n", "not a number"),
        ("- type: ASSAULT\n  pos: adverb\n  frames: [bomb T]\n", "weapon: [gun]\n", "unknown pos 'adverb'"),
    ],
)
def test_broken_files_are_explained(tmp_path: Path, frames: str, classes: str, reason: str) -> None:
    """A file that cannot be used is named with the reason."""
    with pytest.raises(LexiconError, match=r"(frames|classes)\.yaml") as caught:
        read_frames(write_lexicon(tmp_path, frames, classes))

    assert reason in str(caught.value)


def test_classes_take_in_classes(tmp_path: Path) -> None:
    """A class that names another has its words."""
    frames = read_frames(write_lexicon(tmp_path, "[]\n", "weapon: [gun]\ngiven: ['{weapon}', food]\n"))

    assert frozenset({"gun", "food"}) == frames.classes["given"]


def test_most_demanding_frame_first(tmp_path: Path) -> None:
    """Frames of a head are ordered by how much they ask for."""
    paths = write_lexicon(tmp_path, "- type: ASSAULT\n  pos: verb\n  frames: [fire T, fire =shot at T, fire at T]\n")

    assert [f.rule for f in read_frames(paths).senses("verb", "fire")] == ["fire =shot at T", "fire at T", "fire T"]


@pytest.fixture(scope="module")
def shipped() -> Frames:
    return load_frames()


def test_shipped_lexicon_is_large(shipped: Frames) -> None:
    """At least 1,500 frames, and every event type has its share."""
    types = Counter(frame.event_type for frame in shipped)

    assert len(shipped) >= 1500
    assert set(EVENT_TYPES) == set(types) - {""}
    assert all(types[name] >= 50 for name in EVENT_TYPES)


def test_two_acts_for_the_same_words(tmp_path: Path) -> None:
    """The same words cannot name two acts: the second could never win."""
    text = (
        "- type: ASSAULT\n  pos: verb\n  frames: [bomb T]\n- type: ACCUSE\n  pos: verb\n  frames:\n    - slam/bomb T\n"
    )
    with pytest.raises(LexiconError) as caught:
        read_frames(write_lexicon(tmp_path, text))

    assert caught.value.problems == ("frames.yaml:7: 'bomb' in 'bomb T' is already ASSAULT at frames.yaml:3",)


def test_every_source_has_a_place(shipped: Frames) -> None:
    """A frame that names an act knows where at least one participant stands."""
    lost = [f.rule for f in shipped if f.event_type and f.subject == "X" and not any(s.role in "STR" for s in f.slots)]

    assert lost == []
