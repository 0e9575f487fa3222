"""Charts as PNG, SVG and PDF through an installed Chromium; the caption under the chart says where it comes from."""

from __future__ import annotations

import threading

import plotly.graph_objects as go

from timeline.errors import TimelineError
from timeline.views.figures import wrap_text
from timeline.views.palette import Palette
from timeline.views.plotting import escape_text
from timeline.views.provenance import Provenance
from timeline.views.svg import render_figure

FORMATS = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
WIDTH_PX = 1280
# One browser at a time: kaleido's start is the slow part and two cores gain nothing from a second.
_LOCK = threading.Lock()


class NoBrowserError(TimelineError):
    """There is no Chrome or Chromium to draw an image with; the message says what else to do."""


def prepare_for_file(figure: go.Figure, palette: Palette, provenance: Provenance) -> go.Figure:
    """A copy of a figure with a solid background and its provenance as caption."""
    copy = go.Figure(figure)
    lines = wrap_text(provenance.caption(), 190)
    bottom = 56 + 16 * len(lines)
    height = int(copy.layout.height or 500) + bottom - 30
    copy.update_layout(
        paper_bgcolor=palette.background, plot_bgcolor=palette.background, height=height, width=WIDTH_PX,
        margin={"l": 24, "r": 24, "b": bottom},
    )  # fmt: skip
    copy.add_annotation(
        text="<br>".join(escape_text(line) for line in lines), xref="paper", yref="paper", x=0, y=0, yshift=-44,
        xanchor="left", yanchor="top", align="left", showarrow=False, font={"size": 11, "color": palette.muted},
    )  # fmt: skip
    return copy


def has_browser() -> bool:
    """Whether a Chrome or Chromium is installed that can draw the images."""
    from choreographer.browsers.chromium import Chromium  # kaleido's driver; slow to import, so only when asked

    return Chromium.find_browser(skip_local=False) is not None


def write_image(figure: go.Figure, file_format: str, palette: Palette, provenance: Provenance) -> bytes:
    """Write a figure as an image file: through Chromium where there is one, else by our own renderer and vl-convert.

    Args:
        figure: A Plotly figure of ours.
        file_format: One of `FORMATS`; PNG has twice the pixels, for print.
        palette: Colours of the theme.
        provenance: Goes into the caption.

    Raises:
        ValueError: The format is none of `FORMATS`.
    """
    if file_format not in FORMATS:
        raise ValueError(f"unknown image format {file_format!r}; use one of {', '.join(FORMATS)}")
    ready = prepare_for_file(figure, palette, provenance)
    if has_browser():
        try:
            return draw_with_browser(ready, file_format)
        except NoBrowserError:
            pass  # a browser that is installed but does not start: the other way needs none
    return draw_without_browser(ready, file_format)


def draw_with_browser(figure: go.Figure, file_format: str) -> bytes:
    """The figure as Chromium draws it. Not by `figure.to_image`, which fetches MathJax and sets `$names$` with it.

    Raises:
        NoBrowserError: No Chrome or Chromium is found, or it does not start.
    """
    import kaleido  # slow to import

    wanted = {
        "format": file_format, "width": WIDTH_PX, "height": figure.layout.height,
        "scale": 2 if file_format == "png" else 1,
    }  # fmt: skip
    try:
        with _LOCK:
            image = kaleido.calc_fig_sync(figure.to_dict(), opts=wanted, kopts={"mathjax": False})
    except (RuntimeError, OSError, ValueError) as error:  # what kaleido and its driver derive their errors from
        raise NoBrowserError(
            f"The image could not be drawn ({type(error).__name__}). Install Chromium or Chrome on the machine "
            "that runs "
            "the dashboard, for example: apt-get install chromium"
        ) from error
    return bytes(image)


def draw_without_browser(figure: go.Figure, file_format: str) -> bytes:
    """The figure as our own renderer draws it: the same marks in plainer dress; the legend does not wrap."""
    import vl_convert

    svg = render_figure(figure, WIDTH_PX, int(figure.layout.height))
    if file_format == "png":
        return bytes(vl_convert.svg_to_png(svg, scale=2))
    return bytes(vl_convert.svg_to_pdf(svg)) if file_format == "pdf" else svg.encode("utf-8")
