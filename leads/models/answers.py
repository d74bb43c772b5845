"""Answers in the words of the questions that they answer."""

from collections.abc import Mapping, Sequence


def in_words(
    answers: Mapping[str, str], questions: Sequence[str], wordings: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return pairs of question and answer in the order of the questions, unknown ones last.

    wordings: what was asked, by the ids of the answers, when it was answered; others are asked as
    they are called. Two questions of the same words keep their ids beside them.
    """
    places = {question: place for place, question in enumerate(questions)}
    ordered = sorted(answers.items(), key=lambda pair: places.get(pair[0], len(places)))
    asked = [wordings.get(name, name) for name, _ in ordered]
    return [
        (f"{words} ({name})" if asked.count(words) > 1 else words, answer)
        for words, (name, answer) in zip(asked, ordered, strict=True)
    ]
