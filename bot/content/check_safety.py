"""Does what people read keep them safe, wherever they are?"""

from collections.abc import Iterator

import phonenumbers

from bot.content.flows import choices_of
from bot.content.knowledge import ROLES
from bot.content.load import Loaded
from bot.content.problems import Mark, Problem
from bot.content.signing import digest_of, safety_texts
from bot.content.words import TRANSLATED
from bot.engine import house, screens
from bot.engine.model import CATEGORIES, INSIDE
from bot.language.text import fold

# Words that are not ours to use of people (docs/safety.md), where they aren't somebody's name for
# a form or office, which stands in quotes.
NOT_OURS = {
    "en": (
        "inmate", "inmates", "offender", "offenders", "felon", "felons", "convict", "convicts",
        "ex con", "criminal", "criminals", "junkie", "addict", "addicts", "commit suicide",
        "committed suicide", "failed attempt", "successful suicide",
    ),
    "es": (
        "reo", "reos", "recluso", "reclusos", "reclusa", "delincuente", "delincuentes",
        "convicto", "convictos", "drogadicto", "drogadictos", "adicto", "adictos",
        "cometer suicidio", "cometio suicidio",
    ),
}  # fmt: skip
SHORT_CODES = ("988", "911", "211", "311", "411", "711", "741741")


def check(loaded: Loaded) -> Iterator[Problem]:
    """All problems of safety."""
    yield from _words(loaded)
    yield from _numbers(loaded)
    yield from _crisis_flows(loaded)
    yield from _alarming_choices(loaded)
    yield from _sign_offs(loaded)


def _words(loaded: Loaded) -> Iterator[Problem]:
    for room, sources in loaded.sources.items():
        for source in sources.values():
            said = [("en", source.text.source, source.at)]
            for language in TRANSLATED:
                entry = loaded.translations.get((room, language), {}).get(source.text.id)
                if entry:
                    said.append((language, entry.words, entry.at))
            for language, words, at in said:
                for word in not_ours(words, language):
                    yield Problem(
                        at,
                        "S407",
                        f"We don't say “{word}”.",
                        "Say “people inside”, “a person in prison”, “died by suicide”; a form's "
                        "own name goes in quotes.",
                    )


def not_ours(words: str, language: str) -> list[str]:
    """The words of a text that we don't use. What stands in quotes is somebody else's."""
    plain = f" {fold(_unquoted(words))} "
    return [word for word in NOT_OURS[language] if f" {word} " in plain]


def _unquoted(words: str) -> str:
    out, quoted = "", False
    for letter in words:
        if letter in '“”"':
            quoted = letter == "“" or (letter == '"' and not quoted)
        elif not quoted:
            out += letter
    return out


def _numbers(loaded: Loaded) -> Iterator[Problem]:
    """No flow names a number to somebody inside; cards show those a facility can dial."""
    for source in loaded.sources["flows"].values():
        if not source.settings & INSIDE:
            continue
        for number in numbers_in(source.text.source):
            yield Problem(
                source.at,
                "S403",
                f"`{number}` is shown to people inside, who may not be able to dial it.",
                "Say it under `outside:`, or show a resource with `find:`, which knows what each "
                "facility can dial.",
            )


def numbers_in(words: str) -> list[str]:
    """The phone numbers and short codes that a text names."""
    found = [match.raw_string for match in phonenumbers.PhoneNumberMatcher(words, "US")]
    return found + [word for word in fold(words).split() if word in SHORT_CODES]


def _crisis_flows(loaded: Loaded) -> Iterator[Problem]:
    for category in CATEGORIES:
        flow_id = f"crisis/{category}"
        draft = loaded.drafts.get(flow_id)
        if draft is None or draft.flow.alarm != category:
            yield Problem(
                Mark(f"flows/{flow_id}.yaml"),
                "S408",
                f"There is no flow `{flow_id}` with `alarm: {category}`.",
                "Its first screen is still shown, but nothing comes after it.",
            )
            continue
        wanted = {screen for of, screen in screens.SCREENS["en"] if of == category}
        for screen in sorted(wanted):
            step = draft.flow.steps.get(f"{flow_id}/{screen}")
            if step is None or step.screen != screen:
                yield Problem(
                    draft.at,
                    "S409",
                    f"`{flow_id}` needs a step `{screen}` with `screen: {screen}`.",
                    "It carries on from the program's own words.",
                )
        for step in draft.flow.steps.values():
            if step.screen and (category, step.screen) not in screens.SCREENS["en"]:
                yield Problem(
                    draft.step_marks[step.id],
                    "S409",
                    f"There is no screen `{step.screen}` for {category}.",
                    f"There are: {', '.join(sorted(wanted))}.",
                )


def _alarming_choices(loaded: Loaded) -> Iterator[Problem]:
    """No choice has words that ring the alarm instead of being picked. (That `help` shows help
    from every step needs no check: a command's very words win over any choice; see tests/.)"""
    content = loaded.content
    for draft in loaded.drafts.values():
        if draft.flow.id.startswith("crisis/"):
            continue
        for step in draft.flow.steps.values():
            for choice in choices_of(step):
                for language in house.LANGUAGES:
                    words = content.words.of(choice.label, language)
                    if alarm := content.guard.hear(words):
                        yield Problem(
                            draft.choice_marks[f"{step.id}/{choice.id}"],
                            "S410",
                            f"Typing “{words}” rings the alarm ({alarm.category}).",
                            "Right if that is meant; else choose other words for the label.",
                        )


def _sign_offs(loaded: Loaded) -> Iterator[Problem]:
    texts = safety_texts(loaded.drafts)
    signed: dict[tuple[str, str], str] = {}
    for sign_off in loaded.knowledge.sign_offs:
        signed[sign_off.text, sign_off.role] = sign_off.digest
        if sign_off.text in texts and sign_off.digest != digest_of(
            sign_off.text, loaded.sources, loaded.translations
        ):
            yield Problem(
                sign_off.at,
                "S405",
                f"`{sign_off.text}` changed after {sign_off.by} signed it.",
                "Ask them to read it again; `peerpath signoff` prints the new digest.",
            )
    for role in ROLES:
        missing = [text for text in texts if (text, role) not in signed]
        if missing:
            of = "any of the crisis words" if len(missing) == len(texts) else ", ".join(missing)
            yield Problem(
                Mark("knowledge/signoffs.yaml"),
                "S406",
                f"No {role} has signed {of}.",
                "Until then people should know that nobody has reviewed them.",
            )
