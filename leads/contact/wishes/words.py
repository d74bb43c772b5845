"""The words of a wish: spelt alike, and taken away as they are understood."""

import re

NUMBERS = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14},
    **{"fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19},
    **{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50},
}
# What is said beside a time and changes nothing of it.
FILLERS = frozenset(
    (
        *("a", "about", "after", "again", "and", "around", "at", "back", "best", "better", "call"),
        *("coming", "could", "day", "for", "good", "great", "i", "in", "is", "it", "kindly", "me"),
        *("maybe", "my", "of", "ok", "okay", "on", "perhaps", "phone", "please", "possible"),
        *("ring", "say", "sharp", "so", "some", "thanks", "that", "the", "then", "this", "time"),
        *("try", "us", "want", "would", "yes", "you", "your"),
    )
)
SPELLINGS = (
    (r"[\u2018\u2019`]", "'"),
    (r"\b([ap])\.? ?m\b\.?", r"\1m"),  # p.m., p m
    (r"\bo'? ?clock\b", " "),
    (r"(?<=[a-z])-(?=[a-z])", " "),  # twenty-five, mid-day
    (r"\bmid day\b", "noon"),
    (r"\bmid night\b", "midnight"),
    (r"[,;!?]|\.(?=\s|$)(?<!\d\.)", " "),
    (r"\bafter lunch\b", "in the afternoon"),
    (r"\ban hour and a half\b", "90 minutes"),
    (r"\b(a )?half( an| a)? hour\b", "30 minutes"),
    (r"\b(a )?quarter of an hour\b", "15 minutes"),
    (r"\b(a )?couple( of)?\b", "2"),
    (r"\ba few\b", "3"),
    (r"\ban? (?=(minute|hour|day|week)\b)", "1 "),
)


class Words:
    """What is left of a wish to be understood."""

    def __init__(self, text: str):
        text = text.lower()
        for pattern, spelling in SPELLINGS:
            text = re.sub(pattern, spelling, text)
        text = re.sub(r"\b[a-z]+\b", lambda word: str(NUMBERS.get(word[0], word[0])), text)
        # Twenty five; but "five thirty" is a time.
        text = re.sub(r"\b([2-5])0 ([1-9])\b(?! ?[:.\d])", r"\g<1>\g<2>", text)
        self.text = " ".join(text.split())

    def take(self, pattern: str) -> re.Match[str] | None:
        """Return the first match of a pattern, as whole words, and take it away."""
        found = re.search(rf"(?<![\w:.]){pattern}(?![\w:])", self.text)
        if found:
            # What stood on either side of it does not come together.
            self.text = f"{self.text[: found.start()]} | {self.text[found.end() :]}"
        return found

    @property
    def rest(self) -> list[str]:
        """Return the words that mean something and were not taken."""
        left = re.findall(r"[^\s|]+", self.text)
        return [word for word in left if word.strip(".'") not in FILLERS and word.strip(".'")]
