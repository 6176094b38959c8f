"""The crisis guard: does this message alarm us?

It runs first on every message of every channel, with no saved state and no store. Its rules come
from the safety proposal this project follows (docs/safety.md):

Rule 1: a phrase is found inside a message, through typos in long words, chat spelling, letters
        held down, spaced out or swapped for signs, in English and Spanish at once. One that says
        little among many words (`= restraining order`) counts in short messages only, or where
        there is no second opinion.
Rule 2: a denial lowers a phrase only if it stands right before it. What follows a denial and
        takes it back (`but`, `today`, `idk`) makes it a hedged denial, which gets a gentle check.
        Phrases that deny by nature (`don't want to live`) are not denials.
Rule 3: an idiom exempts a whole phrase, never a word, and any second cue voids it.
Rule 4: what is long past gets a check, unless a second cue says it is not over.
Rule 5: people who want to learn or teach are left in peace by the weakest phrases only.
Rule 6: where somebody else is in danger, the screen is about them.
Rule 7: a second opinion, learnt from messages as people write them (`knowledge/messages/`), is
        asked where no phrase calls for the screen. It may ask a gentle question, and where it is
        sure show the screen. It never lowers what a phrase says, and what the rules found denied
        or past it leaves as they found it. Of few words, and of what holds an idiom, it must be
        surer.

Phrases are lists that a counsellor can read (`knowledge/alarms/`); how they are written and found:
net.py. FLOOR below is always there, whatever becomes of those files. Nothing here remembers a word
of what was typed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bot.engine.model import Alarm, Level
from bot.engine.net import Ear, Hit, Net, Piece, Way, pieces_of
from bot.language.likeness import Floats, Likeness
from bot.language.text import Word, clauses, fold, hear, plain_words

TAKEN_BACK = 15  # words after a denial within which it may be taken back
QUIET = "quiet"  # what the second opinion calls a message that is no danger
ASK = "check-in"  # and a message that calls for a gentle question; any other label names a screen
SHOWN = 0.3  # how likely it must be that a screen is called for, to show it
SHOWN_ANYWAY = 0.4  # the same where a phrase was heard that calls for a question
ASKED = 0.37  # how likely it must be that a message is not quiet, to ask
ASKED_ANYWAY = 0.9  # the same where a phrase was heard and dismissed: a denial, an idiom, a lesson
NEVER = 2.0  # no likelihood is that high
FEWEST = 7  # words the second opinion needs: of `ok that is enough` it knows nothing
FEW = 9  # words it needs to know much; of fewer, phrases with `=` count
SURER = 0.25  # how much surer it must be of few words, or of what holds an idiom
LONG = 14  # words from which it also reads a message clause by clause
MANY_HITS = 300


@dataclass(frozen=True, slots=True)
class AlarmPhrase:
    """A phrase that alarms: `screen` is the crisis screen that fits, or for a check-in why."""

    pattern: str
    category: str
    level: Level
    screen: str
    language: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What a counsellor wrote: phrases, the groups they name, idioms, and the words of the rules
    (`denials`, `denial_links`, `takes_back`, `past`, `now`, `learning`, `someone`, `me`)."""

    phrases: tuple[AlarmPhrase, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quiet: tuple[str, ...] = ()
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ordinary: frozenset[str] = frozenset()  # real words that are no typo of anything


# Which screen is shown when several fit: most urgent first.
_URGENCY = ("imminent", "active", "doer", "someone-else")
_ORDER = (
    "overdose",
    "medical",
    "suicide",
    "sexual_abuse",
    "violence",
    "domestic_violence",
    "self_harm",
    "withdrawal",
)
# Check-ins that a wish to learn may explain. Every other phrase stands whoever asks.
_WEAK = frozenset({"mention", "someone-else"})
_JUDGED = frozenset({"denied", "past"})  # check-ins that a rule made of an alarm
_PARTICIPLES = ("ado", "ido", "echo", "icho", "isto", "uesto")  # Spanish ones, after `he`

_FLOOR_PHRASES: Mapping[tuple[str, Level, str, str], tuple[str, ...]] = {
    ("suicide", "escalate", "active", "en"): (
        "(kill|killing|hang|hanging|shoot|shooting) (myself|my self)",
        "(want|going|ready|plan|planning) to die",
        "(end|ending|take|taking) my [own] life",
        "end it all",
        "i am suicidal",
        "kms",
        "unalive",
        "do not want to (live|be alive)",
    ),
    ("suicide", "escalate", "active", "es"): (
        "me (quiero|voy a) (matar|morir|suicidar|colgar|ahorcar)",
        "(quiero|voy a) (morirme|matarme|suicidarme|ahorcarme|colgarme|morir)",
        "(quitarme|acabar con mi) [la] vida",
        "(no|ya no) quiero (vivir|seguir viviendo)",
    ),
    ("suicide", "escalate", "someone-else", "en"): ("(kill|hang) (himself|herself|themself)",),
    ("self_harm", "escalate", "active", "en"): ("(cut|cutting|hurt|hurting|burn) myself",),
    ("self_harm", "escalate", "active", "es"): ("(cortarme|lastimarme|cortando los brazos)",),
    ("overdose", "escalate", "imminent", "en"): (
        "took (all|too many) [of] [my] (pills|medicine)",
        "(overdosed|overdosing)",
        "not breathing",
    ),
    ("overdose", "escalate", "imminent", "es"): ("(sobredosis|no respira)",),
    ("sexual_abuse", "escalate", "active", "en"): ("(raped|raping|rape) me", "sexually assaulted"),
    ("sexual_abuse", "escalate", "active", "es"): ("me (violaron|violo|viola)",),
    ("violence", "escalate", "active", "en"): ("going to (kill|stab|shoot|jump) me",),
    ("violence", "escalate", "doer", "en"): ("going to (kill|stab|shoot) (him|her|them|you|my)",),
    ("violence", "escalate", "active", "es"): ("me (van a|quieren) (matar|picar)",),
    ("violence", "escalate", "doer", "es"): ("(lo|la|los|las) voy a matar",),
    ("medical", "escalate", "imminent", "en"): ("can not breathe", "heart attack", "man down"),
    ("medical", "escalate", "imminent", "es"): ("no puedo respirar", "me duele el pecho"),
    ("withdrawal", "escalate", "imminent", "en"): ("withdrawal ... (seizure|seeing things)",),
    ("domestic_violence", "escalate", "active", "en"): (
        "(he|she|husband|wife|boyfriend|girlfriend) ... (hit|hits|beat|beats|choked) me",
    ),
    ("domestic_violence", "escalate", "active", "es"): ("me (pega|golpea|pego|ahorco)",),
}
FLOOR = Lexicon(
    phrases=tuple(
        AlarmPhrase(pattern, category, level, screen, language)
        for (category, level, screen, language), patterns in _FLOOR_PHRASES.items()
        for pattern in patterns
    )
)


class Guard:
    """Listens to messages with the floor and the lexicon it is given, and a second opinion whose
    labels are `quiet` and a danger with a screen or with ASK: `suicide imminent`, `medical
    check-in`. Built once an edition."""

    def __init__(self, lexicon: Lexicon = Lexicon(), opinion: Likeness | None = None) -> None:
        self._opinion = opinion
        self._calls_for = [_called(label) for label in (opinion.labels if opinion else ())]
        self._shows = np.array([screen not in ("", ASK) for _, screen in self._calls_for], float)
        self._asks = np.array([bool(screen) for _, screen in self._calls_for], float)
        self._phrases = (*FLOOR.phrases, *lexicon.phrases)
        rules = lexicon.rules
        self._denials, self._links, self._someone, self._me = (
            frozenset(word for phrase in rules.get(name, ()) for word in fold(phrase).split())
            for name in ("denials", "denial_links", "someone", "me")
        )
        real = lexicon.ordinary | self._denials | self._links | self._someone | self._me
        self._ear = Ear(lexicon.groups, real)
        taken_apart = [pieces_of(phrase.pattern) for phrase in self._phrases]
        self._alarms = Net(self._ear, taken_apart)
        self._quiet = Net(self._ear, map(pieces_of, lexicon.quiet))
        self._takes_back, self._past, self._now, self._learning = (
            Net(self._ear, map(pieces_of, rules.get(name, ())))
            for name in ("takes_back", "past", "now", "learning")
        )
        self._ear.close()
        self._alone = [phrase.pattern.startswith("=") for phrase in self._phrases]
        self._names_past = [
            any(True for _ in self._past.scan([(s,) for way in ways for s in way]))
            for ways in (map(_longest, pieces) for pieces in taken_apart)
        ]

    def hear(self, text: str) -> Alarm | None:
        """The most urgent alarm in a message, or nothing. Time grows with its length alone."""
        words = self._ear.split(hear(text))
        readings = self._ear.readings(words)
        hits = [hit for hit in self._alarms.scan(readings) if self._counts(hit, words)]
        rung = self._rule(words, readings, hits)
        if rung and (rung.level == "escalate" or rung.screen in _JUDGED):
            return rung
        if rung:
            return self._second(text, SHOWN_ANYWAY, NEVER) or rung
        if hits:
            return self._second(text, NEVER, ASKED_ANYWAY)
        surer = SURER if any(self._quiet.scan(readings)) else 0.0
        return self._second(text, SHOWN + surer, ASKED + surer)

    def _counts(self, hit: Hit, words: Sequence[Word]) -> bool:
        """A phrase that begins with `=` is for what the second opinion knows little of."""
        return self._opinion is None or len(words) < FEW or not self._alone[hit.phrase]

    def _rule(
        self, words: Sequence[Word], readings: Sequence[tuple[str, ...]], hits: Sequence[Hit]
    ) -> Alarm | None:
        if not hits:
            return None
        rules = _Rules(
            takes_back=list(self._takes_back.scan(readings)),
            past=list(self._past.scan(readings)),
            now=list(self._now.scan(readings)),
            learning=list(self._learning.scan(readings)),
        )
        judged = [
            (hit, alarm) for hit in hits if (alarm := self._judge(hit, words, rules)) is not None
        ]
        idioms = list(self._quiet.scan(readings))
        if all(any(_exempt(hit, idiom) for idiom in idioms) for hit, _ in judged):
            return None
        # A second cue voids the idiom: then what it covered counts as well.
        return min((alarm for _, alarm in _longest_of(judged)), key=_urgency)

    def _second(self, text: str, shown: float, asked: float) -> Alarm | None:
        """The second opinion on a message: the screen from a likelihood of `shown` on, else a
        question from `asked` on."""
        words = plain_words(text)
        if self._opinion is None or len(words) < FEWEST:
            return None
        apart = clauses(text, least=4) if len(words) >= LONG else []
        read = self._opinion.of_each([words, *(apart if len(apart) > 1 else ())])
        surer = SURER if len(words) < FEW else 0.0
        likely, (category, screen) = self._likeliest(read, self._shows)
        if likely >= shown + surer:
            return Alarm(category, "escalate", screen, "", "")
        likely, (category, _) = self._likeliest(read, self._asks)
        if likely >= asked + surer:
            return Alarm(category, "check_in", "passive", "", "")
        return None

    def _likeliest(
        self, read: Sequence[Floats], among: NDArray[np.float64]
    ) -> tuple[float, tuple[str, str]]:
        """How likely it is one of some labels, all together, and what the likeliest of them calls
        for. The whole message, at 0, and its worst clause count alike: a danger in the third
        sentence drowns in the whole, and a clause by itself says too much."""
        worst = max(read, key=lambda each: float(each @ among))
        likely = (read[0] + worst) / 2 * among
        return float(likely.sum()), self._calls_for[int(np.argmax(likely))]

    def _judge(self, hit: Hit, words: Sequence[Word], rules: "_Rules") -> Alarm | None:
        phrase = self._phrases[hit.phrase]
        level, screen = phrase.level, phrase.screen
        if self._denied(hit, words):
            if not any(hit.end <= taken.start < hit.end + TAKEN_BACK for taken in rules.takes_back):
                return None
            level, screen = "check_in", "denied"
        elif screen in _WEAK and _said_beside(hit, rules.learning, words):
            if level == "check_in":
                return None
            level = "check_in"  # somebody may be in danger all the same
        elif level == "escalate" and self._is_past(hit, words, rules):
            level, screen = "check_in", "past"
        elif screen in {"active", "imminent"} and self._about_someone(hit, words):
            screen = "someone-else"
        return Alarm(phrase.category, level, screen, phrase.pattern, phrase.language)

    def _denied(self, hit: Hit, words: Sequence[Word]) -> bool:
        """A denial in the same clause with nothing but linking words up to the phrase. Words that
        deny by nature (`don't want to live`) are part of the phrase, and so are no denial of it."""
        if any(word.text in self._denials for word in words[hit.start : hit.end]):
            return False
        for at in range(hit.start - 1, max(-1, hit.start - 7), -1):
            word = words[at]
            if word.clause != words[hit.start].clause:
                return False
            if word.text in self._denials:
                return True
            if word.text not in self._links:
                return False
            if word.text == "he" and not _spanish_have(words, at):
                return False  # `said no he choked me`
        return False

    def _is_past(self, hit: Hit, words: Sequence[Word], rules: "_Rules") -> bool:
        """Its sentence says that it is past, and the phrase itself doesn't: `the same shot i used
        to do` is about now."""
        return (
            not self._names_past[hit.phrase]
            and _said_beside(hit, rules.past, words)
            and not _said_beside(hit, rules.now, words)
        )

    def _about_someone(self, hit: Hit, words: Sequence[Word]) -> bool:
        """Somebody else is the subject: named before the phrase in its clause, with no `I`
        between them."""
        if any(word.text in self._me for word in words[hit.start : hit.end]):
            return False
        for at in range(hit.start - 1, max(-1, hit.start - 7), -1):
            word = words[at]
            if word.clause != words[hit.start].clause or word.text in self._me:
                return False
            if word.text in self._someone and not _spanish_have(words, at):
                return True
        return False


def _called(label: str) -> tuple[str, str]:
    """The danger and the screen that a label of the second opinion names; of QUIET neither."""
    danger, _, screen = label.partition(" ")
    return ("", "") if label == QUIET else (danger, screen)


def _said_beside(hit: Hit, marks: Iterable[Hit], words: Sequence[Word]) -> bool:
    """Whether one of the marks stands in the phrase's sentence."""
    sentence = words[hit.start].sentence
    return any(words[mark.start].sentence == sentence for mark in marks)


def _spanish_have(words: Sequence[Word], at: int) -> bool:
    """Whether `he` is Spanish here (`no he pensado`, I have not thought) and no man."""
    following = words[at + 1].text if at + 1 < len(words) else ""
    return words[at].text == "he" and following.endswith(_PARTICIPLES)


@dataclass(frozen=True, slots=True)
class _Rules:
    """Where a message takes a denial back, says that something is past or that it is not over,
    and whether it asks to learn."""

    takes_back: Sequence[Hit]
    past: Sequence[Hit]
    now: Sequence[Hit]
    learning: Sequence[Hit]


def _longest_of(judged: Sequence[tuple[Hit, Alarm]]) -> Iterator[tuple[Hit, Alarm]]:
    """Without the hits that stand inside a longer one of their level: `he put a gun to my head`
    knows better than `gun to my head`. (A message with hundreds of hits needs no such care.)"""
    for hit, alarm in judged:
        if len(judged) > MANY_HITS or not any(
            other.start <= hit.start
            and hit.end <= other.end
            and other.end - other.start > hit.end - hit.start
            and longer.level == alarm.level
            for other, longer in judged
        ):
            yield hit, alarm


def _urgency(alarm: Alarm) -> tuple[int, int, int]:
    near = _URGENCY.index(alarm.screen) if alarm.screen in _URGENCY else len(_URGENCY)
    return (alarm.level != "escalate", near > 0, _ORDER.index(alarm.category) * 10 + near)


def _exempt(hit: Hit, idiom: Hit) -> bool:
    """Whether the words a phrase turns on, its last, are part of an idiom: `going to hang` in
    `going to hang out`."""
    return idiom.start < hit.end <= idiom.end


def _longest(piece: Piece) -> Way:
    return max(piece, key=len)
