"""The words of the page itself: its buttons, and what it says when it can't go on."""

from collections.abc import Mapping
from functools import cache

_WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Peerpath", "Peerpath"),
    "your-words": ("In your own words", "En tus palabras"),
    "send": ("Send", "Enviar"),
    "or-type": ("Or tell me in your own words:", "O dímelo en tus palabras:"),
    "help": ("Help now", "Ayuda ya"),
    "menu": ("Menu", "Menú"),
    "back": ("Back", "Atrás"),
    "privacy": ("Who can see this?", "¿Quién ve esto?"),
    "leave": ("Leave", "Salir"),
    "leave-hint": (
        "Leaves at once and erases this talk. Key: Esc twice.",
        "Sale de inmediato y borra esta plática. Tecla: Esc dos veces.",
    ),
    "other-language": ("Español", "English"),
    "skip": ("Skip to the talk", "Ir a la plática"),
    "answers": ("Answers to pick", "Respuestas para elegir"),
    "resources": ("Places and people that help", "Lugares y personas que ayudan"),
    "scale-low": ("not at all", "nada"),
    "scale-high": ("the most", "lo más"),
    "breathe-start": ("Start", "Empezar"),
    "breathe-stop": ("Stop", "Parar"),
    "breathe-done": ("Well done.", "Muy bien."),
    "urgent": ("This comes first", "Esto va primero"),
    "still-there": ("Are you still there?", "¿Sigues ahí?"),
    "still-there-why": (
        "To keep your talk private, it is erased soon if nobody answers.",
        "Para cuidar tu privacidad, esta plática se borra pronto si nadie contesta.",
    ),
    "still-here": ("I'm still here", "Aquí sigo"),
    "ended": ("This talk is over, and it has been erased.", "La plática terminó y se borró."),
    "start": ("Start", "Empezar"),
    "today": ("Today", "Hoy"),
    "before-typing": (
        "I don't keep what you type, unless you ask me to send it. People near you may see this screen.",
        "No guardo lo que escribes, a menos que me pidas enviarlo. La gente cerca puede ver esta pantalla.",
    ),
    "sending": ("Sent. The answer is coming.", "Enviado. Ya viene la respuesta."),
    "hide": ("Hide", "Tapar"),
    "hide-hint": ("Covers the screen. Key: F2.", "Tapa la pantalla. Tecla: F2."),
    "covered": ("Covered. Press any key to go on.", "Tapado. Toca cualquier tecla para seguir."),
    "go-on": ("Go on", "Seguir"),
    "print": ("Print", "Imprimir"),
    "print-how": (
        "To print, press Ctrl and P. No printer? Copy it on paper.",
        "Para imprimir, oprime Ctrl y P. ¿No hay impresora? Cópialo en papel.",
    ),
    "sheet-how": (
        (
            "You can type here, then print. What you type on this sheet is not sent and not kept. It "
            "is gone when you leave this page. I can't read it. In danger? Tap *Help now*."
        ),
        (
            "Puedes escribir aquí y luego imprimir. Lo que escribes en esta hoja no se envía ni se "
            "guarda. Se borra cuando sales de esta página. Yo no lo leo. ¿En peligro? Toca *Ayuda ya*."
        ),
    ),
    "more-cards": ("Show more", "Ver más"),
    "change": ("Before and now", "Antes y ahora"),
    "change-before": ("Before", "Antes"),
    "change-now": ("Now", "Ahora"),
    "read-aloud": ("Read aloud", "Leer en voz alta"),
    "read-warning": (
        "Others may hear this. Use headphones if you can.",
        "Otras personas lo pueden oír. Usa audífonos si puedes.",
    ),
    "read-start": ("Start reading", "Empezar a leer"),
    "read-stop": ("Stop reading", "Parar la lectura"),
    "reading": ("Reading", "Lectura"),
    "reading-title": ("How do you like to read?", "¿Cómo te gusta leer?"),
    "reading-why": (
        "Your choice stays until you leave.",
        "Lo que elijas queda así hasta que salgas.",
    ),
    "look-theme": ("Colors", "Colores"),
    "look-theme-auto": ("As this screen is set", "Como está esta pantalla"),
    "look-theme-light": ("Light", "Claro"),
    "look-theme-dark": ("Dark", "Oscuro"),
    "look-theme-contrast": ("Strong contrast", "Mucho contraste"),
    "look-text": ("Size", "Tamaño"),
    "look-text-normal": ("Normal size", "Normal"),
    "look-text-large": ("Larger", "Más grande"),
    "look-text-huge": ("Largest", "Lo más grande"),
    "look-space": ("Space between letters and lines", "Espacio entre letras y líneas"),
    "look-space-normal": ("Normal space", "Espacio normal"),
    "look-space-wide": ("More space", "Más espacio"),
    "back-to-talk": ("Back to the talk", "Volver a la plática"),
    "too-fast": (
        "That was a lot at once. Please wait a few seconds, then go on. Nothing is lost.",
        "Fue mucho de golpe. Espera unos segundos y luego sigue. No se perdió nada.",
    ),
    "offline": (
        "The kiosk is resting for a moment. It comes back by itself.",
        "El kiosco descansa un momento. Vuelve solo.",
    ),
    "not-kept": (
        (
            "I can answer, but I can't remember where you were just now. Use the buttons, and all is "
            "well."
        ),
        (
            "Te puedo contestar, pero ahora no puedo recordar dónde estabas. Usa los botones y todo "
            "irá bien."
        ),
    ),
    "too-long": (
        "That was more than I can read at once. Please say it in a few lines.",
        "Fue más de lo que puedo leer de una vez. Por favor, dilo en unas líneas.",
    ),
    "not-found": ("There is no such page here.", "Aquí no hay esa página."),
    "old-page": (
        "That page was from an earlier talk. Here is where we are now.",
        "Esa página era de otra plática. Aquí es donde estamos ahora.",
    ),
    "broken": (
        "Something went wrong here, and it is not your fault.",
        "Algo falló aquí, y no es culpa tuya.",
    ),
    "emergency": (
        (
            "In danger now? Tell any officer or use the call button. Outside: call 911, or call or "
            "text 988."
        ),
        (
            "¿En peligro ahora? Dile a un oficial o usa el botón de llamada. Afuera: llama al 911, o "
            "al 988 y oprime 2 para español."
        ),
    ),
}


@cache
def ui(language: str) -> Mapping[str, str]:
    """All of them in one language, for a page."""
    which = 1 if language == "es" else 0
    return {name.replace("-", "_"): words[which] for name, words in _WORDS.items()}
