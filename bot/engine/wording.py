"""Words in a person's language, with the blanks filled in.

Source words stand in the YAML, translations beside them in `words/*.po`, filed under the id of
the text. Where a translation is missing the source is said: wrong language beats silence, and
`peerpath check` has already complained.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.engine import screens
from bot.engine.house import say
from bot.engine.model import (
    EVERYWHERE,
    INSIDE,
    OUTSIDE,
    Card,
    Facility,
    Fact,
    Form,
    Line,
    Part,
    Resource,
    Section,
    Sheet,
    Text,
)

# How old a page may be before its card says so.
OLD_AFTER_YEARS = 3
# Of a service given in many places, a card shows the first few.
MOST_PLACES = 2


@dataclass(frozen=True, slots=True)
class Words:
    """Translations by language and text id. The source language needs none."""

    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, text: Text, language: str) -> str:
        """The text in a language, else as its author wrote it."""
        return self.translations.get(language, {}).get(text.id) or text.source


@dataclass(frozen=True, slots=True)
class Voice:
    """How to speak to this person: their language, where they are, what fills the blanks."""

    words: Words
    language: str
    setting: str
    facility: Facility | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    # What to say of a place where we don't know it: the facilities named after a setting.
    usual: Mapping[str, Facility] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """`inside`, `outside`, or nothing where we don't know."""
        if self.setting in INSIDE:
            return "inside"
        return "outside" if self.setting in OUTSIDE else ""

    def text(self, text: Text, settings: frozenset[str] = EVERYWHERE) -> str:
        """One text, translated and filled in for whom it is meant."""
        return self.fill(self.words.of(text, self.language), settings)

    def fill(self, words: str, settings: frozenset[str] = EVERYWHERE) -> str:
        """Put this facility's words and this flow's answers into `{blanks}`; any other blank is
        left out rather than shown."""
        out, rest = "", words
        while "{" in rest:
            before, _, rest = rest.partition("{")
            name, closed, rest = rest.partition("}")
            out += before + (self._blank(name, settings) if closed else name)
        return out + rest

    def _blank(self, name: str, settings: frozenset[str]) -> str:
        if name in self.answers:
            return self.answers[name]
        facility = self.facility
        if facility is None and settings != EVERYWHERE:
            facility = next((self.usual[s] for s in sorted(settings) if s in self.usual), None)
        if facility and name in facility.words:
            return self.words.of(facility.words[name], self.language)
        default = screens.DEFAULT_WORDS.get(name, {})
        return default.get(self.language) or default.get("en", "")

    def lines(self, lines: Iterable[Line]) -> list[str]:
        """The lines meant for this setting, a bubble a paragraph. Somebody who has not said where they are is told
        both, each after the words that say for whom it is."""
        out: list[str] = []
        either = screens.EITHER.get(self.language) or screens.EITHER["en"]
        for line in lines:
            if self.setting in line.settings:
                out += self.text(line.text, line.settings).split("\n\n")
            elif not self.where and line.settings:
                if line.settings != EVERYWHERE:
                    out.append(either[0] if line.settings <= INSIDE else either[1])
                out += self.text(line.text, line.settings).split("\n\n")
        return out

    def sheet(self, form: Form) -> Sheet:
        """A form for this person: the parts and lines that are for their setting and answers."""
        sections = tuple(
            self._section(part)
            for part in form.parts
            if self._is_for(part.settings) and self._fits(part.when)
        )
        return Sheet(self.text(form.title), tuple(s for s in sections if s.items or s.write))

    def _section(self, part: Part) -> Section:
        items = [line for item in part.items if self._fits(item.when) for line in item.lines]
        return Section(
            self.text(part.heading, part.settings),
            " ".join(self._said(part.hint)),
            tuple(self._said(items)),
            part.write,
        )

    def _said(self, lines: Iterable[Line]) -> list[str]:
        """Lines for this setting without saying for whom: paper says both in a row."""
        return [
            self.text(line.text, line.settings) for line in lines if self._is_for(line.settings)
        ]

    def _is_for(self, settings: frozenset[str]) -> bool:
        return self.setting in settings or not self.where

    def _fits(self, when: Mapping[str, tuple[str, ...]]) -> bool:
        return all(self.answers.get(name, "") in values for name, values in when.items())

    def screen(self, category: str, screen: str, text: str = "") -> list[str]:
        """The locked words of a crisis screen, for what somebody just typed."""
        far = screens.far_from(text, self.setting)
        return [
            self.fill(words)
            for words in screens.words_of(category, screen, self.language, self.where, far)
        ]

    def screen_again(self, category: str, screen: str, *, asks: bool) -> list[str]:
        """What of a crisis screen is said again where the talk stays on it."""
        again = screens.again_of(category, screen, self.language, self.where, asks=asks)
        return [self.fill(words) for words in again]

    def can_use(self, resource: Resource) -> bool:
        """Whether this person can do anything with it from where they are. Families ask for
        somebody else, and people who are out about what began inside."""
        if self.where == "inside":
            serves = self.setting in resource.settings
            return serves and (self.dialable(resource) or resource.from_inside is not None)
        return True

    def dialable(self, resource: Resource) -> bool:
        """Whether its numbers may be shown: from inside only those the facility lists."""
        if self.where == "inside":
            return self.facility is not None and resource.id in self.facility.dial
        return True

    def card(self, resource: Resource, year: int, *, urgent: bool = False) -> Card:
        """A resource as a card. Never a number that may not be dialled from where they are. In an
        `urgent` reply the day of the check stands alone: a doubt there costs the call."""
        facts: list[Fact] = []

        def add(kind: str, key: str, value: str) -> None:
            if value:
                facts.append(Fact(kind, say(f"card-{key}", self.language), value))

        inside = self.where == "inside"
        if resource.from_inside and self.where != "outside":
            add("words", "from-inside", self.text(resource.from_inside))
        if self.dialable(resource):
            for phone in resource.phones:
                note = f" ({self.text(phone.note)})" if phone.note else ""
                key = {"text": "text", "tty": "tty"}.get(phone.kind, "call")
                add("text" if key == "text" else "phone", key, phone.number + note)
        if not inside:
            add("web", "web", resource.url)
            add("words", "email", resource.email)
        add("address", "address", _places(resource))
        for key, text in (
            ("how", None if inside else resource.application_process),
            ("who", resource.eligibility_description),
            ("hours", resource.schedule),
            ("cost", resource.fees_description),
            ("bring", None if inside else resource.required_document),
        ):
            if text:
                add("words", key, self.text(text))
        checked = say(
            f"checked-{resource.confidence}",
            self.language,
            date=resource.assured_date.isoformat(),
        )
        page_year = resource.source_date[:4]
        if not urgent and page_year.isdecimal() and year - int(page_year) >= OLD_AFTER_YEARS:
            checked += " " + say("checked-old", self.language, year=page_year)
        name = resource.name
        if resource.organization and resource.organization not in name:
            name += f" ({resource.organization})"
        return Card(resource.id, name, self.text(resource.description), tuple(facts), checked)


def _places(resource: Resource) -> str:
    addresses = dict.fromkeys(place.address for place in resource.locations if place.address)
    return "; ".join(list(addresses)[:MOST_PLACES])


def answers_of(answers: Mapping[str, str], flow: str) -> Mapping[str, str]:
    """The answers saved in one flow, by their short names."""
    start = flow + "."
    return {
        name.removeprefix(start): value for name, value in answers.items() if name.startswith(start)
    }
