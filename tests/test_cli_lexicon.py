"""`lexicon check` and `lexicon why`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from cli_samples import Shell, shell

from timeline.cli.lexicon import explain
from timeline.coding.actors import ActorResolver
from timeline.coding.lexicon import load_lexicon

__all__ = ["shell"]

OWN = """\
- id: aldoria-guard
  name: Aldorian Guard
  kind: armed_group
  sector: MIL
  aliases: [Guard of Aldoria]
- id: ostrel-vann
  name: Ostrel Vann
  kind: person
  roles:
    - {office: commander, of: aldoria-guard, sector: MIL, from: 2018-01-01, to: 2019-12-31}
"""


def test_our_lexicon_has_no_mistakes(shell: Shell) -> None:
    """What ships is sound, and so is a sound file of the user's with it."""
    assert shell.run("lexicon", "check").startswith("no mistakes: ")
    before = shell.run_json("lexicon", "check", "--json")["actors"]
    after = shell.run_json("lexicon", "check", shell.write("own.yaml", OWN), "--json")

    assert after == {"problems": [], "actors": before + 2}


def test_every_mistake_is_named_with_its_line(shell: Shell) -> None:
    """All at once, as file:line; exit code 1."""
    broken = OWN.replace("kind: armed_group", "kind: army").replace("of: aldoria-guard", "of: borvenia-guard")
    out = shell.run("lexicon", "check", shell.write("own.yaml", broken), code=1)

    assert [line.split(" ")[0] for line in out.splitlines()] == ["own.yaml:3:", "own.yaml:9:"]
    assert shell.err == "2 mistakes\n"
    assert len(shell.run_json("lexicon", "check", "own.yaml", "--json", code=1)["problems"]) == 2


def test_a_missing_file_is_wrong_usage(shell: Shell) -> None:
    """Exit code 2."""
    shell.run("lexicon", "check", "missing.yaml", code=2)

    assert "there is no missing.yaml" in shell.err


def test_why_names_entry_alias_and_rule(shell: Shell) -> None:
    """A whole name of the user's file, found at its line."""
    shell.write("own.yaml", OWN)
    answer = shell.run_json("lexicon", "why", "the", "Guard", "of", "Aldoria", "--lexicon", "own.yaml", "--json")
    assert (answer["actor"]["id"], answer["actor"]["sector"]) == ("aldoria-guard", "MIL")
    assert answer["entry"]["where"] == "own.yaml:1"
    assert [part["senses"] for part in answer["parts"]][-1] == [
        {"id": "aldoria-guard", "name": "Aldorian Guard", "use": "name"}
    ]

    out = shell.run("lexicon", "why", "Guard of Aldoria", "--lexicon", "own.yaml")
    assert "the whole phrase is in the lexicon: name or alias" in out
    assert "entry: own.yaml:1 (armed_group)" in out


def test_why_goes_by_the_day(shell: Shell) -> None:
    """An office leads to its holder of that day, and the output says which offices were held."""
    shell.write("own.yaml", OWN)
    then = shell.run("lexicon", "why", "Ostrel Vann", "--on", "2019-03-01", "--lexicon", "own.yaml")
    later = shell.run("lexicon", "why", "Ostrel Vann", "--on", "2020-03-01", "--lexicon", "own.yaml")

    assert "office: commander of aldoria-guard, 2018-01-01 to 2019-12-31 (held on 2019-03-01)" in then
    assert "(not held then)" in later


def test_why_composes_and_names_what_is_similar(shell: Shell) -> None:
    """A phrase that is no entry is put together; one that is nobody is compared with names; exit code 1."""
    shell.write("own.yaml", OWN)
    composed = shell.run_json("lexicon", "why", "Norwegian fishermen and women", "--json", code=0)
    assert (composed["actor"]["country"], composed["entry"]) == ("NOR", None)

    answer = shell.run_json("lexicon", "why", "Aldorien Gard", "--lexicon", "own.yaml", "--json", code=1)
    assert answer["actor"] is None
    assert {"name": "Aldorian Guard", "id": "aldoria-guard"} in answer["near"]
    assert "similar names: Aldorian Guard (aldoria-guard)" in shell.run(
        "lexicon", "why", "Aldorien Gard", "--lexicon", "own.yaml", code=1
    )


def test_why_of_nothing_and_of_odd_signs(shell: Shell) -> None:
    """An empty phrase is wrong usage; any other text has an answer."""
    shell.run("lexicon", "why", "  ", code=2)
    for phrase in ("\x1b[31m", "…", "a" * 5000, "ا ب"):
        assert shell.run_json("lexicon", "why", phrase, "--json", code=1)["actor"] is None


def test_broken_lexicon_of_the_users_stops_why(shell: Shell) -> None:
    """Exit code 2 with file and line."""
    shell.write("own.yaml", "- id: x\n")
    shell.run("lexicon", "why", "x", "--lexicon", "own.yaml", code=2)

    assert "own.yaml:1: " in shell.err


def test_entries_of_ours_are_found_in_their_files(tmp_path: Path) -> None:
    """`where` is a file of ours and the line of the id; the user's entry wins."""
    resolver = ActorResolver(load_lexicon())
    name, line = explain(resolver, "Norway", dt.date(2020, 3, 5))["entry"]["where"].split(":")
    own = tmp_path / "own.yaml"
    own.write_text("# mine\n- {id: NOR, name: Norge, kind: state, country: NOR}\n", "utf-8")
    with_own = ActorResolver(load_lexicon([own]))

    from importlib.resources import files

    text = (files("timeline") / "resources" / "actors" / name).read_text("utf-8").splitlines()
    assert "NOR" in text[int(line) - 1]
    assert explain(with_own, "Norge", None, [own])["entry"]["where"] == f"{own}:2"
