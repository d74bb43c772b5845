"""Phone numbers out of a file as people have them: one a line, or a column of a table. Pure."""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from leads.models.folding import fold

# What a column of phones is called where nobody says it.
NAMES = ("phone", "phone number", "phone_number", "phonenumber", "telephone", "tel", "mobile")
DELIMITERS = ",;\t"
LONGEST_NAME = 60


class BadFile(ValueError):
    """The file holds no list of numbers; `str()` says why."""


@dataclass(frozen=True)
class Line:
    """What stands where a number should be. number: of the line in the file, from 1."""

    number: int
    text: str


def read(data: bytes, *, column: str = "") -> list[Line]:
    """Return what stands in the lines of a file, or in a column of it; empty ones left out.

    column: what the first line calls it; "" takes the one that is called a phone, or the only one.
    Raises BadFile.
    """
    text = _decoded(data)
    try:
        rows = list(_rows(text))
    except csv.Error as error:
        raise BadFile(f"The file cannot be read as text: {error}.") from error
    if not rows:
        raise BadFile("The file is empty.")
    place, has_heading = _place(rows, column)
    lines = ((number, row[place].strip()) for number, row in rows if place < len(row))
    return [Line(*line) for line in itertools.islice(lines, has_heading, None) if line[1]]


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # as Excel saves "Unicode text"
        return data.decode("utf-16", errors="replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with the number of its last line."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for row in reader:
        if any(cell.strip() for cell in row):
            yield reader.line_num, row


def _place(rows: list[tuple[int, list[str]]], column: str) -> tuple[int, bool]:
    """Return which column holds the numbers, and whether the first row is its heading."""
    headings = [fold(cell).strip() for cell in rows[0][1]]
    if column:
        wanted = fold(column).strip()
        if wanted not in headings:
            raise BadFile(f"The first line names no column “{column[:LONGEST_NAME]}”.")
        return headings.index(wanted), True
    known = [place for place, name in enumerate(headings) if name in NAMES]
    if known:
        return known[0], True
    if len(headings) > 1:
        raise BadFile(
            "The file has several columns, and the first line calls none of them “phone”. "
            "Say which one holds the numbers."
        )
    return 0, False


def in_ranges(numbers: Iterable[int], most: int) -> str:
    """Return numbers that rise as `3, 7-9, 12`; after so many parts how many more there are."""
    found = list(numbers)
    runs = [
        [number for _, number in run]
        for _, run in itertools.groupby(enumerate(found), lambda pair: pair[1] - pair[0])
    ]
    said = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs[:most]]
    left = sum(map(len, runs[most:]))
    return ", ".join(said) + (f" and {left} more" if left else "")
