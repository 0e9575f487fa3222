"""Colours, shapes and dashes of the charts, in a light and a dark set.

Cooperation and conflict are told apart three times over: by colour (Okabe and Ito 2008, safe for the colour-blind),
by marker shape and by dash. Material acts are filled, verbal ones are hollow.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from timeline.ontology import QUAD_CLASSES


class Sign(StrEnum):
    """Whether an act helps or harms its target."""

    COOPERATION = "cooperation"
    CONFLICT = "conflict"
    NEUTRAL = "neutral"


SIGN_OF_QUAD = {
    0: Sign.NEUTRAL,
    1: Sign.COOPERATION,
    2: Sign.COOPERATION,
    3: Sign.CONFLICT,
    4: Sign.CONFLICT,
}
DASH_OF_SIGN = {Sign.COOPERATION: "solid", Sign.CONFLICT: "dash", Sign.NEUTRAL: "dot"}
SYMBOL_OF_QUAD = {0: "square-open", 1: "circle-open", 2: "circle", 3: "diamond-open", 4: "diamond"}
GLYPH_OF_QUAD = {0: "□", 1: "○", 2: "●", 3: "◇", 4: "◆"}
# Order of legends and stacks: conflict on top, neutral in the middle.
QUAD_ORDER = (2, 1, 0, 3, 4)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme; hexadecimal RGB."""

    name: str
    background: str
    surface: str
    text: str
    muted: str
    grid: str
    node: str
    accent: str
    cooperation: str
    conflict: str
    neutral: str

    def of_sign(self, sign: Sign) -> str:
        """The colour of cooperation, conflict or neither."""
        return {
            Sign.COOPERATION: self.cooperation,
            Sign.CONFLICT: self.conflict,
            Sign.NEUTRAL: self.neutral,
        }[sign]

    def of_quad(self, quad_class: int) -> str:
        """The colour of a quad class; verbal and material acts share it and differ by fill."""
        return self.of_sign(SIGN_OF_QUAD[quad_class])


LIGHT = Palette(
    name="light",
    background="#ffffff",
    surface="#f5f7f9",
    text="#1b2733",
    muted="#5b6875",
    grid="#e3e8ed",
    node="#3f5266",
    accent="#0b5c8a",
    cooperation="#0072b2",
    conflict="#d55e00",
    neutral="#7f7f7f",
)
DARK = Palette(
    name="dark",
    background="#10161d",
    surface="#19222c",
    text="#e6ebf0",
    muted="#9aa7b4",
    grid="#2a3541",
    node="#a9bccf",
    accent="#6cb6e8",
    cooperation="#56b4e9",
    conflict="#f28c4b",
    neutral="#a5adb5",
)


def choose_palette(theme: str | None) -> Palette:
    """The palette of a theme's name; anything but "dark" is light."""
    return DARK if theme == "dark" else LIGHT


def fade_colour(colour: str, opacity: float) -> str:
    """A hexadecimal colour as `rgba(…)` with an opacity of 0 to 1.

    >>> fade_colour("#0072b2", 0.5)
    'rgba(0,114,178,0.5)'
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def label_quad(quad_class: int) -> str:
    """A quad class with its glyph, for legends and lists: `◆ Material conflict`."""
    return f"{GLYPH_OF_QUAD[quad_class]} {QUAD_CLASSES[quad_class]}"
