"""The colours keep their contrast: computed from the files in assets/."""

import re
from pathlib import Path
from typing import get_args

import pytest

from todo_app.schemas.organise import Color

ASSETS = Path(__file__).parents[2] / "assets"

TEXT = 4.5  # WCAG 1.4.3, text of any size
CONTROL = 3.0  # WCAG 1.4.11, what one must see to find a control or the focus

PAIRS = [  # least contrast, foreground, the backgrounds it stands on
    (TEXT, "text", "bg surface raised hover selected due-soon-bg"),
    (TEXT, "text-2", "bg surface raised hover"),
    (TEXT, "text-3", "bg surface raised hover"),
    (TEXT, "accent-text", "bg surface raised hover selected accent-subtle"),
    (TEXT, "danger-text", "surface raised hover"),
    (TEXT, "due-today", "surface hover"),
    (TEXT, "due-soon", "surface hover due-soon-bg"),
    (TEXT, "due-week", "surface hover"),
    (TEXT, "p1", "surface hover"),
    (TEXT, "p2", "surface hover"),
    (TEXT, "p3", "surface hover"),
    (TEXT, "on-accent", "accent accent-hover"),
    (TEXT, "on-danger", "danger danger-hover"),
    (TEXT, "on-inverse", "inverse"),
    (TEXT, "inverse-accent", "inverse"),
    (CONTROL, "border-control", "surface raised hover"),
    (TEXT, "p1", "p1-bg"),
    (TEXT, "p2", "p2-bg"),
    (TEXT, "p3", "p3-bg"),
    (CONTROL, "p4", "surface hover"),
    (CONTROL, "accent", "surface raised hover"),
    (CONTROL, "danger", "surface raised"),
    (CONTROL, "focus", "bg surface raised hover selected"),
    *((CONTROL, f"c-{colour}", "bg surface raised hover selected") for colour in get_args(Color)),
]


def colours() -> dict[str, tuple[str, str]]:
    """Name → (light, dark) of every token that is a pair of opaque colours; the first definition is the plain one."""
    declared = re.findall(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)", (ASSETS / "tokens.css").read_text())
    found: dict[str, tuple[str, str]] = {}
    for name, light, dark in declared:
        found.setdefault(name, (light, dark))
    return found


def luminance(colour: str) -> float:
    """WCAG relative luminance of #rrggbb."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("least", "foreground", "background"),
    [(least, fore, back) for least, fore, backs in PAIRS for back in backs.split()],
)
def test_contrast_is_enough(least: float, foreground: str, background: str, theme: str) -> None:
    side = ("light", "dark").index(theme)
    tokens = colours()
    ratio = contrast(tokens[foreground][side], tokens[background][side])
    assert ratio >= least, f"--{foreground} on --{background} ({theme}) is {ratio:.2f}, needs {least}"


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_every_token_in_use_is_defined() -> None:
    css = (ASSETS / "tokens.css").read_text() + (ASSETS / "app.css").read_text()
    used = set(re.findall(r"var\(--([\w-]+)", css))
    defined = set(re.findall(r"--([\w-]+):", css))
    assert used <= defined
