"""Entry point for `streamlit run` where the package is installed without its checkout."""

from streamlit import App

from timeline.dashboard.server import SCRIPT, prepare

app = App(SCRIPT, lifespan=prepare)
