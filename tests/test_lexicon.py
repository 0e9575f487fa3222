"""The actor lexicon: loading, checking, looking up."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from timeline.coding import lexicon as lexicon_module
from timeline.coding.entries import Period
from timeline.coding.lexicon import Lexicon, load_lexicon
from timeline.coding.words import fold, split_words
from timeline.errors import LexiconError
from timeline.ontology import SECTORS

HERE = Path(__file__).parent
INVENTED = HERE / "invented_actors.yaml"

STATE = "- {id: KEL, name: Kelland, kind: state, country: KEL, demonyms: [Kellish]}\n"
MISTAKES = [
    ("sector", "- id: x\n  name: X Corps\n  kind: organ\n  sector: GVO\n", 4, "did you mean GOV?"),
    ("kind", "- id: x\n  name: X Corps\n  kind: orgn\n", 3, "did you mean organ?"),
    ("field", "- id: x\n  name: X Corps\n  kind: organ\n  alias: [Y]\n", 4, "did you mean aliases?"),
    ("no-id", "- name: X Corps\n  kind: organ\n", 1, "id is missing"),
    ("bad-id", "- id: X Corps\n  name: X Corps\n  kind: organ\n", 1, "three capitals or lower-case"),
    ("part-of", "- id: x\n  name: X Corps\n  kind: organ\n  part_of: ZZZ\n", 4, "no actor 'ZZZ'"),
    ("part-of-itself", "- id: x\n  name: X Corps\n  kind: organ\n  part_of: x\n", 4, "part of itself"),
    ("role-of", "- id: x\n  name: X Pell\n  kind: person\n  roles: [{office: mayor, of: nowhere}]\n", 4, "'nowhere'"),
    (
        "role-date",
        "- id: x\n  name: X Pell\n  kind: person\n  roles: [{office: mayor, of: x, from: 2018-13}]\n",
        4,
        "no date",
    ),
    (
        "role-field",
        "- id: x\n  name: X Pell\n  kind: person\n  roles: [{office: mayor, of: x, til: 2018}]\n",
        4,
        "'til'",
    ),
    ("order", "- id: x\n  name: X Corps\n  kind: organ\n  from: 2019\n  to: 2018\n", 4, "after"),
    ("boolean", "- id: x\n  name: X Corps\n  kind: organ\n  aliases: [NO]\n", 4, "put it in quotes"),
    ("list", "- id: x\n  name: X Corps\n  kind: organ\n  aliases: Y Corps\n", 4, "must be a list"),
    ("country", "- id: x\n  name: X Corps\n  kind: organ\n  country: Norway\n", 4, "alpha-3"),
    ("state-sector", "- {id: QQQ, name: Q, kind: state, country: QQQ, sector: GOV}\n", 1, "no sector"),
    ("roles-of-a-thing", "- id: x\n  name: X\n  kind: organ\n  roles: [{office: o, of: x}]\n", 4, "only a person"),
    (
        "twice-taken",
        "- {id: x, name: X Corps, kind: organ}\n- {id: y, name: X Corps, kind: organ}\n",
        2,
        "also names 'x'",
    ),
    ("not-a-list", "id: x\n", 1, "a list of entries"),
    ("not-a-mapping", "- x\n", 1, "mapping of fields"),
    ("not-yaml", "- {id: x\n", 2, "not valid YAML"),
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon([INVENTED])


def write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("text", "line", "words"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_mistake_is_named_with_file_and_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    """Each kind of mistake says where it is and what is allowed."""
    path = write(tmp_path, text)

    with pytest.raises(LexiconError) as caught:
        load_lexicon([path])
    fitting = [problem for problem in caught.value.problems if words in problem]
    assert fitting, caught.value.problems
    assert fitting[0].startswith(f"{path}:{line}: ")


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    """Several files with several mistakes give one error."""
    one = write(tmp_path, "- {id: x, name: X Corps, kind: organ, sector: GVO}\n- {id: y, kind: organ}\n", "one.yaml")
    two = write(tmp_path, "- {id: z, name: Z Corps, kind: thing}\n", "two.yaml")

    with pytest.raises(LexiconError) as caught:
        load_lexicon([one, two])
    assert len(caught.value.problems) == 3


def test_own_entries_are_sound(lexicon: Lexicon) -> None:
    """What we ship has no mistake, and knows every state's adjective."""
    states = [entry for entry in lexicon.entries.values() if entry.kind == "state" and entry.period.end is None]

    assert len(states) > 190
    assert {"GGY", "VAT"} >= {entry.id for entry in states if not entry.demonyms and not entry.weak}
    assert {entry.sector for entry in lexicon.entries.values() if entry.sector} <= set(SECTORS)


def test_user_replaces_by_id(tmp_path: Path) -> None:
    """A user's entry takes the place of ours with the same id."""
    path = write(tmp_path, "- {id: ZUB, name: New Zubrovia, kind: state, country: ZUB, demonyms: [Zubrish]}\n")
    lexicon = load_lexicon([INVENTED, path])

    assert lexicon.entries["ZUB"].name == "New Zubrovia"
    assert lexicon.look_up("Zubrovian") == ()


def test_user_may_take_our_name(tmp_path: Path) -> None:
    """A name of ours in the user's file is not a clash."""
    path = write(
        tmp_path, STATE + "- {id: kellish-group, name: The Kellish Group, kind: company, aliases: [Zubrovia]}\n"
    )

    assert "KEL" in load_lexicon([path]).entries


def test_folder_of_files(tmp_path: Path) -> None:
    """A folder stands for its YAML files."""
    write(tmp_path, STATE)

    assert "KEL" in load_lexicon([tmp_path]).entries


def test_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(LexiconError, match=r"absent\.yaml"):
        load_lexicon([tmp_path / "absent.yaml"])


def test_version_follows_content(tmp_path: Path) -> None:
    """Equal content has an equal version, other content another."""
    path = write(tmp_path, STATE)
    first, again = load_lexicon([path]).version, load_lexicon([path]).version
    write(tmp_path, STATE.replace("Kellish", "Kellandic"))

    assert first == again
    assert first != load_lexicon([path]).version


@pytest.mark.parametrize(
    ("words", "actor"),
    [
        ("Dragan Velk", "dragan-velk"),
        ("DRAGAN VELK", "dragan-velk"),
        ("Drágan Vélk", "dragan-velk"),
        ("dragan velk", None),
        ("Jabhat al Heron", "red-heron-front"),
        ("Jabhat Al-Heron", "red-heron-front"),
        ("RHF", "red-heron-front"),
        ("Rhf", None),
        ("Zubrovias", "ZUB"),
        ("Zubroviaesque", None),
        ("", None),
    ],
)
def test_look_up(lexicon: Lexicon, words: str, actor: str | None) -> None:
    """Accents, hyphens and all capitals do not matter; the capitals of a name do."""
    senses = lexicon.look_up(words)

    assert actor == (senses[0].entry.id if senses else None)


def test_longest_name_wins(lexicon: Lexicon) -> None:
    """A name inside a longer one is not found on its own."""
    words = split_words("Zubrovian War Ministry building")
    end, senses = lexicon.find(words, 0)

    assert (end, senses[0].entry.id) == (3, "zub-war-ministry")


@pytest.mark.parametrize(
    ("day", "holder"),
    [("2008-12-31", None), ("2009-01-01", "dragan-velk"), ("2012-12-31", "dragan-velk"), ("2013-01-01", "mira-kosh")],
)
def test_office_holder_by_day(lexicon: Lexicon, day: str, holder: str | None) -> None:
    """Both ends of a term belong to it."""
    entry = lexicon.find_holder("foreign minister", "ZUB", dt.date.fromisoformat(day))

    assert holder == (entry.id if entry else None)


def test_months_and_years_are_whole(tmp_path: Path) -> None:
    """`to: 2018-02` ends with February, `to: 2018` with December."""
    text = STATE + "- {id: a, name: A Pell, kind: person, roles: [{office: mayor, of: KEL, from: 2017, to: 2018-02}]}\n"
    role = load_lexicon([write(tmp_path, text)]).entries["a"].roles[0]

    assert Period(dt.date(2017, 1, 1), dt.date(2018, 2, 28)) == role.period


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("the U.S. and U.K.", ["the", "us", "and", "uk"]),
        ("Hay'at Tahrir al-Sham", ["hayat", "tahrir", "al", "sham"]),
        ("Norlund's king", ["norlund", "s", "king"]),
        ("the rebels' bus", ["the", "rebels", "s", "bus"]),
        ("Erdoğan, Erdog\u0306an", ["erdogan", "erdogan"]),
        ("İstanbul ılık", ["istanbul", "ilik"]),
        ("‘quoted’", ["quoted", "s"]),
        ("", []),
    ],
)
def test_words(text: str, keys: list[str]) -> None:
    """Words as names are compared."""
    words = split_words(text)

    assert keys == [word.key for word in words]
    assert all(text[word.start : word.end] == word.text for word in words)


def test_fold_is_idempotent() -> None:
    """Folding a folded word changes nothing."""
    assert "assad" == fold(fold("Assád")) == fold("assad")


def test_loading_is_quick() -> None:
    """Under half a millisecond an entry, on any machine of this century."""
    lexicon_module._build.cache_clear()
    started = time.process_time()
    count = len(load_lexicon().entries)

    assert time.process_time() - started < 0.0005 * count + 0.3
