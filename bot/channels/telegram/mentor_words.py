"""What is said to mentors in their chat, and to two people who write to each other, in both languages.
Blanks in braces are filled by whoever says it; `*stars*` make bold."""

from collections.abc import Mapping

_WORDS: Mapping[str, tuple[str, str]] = {
    # linking
    "linked": (
        (
            "*This chat is linked to your desk.* When somebody asks for a mentor like you, I write to you "
            "here, by day. You can say yes or no right here. They never see your name or number.\n\n"
            "Type /mentor to see who asks and whom you walk with, to rest, or to unlink. All else here is "
            "for you, as for anybody: just type. STOP unlinks, too."
        ),
        (
            "*Este chat está enlazado con tu mesa.* Cuando alguien pide un mentor como tú, te escribo aquí, "
            "de día. Puedes decir que sí o que no aquí mismo. Nunca ven tu nombre ni tu número.\n\n"
            "Escribe /mentor para ver quién te busca y a quién acompañas, para descansar o para desenlazar. "
            "Todo lo demás aquí es para ti, como para cualquiera: solo escribe. ALTO también desenlaza."
        ),
    ),
    "bad-link": (
        "This link does not work any more. It works once, for 15 minutes. Make a new one at the desk.",
        "Este enlace ya no sirve. Sirve una vez, por 15 minutos. Haz uno nuevo en la mesa.",
    ),
    "not-linked": (
        "This chat is not linked to a mentor's desk, so I can't do that here.",
        "Este chat no está enlazado con la mesa de un mentor, así que aquí no puedo hacer eso.",
    ),
    "unlink?": (
        "Unlink this chat? Nobody asks you here any more. A talk you are in ends. At the desk all stays.",
        "¿Desenlazar este chat? Ya nadie te busca aquí. Si estás en una plática, termina. En la mesa todo sigue.",
    ),
    "unlinked": (
        "It's unlinked. Your desk is as it was. You can link again there.",
        "Ya está desenlazado. Tu mesa sigue igual. Ahí puedes enlazar otra vez.",
    ),
    # offers
    "offer": (
        (
            "*Somebody asks for a mentor.*\n\nThey wish for a mentor who {wished}.\nWhy you: {reason}.\n"
            "They: {meet}."
        ),
        (
            "*Alguien pide un mentor.*\n\nDesea un mentor que {wished}.\nPor qué tú: {reason}.\n"
            "Esta persona: {meet}."
        ),
    ),
    "offer-write": (
        (
            "If you say yes, it counts as your yes to write with them through me. Neither of you sees a name "
            "or number. I keep none of it; Telegram keeps its own copy. I read each message for danger: if I "
            "hear it, I show them help at once and tell you. Each of you can end it any time."
        ),
        (
            "Si dices que sí, eso vale también para escribirse por medio de mí. Ninguno ve un nombre ni un "
            "número. Yo no guardo nada; Telegram guarda su propia copia. Leo cada mensaje por si hay peligro: "
            "si lo noto, le muestro ayuda enseguida y te aviso. Cada quien puede terminar cuando quiera."
        ),
    ),
    "offer-day": (
        "You have a day. A no is fine, and nobody hears who said it.",
        "Tienes un día. Un no está bien, y nadie sabe quién lo dijo.",
    ),
    "yes": ("Yes, I will", "Sí, voy yo"),
    "no": ("Not this one", "Esta vez no"),
    "rest": ("Pause me", "Necesito una pausa"),
    "awake": ("I'm back", "Ya volví"),
    "home": ("Who asks, whom I walk with", "Quién me busca, a quién acompaño"),
    "why": ("That's fine. Why not? Nobody but your coordinator sees it.", "Está bien. ¿Por qué no? Solo lo ve tu coordinación."),
    "why-back": ("Why do you hand it back? That's fine, too.", "¿Por qué la devuelves? También está bien."),
    "accepted": (
        "*Thank you. It's yours now.* How to find them, and what they wrote, is at your desk.",
        "*Gracias. Ya es tuya.* Cómo encontrarle, y lo que escribió, está en tu mesa.",
    ),
    "accepted-write": (
        (
            "*Thank you. It's yours now.* They hear that somebody said yes. I tell you here when they want to "
            "start. What they wrote for you is at your desk."
        ),
        (
            "*Gracias. Ya es tuya.* Va a saber que alguien dijo que sí. Te aviso aquí cuando quiera empezar. Lo "
            "que te escribió está en tu mesa."
        ),
    ),
    "declined": (
        "That's fine. Somebody else is asked. They don't hear who said no.",
        "Está bien. Se le pregunta a alguien más. No sabe quién dijo que no.",
    ),
    "handed-back": (
        "It's handed back. Somebody else is looked for.",
        "La devolviste. Se busca a alguien más.",
    ),
    "met": ("Good that you met.", "Qué bueno que se vieron."),
    "closed": (
        "It's finished, and their words are erased. Thank you.",
        "Terminó, y sus palabras están borradas. Gracias.",
    ),
    "resting": (
        "You rest. Nobody new is asked of you. Whom you walk with, you keep.",
        "Descansas. No se te pide a nadie más. A quienes acompañas, los sigues acompañando.",
    ),
    "back": ("Good to have you back.", "Qué bueno que volviste."),
    "too-late": (
        "Somebody else said yes before you. Thank you for being there.",
        "Alguien dijo que sí antes que tú. Gracias por estar.",
    ),
    "full": (
        "Thank you for wanting to. You walk with as many people as you can already. Please say no: then somebody else is asked.",
        "Gracias por querer. Ya acompañas a todas las personas que puedes. Por favor di que no: así se le pregunta a alguien más.",
    ),
    "old": (
        "That was a while ago, and it stands differently now. Nothing was done. No harm done, either.",
        "Eso fue hace rato, y ahora es distinto. No se hizo nada. Tampoco pasa nada.",
    ),
    "supervision": (
        "Your supervisor sees that you'd like time together.",
        "Tu supervisor ve que quieres un tiempo juntos.",
    ),
    # who asks, whom they walk with
    "nobody": (
        "Nobody asks right now, and you walk with nobody.",
        "Ahora nadie te busca, y no acompañas a nadie.",
    ),
    "carried": (
        "*You walk with somebody* who wished for a mentor who {wished}.\nThey: {meet}.",
        "*Acompañas a alguien* que deseaba un mentor que {wished}.\nEsta persona: {meet}.",
    ),
    "now-writing": ("You two are writing now.", "Ahora se están escribiendo."),
    "asks-you": ("They would like to write with you.", "Quiere escribir contigo."),
    "desk": (
        "For you:",
        "Para ti:",
    ),
    "we-met": ("We met", "Nos vimos"),
    "finished": ("Finished", "Terminado"),
    "hand-back": ("Hand back", "Devolver"),
    "ask-supervision": ("I'd like supervision", "Quiero supervisión"),
    "unlink": ("Unlink this chat", "Desenlazar este chat"),
    "unlink-yes": ("Yes, unlink", "Sí, desenlazar"),
    # writing to each other
    "asked": (
        "Somebody you walk with would like to write with you. They wished for a mentor who {wished}.",
        "Alguien a quien acompañas quiere escribir contigo. Deseaba un mentor que {wished}.",
    ),
    "write-yes": ("Yes, write with them", "Sí, escribirnos"),
    "write-later": ("Not now", "Ahora no"),
    "write": ("Write with them", "Escribirle"),
    "not-now": ("That's fine. They hear that it's not now.", "Está bien. Va a saber que ahora no."),
    "asked-them": (
        "They see that you'd like to write. I tell you when they say yes.",
        "Va a ver que quieres escribir. Te aviso cuando diga que sí.",
    ),
    "in-another": (
        (
            "You are in another talk. One at a time, so that no words go to the wrong person."
        ),
        (
            "Estás en otra plática. Una a la vez, para que ninguna palabra le llegue a quien no es."
        ),
    ),
    "they-are-busy": (
        "They are in another talk right now. They see that you'd like to write.",
        "Esa persona está en otra plática ahora. Va a ver que quieres escribir.",
    ),
    "open": (
        "*They said yes.* You two can write now. Tap to begin.",
        "*Dijo que sí.* Ya pueden escribirse. Toca para empezar.",
    ),
    "answer": ("Answer", "Contestar"),
    "begin": ("Write now", "Escribir ahora"),
    "to-talk": ("⇄ Back to our talk", "⇄ Volver a nuestra plática"),
    "swap": ("End that one, write with them", "Terminar esa, escribirle"),
    "from-mentor": ("Your mentor:", "Tu mentor:"),
    "from-person": ("The person you support:", "La persona que acompañas:"),
    "danger": (
        (
            "*They may be in danger.* I showed them help at once: who to call, and how to stay safe right now. "
            "You are not alone with this, and you don't have to fix it. Ask them straight, stay kind, and get "
            "a person to them. The guide has a card for it: *When somebody is in danger*."
        ),
        (
            "*Puede estar en peligro.* Le mostré ayuda enseguida: a quién llamar y cómo estar a salvo ahora. "
            "No cargas solo con esto, y no tienes que arreglarlo. Pregúntale directo, con cariño, y busca que "
            "alguien esté a su lado. La guía tiene una tarjeta: *Cuando alguien está en peligro*."
        ),
    ),
    "danger-card": ("When somebody is in danger", "Cuando alguien está en peligro"),
    "passed-on": (
        "Your message went to the other one, too. From here on you write with me. Tap below to go back to them.",
        "Tu mensaje también le llegó a la otra persona. Desde aquí escribes conmigo. Toca abajo para volver con ella.",
    ),
    "ended-them": (
        "The talk with the other one has ended. Such things end, and it is no fault of yours. You may write again some other time, if you both want to.",
        "La plática con la otra persona terminó. Así pasa, y no es culpa tuya. Pueden escribirse otra vez, si los dos quieren.",
    ),
    "ended-silence": (
        "A day went by with no words, so your talk has ended by itself. You may write again, if you both want to.",
        "Pasó un día sin palabras, así que su plática terminó sola. Pueden escribirse otra vez, si los dos quieren.",
    ),
    "ended-request": (
        "Your talk has ended, because you two don't go on together. It is no fault of yours.",
        "Su plática terminó, porque ya no siguen juntos. No es culpa tuya.",
    ),
    "ended-unanswered": (
        "A day went by, and they have not said yes to writing. They still can, later.",
        "Pasó un día, y no ha dicho que sí a escribir. Todavía puede, después.",
    ),
    "ended-later": (
        "They can't write right now. You may ask again some other time.",
        "Ahora no puede escribir. Puedes preguntar otra vez después.",
    ),
    "may-share": (
        "They'd be glad if you two could reach each other without me. You may share how, too. You don't have to, and I won't ask again.",
        "Le gustaría que pudieran comunicarse sin mí. Tú también puedes decir cómo. No tienes que hacerlo, y no vuelvo a preguntar.",
    ),
    "share": ("Share how to reach me", "Decir cómo comunicarse conmigo"),
    "given": (
        "*You both shared.* This is how to reach them:\n\n{words}\n\nI have erased it here.",
        "*Los dos lo compartieron.* Así puedes comunicarte:\n\n{words}\n\nAquí ya lo borré.",
    ),
    "check": ("My request", "Mi solicitud"),
}  # fmt: skip


def word(key: str, language: str, **blanks: object) -> str:
    """Our words in a language, English where it knows no other."""
    english, spanish = _WORDS[key]
    return (spanish if language == "es" else english).format(**blanks)
