"""The dashboard: `streamlit run app.py`."""

from streamlit import App

from timeline.dashboard.server import SCRIPT, prepare

app = App(SCRIPT, lifespan=prepare)
