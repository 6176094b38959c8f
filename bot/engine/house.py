"""The program's own words, in every language it speaks: what it says when it did not understand,
when a step has gone, when nothing fits. In code, so that it is never at a loss, and few: all else
is written in flows/ and knowledge/ by the people who sign it.

Blanks in braces are filled by the engine.
"""

from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español"}

_WORDS: Mapping[str, tuple[str, str]] = {
    # first words, and ways on
    "welcome": (
        "Hi. I am a computer program that can help you find a way to cope, or a person who helps.",
        (
            "Hola. Soy un programa de computadora. Te puedo ayudar a encontrar alivio, o a una "
            "persona que ayuda."
        ),
    ),
    "notice": (
        "I am a computer program, not a person. I don't keep what you type, unless you ask me to send it.",
        "Soy un programa de computadora, no una persona. No guardo lo que escribes, a menos que me pidas enviarlo.",
    ),
    "menu": ("Menu", "Menú"),
    "back": ("Go back", "Regresar"),
    "start-over": ("Start over", "Empezar de nuevo"),
    "stop": ("Finish for now", "Terminar por ahora"),
    "help": ("Help now", "Ayuda ya"),
    "language": ("Language", "Idioma"),
    "privacy": ("Who can see this?", "¿Quién puede ver esto?"),
    "forget": ("Forget me", "Olvídame"),
    "way-back": ("Back to: {title}", "Volver a: {title}"),
    "yes": ("Yes", "Sí"),
    "no": ("No", "No"),
    "what-now": ("What would you like to do now?", "¿Qué te gustaría hacer ahora?"),
    "which-language": ("Which language would you like?", "¿Qué idioma prefieres?"),
    "language-set": ("OK, English.", "Listo, español."),
    "bye": (
        "Take care of yourself. You can come back any time.",
        "Cuídate mucho. Puedes volver cuando quieras.",
    ),
    # a goodbye after a danger was named
    "dont-go": (
        (
            "I'm glad you are here. Please don't go yet. I want you to be safe. You can leave any time: "
            "type *leave*."
        ),
        (
            "Me alegra que estés aquí. Por favor, no te vayas todavía. Quiero que estés a salvo. Puedes "
            "salir cuando quieras: escribe *salir*."
        ),
    ),
    "forgotten": (
        "Done. I have erased everything I kept about this talk.",
        "Listo. Borré todo lo que guardaba de esta plática.",
    ),
    "started-over": ("OK, from the start.", "Listo, desde el principio."),
    # understanding
    "unclear": (
        "I didn't get that. You can tap a choice, or type its number.",
        "No te entendí. Puedes tocar una opción o escribir su número.",
    ),
    "unclear-again": (
        (
            "Sorry, I still don't get it. Try one or two plain words, like “sleep” or “ID”. Or tap "
            "*Menu*."
        ),
        (
            "Perdón, sigo sin entender. Prueba con una o dos palabras sencillas, como “dormir” o "
            "“identificación”. O toca *Menú*."
        ),
    ),
    "unclear-ladder-end": (
        (
            "I am only a program, and I can't help with that one. Here is what I can do. A person may "
            "help you better: ask staff, a mentor or someone you trust."
        ),
        (
            "Soy solo un programa, y con eso no puedo ayudar. Esto es lo que sí puedo hacer. Tal vez "
            "una persona te ayude mejor: el personal, un mentor o alguien de confianza."
        ),
    ),
    "did-you-mean": ("Did you mean one of these?", "¿Quisiste decir algo de esto?"),
    "none-of-these": ("None of these", "Nada de esto"),
    "which-one": ("Here is what may help. Pick one.", "Esto puede ayudar. Elige una opción."),
    "scale": (
        "Pick a number from {low} to {high}.",
        "Elige un número del {low} al {high}.",
    ),
    "area": (
        "Which county? Type its name, or the name of a city.",
        "¿Qué condado? Escribe su nombre, o el nombre de una ciudad.",
    ),
    "area-unclear": (
        "I don't know that county yet. Please type it once more, or pick below.",
        "Todavía no conozco ese condado. Escríbelo otra vez o elige una opción.",
    ),
    # peer mentors, and words for somebody else
    "nobody-free": (
        "Nobody who fits is free right now. You can still ask, and wait for one.",
        "Ahora mismo no hay nadie libre que te convenga. Puedes pedirlo de todos modos y esperar.",
    ),
    "write": ("Type your words.", "Escribe tus palabras."),
    "words-too-long": (
        "That is more than I can carry: 600 letters at most. Can you say it shorter?",
        "Es más de lo que puedo llevar: 600 letras a lo más. ¿Lo dices más corto?",
    ),
    "three-words": ("Type your three words.", "Escribe tus tres palabras."),
    "nothing-sent": (
        (
            "I can't do that right now, because my memory does not answer. *Nothing was sent or "
            "changed.* Please try again in a while."
        ),
        (
            "Ahora no puedo hacerlo, porque mi memoria no responde. *No se envió ni se cambió "
            "nada.* Inténtalo de nuevo en un rato."
        ),
    ),
    # breathing, counted
    "pace-in": ("Breathe in", "Toma aire"),
    "pace-hold": ("Hold", "Aguanta"),
    "pace-out": ("Breathe out", "Suelta el aire"),
    "pace-rounds": ("Do that {rounds} times.", "Hazlo {rounds} veces."),
    # paper, and two numbers side by side
    "sheet-on-paper": (
        "Write this on paper. What you write is yours: I never see it.",
        "Escribe esto en papel. Lo que escribas es tuyo: yo nunca lo veo.",
    ),
    "change": ("Before: {before}. Now: {after}.", "Antes: {before}. Ahora: {after}."),
    "simpler": (
        (
            "OK, slow. If you see *Read aloud* on the screen, tap it. People near you may hear it. Or pick a "
            "number. You can also ask someone you trust to read with you."
        ),
        (
            "Bueno, despacio. Si ves *Leer en voz alta* en la pantalla, tócalo. Los que están cerca tal vez "
            "oigan. O elige un número. También puedes pedir a alguien de confianza que lea contigo."
        ),
    ),
    "helped-before": ("It helped before: {title}", "Ya te ayudó antes: {title}"),
    "welcome-to-it": ("You're welcome.", "De nada."),
    # content that moved, broke or is missing
    "gone": (
        "This part has changed since you were last here, so we start it again. Nothing is lost.",
        "Esta parte cambió desde la última vez, así que la empezamos de nuevo. No se perdió nada.",
    ),
    "gone-for-good": (
        "The talk we had is no longer here. Let's find you something else.",
        "La plática que teníamos ya no está aquí. Busquemos otra cosa.",
    ),
    "not-for-here": (
        "That talk is made for another place than where you are. Here is the menu.",
        "Esa plática es para otro lugar, no para donde estás. Aquí está el menú.",
    ),
    "no-flow": (
        "I can't walk you through that yet: {title}. A peer mentor or staff may know more.",
        "Todavía no te puedo guiar en eso: {title}. Un mentor o el personal tal vez sepa más.",
    ),
    "lost": (
        "Something went in circles on my side. That is my mistake, not yours.",
        "Algo se enredó de mi lado. Es error mío, no tuyo.",
    ),
    "broken": (
        "Something went wrong on my side. That is my mistake, not yours.",
        "Algo falló de mi lado. Es error mío, no tuyo.",
    ),
    # resources
    "nothing-found": (
        (
            "I have nothing checked for that where you are. Try another topic in the menu. Or ask "
            "staff, a mentor, or the library."
        ),
        (
            "No tengo nada revisado sobre eso para donde estás. Prueba otro tema del menú. O "
            "pregunta al personal, a un mentor o en la biblioteca."
        ),
    ),
    "nothing-near": (
        (
            "I have nothing checked for that in {area}. I can look further away, or you can try "
            "another topic in the menu. Staff, a mentor or the library may know more."
        ),
        (
            "No tengo nada revisado sobre eso en {area}. Puedo buscar más lejos, o puedes probar otro "
            "tema del menú. El personal, un mentor o la biblioteca tal vez sepan más."
        ),
    ),
    "nothing-only": (
        "I know of none like that. You can look at all of them instead.",
        "No conozco ninguno así. Mejor mira todos.",
    ),
    "no-more": ("That was all I know of.", "Eso es todo lo que conozco."),
    "perhaps-closed": (
        "Those I know to be closed now are left out. Some don't give their hours: call first.",
        "No muestro los que sé que están cerrados ahora. Algunos no dan su horario: llama antes.",
    ),
    "more": ("Show more", "Ver más"),
    "more-free": ("Only what is free", "Solo lo que es gratis"),
    "more-open": ("Only what is open now", "Solo lo que está abierto ahora"),
    "more-mine": ("Only in {name}", "Solo en {name}"),
    "more-wide": ("Look further away", "Buscar más lejos"),
    "more-all": ("All of them", "Todos"),
    "card-from-inside": ("From inside", "Desde adentro"),
    "card-how": ("How", "Cómo"),
    "card-call": ("Call", "Llama"),
    "card-text": ("Text", "Mensaje de texto"),
    "card-tty": ("TTY", "TTY"),
    "card-email": ("Email", "Correo electrónico"),
    "card-web": ("Web", "Sitio web"),
    "card-address": ("Address", "Dirección"),
    "card-hours": ("Hours", "Horario"),
    "card-cost": ("Cost", "Costo"),
    "card-who": ("Who it is for", "Para quién es"),
    "card-bring": ("Bring", "Lleva"),
    "card-languages": ("Languages", "Idiomas"),
    "checked-read": (
        "Last checked {date}: read on a page, nobody has called yet.",
        "Revisado el {date}: leído en una página, nadie ha llamado todavía.",
    ),
    "checked-called": ("Last checked {date}: we called.", "Revisado el {date}: llamamos."),
    "checked-old": (
        "The page we read is from {year}, so it may have changed.",
        "La página que leímos es de {year}; puede haber cambiado.",
    ),
    # privacy, where no content says more
    "unreviewed": (
        (
            "A person wrote every word I say. No clinician, PREA coordinator or person with lived "
            "experience has signed my crisis words yet."
        ),
        (
            "Una persona escribió cada palabra que digo. Todavía ningún profesional clínico, "
            "coordinador de PREA ni persona que lo haya vivido firmó mis palabras de crisis."
        ),
    ),
    "privacy-short": (
        (
            "I don't keep what you type, unless you ask me to send it. I keep which page you are on, until you leave. Someone near "
            "you may see this screen. Please don't type names or plans."
        ),
        (
            "No guardo lo que escribes, a menos que me pidas enviarlo. Guardo en qué página estás, hasta que te vayas. Alguien cerca "
            "puede ver esta pantalla. Por favor, no escribas nombres ni planes."
        ),
    ),
}

# What people type to use a command, from anywhere, in any language. Whole messages only: a word
# of a longer message never is a command, so that "i cant stop" does not end the talk.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "help": (
        "help now", "help", "help me", "help me now", "i need help", "i need help now",
        "emergency", "sos", "911", "ayuda", "ayuda ya", "ayuda ahora", "ayudame", "auxilio",
        "socorro", "emergencia", "necesito ayuda", "necesito ayuda ya",
    ),
    "menu": (
        "menu", "main menu", "the menu", "home", "options", "go to menu", "show menu",
        "menu principal", "inicio", "el menu", "opciones", "ir al menu",
    ),
    "back": (
        "back", "go back", "previous", "undo", "last step", "atras", "volver", "regresar",
        "regresa", "anterior", "para atras",
    ),
    "start-over": (
        "start over", "restart", "start again", "begin again", "reset", "from the start",
        "empezar de nuevo", "reiniciar", "desde el principio", "empezar otra vez", "de nuevo",
    ),
    "stop": (
        "stop", "quit", "exit", "finish", "finish for now", "that is all",
        "log out", "leave", "salir", "terminar", "terminar por ahora", "parar", "alto", "ya termine",
        "eso es todo",
    ),
    "goodbye": (
        "bye", "goodbye", "good bye", "bye bye", "bye now", "ok bye", "goodbye now", "farewell", "adios", "hasta luego",
        "hasta siempre", "chao", "bueno adios", "ya adios",
    ),
    "thanks": (
        "thanks", "thank you", "thank you so much", "thanks a lot", "ty", "done", "all done", "gracias", "muchas gracias",
        "mil gracias", "listo", "lista",
        "thanks that helped", "thank you that helped", "that helped thanks", "gracias me ayudo", "gracias eso me ayudo",
    ),
    "hello": (
        "hi", "hey", "hello", "hi there", "hey there", "hello there", "hola", "buenas", "buenos dias", "buenas tardes",
        "buenas noches", "what can you do", "what do you do", "how can you help", "que puedes hacer", "que haces",
        "como me puedes ayudar", "en que me puedes ayudar",
    ),
    "who": (
        "who are you", "what are you", "are you a real person", "are you real", "are you a person", "are you human",
        "are you a bot", "am i talking to a real person", "quien eres", "que eres", "eres una persona de verdad",
        "eres una persona", "eres real", "eres un robot", "eres un bot",
    ),
    "simpler": (
        "i cant read this", "i cant read", "i dont read good", "i caint read to good", "read it to me", "too many words",
        "to many words", "i dont understand", "i dont get it", "what does this mean", "what dis mean", "huh", "what", "wat",
        "no entiendo", "no le entiendo", "no se leer", "no puedo leer", "leemelo", "muchas palabras", "que dice", "que quiere decir",
    ),
    "language": (
        "language", "change language", "idioma", "cambiar idioma", "otro idioma", "lenguaje",
    ),
    "language/en": ("english", "in english", "english please", "ingles", "en ingles"),
    "language/es": (
        "spanish", "in spanish", "spanish please", "espanol", "en espanol", "espanol por favor",
        "habla espanol", "no english", "no entiendo ingles", "no hablo ingles", "hablo espanol",
    ),
    "privacy": (
        "who can see this", "who sees this", "who reads this", "who can read this", "privacy",
        "is this private", "is this confidential", "can staff see this", "quien puede ver esto",
        "quien ve esto", "quien lee esto", "privacidad", "es privado", "es confidencial",
    ),
    "forget": (
        "forget me", "delete my data", "erase everything", "delete everything", "erase me",
        "olvidame", "borra todo", "borra mis datos", "borrar mis datos", "borrame",
    ),
}  # fmt: skip


# Whole messages that ask for paper. One rings the guard, gently, as part of anything longer.
PLAN_WORDS = frozenset({"safety plan", "plan de seguridad"})


def say(key: str, language: str, **blanks: object) -> str:
    """The program's own words for `key` in a language, English where it knows no other."""
    english, spanish = _WORDS[key]
    return (spanish if language == "es" else english).format(**blanks)
