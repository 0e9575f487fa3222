"""Short notes that a program keeps in the record for itself, each under a name."""

from __future__ import annotations

from timeline.store.project import Project


def read_note(project: Project, name: str) -> str:
    """The note of that name, "" if there is none."""
    with project.read() as db:
        row = db.execute("SELECT value FROM meta WHERE key = ?", (_key(name),)).fetchone()
    return str(row[0]) if row else ""


def save_note(project: Project, name: str, text: str) -> None:
    """Keep a note in place of the one before it."""
    with project.write() as db:
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_key(name), text))


def _key(name: str) -> str:
    return f"note {name}"  # apart from what the store keeps in the same table
