"""Entry point for `streamlit run` where the package is installed without its checkout."""

from timeline.dashboard.navigation import run

run()
