"""The dashboard: `streamlit run app.py`."""

from timeline.dashboard.navigation import run

run()
