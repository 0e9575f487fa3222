"""The dashboard: `streamlit run app.py`."""

from streamlit import App

from timeline.dashboard.plotly_js import ROUTES
from timeline.dashboard.server import SCRIPT, prepare

app = App(SCRIPT, lifespan=prepare, routes=ROUTES)
