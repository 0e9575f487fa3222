"""The scripts that Streamlit runs, one per page; each only calls its page's module."""

from pathlib import Path

SCREENS = Path(__file__).parent
