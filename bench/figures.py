"""Numbers for people: percentiles and tables."""

import math


def percentile(values: list[float], share: float) -> float:
    """Return the value that a share (0 to 1) of the values does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def median(values: list[float]) -> float:
    return percentile(values, 0.5)


def table(heads: list[str], rows: list[list]) -> str:
    """Return rows as a table in Markdown."""
    cells = [heads, *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])
