"""An accent of any colour can be read."""

import pytest

from leads.forms import colours

ACCENTS = ("#2b57c8", "#ffd400", "#ffffff", "#000000", "#808080", "#1a1d22", "#ff0000", "#00ff80")


@pytest.mark.parametrize("accent", ACCENTS)
def test_text_on_it_and_text_of_it_can_be_read(accent):
    shades = colours.shades_of(accent)

    assert shades.fill == accent
    assert colours.contrast(shades.on_fill, shades.fill) >= 4.5
    assert colours.contrast(shades.ink, colours.SURFACE) >= 4.5
    assert colours.contrast(shades.dark_ink, colours.DARK_SURFACE) >= 4.5


def test_colour_that_can_be_read_is_left_as_it_is():
    assert colours.shades_of("#2b57c8").ink == "#2b57c8"


def test_contrast_is_that_of_wcag():
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
