"""respond(): one message in, one answer out. Words in, words out.

Rule 1  guard: an alarm is answered before anything else is looked at, and even if all else fails.
Rule 2  place: a saved place that has gone lands kindly where `moved:` says, or at the start.
Rule 3  match: `help` and the other commands to the letter, then a choice offered here, then a
        command with a slip in it, then a topic. Where two would do, we ask.
Rule 4  move: steps are followed until somebody must speak, at most MOST_STEPS of them.
Rule 5  speak: the reply always has words, and options, a question or a goodbye.

It never raises, is never silent, and knows no clock, disk, network, log or randomness. What it
keeps (`Conversation`) is ids and chosen answers, never what a person typed. Rules 4 and 5 are
carried out in walk.py.
"""

from collections.abc import Iterable
from typing import assert_never

from bot.engine import house, screens, typed
from bot.engine.content import Content, flow_of
from bot.engine.model import (
    SETTINGS,
    UNSAID,
    Act,
    Alarm,
    Ask,
    AskArea,
    AskCode,
    AskLanguage,
    AskWords,
    Call,
    Choice,
    Conversation,
    Do,
    End,
    Find,
    Flow,
    Go,
    Heard,
    Note,
    Option,
    Outcome,
    Pick,
    Reply,
    Return,
    Route,
    Scale,
    Step,
    Turn,
    Understanding,
    sealed,
)
from bot.engine.walk import MENU, PRIVACY, WELCOME, WHERE, Walk, more_label
from bot.engine.wording import Voice
from bot.language.text import fold, guess_language

LONGEST_WORDS = 600  # letters that somebody may share; `words-too-long` names it
PLAN = "coping/safety-plan/paper"
CRISIS = "crisis/"  # the flows behind the screens
# Steps outside of crisis/suicide that ask whether somebody wants to die.
ASKS_TO_DIE = frozenset({"crisis/self_harm/ask-die", "crisis/check-in/ask"})
LADDER_END = 3  # misses in a row after which we stop repeating ourselves


def respond(content: Content, conversation: Conversation, turn: Turn) -> Outcome:
    """Answer one turn. Never raises; the reply always has words and a way on."""
    alarm = None
    try:
        if turn.text and not turn.silent:
            alarm = content.guard.hear(turn.text)
    except Exception:  # noqa: BLE001 - Rule 1: a guard that breaks means help, not silence
        return _bare(content, conversation, turn, "help", "active")
    try:
        return _Answer(Walk(content, conversation, turn)).to(alarm)
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
    heard = Heard("alarm", f"{category}/{screen}") if category else Heard("broken")
    return Outcome(reply, kept, notes=(Note("turn"), note), heard=heard)


class _Answer:
    """What a message means, and so where the walk goes."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.content, self.before, self.turn = walk.content, walk.before, walk.turn

    def to(self, alarm: Alarm | None) -> Outcome:
        """The five rules, in order."""
        landed = self._land()
        gently = alarm is not None and alarm.level == "check_in"
        if alarm and not (gently and (self._in_crisis(alarm.category) or self._asks_for_plan())):
            self._alarm(alarm)
        elif self.turn.picked:
            self._picked(self.turn.picked, landed=landed)
        elif self.turn.silent or not fold(self.turn.text):
            self._say_again(landed=landed)
        else:
            self._typed(self.turn.text, landed=landed)
        return self.walk.outcome()

    # ── guard ──────────────────────────────────────────────────────────────────────────────────

    def _in_crisis(self, category: str) -> bool:
        """Whether we are talking about this danger already: a check-in phrase is an answer then."""
        flow = self.walk.flow
        return flow is not None and flow.alarm == category

    def _alarm(self, alarm: Alarm) -> None:
        self._hear_language(alarm)
        screen = screens.screen_of(alarm)
        if screen == "active" and self._in_crisis(alarm.category):
            screen = "imminent"  # said again, and so meant: the loudest screen, not the same one
        self.walk.note("alarm", f"{alarm.category}/{screen}")
        self.walk.heard = Heard("alarm", f"{alarm.category}/{screen}", alarm.phrase)
        self.walk.screen(alarm.category, screen)

    def _hear_language(self, alarm: Alarm | None = None) -> None:
        """Answer people in the language they write; a mixed message changes nothing."""
        guess = guess_language(self.turn.text)
        if guess:
            self.walk.chosen_language = guess
        elif alarm and not self.walk.chosen_language and alarm.language in house.LANGUAGES:
            self.walk.chosen_language = alarm.language

    # ── place ──────────────────────────────────────────────────────────────────────────────────

    def _land(self) -> bool:
        """True where the saved place had to change."""
        place = self.walk.place
        if not place or self.content.step(place):
            return False
        self.walk.place = self.content.land(place)
        return True

    def _gone(self) -> None:
        self.walk.note("landed", self.before.place)
        if self.walk.place:
            self.walk.say("gone")
            self.walk.go(self.walk.place)
        else:
            self.walk.gone_for_good()

    def _say_again(self, *, landed: bool) -> None:
        if landed:
            self._gone()
        elif self.walk.place:
            self.walk.go(self.walk.place)
        else:
            self.walk.open(MENU if self.before.last_turn else WELCOME)

    # ── match ──────────────────────────────────────────────────────────────────────────────────

    def _picked(self, option: str, *, landed: bool = False) -> None:
        """An option that was tapped, by its whole address: it needs no saved place."""
        if option.startswith("/"):
            self._command(option[1:])
            return
        place, _, choice = option.rpartition("/")
        step = self.content.step(place)
        if step and self._choose(step, choice):
            return
        # A button of a step that has changed or gone since it was shown.
        self.walk.place = self.content.land(place) or self.walk.place
        if step and not landed:
            self.walk.say("gone")
            self._again(step)
        else:
            self._gone()

    def _typed(self, text: str, *, landed: bool) -> None:
        step = None if landed else self.content.step(self.walk.place)
        if self._asks_for_plan() and not self._about_danger(step):
            self._plan()
        elif (name := typed.exact_command(text)) and not self._is_choice(step, name, text):
            self._command(name)
        elif step and self._answers(step, text):
            pass
        elif not landed and (option := self._offered(text)):
            self._picked(option)
        elif name := typed.command(text):
            self._command(name)
        elif not landed and typed.number(text) is not None:
            self._unclear(step)  # a number that is none of the numbers shown means nothing else
        else:
            # Only now, so that the name of a county or a choice changes nobody's language.
            self._hear_language()
            self._meant(self.content.matcher.understand(text), step, landed=landed)

    def _asks_for_plan(self) -> bool:
        """Whether the paper itself is asked for, by its bare name. A question first would be in its
        way; the way to a human stands beside it."""
        return typed.asks_for_plan(self.turn.text) and bool(self.content.step(PLAN))

    def _plan(self) -> None:
        walk = self.walk
        walk.heard = Heard("command", "plan")
        walk.note("command", "plan")
        self._hear_language()
        walk.misses = 0
        walk.leave()
        if walk.setting or not self.content.start(WHERE):
            walk.go(PLAN)
        else:  # what stands on it is another thing inside than outside
            walk.push(Return(PLAN))
            walk.go(WHERE)
        walk.offer_words("help")

    def _meant(self, meant: Understanding, step: Step | None, *, landed: bool) -> None:
        if meant.sure and not self._asks_first(step, meant.sure.topic):
            self.walk.heard = Heard("topic", meant.sure.topic, meant.sure.phrase)
            self._topic(meant.sure.topic)
        elif landed:
            self._gone()
        elif meant.maybe and self._may_guess(step):
            self._did_you_mean(meant)
        else:
            self._unclear(step)

    def _about_danger(self, step: Step | None) -> bool:
        flow = self.content.flow(step.id) if step else None
        return flow is not None and bool(flow.alarm)

    def _asks_first(self, step: Step | None, topic: str) -> bool:
        """Whether a question about danger is still open: it is asked twice before a talk about
        something else is begun."""
        if topic.startswith("crisis."):
            return False
        return self._about_danger(step) and bool(step and step.unclear) and self.walk.misses < 1

    def _is_choice(self, step: Step | None, command: str, text: str) -> bool:
        """Whether a command's very words are also a choice here. `Help` is always help."""
        match step.next if step else None:
            case (
                Ask(choices)
                | AskArea(_, choices)
                | Pick(_, _, _, choices)
                | AskWords(_, _, choices)
                | AskCode(_, _, _, choices)
            ) if command != "help":
                words = self._words_of(choices).values()
                return any(typed.is_one_of(text, phrases) for phrases in words)
            case AskLanguage():
                return command.startswith("language/")
            case _:
                return False

    def _may_guess(self, step: Step | None) -> bool:
        """A crisis question, a scale and a county are asked again rather than guessed about."""
        return not self._about_danger(step) and not (
            step and isinstance(step.next, (Scale, AskArea, AskWords, AskCode))
        )

    def _answers(self, step: Step, text: str) -> bool:
        """Whether the text answers the question asked here; if so it has been taken."""
        match step.next:
            case Ask(choices):
                words = self._words_of(choices)
            case AskArea(_, choices):
                areas = self.content.areas.values()
                words = {area.id: [area.name, *area.also] for area in areas}
                words.update(self._words_of(choices))
            case AskLanguage():
                words = {
                    code: [name, *house.COMMANDS[f"language/{code}"]]
                    for code, name in house.LANGUAGES.items()
                }
            case Scale(low, high):
                value = _number_in(text, low, high)
                self.walk.heard = Heard("number", f"{step.id}/{value}")
                return value is not None and self._choose(step, str(value))
            case Pick(of, _, _, choices):
                flow = flow_of(step.id)
                words = {
                    one: [name, name.partition(" ")[0]] for one, name in self.walk.listed(of, flow)
                }
                words.update(self._words_of(choices))
            case AskWords(choices=choices):
                return self._written(step, text, choices)
            case AskCode(choices=choices):
                return self._coded(step, text, choices)
            case Find() | Route() | Do() | Call() | Go() | End():
                return False
            case _:
                assert_never(step.next)
        crisis = self._about_danger(step)
        menu = flow_of(step.id) == MENU  # its words are common ones: `stuff` is no slip of `staff`
        # Nor is one of many words, if it is a word itself: `necesito donde vivir` is not `done`.
        real = self.content.matcher.vocabulary if menu or typed.is_sentence(text) else ()
        choice = typed.pick(text, words, crisis=crisis, real=real)
        if (
            choice
            and menu
            and typed.holds_little(text, words[choice])
            and self.content.matcher.understand(text).sure
        ):
            return False  # `i miss home so bad tonight` is not the menu's `home`
        self.walk.heard = Heard("choice", f"{step.id}/{choice}")
        return bool(choice) and self._choose(step, choice)

    def _written(self, step: Step, text: str, choices: Iterable[Choice]) -> bool:
        """Words that were asked for: all of them, unless they are a choice to the letter or its
        number. They go into an act, to be sealed, and nowhere else."""
        write = step.next
        if not isinstance(write, AskWords) or typed.number(text) is not None:
            return False
        if choice := self._to_the_letter(text, choices):
            return self._choose(step, choice)
        self._note_choice(step, "words")
        self.walk.heard = Heard("words", step.id)
        if len(text) > LONGEST_WORDS:
            self.walk.say("words-too-long")
            self._again(step)
            return True
        name = f"{flow_of(step.id)}.{write.saves}"
        self.walk.acts.append(Act("draft", name=write.saves, words=text))
        self.walk.answers[name] = sealed(write.saves)
        self.walk.go(write.to)
        return True

    def _coded(self, step: Step, text: str, choices: Iterable[Choice]) -> bool:
        """Three words that were asked for. Only the store knows whether they open anything."""
        asks = step.next
        if not isinstance(asks, AskCode) or typed.number(text) is not None:
            return False
        if choice := self._to_the_letter(text, choices):
            return self._choose(step, choice)
        walk = self.walk
        self._note_choice(step, "code")
        walk.heard = Heard("code", step.id)
        walk.wants, walk.claim = True, text
        ways = {"found": asks.to, "slow": asks.slow}
        if walk.facts.claim == "found":
            walk.acts.append(Act("claim", words=text))
        walk.go(ways.get(walk.facts.claim, asks.wrong))
        return True

    def _to_the_letter(self, text: str, choices: Iterable[Choice]) -> str:
        words = self._words_of(choices)
        return next((one for one, many in words.items() if typed.is_one_of(text, many)), "")

    def _offered(self, text: str) -> str:
        """The option that a number, or the label of an option that is no step's own, stands for:
        topics asked about, dangers, the way back."""
        offered = self.before.offered
        step = self.content.step(self.walk.place)
        # On a scale a number is a value, and one that is too high is no option's number.
        on_scale = step is not None and isinstance(step.next, Scale)
        number = None if on_scale else typed.number(text)
        if number and number <= len(offered):
            option = offered[number - 1]
            self.walk.heard = Heard("number", option)
        else:
            words = {option: self._labels(option) for option in offered}
            option = typed.pick(text, words)
            self.walk.heard = Heard("choice", option)
        return option

    def _labels(self, option: str) -> list[str]:
        _, kind, rest = [*option.split("/", 2), "", ""][:3]
        title = None
        if kind == "topic" and (topic := self.content.topics.get(rest)):
            title = topic.title
        elif kind == "to" and (flow := self.content.flow(rest)):
            title = flow.title
        elif kind == "alarm":
            asked = "/resume" in self.before.offered  # by a check-in that has no flow
            yes = [house.say("yes", x) for x in house.LANGUAGES] if asked else []
            return [*yes, *(names.get(rest, "") for names in screens.NAMES.values())]
        elif kind == "resume":
            return [house.say("no", x) for x in house.LANGUAGES]
        elif kind == "none":
            return [house.say("none-of-these", x) for x in house.LANGUAGES] + ["no", "none", "nada"]
        elif kind == "more":
            return [more_label(rest, x) for x in house.LANGUAGES]
        return [self.content.words.of(title, x) for x in house.LANGUAGES] if title else []

    def _words_of(self, choices: Iterable[Choice]) -> dict[str, list[str]]:
        """What picks each choice: its label in every language, and its other words."""
        words = self.content.words
        return {
            choice.id: [
                *(words.of(choice.label, language) for language in house.LANGUAGES),
                *(phrase for also in choice.also.values() for phrase in also),
            ]
            for choice in choices
            if self.walk.serves(choice.settings)
        }

    def _choose(self, step: Step, choice: str) -> bool:
        """Take a choice of a step, by its id; False where the step has none of that name."""
        walk = self.walk
        match step.next:
            case (
                Ask(choices)
                | AskArea(_, choices)
                | Pick(_, _, _, choices)
                | AskWords(_, _, choices)
                | AskCode(_, _, _, choices)
            ) if any(c.id == choice for c in choices):
                if isinstance(step.next, AskWords):  # what was written before is taken back
                    self._save(step, step.next.saves, "none")
                    walk.acts.append(Act("draft", name=step.next.saves))
                taken = next(c for c in choices if c.id == choice)
                self._note_choice(step, choice)
                for name, value in taken.sets.items():
                    self._save(step, name, value)
                walk.follow(taken.move)
            case Scale(low, high, saves, to) if choice.isdecimal() and low <= int(choice) <= high:
                self._note_choice(step, choice)
                self._save(step, saves, choice)
                walk.go(to)
            case AskArea(to) if choice in self.content.areas:
                self._note_choice(step, "area")
                walk.area = choice
                walk.go(to)
            case Pick(of, saves, to) if any(
                one == choice for one, _ in walk.listed(of, flow_of(step.id))
            ):
                self._note_choice(step, saves)
                self._save(step, saves, choice)
                walk.go(to)
            case AskLanguage(to) if choice in house.LANGUAGES:
                self._note_choice(step, choice)
                walk.chosen_language = choice
                walk.go(to)
            case _:
                return False
        return True

    def _note_choice(self, step: Step, choice: str) -> None:
        self.walk.misses = 0
        self.walk.note("choice", f"{step.id}/{choice}")

    def _save(self, step: Step, name: str, value: str) -> None:
        if name == "setting":
            self.walk.setting = value if value in SETTINGS else UNSAID
        else:
            self.walk.answers[f"{flow_of(step.id)}.{name}"] = value

    # ── commands ───────────────────────────────────────────────────────────────────────────────

    def _command(self, name: str) -> None:
        """A command typed or tapped: `menu`, `language/es`, `to/coping/sleep` …"""
        walk = self.walk
        walk.heard = Heard("command", name)
        walk.note("command", name)
        walk.misses = 0
        head, _, rest = name.partition("/")
        match head:
            case "help":
                walk.help()
            case "alarm" if rest in screens.NAMES["en"]:
                walk.screen(rest, "active")
            case "alarm":
                walk.help()
            case "menu":
                walk.leave()
                walk.open(MENU)
            case "back":
                walk.back()
            case "start-over":
                walk.forget_place()
                walk.say("started-over")
                walk.open(MENU if walk.setting else WELCOME)
            case "goodbye" if self._in_danger():
                self._dont_go()
            case "stop" | "goodbye":
                walk.forget_place()
                walk.area = ""
                walk.say("bye")
                walk.over = True
            case "forget":
                walk.forget_place()
                walk.area = walk.chosen_language = ""
                walk.acts.append(Act("forget"))
                walk.say("forgotten")
                walk.over = True
            case "language":
                self._language(rest)
            case "privacy":
                walk.leave()
                if self.content.start(PRIVACY):
                    walk.go(PRIVACY)
                else:
                    walk.say("privacy-short")
                    walk.end()
            case "topic":
                self._topic(rest)
            case "more":
                walk.more(rest)
            case "to":
                self._to(rest)
            case "resume":
                walk.end()
            case "simpler":
                walk.say("simpler")
                self._again(self.content.step(walk.place))
            case "thanks":
                walk.say("welcome-to-it")
                self._again(self.content.step(walk.place))
            case "hello" | "who":
                walk.say("welcome" if name == "hello" else "notice")
                self._again(self.content.step(walk.place))
            case "none":
                self._again(self.content.step(walk.place))
            case _:  # a button of some other edition of the program
                self._say_again(landed=False)

    def _in_danger(self) -> bool:
        """Whether a danger is what we are talking about, or what a skill was called for."""
        return self._on_help() or any(flow_of(at).startswith(CRISIS) for at in self._talked_of())

    def _talked_of(self) -> list[str]:
        """Where the talk is, and the places that a skill was called for."""
        walk = self.walk
        return [walk.place, *(back.place for back in walk.way_back if not back.offered)]

    def _on_help(self) -> bool:
        """Whether what stands on the screen is the help that was asked for."""
        return not self.walk.place and "/alarm/suicide" in self.before.offered

    def _dont_go(self) -> None:
        """A goodbye after a danger was named may be meant for good: it ends nothing. Whoever wants
        to leave is told how. Where dying is what we talk about, it is one more cue."""
        walk = self.walk
        step = self.content.step(walk.place)
        dying = any(map(self._asks_to_die, self._talked_of()))
        if step and dying and step.screen not in {"active", "imminent"}:
            walk.note("alarm", "suicide/active")
            walk.screen("suicide", "active")
            walk.says.insert(0, walk.word("dont-go"))
            return
        walk.say("dont-go")
        if step and not step.screen:
            walk.go(step.id)
        else:
            self._again(step)

    def _asks_to_die(self, place: str) -> bool:
        """Whether a place is about somebody's own wish to die."""
        flow, _, step = place.rpartition("/")
        about_others = step.startswith("their-") or step.endswith(
            ("someone-else", "check-in-someone")
        )
        return (flow == "crisis/suicide" and not about_others) or place in ASKS_TO_DIE

    def _language(self, code: str) -> None:
        walk = self.walk
        if code not in house.LANGUAGES:
            walk.asks = [walk.word("which-language")]
            walk.offer(*((f"/language/{code}", name) for code, name in house.LANGUAGES.items()))
            return
        walk.chosen_language = code
        walk.say("language-set")
        shown = self.before.shown
        if shown and self.content.step(shown.place):
            # All that is on the screen once more, not the question alone.
            walk.way_back = [back for back in shown.way_back if self.content.land(back.place)]
            walk.go(shown.place)
        elif walk.place:
            walk.go(walk.place)
        elif "/alarm/suicide" in self.before.offered:
            walk.says = []  # nothing stands before the way to a human
            walk.help()
        else:
            walk.open(MENU if walk.setting else WELCOME)

    def _to(self, target: str) -> None:
        """Straight to a place or flow: the way back, or one of several that were offered."""
        walk = self.walk
        place = self.content.land(target)
        returns = [back.place for back in walk.way_back]
        if not place:
            walk.gone_for_good()
        elif target in returns:
            walk.way_back = walk.way_back[: returns.index(target)]
            walk.go(place)
        else:
            walk.leave()
            walk.go(target if target in self.content.flows else place)

    # ── topics ─────────────────────────────────────────────────────────────────────────────────

    def _topic(self, topic_id: str) -> None:
        walk = self.walk
        topic = self.content.topics.get(topic_id)
        if topic is None:
            walk.gone_for_good()
            return
        walk.note("topic", topic_id)
        walk.misses = 0
        if not self.before.last_turn or flow_of(self.before.place) == WELCOME:
            walk.say("notice")
        flows = [
            flow
            for flow in self.content.flows.values()
            if topic_id in flow.topics and walk.serves(flow.settings)
        ]
        best = [flow for flow in flows if flow.alarm or flow.id == topic.flow]
        if best or len(flows) == 1:
            self._follow((best or flows)[0])
            return
        walk.leave()
        walk.place = ""
        if flows:
            walk.asks = [walk.word("which-one")]
            voice = walk.voice()
            walk.offer(*((f"/to/{flow.id}", voice.text(flow.title)) for flow in flows))
            walk.offer_way_back()
            walk.offer_words("menu")
        else:
            walk.say("no-flow", title=walk.voice().text(topic.title))
            walk.show_found(Find("", (topic_id,)), topic_id)
            walk.end()

    def _follow(self, flow: Flow) -> None:
        walk = self.walk
        if walk.flow is None or walk.flow.id != flow.id:
            walk.leave()
        if not walk.setting and not flow.alarm and self.content.start(WHERE):
            # First find out where they are: it changes what help is possible.
            walk.push(Return(flow.id))
            walk.go(WHERE)
        else:
            walk.go(flow.id)

    def _did_you_mean(self, meant: Understanding) -> None:
        walk = self.walk
        walk.heard = Heard("maybe", meant.maybe[0].topic, meant.maybe[0].phrase)
        walk.note("unclear", "maybe")
        walk.asks = [walk.word("did-you-mean")]
        voice = walk.voice()
        for match in meant.maybe:
            if topic := self.content.topics.get(match.topic):
                walk.offer((f"/topic/{topic.id}", voice.text(topic.title)))
        walk.offer(("/none", walk.word("none-of-these")))

    # ── when nothing matched ───────────────────────────────────────────────────────────────────

    def _unclear(self, step: Step | None) -> None:
        """What the author wrote for the 1st, 2nd, 3rd miss, else our own words."""
        walk = self.walk
        walk.heard = Heard("unclear")
        walk.note("unclear", step.id if step else "")
        walk.misses += 1
        missed = walk.misses
        if step and step.unclear:
            rung = step.unclear[min(missed, len(step.unclear)) - 1]
            if isinstance(rung, Go):
                walk.misses = 0
                walk.go(rung.to)
                return
            walk.keep_screen(step, asks=False)  # the rung asks it
            walk.says += walk.voice(flow_of(step.id)).lines(rung)
        elif missed >= LADDER_END:
            walk.say("unclear-ladder-end")
        elif step and isinstance(step.next, AskArea):
            walk.say("area-unclear")
        else:
            walk.say("unclear-again" if missed > 1 else "unclear")
        if step and step.unclear:
            self._ask_again(step)
        else:
            self._again(step)
        walk.misses = missed
        if missed >= LADDER_END:
            walk.offer_words("menu", "help")

    def _again(self, step: Step | None) -> None:
        """Ask once more, without all the words that came before the question; but a crisis screen
        keeps the way to a human."""
        if step:
            self.walk.keep_screen(step)
            self._ask_again(step)
        elif self._on_help():
            self.walk.help()
        else:
            self.walk.open(MENU)

    def _ask_again(self, step: Step) -> None:
        self.walk.shown = self.before.shown
        self.walk.ask(step)


def _number_in(text: str, low: int, high: int) -> int | None:
    """The one number of a scale that a message names: `like an 8`, `ocho`; else nothing."""
    values = {
        value
        for word in fold(text).split()
        if (value := typed.number(word)) is not None and low <= value <= high
    }
    return values.pop() if len(values) == 1 else None
