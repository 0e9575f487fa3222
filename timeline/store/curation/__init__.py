"""Corrections: what readers set right by hand, kept as a log, and what follows from it for codings and events."""
