"""What the ids of peer support are called, in both languages: for the one line that says why a mentor
fits, and for mentors at their desk and on their phone."""

from collections.abc import Mapping, Sequence

from bot.peers.model import Wishes

_SAID: Mapping[str, tuple[str, str]] = {
    "about/recovery": ("has been through recovery", "ha pasado por la recuperación"),
    "about/mental_health": (
        "has been through hard times in the mind",
        "ha pasado por momentos difíciles de la mente",
    ),
    "about/loss": ("has lost somebody", "ha perdido a alguien"),
    "about/family": ("has been apart from family", "ha estado lejos de su familia"),
    "about/long_sentence": ("has done a long time", "ha pasado muchos años adentro"),
    "about/first_time": (
        "remembers the first time inside",
        "recuerda la primera vez adentro",
    ),
    "about/parole_denial": (
        "has been told no by the board",
        "ha recibido un no de la junta",
    ),
    "about/coming_home": ("has come home", "ha vuelto a casa"),
    "about/leaving_gangs": ("has left a gang", "ha dejado una pandilla"),
    "about/segregation": ("has been in the hole", "ha estado en el hoyo"),
    "about/work_school": (
        "has been through school or a trade inside",
        "ha estudiado o aprendido un oficio adentro",
    ),
    "about/identity": (
        "knows what it is to be seen as different here",
        "sabe lo que es que aquí te vean diferente",
    ),
    "about/veteran": ("is a veteran", "estuvo en el ejército"),
    "about/faith": ("has found strength in faith", "ha hallado fuerza en la fe"),
    "about/young": ("came in young", "entró muy joven"),
    "kind/emotional": ("good at listening", "sabe escuchar"),
    "kind/informational": ("knows how things work", "sabe cómo funcionan las cosas"),
    "kind/instrumental": ("helps get things done", "ayuda a hacer trámites"),
    "kind/affiliational": ("brings people together", "ayuda a conocer gente"),
    "speaks/en": ("speaks English", "habla inglés"),
    "speaks/es": ("speaks Spanish", "habla español"),
    "gender/woman": ("is a woman", "es mujer"),
    "gender/man": ("is a man", "es hombre"),
    "gender/nonbinary": ("is nonbinary", "es una persona no binaria"),
    "hours/mornings": ("has time in the mornings", "tiene tiempo por la mañana"),
    "hours/afternoons": ("has time in the afternoons", "tiene tiempo por la tarde"),
    "hours/evenings": ("has time in the evenings", "tiene tiempo por la noche"),
    "hours/weekends": ("has time on weekends", "tiene tiempo los fines de semana"),
    "other-unit": ("does not live in your unit", "no vive en tu unidad"),
    "free": ("has room for one more", "tiene lugar para una persona más"),
    "meet/come": ("will come to the mentors", "irá a donde están los mentores"),
    "meet/find": ("wants to be found", "quiere que vayan a buscarle"),
    "meet/call": ("wants to be called", "quiere que le llamen"),
    "meet/write": ("wants to write, through the program", "quiere escribir, por el programa"),
    "why/full": ("I carry enough right now", "Ahora ya acompaño a bastantes"),
    "why/not_my_story": ("It's not my story", "No es mi historia"),
    "why/too_close": ("We know each other too well", "Nos conocemos demasiado"),
    "why/hours": ("My hours don't fit", "No me queda la hora"),
    "why/language": ("Another language is needed", "Hace falta otro idioma"),
    "why/unwell": ("I'm not well myself", "No me siento bien"),
    "why/other": ("Another reason", "Otra razón"),
    "anybody": ("has time", "tiene tiempo"),
}
MOST_REASONS = 3


def said(key: str, language: str) -> str:
    """What an id is called; the id itself where it has no words."""
    english, spanish = _SAID.get(key, (key.rpartition("/")[2], key.rpartition("/")[2]))
    return spanish if language == "es" else english


def line(reasons: Sequence[str], language: str) -> str:
    """Why somebody fits, in one line: `Speaks Spanish; has come home; has room for one more`."""
    words = "; ".join(said(one, language) for one in list(reasons)[:MOST_REASONS])
    return words[:1].upper() + words[1:]


def wished(wishes: Wishes, language: str) -> str:
    """What somebody asks for, in one line: `has come home; speaks Spanish; is a woman`."""
    keys = [
        f"{kind}/{value}"
        for kind, value in (
            ("about", wishes.about),
            ("kind", wishes.kind),
            ("speaks", wishes.language),
            ("gender", wishes.gender),
            ("hours", wishes.hours),
        )
        if value
    ]
    if wishes.other_unit and wishes.unit:
        keys.append("other-unit")
    return "; ".join(said(one, language) for one in keys or ["anybody"])
