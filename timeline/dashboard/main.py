"""The script that Streamlit runs for each reader and each change."""

from timeline.dashboard.navigation import run

run()
