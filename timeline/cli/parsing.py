"""Options that several commands share, and the types of their values."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
from pathlib import Path
from typing import Any

VARIABLE = "TIMELINE_PROJECT"
DEFAULT_PROJECT = "project"
COLUMN_FIELDS = ("text", "published", "title", "publisher", "url", "id")

Commands = Any  # argparse gives its collection of subparsers no public name


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help whose examples keep their lines."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=100)


def add_command(commands: Commands, name: str, words: str, examples: str = "", more: str = "") -> Any:
    """A subparser with the project option; `words` is its line in the list of commands."""
    parser = commands.add_parser(
        name,
        help=words,
        description=words[:1].upper() + words[1:] + "." + (f"\n\n{more}" if more else ""),
        epilog=f"examples:\n{examples}" if examples else None,
        formatter_class=Formatter,
        allow_abbrev=False,
    )
    add_project_option(parser)
    return parser


def add_project_option(parser: argparse.ArgumentParser, *, top: bool = False) -> None:
    """The option `--project`, before or after the command."""
    parser.add_argument(
        "--project",
        metavar="DIR",
        type=Path,
        default=None if top else argparse.SUPPRESS,
        help=f"the project folder (default: ${VARIABLE}, else ./{DEFAULT_PROJECT})",
    )


def choose_project(options: argparse.Namespace) -> Path:
    """The folder of the project that a command works on."""
    given: Path | None = options.project
    return (given or Path(os.environ.get(VARIABLE, "").strip() or DEFAULT_PROJECT)).expanduser()


def add_json_option(parser: argparse.ArgumentParser, what: str = "the result") -> None:
    parser.add_argument("--json", action="store_true", help=f"print {what} as JSON")


def add_coding_options(parser: argparse.ArgumentParser) -> None:
    """Options of every command that codes."""
    parser.add_argument(
        "--processes", type=positive, default=1, metavar="N", help="code in N processes at once (default: 1)"
    )
    parser.add_argument(
        "--lexicon",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="actors of your own, a YAML file or a folder of them; may be given several times",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="show no progress")


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """Options of every command that reads articles."""
    group = parser.add_argument_group("what is known of the articles (stronger than what is found in them)")
    group.add_argument("--published", type=day, metavar="DATE", help="their publication date, for example 2020-03-06")
    group.add_argument("--publisher", metavar="NAME", help="the outlet")
    group.add_argument("--title", metavar="TEXT", help="their title")
    group.add_argument(
        "--column",
        type=column,
        action="append",
        default=[],
        metavar="FIELD=NAME",
        help=f"which column of a table, or field of JSON, holds what; FIELD is one of {', '.join(COLUMN_FIELDS)}",
    )
    group.add_argument("--allow-urls", action="store_true", help="let PATH be an http(s) address, and fetch it")


def day(text: str) -> dt.date:
    """A day as people type it in a command."""
    try:
        return dt.datetime.strptime(text.strip(), "%Y-%m-%d").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it like 2020-03-06") from None


def positive(text: str) -> int:
    """A whole number from 1."""
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def size(text: str) -> int:
    """A number of bytes, with its unit if it has one: 5GB."""
    found = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)\s*(B|kB|MB|GB|TB)?", text.strip(), re.IGNORECASE | re.ASCII)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write it like 500MB or 5GB")
    return int(float(found[1]) * 1000 ** ("b", "kb", "mb", "gb", "tb").index((found[2] or "b").lower()))


def whole(text: str) -> int:
    """A whole number from 0."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0")
    return int(text)


def share(text: str) -> float:
    """A number from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return value


def column(text: str) -> tuple[str, str]:
    """FIELD=NAME as a pair."""
    field, equals, name = text.partition("=")
    if not (equals and name and field in COLUMN_FIELDS):
        allowed = ", ".join(COLUMN_FIELDS)
        raise argparse.ArgumentTypeError(f"{text!r} is not FIELD=NAME with FIELD one of {allowed}")
    return field, name
