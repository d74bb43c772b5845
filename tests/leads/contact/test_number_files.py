"""Which numbers a file of the do-not-call list holds."""

import pytest

from leads.contact.do_not_call import number_files

KINDS = [
    (b"+447400123401\n+447400123402\n", "", ["+447400123401", "+447400123402"]),
    (b"+447400123401\r\n\r\n  +447400123402  ", "", ["+447400123401", "+447400123402"]),
    (b"\xef\xbb\xbf+447400123401\n", "", ["+447400123401"]),
    ("\ufeff07400\u00a0123401\n".encode("utf-16"), "", ["07400\u00a0123401"]),
    (b"phone\n+447400123401\n", "", ["+447400123401"]),
    (b"Name,Phone\nJane,+447400123401\nJoe,\n", "", ["+447400123401"]),
    (b"Name;Mobile\nJane;07400 123401\n", "", ["07400 123401"]),
    (b"Name\tTelephone\nJane\t07400 123401\n", "", ["07400 123401"]),
    (b'"Doe, Jane","Phone number"\n"x, y","+44 7400, 123401"\n', "", ["+44 7400, 123401"]),
    (b"Phone,Fax\n1,+447400123401\n", "fax", ["+447400123401"]),
    ("T\u00e9l\u00e9phone,Nom\n+33612345678,A\n".encode("cp1252"), "telephone", ["+33612345678"]),
    (b"Name,Phone\nJane\nJoe,+447400123401\n", "", ["+447400123401"]),
    (b"phone\n", "", []),
]


@pytest.mark.parametrize("data, column, texts", KINDS)
def test_numbers_are_found(data, column, texts):
    assert [line.text for line in number_files.read(data, column=column)] == texts


@pytest.mark.parametrize(
    "data, column, told",
    [
        (b"", "", "is empty"),
        (b" \n\r\n", "", "is empty"),
        (b"Name,Number of children\nJane,2\n", "", "calls none of them"),
        (b"Name,Phone\nJane,+447400123401\n", "Fax", "names no column \u201cFax\u201d"),
        (b"x" * 200_000, "", "cannot be read as text"),
    ],
)
def test_what_holds_no_list_is_said(data, column, told):
    with pytest.raises(number_files.BadFile, match=told):
        number_files.read(data, column=column)


def test_lines_are_counted_as_an_editor_does():
    data = b'Name,Phone\n"Jane\nDoe",1\n\nJoe,2\n'

    assert [line.number for line in number_files.read(data)] == [3, 5]


@pytest.mark.parametrize(
    "numbers, most, said",
    [
        ([], 5, ""),
        ([3], 5, "3"),
        ([3, 4, 5, 9, 11, 12], 5, "3-5, 9, 11-12"),
        ([1, 3, 5, 6, 7], 2, "1, 3 and 3 more"),
    ],
)
def test_lines_are_named_in_runs(numbers, most, said):
    assert number_files.in_ranges(numbers, most) == said
