"""What the phone channels say themselves, in every language: what no flow can know, because it is
about the channel. Blanks in braces are filled by whoever says it."""

from collections.abc import Mapping

_PHRASES: Mapping[str, tuple[str, str]] = {
    # what isn't words
    "voice": (
        "I can't listen to voice messages. Please write it in a few words. In danger? Type *help*.",
        (
            "No puedo escuchar mensajes de voz. Escríbelo en pocas palabras, por favor. ¿En peligro? "
            "Escribe *ayuda*."
        ),
    ),
    "media": (
        "I can't look at pictures or files. Please write it in a few words. In danger? Type *help*.",
        (
            "No puedo ver fotos ni archivos. Escríbelo en pocas palabras, por favor. ¿En peligro? "
            "Escribe *ayuda*."
        ),
    ),
    "edited": (
        "You changed a message. I only answer new ones. Please send it once more.",
        "Cambiaste un mensaje. Solo contesto los nuevos. Por favor, mándalo otra vez.",
    ),
    "forwarded": (
        "That was somebody else's message. I can only answer your own words. What do you need?",
        (
            "Ese mensaje es de otra persona. Solo puedo contestar tus propias palabras. ¿Qué "
            "necesitas?"
        ),
    ),
    "only-words": (
        "I only pass on new words that you type yourself: no pictures, voice, files, places or contacts, and no changed messages. That one did not go to them.",
        "Solo paso palabras nuevas que escribes tú: no fotos, voz, archivos, lugares ni contactos, ni mensajes cambiados. Ese no le llegó.",
    ),
    "group": (
        (
            "I only talk one to one, so that your words stay yours. Open a private chat with me. In "
            "danger now? Call 911, or call or text 988."
        ),
        (
            "Solo hablo a solas, para que tus palabras sean solo tuyas. Abre un chat privado conmigo. "
            "¿En peligro ahora? Llama al 911, o al 988 y oprime 2 para español."
        ),
    ),
    # near me
    "near": (
        (
            "You can also send your ZIP code or your location. I use it once, to find the county. I "
            "don't keep it."
        ),
        (
            "También puedes mandar tu código postal o tu ubicación. Lo uso una vez, para saber el "
            "condado. No lo guardo."
        ),
    ),
    "near-zip": (
        "You can also send your ZIP code. I use it once, to find the county. I don't keep it.",
        (
            "También puedes mandar tu código postal. Lo uso una vez, para saber el condado. No lo "
            "guardo."
        ),
    ),
    "place-unasked": (
        "Thanks. I don't need your location now, and I didn't keep it. I ask when it helps.",
        "Gracias. Ahora no necesito tu ubicación, y no la guardé. La pido cuando sirve.",
    ),
    "place-unknown": (
        "I only know places in California, and that is not one I know. Please type the county.",
        "Solo conozco lugares de California, y ese no lo conozco. Escribe el condado, por favor.",
    ),
    # forget, stop
    "erased": ("Erased: {things}.", "Borré: {things}."),
    "erased-place": ("where you were in the talk", "en qué parte de la plática estabas"),
    "erased-answers": ("what you tapped", "lo que elegiste"),
    "erased-about": (
        "your language, county and where you are",
        "tu idioma, tu condado y dónde estás",
    ),
    "erased-replies": ("my last answers", "mis últimas respuestas"),
    "erased-reminders": ("your reminders", "tus recordatorios"),
    "erased-claim": (
        "that a request for a mentor is yours",
        "que una solicitud de mentor es tuya",
    ),
    "erased-chat": (
        "that this chat is a mentor's",
        "que este chat es de un mentor",
    ),
    "desk-unlinked": (
        "This chat is not linked to your mentors' desk any more. Your desk is as it was.",
        "Este chat ya no está enlazado con tu mesa de mentores. Tu mesa sigue igual.",
    ),
    "erased-nothing": ("I had nothing of yours.", "No tenía nada tuyo."),
    "erased-telegram": (
        "Telegram keeps its own copy of this chat. To erase that, delete the chat in the app.",
        "Telegram guarda su propia copia de este chat. Para borrarla, elimina el chat en la app.",
    ),
    "erased-sms": (
        "Your phone and the phone company keep their own copy. Delete the talk on your phone, too.",
        "Tu teléfono y la compañía guardan su propia copia. Borra la plática en tu teléfono también.",
    ),
    "reminders-stopped": (
        "Your reminders are stopped, too. I won't write to you first.",
        "También paré tus recordatorios. No te escribiré yo primero.",
    ),
    # Telegram's menu of commands
    "command-start": ("Start, or go on", "Empezar o seguir"),
    "command-help": ("Help now: who to call", "Ayuda ya: a quién llamar"),
    "command-menu": ("What I can help with", "En qué puedo ayudar"),
    "command-language": ("English or Spanish", "Español o inglés"),
    "command-privacy": ("Who can see this?", "¿Quién puede ver esto?"),
    "command-forget": ("Erase what you keep about me", "Borra lo que guardas de mí"),
    "command-stop": ("Finish, and stop reminders", "Terminar y parar recordatorios"),
    # breathing
    "round": ("Round {round} of {rounds}", "Ronda {round} de {rounds}"),
    # SMS, as carriers ask for it: who it is, how to get help, how to stop
    "sms-help": (
        (
            "Peerpath: a computer program for coping and coming home. In danger? Call 911, or call or "
            "text 988. Write MENU to talk, STOP to stop. Msg & data rates may apply."
        ),
        (
            "Peerpath: un programa que ayuda a estar mejor y volver a casa. En peligro? Llama al 911 o "
            "al 988. Escribe MENU para hablar, ALTO para parar. Pueden aplicar cargos."
        ),
    ),
    "sms-stopped": (
        (
            "Peerpath: You are stopped and get no more messages. Write START to begin again. In "
            "danger? Call 911, or call or text 988."
        ),
        (
            "Peerpath: Listo, ya no te llegan mensajes. Escribe EMPEZAR para volver. En peligro? Llama "
            "al 911 o al 988."
        ),
    ),
    "sms-started": (
        "Peerpath: Welcome back. Write HELP for help, STOP to stop. Msg & data rates may apply.",
        (
            "Peerpath: Hola de nuevo. Escribe AYUDA si hace falta, ALTO para parar. Pueden aplicar "
            "cargos."
        ),
    ),
    "sms-still-stopped": (
        "Peerpath: You asked me to stop. Write START to begin again. In danger? Call 911 or 988.",
        "Peerpath: Pediste que parara. Escribe EMPEZAR para volver. En peligro? Llama al 911 o 988.",
    ),
    "sms-more": (
        "(There is more. Write MORE.)",
        "(Hay más. Escribe MÁS.)",
    ),
    "sms-pick": ("Reply with a number.", "Contesta con un número."),
    "sms-scale": ("Reply with a number from {low} to {high}.", "Contesta con un número de {low} a {high}."),
}  # fmt: skip


def phrase(key: str, language: str, **blanks: object) -> str:
    """A channel's own words in a language, English where it knows no other."""
    english, spanish = _PHRASES[key]
    return (spanish if language == "es" else english).format(**blanks)
