"""STOP and START in many spellings and languages; a sentence is neither."""

import pytest

from leads.messages.incoming import stop_words

STOPS = (
    *("STOP", "stop", "Stop.", "stop!!!", " 'Stop' ", "STOP 🛑", "Stop stop", "st\u200bop"),
    *("ＳＴＯＰ", "stopall", "Stop all", "UNSUBSCRIBE", "end", "Quit", "opt-out", "Opt out!"),
    *("remove me", "Please stop.", "Arrêt", "ARRÊTEZ", "Baja", "dar de baja", "Parar", "Stopp"),
    *("Abmelden", "annulla", "停止", "退订", "ストップ", "중지", "стоп", "СТОП!", "إيقاف", "στοπ"),
)
NO_STOPS = (
    *("", "stop, wait", "Stop, o Zé não vem", "please stop by at 5", "non-stop", "Can I cancel?"),
    *("cancel", "Cancel.", "end of May", "the end", "start", "yes", "no", "no thanks", "🛑", "..."),
    *("stop" + " and" * 100, "don't stop", "bus stop", "when does it end"),
)


@pytest.mark.parametrize("text", STOPS)
def test_stop_is_understood(text):
    assert stop_words.is_stop(text) and not stop_words.is_start(text)


@pytest.mark.parametrize("text", NO_STOPS)
def test_a_sentence_is_for_the_agent(text):
    assert not stop_words.is_stop(text)


@pytest.mark.parametrize("text", ["START", "start!", "Unstop", "Opt in", "alta", "старт", "开始"])
def test_start_is_understood(text):
    assert stop_words.is_start(text) and not stop_words.is_stop(text)
