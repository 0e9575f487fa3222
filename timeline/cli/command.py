"""The `timeline` command: its parser, and what becomes of errors, interruptions and closed pipes.

Exit codes: 0 all well; 1 some inputs were skipped or failed, and are named; 2 wrong usage, or nothing could be
done; 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence

from timeline import __version__
from timeline.cli import (
    adding,
    coding,
    corrections,
    evaluating,
    exporting,
    importing,
    lexicon,
    listing,
    serving,
    upkeep,
)
from timeline.cli.output import FAILED, INTERRUPTED, OK, make_printable, warn
from timeline.cli.parsing import Formatter, add_project_option
from timeline.errors import TimelineError

DEBUG = "TIMELINE_DEBUG"
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_EXAMPLES = """\
examples:
  timeline add news/ report.pdf        read articles, code them, keep them in ./project
  timeline serve                       look at them in the browser
  timeline events --actor RUS --from 2020-03-01
  timeline export xlsx events.xlsx
  timeline code --jsonl news/ coded.jsonl
  timeline lexicon why "Syrian mercenaries"

exit codes: 0 all well; 1 some inputs were skipped or failed (they are named); 2 wrong usage, or nothing
could be done; 130 stopped with Ctrl-C. `timeline COMMAND --help` tells more of each.
"""


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands; each sets `run`, which takes the options and returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="timeline",
        description="News articles in; dated, evidence-backed events out: who did what to whom, and who says so.",
        epilog=_EXAMPLES,
        formatter_class=Formatter,
    )
    parser.add_argument("--version", action="version", version=f"timeline {__version__}")
    add_project_option(parser, top=True)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (adding, importing, coding, listing, corrections, exporting, serving, lexicon, evaluating, upkeep):
        module.add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: What stands behind `timeline`; by default those of the process.

    Returns:
        The exit code, see the module.
    """
    make_printable(sys.stdout, sys.stderr)
    try:
        options = build_parser().parse_args(arguments)
    except SystemExit as stop:  # argparse has said what it wants
        return stop.code if isinstance(stop.code, int) else FAILED
    try:
        code = _run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # `timeline events | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return code


def _run(options: argparse.Namespace) -> int:
    try:
        code: int = options.run(options)
    except KeyboardInterrupt:
        warn("stopped; what was finished is kept, and the same command goes on from there")
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except OSError as error:
        warn(_explain(error))
        return FAILED
    except TimelineError as error:
        warn(str(error))
        return FAILED
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        warn(f"this should not have happened: {type(error).__name__}: {error}")
        warn(f"please report it, with what {DEBUG}=1 in front of the same command prints")
        return FAILED
    return code


def _explain(error: OSError) -> str:
    """What the system refused: where, why, and what to do."""
    if error.errno == errno.ENOSPC:
        return "the disk is full; free some space and run the command again"
    if error.filename is None or error.strerror is None:
        return str(error)
    advice = "; choose another place, or change its permissions" if error.errno in _REFUSED else ""
    return f"{os.fsdecode(error.filename).removesuffix('.part')}: {error.strerror}{advice}"
