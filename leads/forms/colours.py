"""The accent colour of a form, and what of it can be read. Pure.

Contrast is that of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio): 4.5 for text, 3 for
the outlines of what is operated.
"""

from collections.abc import Iterator
from dataclasses import dataclass

WHITE, BLACK = "#ffffff", "#000000"
# What the accent stands on: the surfaces of form.css.
SURFACE, DARK_SURFACE = WHITE, "#1a1d22"
TEXT_CONTRAST = 4.5
STEPS = 50


@dataclass(frozen=True)
class Shades:
    """An accent as it is used: colours as `#rrggbb`.

    fill: the button. on_fill: its text. ink: links, marks and outlines, on light; dark_ink: on
    dark.
    """

    fill: str
    on_fill: str
    ink: str
    dark_ink: str


def shades_of(accent: str) -> Shades:
    """Return the shades of any accent: whichever it is, all can be read."""
    return Shades(
        fill=accent,
        on_fill=max((WHITE, BLACK), key=lambda colour: contrast(accent, colour)),
        ink=_readable(accent, SURFACE, towards=BLACK),
        dark_ink=_readable(accent, DARK_SURFACE, towards=WHITE),
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _readable(colour: str, ground: str, *, towards: str) -> str:
    """Return the shade nearest to a colour in which text can be read on a ground."""
    shades = (_mixed(colour, towards, step / STEPS) for step in range(STEPS + 1))
    return next(shade for shade in shades if contrast(shade, ground) >= TEXT_CONTRAST)


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = map(_linear, _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def _channels(colour: str) -> Iterator[int]:
    return (int(colour[place : place + 2], 16) for place in (1, 3, 5))
