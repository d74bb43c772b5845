"""What a form asks: how it is stored, its steps, and what it lacks."""

from leads.forms import definition
from leads.forms.definition import MOST_QUESTIONS, Definition, Kind, Question


def of_ids(*ids: str) -> Definition:
    return Definition(questions=tuple(Question(name, text=name) for name in ids))


def test_what_is_stored_is_read_again():
    form = Definition(
        title="A",
        questions=(Question("q_abc234", Kind.CHOICES, "Which?", True, ("a", "b"), True),),
    )

    assert definition.from_json(definition.to_json(form)) == form


def test_what_another_release_stored_is_read_too():
    stored = {"title": "A", "unheard_of": 1, "questions": [{"id": "q_abc234", "new": True}]}

    assert definition.from_json(stored).questions == (Question("q_abc234"),)


def test_question_is_moved_by_one_place_and_stays_within_the_form():
    form = of_ids("a", "b", "c")

    assert [q.id for q in form.moved("c", -1).questions] == ["a", "c", "b"]
    assert [q.id for q in form.moved("a", 1).questions] == ["b", "a", "c"]
    assert form.moved("a", -1) == form.moved("c", 1) == form.moved("none", 1) == form


def test_form_has_no_room_for_more_than_the_most():
    form = Definition()
    for _ in range(MOST_QUESTIONS + 5):
        form = form.with_question()

    assert len({question.id for question in form.questions}) == MOST_QUESTIONS


def test_steps_begin_where_questions_say_so_but_not_before_the_first():
    questions = tuple(
        Question(name, text=name, starts_step=starts)
        for name, starts in (("a", True), ("b", False), ("c", True), ("d", True))
    )

    steps = Definition(questions=questions).steps

    assert [[question.id for question in step] for step in steps] == [["a", "b"], ["c"], ["d"]]


def test_what_is_lacking_is_said_in_sentences():
    form = Definition(
        questions=(Question("q_1"), Question("q_2", Kind.ONE_CHOICE, "How?", options=("a",)))
    )

    assert form.faults == [
        "A question has no words yet.",
        "“How?” needs at least two choices.",
    ]
