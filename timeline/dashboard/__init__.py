"""The Streamlit pages: read the filter, query, draw."""
