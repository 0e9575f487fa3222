"""The actor lexicon: `lexicon check` finds mistakes, `lexicon why` explains how a phrase is read."""

from __future__ import annotations

import argparse
import datetime as dt
import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline.cli.output import FAILED, OK, PARTLY, count, note, plain, say, say_json, say_table, warn
from timeline.cli.parsing import Commands, Formatter, add_command, add_json_option, day

if TYPE_CHECKING:
    from timeline.coding.actors import ActorResolver
    from timeline.coding.entries import Entry
    from timeline.coding.lexicon import Lexicon, Sense
    from timeline.coding.phrases import Part
    from timeline.records import Actor

_NEAR, _CUTOFF = 5, 0.72
_USES = {
    "name": "name or alias",
    "weak": "weak alias: needs other evidence in an article",
    "demonym": "nationality",
    "capital": "capital, stands for the government",
    "metonym": "seat, stands for the government",
}
_ID_LINE = re.compile(r"\s*-?\s*\{?\s*id:\s*[\"']?([\w-]+)")


def add_commands(commands: Commands) -> None:
    """Define `lexicon check` and `lexicon why`."""
    parser = add_command(
        commands,
        "lexicon",
        "check actor lexicons, or explain how a phrase is read",
        "  timeline lexicon check my_actors.yaml\n  timeline lexicon why 'Syrian mercenaries'\n"
        "  timeline lexicon why 'the Turkish president' --on 2020-03-05",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    check = actions.add_parser(
        "check",
        help="find every mistake in our lexicon and in files of your own",
        description="Check our lexicon together with files of your own; each mistake is printed as file:line: what.",
        epilog="examples:\n  timeline lexicon check\n  timeline lexicon check my_actors.yaml more/",
        formatter_class=Formatter,
    )
    check.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a YAML file, or a folder of them")
    add_json_option(check, "the mistakes")
    check.set_defaults(run=_check)
    why = actions.add_parser(
        "why",
        help="tell which actor a phrase names, by which entry, alias and rule",
        description="Tell which actor a phrase names, by which entry, alias and rule; and which names are similar.",
        epilog="examples:\n  timeline lexicon why 'Russian defence minister' --on 2020-03-05\n"
        "  timeline lexicon why 'HTS fighters' --json",
        formatter_class=Formatter,
    )
    why.add_argument("phrase", nargs="+", metavar="PHRASE", help="the words, as they stand in a text")
    why.add_argument("--on", type=day, metavar="DATE", help="the day it is said: offices go to who held them")
    why.add_argument("--lexicon", type=Path, action="append", default=[], metavar="FILE", help="actors of your own")
    add_json_option(why)
    why.set_defaults(run=_why)


def _check(options: argparse.Namespace) -> int:
    from timeline.coding.agents import load_agents
    from timeline.coding.frames import load_frames
    from timeline.coding.lexicon import load_lexicon
    from timeline.errors import LexiconError

    if missing := [str(path) for path in options.files if not path.exists()]:
        warn(f"there is no {', '.join(missing)}")
        return FAILED
    problems: list[str] = []
    actors = 0
    try:
        actors = len(load_lexicon(options.files).entries)
    except LexiconError as error:
        problems += error.problems
    others: tuple[Callable[[], object], ...] = (load_agents, load_frames)
    for load in others:
        try:
            load()
        except LexiconError as error:
            problems += error.problems
    if options.json:
        say_json({"problems": problems, "actors": actors or None})
    else:
        for problem in problems:
            say(plain(problem))
        if problems:
            note(count(len(problems), "mistake"))
        else:
            say(f"no mistakes: {count(actors, 'actor')}")
    return PARTLY if problems else OK


def _why(options: argparse.Namespace) -> int:
    from timeline.coding.actors import ActorResolver
    from timeline.coding.lexicon import load_lexicon

    phrase = " ".join(options.phrase)
    if not phrase.strip():
        warn("the phrase is empty")
        return FAILED
    resolver = ActorResolver(load_lexicon(options.lexicon))
    answer = explain(resolver, phrase, options.on, options.lexicon)
    if options.json:
        say_json(answer)
    else:
        _tell(answer, options.on)
    return OK if answer["actor"] else PARTLY


def explain(
    resolver: ActorResolver, phrase: str, on: dt.date | None = None, extra: list[Path] | None = None
) -> dict[str, Any]:
    """How a phrase is read: its actor, that actor's entry, the parts of the phrase, and names like it."""
    actor = resolver.resolve(phrase, on)
    lexicon = resolver.lexicon
    return {
        "phrase": phrase,
        "on": on and on.isoformat(),
        "actor": actor and _plain_actor(actor),
        "rule": _name_rule(actor, lexicon, phrase),
        "entry": _plain_entry(lexicon.entries.get(actor.id), on, extra or []) if actor else None,
        "parts": [_plain_part(part) for part in resolver.split(phrase, alone=True)],
        "near": _find_near(lexicon, phrase, actor),
    }


def _plain_actor(actor: Actor) -> dict[str, Any]:
    return {name: getattr(actor, name) for name in ("id", "name", "country", "sector", "part_of", "known")}


def _name_rule(actor: Actor | None, lexicon: Lexicon, phrase: str) -> str:
    """In a few words, how the words lead to the actor."""
    if actor is None:
        return "no name of the lexicon and no agent noun in it"
    if not actor.known:
        return "a name the lexicon does not have, with a word that says what it is"
    whole = [sense for sense in lexicon.look_up(phrase) if sense.entry.id == actor.id]
    if whole:
        return f"the whole phrase is in the lexicon: {_USES[whole[0].use]}"
    if actor.id in lexicon.entries:
        return "put together from the parts: a name, office or organ that leads to this entry"
    return "put together from the parts: the noun gives the sector, the nationality the country"


def _plain_entry(entry: Entry | None, on: dt.date | None, extra: list[Path]) -> dict[str, Any] | None:
    if entry is None:
        return None
    roles = [
        {
            "office": role.office,
            "of": role.of,
            "sector": role.sector,
            "from": role.period.start and role.period.start.isoformat(),
            "to": role.period.end and role.period.end.isoformat(),
            "held": role.period.holds(on),
        }
        for role in entry.roles
    ]
    return {
        "id": entry.id,
        "name": entry.name,
        "kind": entry.kind,
        "where": _find_line(entry.id, extra),
        "aliases": list(entry.aliases),
        "weak": list(entry.weak),
        "part_of": entry.part_of,
        "roles": roles,
    }


def _find_line(entry_id: str, extra: list[Path]) -> str:
    """file:line of an entry; the user's files win, as in the lexicon."""
    for name, text in _sources(extra):
        for number, line in enumerate(text.splitlines(), 1):
            found = _ID_LINE.match(line)
            if found and found[1] == entry_id:
                return f"{name}:{number}"
    return ""


def _sources(extra: list[Path]) -> Iterator[tuple[str, str]]:
    for given in reversed(extra):
        for path in sorted(given.glob("*.y*ml"), reverse=True) if given.is_dir() else [given]:
            yield str(path), path.read_text(encoding="utf-8-sig")
    folder = files("timeline") / "resources" / "actors"
    for own in sorted(folder.iterdir(), key=lambda path: path.name):
        if own.name.endswith(".yaml"):
            yield own.name, own.read_text(encoding="utf-8")


def _plain_part(part: Part) -> dict[str, Any]:
    return {
        "text": part.text,
        "kind": part.kind,
        "sector": part.noun.sector if part.noun else part.sector,
        "place": part.place,
        "senses": [_plain_sense(sense) for sense in part.senses],
    }


def _plain_sense(sense: Sense) -> dict[str, str]:
    return {"id": sense.entry.id, "name": sense.entry.name, "use": sense.use}


def _find_near(lexicon: Lexicon, phrase: str, actor: Actor | None) -> list[dict[str, str]]:
    """Names of other entries that look like the phrase."""
    from timeline.coding.words import fold_text

    names: dict[str, tuple[str, str]] = {}
    for entry in lexicon.entries.values():
        for name in (entry.name, *entry.aliases, *entry.weak):
            names.setdefault(fold_text(name), (name, entry.id))
    close = get_close_matches(fold_text(phrase[:200]), names, n=_NEAR + 3, cutoff=_CUTOFF)
    own = actor.id if actor else ""
    found = [{"name": names[key][0], "id": names[key][1]} for key in close if names[key][1] != own]
    return found[:_NEAR]


def _tell(answer: dict[str, Any], on: dt.date | None) -> None:
    actor, entry = answer["actor"], answer["entry"]
    if actor is None:
        say(f"{plain(answer['phrase'])}: no actor")
    else:
        say(f"{plain(answer['phrase'])}: {plain(actor['name'])}")
        rows = [[name, actor[name] or "–"] for name in ("id", "country", "sector", "part_of")]
        say_table([*rows, ["in the lexicon", "yes" if entry else "no, composed" if actor["known"] else "no, proposed"]],
                  indent="  ")  # fmt: skip
    say(f"  because: {answer['rule']}")
    if entry:
        say(
            f"  entry: {entry['where']} ({entry['kind']})"
            + (f"; also {plain(', '.join(entry['aliases'][:8]))}" if entry["aliases"] else "")
        )
        for role in entry["roles"]:
            held = (
                f"held on {on}"
                if on and role["held"]
                else "not held then"
                if on
                else "still held"
                if role["held"]
                else "held no more"
            )
            say(f"  office: {role['office']} of {role['of']}, {role['from'] or '…'} to {role['to'] or '…'} ({held})")
    say("  read as:")
    say_table(
        [
            [plain(part["text"]), part["kind"], part["sector"] or part["place"],
             "; ".join(f"{sense['id']} ({_USES[sense['use']].split(':')[0]})" for sense in part["senses"])]
            for part in answer["parts"]
        ],
        indent="    ",
    )  # fmt: skip
    if answer["near"]:
        say("  similar names: " + plain(", ".join(f"{near['name']} ({near['id']})" for near in answer["near"])))
