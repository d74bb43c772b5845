"""The words by which people stop messages, and ask for them again: a whole message, nothing less.

A sentence that holds "stop" is for the agent to read, which has a tool for it. "Cancel" is not
among them: here it means the appointment.

Facts: the words that Twilio's Advanced Opt-Out knows by default (STOP, STOPALL, UNSUBSCRIBE, END,
QUIT, REVOKE, OPTOUT; START, YES, UNSTOP), and what people write in other languages.
"""

import unicodedata

STOP = frozenset(
    {
        *("stop", "stopall", "stop all", "stop it", "stop messages", "stop messaging"),
        *("stop messaging me", "stop texting", "stop texting me", "stop writing", "please stop"),
        *("stop please", "unsubscribe", "unsubscribe me", "end", "quit", "revoke", "optout"),
        *("opt out", "opt me out", "remove", "remove me", "leave me alone", "no more messages"),
        # German, Dutch
        *("stopp", "abmelden", "abbestellen", "aufhoren", "keine nachrichten", "afmelden"),
        *("uitschrijven", "nicht mehr schreiben", "stoppen", "stop bitte", "bitte stop"),
        # French
        *("arret", "arreter", "arretez", "stop svp", "desabonner", "desinscrire", "desinscription"),
        # Spanish, Portuguese, Catalan, Italian
        *(
            "baja",
            "alto",
            "parar",
            "para",
            "pare",
            "detener",
            "cancelar suscripcion",
            "dar de baja",
        ),
        *("darme de baja", "no mas", "no mas mensajes", "sair", "descadastrar", "remover", "atura"),
        *("annulla", "basta", "ferma", "cancellami", "disiscrivimi", "disiscrivi"),
        # Nordic, Polish, Czech, Turkish, Romanian, Hungarian, Greek
        *("avslutt", "avsluta", "stans", "sluta", "lopeta", "zatrzymaj", "rezygnuje", "wypisz"),
        *("zastavit", "odhlasit", "dur", "iptal", "durdur", "dezabonare", "opreste", "leallitas"),
        *("στοπ", "διακοπη"),
        # Russian, Ukrainian, Arabic, Hebrew, Hindi
        *("стоп", "отписаться", "отписка", "відписатися", "توقف", "قف", "ايقاف", "إيقاف", "الغاء"),
        *("עצור", "הסר", "रोकें", "बंद करो", "बंद करें", "रुको"),
        # Chinese, Japanese, Korean, Vietnamese, Thai, Indonesian
        *("停止", "停", "退订", "退訂", "取消订阅", "取消訂閱", "配信停止", "ストップ", "やめて"),
        *("중지", "그만", "수신거부", "dung", "huy", "หยุด", "ยกเลิก", "berhenti"),
    }
)
# What is longer is no such word, whatever it begins with.
LONGEST = 200
START = frozenset(
    {
        *("start", "unstop", "restart", "resume", "subscribe", "opt in", "optin", "opt me in"),
        *("starten", "weiter", "anmelden", "reprendre", "alta", "empezar", "comecar", "inizia"),
        *("ricomincia", "старт", "开始", "開始", "스타트", "시작", "スタート", "ابدأ", "शुरू"),
    }
)


def is_stop(text: str) -> bool:
    """Return whether a message is nothing but the wish to get no more."""
    return _folded(text) in _STOP


def is_start(text: str) -> bool:
    """Return whether a message is nothing but the wish to get messages again."""
    return _folded(text) in _START


def _folded(text: str) -> str:
    """Return a text without case, accents, punctuation, symbols and repeated words."""
    parts = unicodedata.normalize("NFKD", text[:LONGEST].casefold())
    kept = "".join(_kept(character) for character in parts)
    return unicodedata.normalize("NFC", " ".join(dict.fromkeys(kept.split())))


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Mn" and character < "\u0370":  # accents of Latin letters
        return ""
    if category[0] in "LMN":
        return character
    return "" if category == "Cf" else " "


_STOP = frozenset(map(_folded, STOP))
_START = frozenset(map(_folded, START))
