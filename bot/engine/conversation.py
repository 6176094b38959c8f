"""respond(): one message in, one answer out. Words in, words out.

Rule 1  guard: an alarm is answered before anything else is looked at, and even if all else fails.
Rule 2  place: a saved place that has gone lands kindly where `moved:` says, or at the start.
Rule 3  match: a choice offered here, then a command, then a topic. Two that would do: we ask.
Rule 4  move: steps are followed until somebody must speak, at most MOST_STEPS of them.
Rule 5  speak: the reply always has words, and options, a question or a goodbye.

It never raises, is never silent, and knows no clock, disk, network, log or randomness. What it
keeps (`Conversation`) is ids and chosen answers, never what a person typed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import assert_never

from bot.engine import finder, house, matcher, screens
from bot.engine.content import Content, flow_of
from bot.engine.model import (
    SETTINGS,
    UNSAID,
    Act,
    Alarm,
    Ask,
    AskArea,
    AskLanguage,
    Call,
    Card,
    Choice,
    Conversation,
    End,
    Find,
    Flow,
    Go,
    Heard,
    Line,
    Note,
    Option,
    Outcome,
    Pace,
    Reply,
    Return,
    Route,
    Scale,
    Stand,
    Step,
    Turn,
    Understanding,
)
from bot.engine.text import fold, guess_language
from bot.engine.wording import Voice, answers_of

MOST_STEPS = 50  # in one turn; two flows that point at each other cost one odd reply
MOST_RETURNS = 8  # places remembered to come back to
MOST_BACK = 12  # steps that `back` can take
SURE_UNCLEAR = 3  # misses in a row after which we stop repeating ourselves

# Flows the engine knows by name. Any of them may be missing.
WELCOME, MENU, WHERE, PRIVACY = "welcome", "menu", "where", "help/privacy"
_THRESHOLDS = frozenset({WELCOME, MENU, WHERE})  # nobody needs a way back to these


def respond(content: Content, conversation: Conversation, turn: Turn) -> Outcome:
    """Answer one turn. Never raises; the reply always has words and a way on."""
    alarm = None
    try:
        if turn.text and not turn.silent:
            alarm = content.guard.hear(turn.text)
    except Exception:  # noqa: BLE001 - Rule 1: a guard that breaks means help, not silence
        return _bare(content, conversation, turn, "help", "active")
    try:
        return _Answer(content, conversation, turn).to(alarm)
    except Exception:  # noqa: BLE001 - a bug of ours must not cost somebody their answer
        if alarm:
            return _bare(content, conversation, turn, alarm.category, screens.screen_of(alarm))
        return _bare(content, conversation, turn, "", "")


def _bare(
    content: Content, conversation: Conversation, turn: Turn, category: str, screen: str
) -> Outcome:
    """The answer that needs nothing but the program's own words."""
    language = conversation.language or guess_language(turn.text) or turn.language
    language = language if language in house.LANGUAGES else "en"
    voice = Voice(content.words, language, conversation.setting)
    says = voice.screen(category, screen) if category else [house.say("broken", language)]
    options = tuple(Option(f"/{name}", house.say(name, language)) for name in ("help", "menu"))
    reply = Reply(tuple(says), options, urgent=bool(category), language=language)
    kept = Conversation(
        language=conversation.language,
        setting=conversation.setting,
        facility=conversation.facility,
        offered=tuple(option.id for option in options),
        last_turn=turn.id,
        content=content.digest,
    )
    note = Note("alarm", f"{category}/{screen}") if category else Note("broken")
    return Outcome(reply, kept, notes=(Note("turn"), note), heard=Heard("alarm", category))


class _Answer:
    """One turn being answered: what is said so far, and the conversation as it will be kept."""

    def __init__(self, content: Content, before: Conversation, turn: Turn) -> None:
        self.content, self.before, self.turn = content, before, turn
        self.chosen_language = before.language if before.language in house.LANGUAGES else ""
        self.setting = before.setting
        self.facility = before.facility
        self.area = before.area
        self.place = before.place
        self.way_back = [r for r in before.way_back if content.step(content.land(r.place))]
        self.trail = [s for s in before.trail if content.step(s.place)]
        self.answers = dict(before.answers)
        self.misses = before.misses
        self.says: list[str] = []
        self.asks: list[str] = []
        self.options: list[Option] = []
        self.cards: list[Card] = []
        self.pace: Pace | None = None
        self.scale = self.urgent = self.over = False
        self.screen_said = ""  # the crisis screen already on this reply
        self.steps = 0
        self.acts: list[Act] = []
        self.notes = [Note("turn")]
        self.heard = Heard("start")

    # ── whom we speak to ───────────────────────────────────────────────────────────────────────

    @property
    def language(self) -> str:
        hint = self.turn.language if self.turn.language in house.LANGUAGES else "en"
        return self.chosen_language or hint

    def voice(self, flow: str = "") -> Voice:
        facilities = self.content.facilities
        facility = facilities.get(self.facility) or facilities.get(self.setting)
        answers = answers_of(self._kept(), flow) if flow else {}
        return Voice(
            self.content.words, self.language, self.setting, facility, answers, facilities
        )

    def word(self, key: str, **blanks: object) -> str:
        return house.say(key, self.language, **blanks)

    def _hear_language(self, alarm: Alarm | None) -> None:
        """Answer people in the language they write; a mixed message changes nothing."""
        guess = guess_language(self.turn.text)
        if guess:
            self.chosen_language = guess
        elif alarm and not self.chosen_language and alarm.language in house.LANGUAGES:
            self.chosen_language = alarm.language

    # ── guard, place, match ────────────────────────────────────────────────────────────────────

    def to(self, alarm: Alarm | None) -> Outcome:
        landed = self._land()
        if alarm:
            self._hear_language(alarm)
            if alarm.level == "escalate" or not self._in_crisis(alarm.category):
                self._alarm(alarm)
                return self._outcome()
        if self.turn.picked:
            self._picked(self.turn.picked, landed)
        elif self.turn.silent or not fold(self.turn.text):
            self._say_again(landed)
        else:
            self._typed(self.turn.text, landed)
        return self._outcome()

    def _land(self) -> bool:
        """Rule 2. True where the saved place had to change."""
        if not self.place or self.content.step(self.place):
            return False
        self.place = self.content.land(self.place)
        return True

    def _say_again(self, landed: bool) -> None:
        if landed:
            self._gone()
        elif self.place:
            self.walk(self.place)
        else:
            self._open(MENU if self.before.last_turn else WELCOME)

    def _gone(self) -> None:
        self.notes.append(Note("landed", self.before.place))
        if self.place:
            self.says.append(self.word("gone"))
            self.walk(self.place)
        else:
            self.says.append(self.word("gone-for-good"))
            self._open(MENU)

    def _picked(self, option: str, landed: bool) -> None:
        if option.startswith("/"):
            self._command(option[1:])
            return
        place, _, choice = option.rpartition("/")
        step = self.content.step(place)
        if step and self._choose(step, choice):
            return
        # A button of a step that has changed or gone since it was shown.
        self.place = self.content.land(place) or self.place
        self._gone() if not step or landed else self._again(step, self.word("gone"))

    def _typed(self, text: str, landed: bool) -> None:
        step = None if landed else self.content.step(self.place)
        if (name := matcher.exact_command(text)) and not self._is_choice(step, name, text):
            self._command(name)
            return
        if step and self._answered(step, text):
            return
        if (n := matcher.number(text)) and n <= len(self.before.offered) and not landed:
            self.heard = Heard("number", self.before.offered[n - 1])
            self._picked(self.before.offered[n - 1], landed)
            return
        if not landed and (option := matcher.pick(text, self._offered_words())):
            self.heard = Heard("choice", option)
            self._picked(option, landed)
            return
        if name := matcher.command(text):
            self._command(name)
            return
        # Only now, so that the name of a county or a choice changes nobody's language.
        self._hear_language(None)
        meant = self.content.matcher.understand(text)
        if meant.sure:
            topic = meant.sure.topic
            self.heard = Heard("topic", topic, meant.sure.phrase)
            self._topic(topic)
        elif landed:
            self._gone()
        elif meant.maybe and self._may_guess(step):
            self._did_you_mean(meant)
        else:
            self._unclear(step)

    def _is_choice(self, step: Step | None, command: str, text: str) -> bool:
        """Whether a command's very words are also a choice here. `Help` is always help."""
        match step.next if step else None:
            case Ask(choices) | AskArea(_, choices) if command != "help":
                words = self._words_of(choices).values()
                return any(matcher.is_one_of(text, phrases) for phrases in words)
            case _:
                return False

    def _may_guess(self, step: Step | None) -> bool:
        """A crisis question, a scale and a county are asked again rather than guessed about."""
        flow = self.content.flow(step.id) if step else None
        return not (flow and flow.alarm) and not (step and isinstance(step.next, (Scale, AskArea)))

    def _answered(self, step: Step, text: str) -> bool:
        """Whether the text answers the question asked here."""
        match step.next:
            case Ask(choices):
                words = self._words_of(choices)
            case Scale(low, high):
                value = _number_in(text, low, high)
                if value is None:
                    return False
                self.heard = Heard("number", f"{step.id}/{value}")
                return self._choose(step, str(value))
            case AskArea(_, choices):
                words = self._words_of(choices)
                for area in self.content.areas.values():
                    words[area.id] = [area.name, *area.also]
            case AskLanguage():
                words = {code: [code, name] for code, name in house.LANGUAGES.items()}
                words["en"].append("ingles")
                words["es"].append("spanish")
            case Find() | Route() | Call() | Go() | End():
                return False
            case _:
                assert_never(step.next)
        choice = matcher.pick(text, words)
        if choice:
            self.heard = Heard("choice", f"{step.id}/{choice}")
        return bool(choice) and self._choose(step, choice)

    def _words_of(self, choices: Iterable[Choice]) -> dict[str, list[str]]:
        """What picks each choice: its label in every language, and its other words."""
        words = self.content.words
        return {
            choice.id: [
                *(words.of(choice.label, language) for language in house.LANGUAGES),
                *(phrase for also in choice.also.values() for phrase in also),
            ]
            for choice in choices
            if self._serves(choice.settings)
        }

    def _offered_words(self) -> dict[str, list[str]]:
        """The labels of options that are no step's own: topics asked about, the way back."""
        out: dict[str, list[str]] = {}
        for option in self.before.offered:
            kind, _, rest = option.removeprefix("/").partition("/")
            if option.startswith("/topic/") and (topic := self.content.topics.get(rest)):
                title = topic.title
            elif option.startswith("/to/") and (flow := self.content.flow(rest)):
                title = flow.title
            elif option.startswith("/alarm/"):
                category = rest.partition("/")[0]
                out[option] = [names.get(category, "") for names in screens.NAMES.values()]
                continue
            elif option == "/none":
                out[option] = [house.say("none-of-these", x) for x in house.LANGUAGES]
                out[option] += ["no", "none", "neither", "nada", "ninguno", "ninguna"]
                continue
            else:
                continue
            out[option] = [self.content.words.of(title, x) for x in house.LANGUAGES]
            if kind == "to":
                out[option] += [house.say("way-back", x, title="") for x in house.LANGUAGES]
        return out

    def _choose(self, step: Step, choice: str) -> bool:
        """Take a choice of a step, by its id; False where the step has none of that name."""
        self.notes.append(Note("choice", f"{step.id}/{choice}"))
        self._kept_misses(0)
        match step.next:
            case Ask(choices) | AskArea(_, choices) if found := [
                c for c in choices if c.id == choice
            ]:
                for name, value in found[0].sets.items():
                    self._save(step, name, value)
                self._move(found[0].move)
            case Scale(low, high, saves, onward) if choice.isdecimal() and (
                low <= int(choice) <= high
            ):
                self._save(step, saves, choice)
                self.walk(onward)
            case AskArea(onward) if choice in self.content.areas:
                self.area = choice
                self.walk(onward)
            case AskLanguage(onward) if choice in house.LANGUAGES:
                self.chosen_language = choice
                self.walk(onward)
            case _:
                self.notes.pop()
                return False
        return True

    def _kept_misses(self, misses: int) -> None:
        self.misses = misses

    def _save(self, step: Step, name: str, value: str) -> None:
        if name == "setting":
            self.setting = value if value in SETTINGS else UNSAID
        else:
            self.answers[f"{flow_of(step.id)}.{name}"] = value

    def _move(self, move: Go | Call | End) -> None:
        match move:
            case Go(to):
                self.walk(to)
            case Call(flow, then):
                self._push(Return(then))
                self.walk(flow)
            case End():
                self._ended()
            case _:
                assert_never(move)

    # ── alarms ─────────────────────────────────────────────────────────────────────────────────

    def _in_crisis(self, category: str) -> bool:
        """Whether we are talking about this danger already: a check-in phrase is an answer then."""
        flow = self.content.flow(self.place)
        return flow is not None and flow.alarm == category

    def _alarm(self, alarm: Alarm) -> None:
        screen = screens.screen_of(alarm)
        if screen == "active" and self._in_crisis(alarm.category):
            screen = "imminent"  # said again, and so meant: the loudest screen, not the same one
        self.notes.append(Note("alarm", f"{alarm.category}/{screen}"))
        self.heard = Heard("alarm", f"{alarm.category}/{screen}", alarm.phrase)
        self._show_screen(alarm.category, screen)

    def _show_screen(self, category: str, screen: str) -> None:
        """The locked words first, then what the crisis flow offers; and if that flow is missing
        or broken, the ways on that need no flow."""
        check_in = screen.startswith("check-in")
        flow = self.content.flow(self.place)
        if self.place and not (flow and flow.alarm) and flow_of(self.place) not in _THRESHOLDS:
            # After a check-in the talk goes on by itself; after a crisis it is offered.
            self._push(Return(self.place, offered=not check_in))
        self._kept_misses(0)
        self.urgent = not check_in
        self.says, self.asks = self.voice().screen(category, screen), []
        self.screen_said = f"{category}/{screen}"
        if not check_in:
            self._crisis_cards(category)
        try:
            self._enter_crisis(category, screen)
        except Exception:  # noqa: BLE001 - Rule 1: the screen stands whatever flows/ does
            self.options = []
        if not self.options:
            self.place = ""
            again = f"/alarm/{category}"
            if check_in:
                self._offer((again, self.word("help")), ("/resume", self.word("resume")))
            self._offer_words("help", "menu")

    def _enter_crisis(self, category: str, screen: str) -> None:
        flow = self.content.flows.get(f"crisis/{category}")
        if flow is None or flow.alarm != category:
            return
        wanted = [screen, "check-in" if screen.startswith("check-in") else "active", "imminent"]
        places = [f"{flow.id}/{name}" for name in wanted]
        self.walk(next((place for place in places if place in flow.steps), flow.first))

    def _crisis_cards(self, category: str) -> None:
        voice = self.voice()
        if voice.where == "outside" or (voice.facility and voice.facility.dial):
            for resource in finder.named(self.content.resources, screens.CARDS.get(category, ())):
                if voice.dialable(resource):
                    self.cards.append(voice.card(resource, self._year()))

    def _help(self) -> None:
        self.notes.append(Note("alarm", "help/asked"))
        self._leave()
        self.place = ""
        self.urgent = True
        self.says += self.voice().screen("help", "active")
        names = screens.NAMES.get(self.language) or screens.NAMES["en"]
        self._offer(*((f"/alarm/{category}", name) for category, name in names.items()))
        self._offer_way_back()
        self._offer_words("menu")

    # ── commands ───────────────────────────────────────────────────────────────────────────────

    def _command(self, name: str) -> None:
        """A command typed or tapped: `menu`, `language/es`, `to/coping/sleep` …"""
        if self.heard.kind == "start":
            self.heard = Heard("command", name)
        self.notes.append(Note("command", name))
        self._kept_misses(0)
        head, _, rest = name.partition("/")
        match head:
            case "help":
                self._help()
            case "alarm":
                category, _, screen = rest.partition("/")
                if category not in screens.NAMES["en"]:
                    self._help()
                else:
                    self._show_screen(category, screen or "active")
            case "menu":
                self._leave()
                self._open(MENU)
            case "back":
                self._back()
            case "start-over":
                self._forget_place()
                self.says.append(self.word("started-over"))
                self._open(MENU if self.setting else WELCOME)
            case "stop":
                self._forget_place()
                self.area = ""
                self.says.append(self.word("bye"))
                self.over = True
            case "forget":
                self._forget_place()
                self.area = self.chosen_language = ""
                self.acts.append(Act("forget"))
                self.says.append(self.word("forgotten"))
                self.over = True
            case "language":
                self._language(rest)
            case "privacy":
                self._detour(PRIVACY, self.word("privacy-short"))
            case "topic":
                self._topic(rest)
            case "to":
                self._to(rest)
            case "resume":
                self._ended()
            case "none":
                self._again(self.content.step(self.place), "")
            case _:
                self._say_again(False)

    def _language(self, code: str) -> None:
        if code in house.LANGUAGES:
            self.chosen_language = code
            self.says.append(self.word("language-set"))
            if self.place:
                self.walk(self.place)
            else:
                self._open(MENU if self.setting else WELCOME)
        else:
            self.says.append(self.word("which-language"))
            self._offer(*((f"/language/{code}", name) for code, name in house.LANGUAGES.items()))

    def _back(self) -> None:
        if self.trail and self.trail[-1].place == self.place:
            self.trail.pop()
        if not self.trail:
            self._open(MENU)
            return
        stand = self.trail.pop()
        self.way_back = list(stand.way_back)
        self.walk(stand.place)

    def _forget_place(self) -> None:
        self.place = ""
        self.way_back, self.trail = [], []
        self.answers = {}

    def _detour(self, flow: str, otherwise: str) -> None:
        self._leave()
        if self.content.start(flow):
            self.walk(flow)
        else:
            self.says.append(otherwise)
            self._ended()

    def _to(self, target: str) -> None:
        """Straight to a place or flow: the way back, or one of several that were offered."""
        place = self.content.land(target)
        if not place:
            self._gone_for_good()
            return
        returns = [r.place for r in self.way_back]
        if target in returns:
            self.way_back = self.way_back[: returns.index(target)]
        else:
            self._leave()
        self.walk(place)

    def _gone_for_good(self) -> None:
        self.says.append(self.word("gone-for-good"))
        self._open(MENU)

    # ── topics ─────────────────────────────────────────────────────────────────────────────────

    def _topic(self, topic_id: str) -> None:
        topic = self.content.topics.get(topic_id)
        if topic is None:
            self._gone_for_good()
            return
        self.notes.append(Note("topic", topic_id))
        self._kept_misses(0)
        if not self.before.last_turn or flow_of(self.before.place) == WELCOME:
            self.says.append(self.word("notice"))
        flows = [
            flow
            for flow in self.content.flows.values()
            if topic_id in flow.topics and self._serves(flow.settings)
        ]
        if any(flow.id == topic.flow for flow in flows):
            flows = [self.content.flows[topic.flow]]
        crisis = [flow for flow in flows if flow.alarm]
        if len(flows) == 1 or crisis:
            self._follow((crisis or flows)[0])
        elif flows:
            self._leave()
            self.place = ""
            self.says.append(self.word("which-one"))
            voice = self.voice()
            self._offer(*((f"/to/{flow.id}", voice.text(flow.title)) for flow in flows))
            self._offer_way_back()
            self._offer_words("menu")
        else:
            self._leave()
            self.place = ""
            self.says.append(self.word("no-flow", title=self.voice().text(topic.title)))
            self._show_found((topic_id,), 3)
            self._ended()

    def _follow(self, flow: Flow) -> None:
        if flow_of(self.place) != flow.id:
            self._leave()
        if not self.setting and not flow.alarm and self.content.start(WHERE):
            # First find out where they are: it changes what help is possible.
            self._push(Return(flow.id))
            self.walk(WHERE)
        else:
            self.walk(flow.id)

    def _did_you_mean(self, meant: Understanding) -> None:
        self.heard = Heard("maybe", meant.maybe[0].topic, meant.maybe[0].phrase)
        self.notes.append(Note("unclear", "maybe"))
        self.says.append(self.word("did-you-mean"))
        voice = self.voice()
        for match in meant.maybe:
            if topic := self.content.topics.get(match.topic):
                self._offer((f"/topic/{topic.id}", voice.text(topic.title)))
        self._offer(("/none", self.word("none-of-these")))

    def _unclear(self, step: Step | None) -> None:
        """Nothing matched: what the author wrote for the 1st, 2nd, 3rd miss, else our own."""
        self.heard = Heard("unclear")
        self.notes.append(Note("unclear", step.id if step else ""))
        misses = self.misses
        self._kept_misses(misses + 1)
        if step and step.unclear:
            rung = step.unclear[min(misses, len(step.unclear) - 1)]
            if isinstance(rung, Go):
                self._kept_misses(0)
                self.walk(rung.to)
                return
            self.says += self.voice(flow_of(step.id)).lines(rung)
            self._again(step, "")
        elif misses + 1 >= SURE_UNCLEAR:
            self._again(step, self.word("unclear-ladder-end"))
        elif step and isinstance(step.next, AskArea):
            self._again(step, self.word("area-unclear"))
        else:
            self._again(step, self.word("unclear-again" if misses else "unclear"))
        if misses + 1 >= SURE_UNCLEAR:
            self._offer_words("menu", "help")

    def _again(self, step: Step | None, words: str) -> None:
        """Ask once more, without all the words that came before the question."""
        if words:
            self.says.append(words)
        if step:
            self._ask(step)
        else:
            self._open(MENU)

    # ── move and speak ─────────────────────────────────────────────────────────────────────────

    def walk(self, target: str) -> None:
        """Follow the steps from a place or a flow's start until somebody must speak."""
        place = self.content.start(target)
        if target in self.content.flows:  # begun anew: its old answers say nothing any more
            self.answers = {k: v for k, v in self.answers.items() if not k.startswith(f"{target}.")}
        while place:
            self.steps += 1
            if self.steps > MOST_STEPS:
                self._in_circles()
                return
            step = self.content.step(place)
            flow = self.content.flow(place)
            if step is None or flow is None:
                break
            if not self._serves(flow.settings):
                self.says.append(self.word("not-for-here"))
                self._menu_options()
                return
            self.notes.append(Note("step", place))
            self._speak(step, flow)
            match step.next:
                case Ask() | Scale() | AskArea() | AskLanguage():
                    self._wait(step)
                    return
                case Find(onward, topics, resources, limit):
                    self._show_found(topics, limit, resources)
                    place = self.content.start(onward)
                case Go(onward):
                    place = self.content.start(onward)
                case Call(called, then):
                    self._push(Return(then))
                    place = self.content.start(called)
                case Route() as route:
                    place = self.content.start(self._route(route, flow.id))
                case End():
                    if self.way_back and not self.way_back[-1].offered:
                        place = self.content.land(self.way_back.pop().place)
                    else:
                        self._ended()
                        return
                case _:
                    assert_never(step.next)
        # A step that leads nowhere: half of the content is broken. Kindly, to the menu.
        self._gone_for_good() if target != MENU else self._menu_options()

    def _speak(self, step: Step, flow: Flow) -> None:
        voice = self.voice(flow.id)
        if step.screen and not self.screen_said:
            self.screen_said = f"{flow.alarm}/{step.screen}"
            self.urgent = self.urgent or not step.screen.startswith("check-in")
            self.says += voice.screen(flow.alarm, step.screen)
            if self.urgent:
                self._crisis_cards(flow.alarm)
        self.says += voice.lines(step.says)
        self.pace = step.pace or self.pace

    def _wait(self, step: Step) -> None:
        self.place = step.id
        self._kept_misses(0)
        self._ask(step)
        if not self.trail or self.trail[-1].place != step.id:
            self.trail.append(Stand(step.id, tuple(self.way_back)))

    def _ask(self, step: Step) -> None:
        """The question, and what can be tapped to answer it."""
        voice = self.voice(flow_of(step.id))
        self.asks = voice.lines(step.asks)
        match step.next:
            case Ask(choices):
                self._offer_choices(step, choices, voice)
            case Scale(low, high):
                self.scale = True
                if not step.asks:
                    self.asks.append(self.word("scale", low=low, high=high))
                self._offer(*((f"{step.id}/{n}", str(n)) for n in range(low, high + 1)))
            case AskArea(_, choices):
                if not step.asks:
                    self.asks.append(self.word("area"))
                self._offer_choices(step, choices, voice)
            case AskLanguage():
                if not step.asks:
                    self.asks.append(self.word("which-language"))
                self._offer(*((f"{step.id}/{c}", name) for c, name in house.LANGUAGES.items()))
            case Find() | Route() | Call() | Go() | End():
                pass
            case _:
                assert_never(step.next)

    def _offer_choices(self, step: Step, choices: Sequence[Choice], voice: Voice) -> None:
        fitting = [choice for choice in choices if self._serves(choice.settings)]
        self._offer(*((f"{step.id}/{c.id}", voice.text(c.label)) for c in fitting))

    def _show_found(
        self, topics: Sequence[str], limit: int, resources: Sequence[str] = ()
    ) -> None:
        voice = self.voice()
        if resources:
            found = [
                r for r in finder.named(self.content.resources, resources) if voice.can_use(r)
            ]
        else:
            found = finder.find(
                self.content.resources.values(),
                topics,
                self.setting,
                self.area,
                self.language,
                voice.can_use,
            )[:limit]
        if found:
            self.cards += [voice.card(resource, self._year()) for resource in found]
        else:
            self.says.append(self.word("nothing-found"))

    def _route(self, route: Route, flow: str) -> str:
        answers = answers_of(self._kept(), flow)
        known = {"setting": self.setting, "language": self.chosen_language, "area": self.area}
        value = known.get(route.by, answers.get(route.by, ""))
        if route.than:
            other = answers.get(route.than, "")
            if not (value.isdecimal() and other.isdecimal()):
                return route.otherwise
            one, two = int(value), int(other)
            value = "less" if one < two else "more" if one > two else "same"
        return route.cases.get(value, route.otherwise)

    def _ended(self) -> None:
        """Nothing more to say here: go on where a call came from, else offer the ways on."""
        self.place = ""
        if self.way_back and not self.way_back[-1].offered:
            self.walk(self.content.land(self.way_back.pop().place))
            return
        if not self.says or self.heard.id == "resume":
            self.asks = [self.word("what-now")]
        self._offer_way_back()
        self._offer_words("menu", "stop")

    def _in_circles(self) -> None:
        self.notes.append(Note("loop"))
        self.says = self.says[:3]
        self.says.append(self.word("lost"))
        self.way_back = [r for r in self.way_back if r.offered]
        self._menu_options()

    def _menu_options(self) -> None:
        self.place = ""
        self._offer_way_back()
        self._offer_words("menu", "help")

    def _open(self, flow: str) -> None:
        """One of the flows the engine knows by name; our own words where it is missing."""
        if self.content.start(flow):
            self.walk(flow)
            if flow_of(self.place) == MENU:
                self._offer_way_back()
            return
        if not self.says:
            self.says.append(self.word("welcome"))
        if flow == WELCOME and self.content.start(MENU):
            self.walk(MENU)
            return
        self.place = ""
        self._offer_way_back()
        self._offer_words("help", "privacy", "language", "stop")

    # ── small things ───────────────────────────────────────────────────────────────────────────

    def _serves(self, settings: frozenset[str]) -> bool:
        return self.setting in settings or self.setting not in SETTINGS

    def _leave(self) -> None:
        """Remember where we were, to offer the way back, unless there is nothing to go back to."""
        flow = self.content.flow(self.place)
        if self.place and flow and flow.id not in _THRESHOLDS and not flow.alarm:
            self._push(Return(self.place, offered=True))

    def _push(self, back: Return) -> None:
        self.way_back = [r for r in self.way_back if r.place != back.place]
        self.way_back = [*self.way_back, back][-MOST_RETURNS:]

    def _offer(self, *options: tuple[str, str]) -> None:
        shown = {option.id for option in self.options}
        self.options += [Option(name, label) for name, label in options if name not in shown]

    def _offer_words(self, *names: str) -> None:
        self._offer(*((f"/{name}", self.word(name)) for name in names))

    def _offer_way_back(self) -> None:
        if self.way_back and self.way_back[-1].offered:
            place = self.way_back[-1].place
            if flow := self.content.flow(place):
                title = self.voice().text(flow.title)
                self._offer((f"/to/{place}", self.word("way-back", title=title)))

    def _year(self) -> int:
        return datetime.fromtimestamp(self.turn.at, UTC).year

    def _kept(self) -> Conversation:
        return replace(self.before, answers=self.answers)

    def _outcome(self) -> Outcome:
        if not self.options and not self.over:
            asked = self.content.step(self.place)
            if not (asked and isinstance(asked.next, AskArea)):
                self._offer_words("menu", "help")
        says = tuple(words for words in self.says if words.strip())
        asks = tuple(words for words in self.asks if words.strip())
        reply = Reply(
            says=says if says or asks else (self.word("what-now"),),
            asks=asks,
            options=tuple(self.options),
            resources=tuple(self.cards),
            pace=self.pace,
            scale=self.scale,
            urgent=self.urgent,
            over=self.over,
            language=self.language,
        )
        conversation = Conversation(
            language=self.chosen_language,
            setting=self.setting,
            facility=self.facility,
            area=self.area,
            place=self.place,
            way_back=tuple(self.way_back),
            trail=tuple(self.trail[-MOST_BACK:]),
            answers=self.answers,
            offered=tuple(option.id for option in self.options),
            misses=self.misses,
            last_turn=self.turn.id,
            content=self.content.digest,
        )
        return Outcome(reply, conversation, tuple(self.acts), tuple(self.notes), self.heard)


def _number_in(text: str, low: int, high: int) -> int | None:
    """The one number of a scale that a message names: `like an 8`, `ocho`; else nothing."""
    values = {
        value
        for word in fold(text).split()
        if (value := matcher.number(word)) is not None and low <= value <= high
    }
    return values.pop() if len(values) == 1 else None
