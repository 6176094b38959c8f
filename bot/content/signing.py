"""Sign-offs: who has said that the safety words are right. A signature is of the words as they were
read, in every language, and any edit voids it."""

import hashlib
from collections.abc import Iterable, Mapping

from bot.content.knowledge import ROLES, SignOff
from bot.content.reading import Source
from bot.content.words import TRANSLATED, Translation
from bot.engine import screens

SCREENS = "screens"  # what the program's own crisis words are signed as

Sources = Mapping[str, Mapping[str, Source]]
Translations = Mapping[tuple[str, str], Mapping[str, Translation]]


def safety_texts(flows: Iterable[str]) -> list[str]:
    """What needs a sign-off: the program's screens and every crisis flow."""
    return [SCREENS, *sorted(name for name in flows if name.startswith("crisis/"))]


def digest_of(text: str, sources: Sources, translations: Translations) -> str:
    """The digest of safety words in all languages: the program's `screens`, or a flow's own."""
    if text == SCREENS:
        said = [
            f"{language}/{category}/{screen}/{where}/{words}"
            for language, of in sorted(screens.SCREENS.items())
            for (category, screen), bubbles in sorted(of.items())
            for where, words in bubbles
        ]
    else:
        own = (f"{text}/", f"{text}.")
        said = [
            f"{text_id}/{source.text.source}"
            for text_id, source in sorted(sources["flows"].items())
            if text_id.startswith(own)
        ]
        said += [
            f"{language}/{text_id}/{entry.words}"
            for language in TRANSLATED
            for text_id, entry in sorted(translations.get(("flows", language), {}).items())
            if text_id.startswith(own)
        ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def all_signed(
    flows: Iterable[str],
    sign_offs: Iterable[SignOff],
    sources: Sources,
    translations: Translations,
) -> bool:
    """Whether every role has signed every safety text as it stands."""
    signed = {(sign_off.text, sign_off.role, sign_off.digest) for sign_off in sign_offs}
    return all(
        (text, role, digest_of(text, sources, translations)) in signed
        for text in safety_texts(flows)
        for role in ROLES
    )
