"""The mentors as the engine sees them: one frozen value in Content, swapped between turns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.engine.model import Suggested
from bot.peers import fitting
from bot.peers.model import Load, Mentor, Wishes
from bot.peers.words import line, wished


@dataclass(frozen=True, slots=True)
class Mentors:
    """See Roster in the engine's model."""

    mentors: tuple[Mentor, ...] = ()
    loads: Mapping[str, Load] = field(default_factory=dict)

    def serves(self, setting: str) -> bool:
        """Whether there is anybody to ask for."""
        return any(one.takes and (not setting or setting in one.settings) for one in self.mentors)

    def writes(self, setting: str) -> bool:
        """Whether anybody of them can be written to, through the program."""
        return any(
            one.takes and one.chat and (not setting or setting in one.settings)
            for one in self.mentors
        )

    def suggest(
        self, answers: Mapping[str, str], setting: str, language: str, apart: frozenset[str]
    ) -> tuple[Suggested, ...]:
        """Up to three for these wishes, the best first, each with the reason in one line."""
        wishes = Wishes.of(answers, setting, language)
        best = fitting.ranked(self.mentors, wishes, self.loads, apart)[: fitting.SHOWN]
        return tuple(
            Suggested(one.mentor.id, one.mentor.name, line(one.reasons, language)) for one in best
        )

    def name(self, mentor: str) -> str:
        """What a mentor is called; nothing of one who is not here."""
        return next((one.name for one in self.mentors if one.id == mentor), "")

    def wished(self, answers: Mapping[str, str], language: str) -> str:
        """What a mentor is told of these answers, in one line."""
        return wished(Wishes.of(answers, "", language), language)
