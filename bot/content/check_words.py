"""Are the words translated, readable and short enough, with every blank filled?"""

from collections.abc import Iterator

from bot.content.check_flows import saved_answers
from bot.content.grade import too_hard
from bot.content.load import Loaded
from bot.content.problems import Mark, Problem, did_you_mean
from bot.content.reading import Source
from bot.content.words import TRANSLATED
from bot.engine.screens import DEFAULT_WORDS

MOST_ON_SCREEN = 900  # characters one step says at once: three phone screens, six SMS


def check(loaded: Loaded) -> Iterator[Problem]:
    """All problems of the words themselves."""
    yield from _translations(loaded)
    yield from _blanks(loaded)
    yield from _grades(loaded)
    yield from _lengths(loaded)


def _translations(loaded: Loaded) -> Iterator[Problem]:
    for room, sources in loaded.sources.items():
        for language in TRANSLATED:
            entries = loaded.translations.get((room, language), {})
            for source in sources.values():
                entry = entries.get(source.text.id)
                stale = (
                    entry is not None
                    and bool(entry.words)
                    and (entry.fuzzy or entry.source != source.text.source)
                )
                if entry is None or not entry.words:
                    yield _untranslated(source, language, "has no translation", "W301")
                elif stale:
                    yield _untranslated(source, language, "changed since it was translated", "W302")
                elif blanks(entry.words) != blanks(source.text.source):
                    yield Problem(
                        entry.at,
                        "W303",
                        f"The blanks of `{entry.id}` differ from its source: "
                        f"{_list(blanks(source.text.source))}.",
                        "A translation keeps each {blank} as it is.",
                    )
            for text_id, entry in entries.items():
                if text_id not in sources:
                    yield Problem(
                        entry.at,
                        "W304",
                        f"There is no text `{text_id}` any more.",
                        "`peerpath words update` takes it out.",
                    )


def _untranslated(source: Source, language: str, what: str, code: str) -> Problem:
    hint = "`peerpath words update` writes the entry for a translator."
    if source.crisis:
        return Problem(
            source.at,
            "W305",
            f"The crisis words `{source.text.id}` {_past(what)} (`{language}`).",
            hint,
        )
    return Problem(source.at, code, f"`{source.text.id}` {what} (`{language}`).", hint)


def _past(what: str) -> str:
    return what.replace("has no", "have no")


def blanks(words: str) -> set[str]:
    """The {blanks} of a text."""
    return {part.partition("}")[0] for part in words.split("{")[1:] if "}" in part}


def _list(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"


# What the program fills by itself: a request's mentor and code, and what was wished for.
FILLED = {"mentor", "code", "wishes"}


def _blanks(loaded: Loaded) -> Iterator[Problem]:
    """Every blank is filled: by a facility's words in every setting, or by a saved answer."""
    everywhere = set(DEFAULT_WORDS)
    facilities = loaded.content.facilities.values()
    if facilities:
        everywhere |= set.intersection(*(set(facility.words) for facility in facilities))
    for draft in loaded.drafts.values():
        known = everywhere | saved_answers(draft)
        for source in loaded.sources["flows"].values():
            if source.at.file != draft.at.file:
                continue
            for name in sorted(blanks(source.text.source) - known - FILLED):
                yield Problem(
                    source.at,
                    "F107",
                    f"Nothing fills the blank {{{name}}}.",
                    did_you_mean(name, known) or f"There are: {_list(known)}.",
                )


def _grades(loaded: Loaded) -> Iterator[Problem]:
    for room, sources in loaded.sources.items():
        for source in sources.values():
            if source.kind in {"title", "label", "word"}:
                continue
            if why := too_hard(source.text.source, "en"):
                yield _hard(source.at, source, "en", why)
            for language in TRANSLATED:
                entry = loaded.translations.get((room, language), {}).get(source.text.id)
                if entry and entry.words and (why := too_hard(entry.words, language)):
                    yield _hard(entry.at, source, language, why)


def _hard(at: Mark, source: Source, language: str, why: str) -> Problem:
    return Problem(
        at,
        "S401",
        f"`{source.text.id}` is hard to read in `{language}` ({why}).",
        "Shorter sentences and shorter words help most.",
    )


def _lengths(loaded: Loaded) -> Iterator[Problem]:
    for source in loaded.sources["flows"].values():
        length = len(source.text.source)
        if length > MOST_ON_SCREEN:
            yield Problem(
                source.at,
                "S402",
                f"`{source.text.id}` has {length} letters; a screen and a few "
                f"text messages hold {MOST_ON_SCREEN}.",
                "Break it into two steps.",
            )
