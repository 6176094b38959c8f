"""The desk's own words, in both languages."""

from collections.abc import Mapping

from bot.peers.life import REASONS
from bot.peers.words import said

Both = Mapping[str, str]


def _both(english: str, spanish: str) -> Both:
    return {"en": english, "es": spanish}


# What just happened, by what was done.
SAID: Mapping[str, Both] = {
    "out": _both("You are signed out.", "Ya saliste."),
    "password": _both(
        "Your password is set. You can sign in now.", "Tu contraseña está lista. Ya puedes entrar."
    ),
    "differ": _both("The two passwords differ.", "Las dos contraseñas no son iguales."),
    "link": _both(
        "This link does not work any more. Ask for a new one.",
        "Este enlace ya no sirve. Pide uno nuevo.",
    ),
    "form": _both(
        "This form was too old. Go back, load the page again, and try once more.",
        "Este formulario era viejo. Regresa, carga la página otra vez y vuelve a intentarlo.",
    ),
    "wrong-role": _both(
        "This page is for somebody with another role.", "Esta página es para otro papel."
    ),
    "accept": _both(
        "Thank you. It's yours now: they'll see that you said yes.",
        "Gracias. Ya es tuya: va a ver que dijiste que sí.",
    ),
    "decline": _both(
        "Fine. Somebody else is asked. They are not told who said no.",
        "Está bien. Se le pregunta a alguien más. No se le dice quién dijo que no.",
    ),
    "meet": _both("Good that you met.", "Qué bueno que se vieron."),
    "close": _both(
        "It's finished, and their words are erased.", "Terminó, y sus palabras están borradas."
    ),
    "hand-back": _both(
        "It's handed back. Somebody else is looked for.", "La devolviste. Se busca a alguien más."
    ),
    "resting": _both(
        "You rest. Nobody new is offered to you. Whom you carry, you keep.",
        "Descansas. No se te ofrece a nadie más. A quienes acompañas, los sigues acompañando.",
    ),
    "back": _both("Good to have you back.", "Qué bueno que volviste."),
    "unlinked": _both(
        "Telegram is not linked any more. All is still here, at the desk.",
        "Telegram ya no está enlazado. Todo sigue aquí, en la mesa.",
    ),
    "supervision": _both(
        "Your supervisor sees that you asked for time together.",
        "Tu supervisor ve que pediste un tiempo juntos.",
    ),
    "kept": _both("Kept.", "Guardado."),
    "assigned": _both("They are asked now.", "Ya se le pregunta."),
    "assigned-full": _both(
        "They are asked now. But they walk with as many people as they can already: talk with them "
        "first. If they say yes, they carry one more.",
        "Ya se le pregunta. Pero ya acompaña a todas las personas que puede: habla antes con esa "
        "persona. Si dice que sí, acompaña a una más.",
    ),
    "apart": _both(
        "Kept. That mentor is not asked for this person any more. Nobody is shown why.",
        "Guardado. A ese mentor ya no se le pregunta por esta persona. A nadie se le muestra por qué.",
    ),
    "retired": _both(
        "They have left. Everybody they carried is looked for anew.",
        "Ya no está. Se busca de nuevo para todos a quienes acompañaba.",
    ),
    "removed": _both("Taken off the list.", "Quitado de la lista."),
    "answered": _both(
        "Marked. The person sees it with their words.",
        "Marcado. La persona lo ve con sus palabras.",
    ),
    "overtaken": _both(
        "Somebody else was faster. This is how it stands now.",
        "Alguien fue más rápido. Así está ahora.",
    ),
    "stopped": _both("This account can't sign in any more.", "Esta cuenta ya no puede entrar."),
}

# Why a move could not be made (life.py).
REFUSED: Mapping[str, Both] = {
    "too-late": _both(
        "Somebody else said yes a moment before you. Thank you for being there.",
        "Alguien dijo que sí un momento antes. Gracias por estar.",
    ),
    "over": _both("This request is over.", "Esta solicitud ya terminó."),
    "gone": _both("This request is not here any more.", "Esta solicitud ya no está."),
    "not-yours": _both("This request is not yours.", "Esta solicitud no es tuya."),
    "no-reason": _both("Please pick a reason from the list.", "Elige una razón de la lista."),
    "not-now": _both("That can't be done now.", "Eso no se puede hacer ahora."),
    "no-chat": _both(
        "This person wishes to write through the bot. That takes a mentor who linked Telegram.",
        "Esta persona quiere escribir por el bot. Para eso hace falta un mentor con Telegram enlazado.",
    ),
    "nobody": _both("Pick somebody to ask.", "Elige a quién preguntarle."),
    "busy": _both("Too much happened at once. Try again.", "Pasó mucho a la vez. Prueba otra vez."),
    "full": _both(
        "Thank you for wanting to. You walk with as many people as you can already. Please say no, "
        "with “I carry enough right now”: then somebody else is asked.",
        "Gracias por querer. Ya acompañas a todas las personas que puedes. Por favor di que no, con "
        "“Ahora ya acompaño a bastantes”: así se le pregunta a alguien más.",
    ),
    "kept-apart": _both(
        "Staff keep these two apart.", "El personal mantiene separadas a estas dos personas."
    ),
}

# Signs that something is not a peer's work, from guide/drift (SAMHSA; the Peer Specialist Toolkit).
DRIFTS: Mapping[str, tuple[Both, Both]] = {
    "pills": (
        _both(
            "I'm asked to watch if they take their pills.",
            "Me piden vigilar si toma sus pastillas.",
        ),
        _both(
            "That is a nurse's work. You can say: “I'm a peer, so I can't check. I can ask how it goes.”",
            "Eso es trabajo de enfermería. Puedes decir: “Soy par, no puedo revisar. Puedo preguntarle cómo le va.”",
        ),
    ),
    "name": (
        _both("I'm asked what illness they have.", "Me preguntan qué enfermedad tiene."),
        _both(
            "A peer names no illness. Say what you lived yourself, and who can answer that.",
            "Un par no pone nombre a una enfermedad. Di lo que tú viviste, y quién puede responder eso.",
        ),
    ),
    "report": (
        _both(
            "I'm asked to find out things about them.", "Me piden averiguar cosas de esa persona."
        ),
        _both(
            "Then you'd be one more guard, and they'd have no peer. Give it back, and tell your supervisor. What you must report by law is another thing: see the guide.",
            "Entonces serías un guardia más, y se quedaría sin par. Devuélvelo, y dile a tu supervisor. Lo que la ley te obliga a decir es otra cosa: mira la guía.",
        ),
    ),
    "order": (
        _both("I'm asked to keep people in line.", "Me piden mantener el orden."),
        _both(
            "Rules are for staff. You are equal to the people you walk with.",
            "Las reglas son del personal. Tú eres igual a quienes acompañas.",
        ),
    ),
    "carry": (
        _both(
            "I'm asked to carry money, things or messages.",
            "Me piden llevar dinero, cosas o recados.",
        ),
        _both(
            "It puts you both at risk. A clear, kind no is better for you two.",
            "Los pone en riesgo a los dos. Un no claro y amable es mejor para ambos.",
        ),
    ),
    "alone": (
        _both(
            "I carry something that is too heavy for me.", "Cargo algo demasiado pesado para mí."
        ),
        _both(
            "Nobody carries that alone. Ask for supervision below. If someone may get hurt, tell staff now.",
            "Nadie carga eso solo. Pide supervisión abajo. Si alguien puede salir lastimado, dile al personal ya.",
        ),
    ),
}

_NAMES: Mapping[str, Both] = {
    **{why: _both(said(f"why/{why}", "en"), said(f"why/{why}", "es")) for why in REASONS},
    "mentor": _both("mentor", "mentor"),
    "coordinator": _both("coordinator", "coordinación"),
    "staff": _both("staff", "personal"),
    "admin": _both("admin", "administración"),
    "asked": _both("asked", "pedida"),
    "offered": _both("offered", "ofrecida"),
    "waiting": _both("waiting", "en espera"),
    "accepted": _both("accepted", "aceptada"),
    "met": _both("met", "ya se vieron"),
    "ask": _both("asked for a mentor", "pidieron un mentor"),
    "offer": _both("offered to mentors", "ofrecidas a mentores"),
    "accept": _both("accepted", "aceptadas"),
    "decline": _both("declined", "rechazadas"),
    "meet": _both("met", "encuentros"),
    "hand-back": _both("handed back", "devueltas"),
    "cancel": _both("taken back by the person", "quitadas por la persona"),
    "expire": _both("nobody found in a week", "nadie en una semana"),
    "close": _both("finished", "terminadas"),
    "under-4-hours": _both("a yes within 4 hours", "un sí en 4 horas"),
    "under-a-day": _both("within a day", "en un día"),
    "under-2-days": _both("within 2 days", "en 2 días"),
    "under-a-week": _both("within a week", "en una semana"),
    "longer": _both("longer", "más tiempo"),
    "sent": _both("new", "nuevo"),
    "seen": _both("read", "leído"),
    "planned": _both("someone will come to talk", "alguien vendrá a hablar"),
    "elsewhere": _both("somebody else handles this", "lo ve otra persona"),
    "mind": _both("how they feel", "cómo se siente"),
    "health": _both("their body, not urgent", "su cuerpo, sin urgencia"),
    "unit": _both("where they live", "donde vive"),
    "things": _both("mail or property", "correo o cosas"),
    "home": _both("their release", "su salida"),
    "prison": _both("prison", "prisión"),
    "jail": _both("jail", "cárcel"),
    "community": _both("community", "comunidad"),
    "family": _both("family", "familia"),
    "account-added": _both("account added", "cuenta creada"),
    "account-link": _both("new sign-in link", "enlace nuevo para entrar"),
    "account-stopped": _both("account stopped", "cuenta cerrada"),
    "password-set": _both("password set", "contraseña puesta"),
    "signed-in": _both("signed in", "entró"),
    "mentor-added": _both("mentor added", "mentor agregado"),
    "mentor-changed": _both("mentor changed", "mentor cambiado"),
    "mentor-paused": _both("mentor rests", "mentor descansa"),
    "mentor-back": _both("mentor is back", "mentor volvió"),
    "mentor-retired": _both("mentor left", "mentor se fue"),
    "kept-apart": _both("kept apart from somebody", "separado de alguien"),
    "kept-apart-ended": _both("no longer kept apart", "ya no separado"),
    "supervision-seen": _both("supervision seen to", "supervisión atendida"),
    "message-answered": _both("message answered", "mensaje contestado"),
    "assigned": _both("asked by hand", "preguntado a mano"),
    "chat-linked": _both("Telegram linked", "Telegram enlazado"),
    "chat-unlinked": _both("Telegram unlinked", "Telegram desenlazado"),
    "figures-taken": _both("figures taken out", "cifras sacadas"),
}


def name_of(key: str, language: str) -> str:
    """What an id is called; the id itself where it has no name."""
    return _NAMES.get(key, {}).get(language, key)


def ago(seconds: float, language: str) -> str:
    """How long something has been, in the largest unit that says enough."""
    hours = seconds / 3600
    if hours < 1:
        return "menos de una hora" if language == "es" else "under an hour"
    if hours < 48:
        count = round(hours)
        unit = ("hora", "horas") if language == "es" else ("hour", "hours")
    else:
        count = round(hours / 24)
        unit = ("día", "días") if language == "es" else ("day", "days")
    return f"{count} {unit[count != 1]}"
