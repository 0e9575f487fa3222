"""plotly.js as it is installed with the Python package, sent by our own server: nothing comes from elsewhere."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from timeline.coding.resources import find_resource

ADDRESS = f"charts/plotly-{version('plotly')}.js"  # under the server's own
FETCH = find_resource("plotly_fetch.js").read_text(encoding="utf-8")  # the function that has a browser fetch it


def send_plotly(request: Request) -> Response:
    """The script. Its address holds the release, so a browser that has it need never ask again."""
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_pack(), media_type="text/javascript", headers=headers | {"Content-Encoding": "gzip"})
    return Response(_read(), media_type="text/javascript", headers=headers)


# Before the address may stand the path that the server is set to answer under.
ROUTES = [Route(f"/{{under:path}}{ADDRESS}", send_plotly)]


@cache
def _pack() -> bytes:
    return gzip.compress(_read(), 1)  # a third of the size in a fifteenth of a second; level 9 saves a tenth more


def _read() -> bytes:
    found = find_spec("plotly")
    if found is None or found.origin is None:
        raise ImportError("plotly is not installed; pip install plotly")
    return (Path(found.origin).parent / "package_data" / "plotly.min.js").read_bytes()
