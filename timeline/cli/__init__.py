"""The command line: one module for each group of commands.

Until the arguments are parsed nothing heavy is imported; a command loads its libraries when it runs.
"""

from timeline.cli.command import main

__all__ = ["main"]
