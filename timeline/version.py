"""The version of the package; a coding depends on it."""

from __future__ import annotations

VERSION = "0.1.0"
