"""Move and speak: follow the steps until somebody must speak, and gather what is said.

A Walk is one turn in the making: the conversation as it will be kept, and the reply so far. What
the message means is decided in conversation.py; here it is carried out.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import assert_never

from bot.engine import finder, house, screens
from bot.engine.content import Content, flow_of
from bot.engine.model import (
    SETTINGS,
    Act,
    Ask,
    AskArea,
    AskCode,
    AskLanguage,
    AskWords,
    Call,
    Card,
    Change,
    Choice,
    Conversation,
    Do,
    End,
    Facility,
    Facts,
    Find,
    Flow,
    Go,
    Heard,
    Note,
    Option,
    Outcome,
    Pace,
    Pick,
    Point,
    Reply,
    Resource,
    Return,
    Route,
    Scale,
    Sheet,
    Stand,
    Step,
    Suggested,
    Turn,
    sealed,
)
from bot.engine.wording import Voice, answers_of

MOST_STEPS = 50  # in one turn; two flows that point at each other cost one odd reply
MOST_SAID = 12  # bubbles kept of a turn that went in circles
MOST_RETURNS = 8  # places remembered to come back to
MOST_BACK = 12  # steps that `back` can take
MOST_HELPED = 3  # skills remembered because they helped
LARGEST_OFFSET = 999  # resources that *Show more* can leaf through
NARROWER = ("free", "open", "mine")  # ways to make a list of resources shorter

# Flows the engine knows by name. Any of them may be missing.
WELCOME, MENU, WHERE, PRIVACY = "welcome", "menu", "where", "help/privacy"
COPING = "menu/coping"  # the step that also offers what helped before
THRESHOLDS = frozenset({WELCOME, MENU, WHERE})  # nobody needs a way back to these


class Walk:
    """One turn in the making."""

    def __init__(self, content: Content, before: Conversation, turn: Turn) -> None:
        self.content, self.before, self.turn = content, before, turn
        self.chosen_language = before.language if before.language in house.LANGUAGES else ""
        self.setting = before.setting
        self.facility = before.facility
        self.area = before.area
        self.place = before.place
        self.way_back = [r for r in before.way_back if content.land(r.place)][-MOST_RETURNS:]
        self.trail = [s for s in before.trail if content.step(s.place)]
        self.answers = dict(before.answers)
        self.helped = before.helped
        self.misses = before.misses
        self.says: list[str] = []
        self.asks: list[str] = []
        self.options: list[Option] = []
        self.more_options: list[tuple[str, str]] = []  # offered after all others
        self.cards: list[Card] = []
        self.pace: Pace | None = None
        self.sheet: Sheet | None = None
        self.change: Change | None = None
        self.shown: Stand | None = None
        self.scale = self.urgent = self.over = False
        self.screen_said = False  # a crisis screen is on this reply already
        self.steps = 0
        self.acts: list[Act] = []
        self.notes = [Note("turn")]
        self.heard = Heard("start")
        self.facts = turn.facts or Facts()
        self.wants = False
        self.claim = ""

    # ── whom we speak to ───────────────────────────────────────────────────────────────────────

    @property
    def language(self) -> str:
        """What they chose or wrote in, else what the channel thinks they speak."""
        hint = self.turn.language if self.turn.language in house.LANGUAGES else "en"
        return self.chosen_language or hint

    @property
    def flow(self) -> Flow | None:
        """The flow they are in."""
        return self.content.flow(self.place) if self.place else None

    def voice(self, flow: str = "") -> Voice:
        """How to speak to them, with the answers they gave in a flow."""
        facilities = self.content.facilities
        answers = dict(answers_of(self.answers, flow)) if flow else {}
        if self.facts.request and self.facts.request.mentor:
            answers["mentor"] = self.facts.request.mentor
        elif mentor := answers.get("mentor"):
            answers["mentor"] = self.content.roster.name(mentor)
        if self.content.roster.serves(self.setting):
            answers["wishes"] = self.content.roster.wished(answers, self.language)
        return Voice(
            self.content.words, self.language, self.setting, self._here(), answers, facilities
        )

    def _here(self) -> Facility | None:
        facilities = self.content.facilities
        return facilities.get(self.facility) or facilities.get(self.setting)

    def word(self, key: str, **blanks: object) -> str:
        """The program's own words."""
        return house.say(key, self.language, **blanks)

    def say(self, key: str, **blanks: object) -> None:
        """Say the program's own words."""
        self.says.append(self.word(key, **blanks))

    def note(self, kind: str, name: str = "") -> None:
        """Count something."""
        self.notes.append(Note(kind, name))

    def serves(self, settings: frozenset[str]) -> bool:
        """Whether something is for them; everything is for those who'd rather not say."""
        return self.setting in settings or self.setting not in SETTINGS

    # ── move ───────────────────────────────────────────────────────────────────────────────────

    def go(self, target: str) -> None:
        """Follow the steps from a place or a flow's start until somebody must speak."""
        place = self.content.start(target)
        self.shown = self.shown or Stand(place, tuple(self.way_back))
        if target in self.content.flows:  # begun anew: its old answers say nothing any more
            self.answers = {k: v for k, v in self.answers.items() if not k.startswith(f"{target}.")}
        while (step := self.content.step(place)) and (flow := self.content.flow(place)):
            self.steps += 1
            if self.steps > MOST_STEPS:
                self._in_circles()
                return
            if not self.serves(flow.settings):
                self.say("not-for-here")
                self._ways_on()
                return
            self.note("step", place)
            self._speak(step, flow)
            match step.next:
                case Ask() | Scale() | AskArea() | AskLanguage() | AskWords() | AskCode():
                    self._wait(step)
                    return
                case Pick(of, _, onward, choices):
                    if choices or self.listed(of, flow.id):
                        self._wait(step)
                        return
                    place = self.content.start(onward)
                case Do(act, onward):
                    if not self._do(act, flow.id):
                        return
                    place = self.content.start(onward)
                case Find(onward) as find:
                    self.show_found(find, place)
                    place = self.content.start(onward)
                case Go(onward):
                    place = self.content.start(onward)
                case Call(called, then):
                    self.push(Return(then))
                    place = self.content.start(called)
                case Route() as route:
                    place = self.content.start(self._route(route, flow.id))
                case End():
                    if not self.way_back or self.way_back[-1].offered:
                        self.end()
                        return
                    place = self.content.land(self.way_back.pop().place)
                case _:
                    assert_never(step.next)
        # A step that leads nowhere: part of the content is broken. Kindly, to the menu.
        self.gone_for_good()

    def follow(self, move: Go | Call | End) -> None:
        """Where a choice leads."""
        match move:
            case Go(to):
                self.go(to)
            case Call(flow, then):
                self.push(Return(then))
                self.go(flow)
            case End():
                self.end()
            case _:
                assert_never(move)

    def end(self) -> None:
        """Nothing more to say here: go on where a call came from, else offer the ways on."""
        self.place = ""
        if self.way_back and not self.way_back[-1].offered:
            self.go(self.content.land(self.way_back.pop().place))
            return
        if not self.says:
            self.asks = [self.word("what-now")]
        self.offer_way_back()
        self.offer_words("menu", "stop")

    def open(self, flow: str) -> None:
        """One of the flows the engine knows by name; our own words where it is missing."""
        if self.content.start(flow):
            self.go(flow)
            if flow_of(self.place) == MENU:
                self.offer_way_back()
        elif flow == WELCOME and self.content.start(MENU):
            self.say("welcome")
            self.open(MENU)
        else:
            self.place = ""
            if not self.says:
                self.say("welcome")
            self.offer_way_back()
            self.offer_words("help", "privacy", "language", "stop")

    def gone_for_good(self) -> None:
        """What they were led to is not there."""
        if self.word("gone-for-good") in self.says:  # the menu is broken too
            self._ways_on()
        else:
            self.say("gone-for-good")
            self.open(MENU)

    def back(self) -> None:
        """One step back on the trail, with the ways back as they were there."""
        if self.trail and self.trail[-1].place == self.place:
            self.trail.pop()
        if not self.trail:
            self.open(MENU)
            return
        stand = self.trail.pop()
        self.way_back = list(stand.way_back)
        self.go(stand.place)

    def leave(self) -> None:
        """Remember where we were, to offer the way back, unless there is nothing to go back to."""
        flow = self.flow
        if flow and flow.id not in THRESHOLDS and not flow.alarm:
            self.push(Return(self.place, offered=True))

    def push(self, back: Return) -> None:
        """Somewhere to come back to; the oldest is dropped where there are too many."""
        self.way_back = [r for r in self.way_back if r.place != back.place]
        self.way_back = [*self.way_back, back][-MOST_RETURNS:]

    def forget_place(self) -> None:
        """As if they had just come in: no place, no trail, no answers."""
        self.place = ""
        self.way_back, self.trail = [], []
        self.answers = {}

    def _route(self, route: Route, flow: str) -> str:
        answers = answers_of(self.answers, flow)
        known = {
            "setting": self.setting,
            "language": self.chosen_language,
            "area": self.area,
            "reaches": "yes" if self.turn.reaches else "no",
        }
        value = known.get(route.by, answers.get(route.by, "")) or self._fact(route.by)
        if route.than:
            other = answers.get(route.than, "")
            if not (value.isdecimal() and other.isdecimal()):
                return route.otherwise
            one, two = int(value), int(other)
            self.change = self._change(flow, route.by, before=two, after=one)
            if one < two:
                self.helped = (flow, *(other for other in self.helped if other != flow))[
                    :MOST_HELPED
                ]
            value = "less" if one < two else "more" if one > two else "same"
        return route.cases.get(value, route.otherwise)

    def _fact(self, name: str) -> str:
        """What routes go by that stands in no answer."""
        if name == "mentors":
            return "some" if self.content.roster.serves(self.setting) else "none"
        here = self._here()
        if name == "units":
            return "some" if here and here.units else "none"
        if name == "staff_messages":
            return "yes" if here and here.staff_messages else "no"
        if name == "writes":
            return "yes" if self.turn.writes and self.content.roster.writes(self.setting) else "no"
        if name == "talk":
            self.wants = True
            return self.facts.talk
        if name in {"request", "message"}:
            self.wants = True
            facts = self.facts
            standing = facts.request if name == "request" else facts.message
            return standing.state if standing else "none"
        return ""

    def _do(self, act: str, flow: str) -> bool:
        """Decide on an act. False where it can't be done now, which has been said."""
        self.wants = True  # so that it is never said that something was done when nothing can be
        if self.facts.silent:
            self.says = []
            self.say("nothing-sent")
            self._ways_on()
            return False
        answers = answers_of(self.answers, flow)
        self.acts.append(Act(act, answers=answers, setting=self.setting, language=self.language))
        if act in {"ask", "tell-staff"}:
            self.answers[f"{flow}.code"] = sealed("code")
        self.note("act", act)
        return True

    def mentors(self, flow: str) -> tuple[Suggested, ...]:
        """Who may fit somebody who gave these answers."""
        self.wants = True
        answers = answers_of(self.answers, flow)
        return self.content.roster.suggest(answers, self.setting, self.language, self.facts.apart)

    def listed(self, of: str, flow: str) -> list[tuple[str, str]]:
        """What stands on a list to pick from: ids and what they are called."""
        if of == "mentors":
            return [(one.id, one.name) for one in self.mentors(flow)]
        here, voice = self._here(), self.voice()
        return [(unit, voice.text(text)) for unit, text in here.units.items()] if here else []

    def _change(self, flow: str, saves: str, *, before: int, after: int) -> Change | None:
        steps = self.content.flows[flow].steps.values()
        scales = [s.next for s in steps if isinstance(s.next, Scale) and s.next.saves == saves]
        return Change(before, after, scales[0].low, scales[0].high) if scales else None

    def _in_circles(self) -> None:
        self.note("loop")
        self.says = list(dict.fromkeys(self.says))[:MOST_SAID]
        self.say("lost")
        self.way_back = [r for r in self.way_back if r.offered]
        self._ways_on()

    def _ways_on(self) -> None:
        self.place = ""
        self.offer_way_back()
        self.offer_words("menu", "help")

    # ── speak ──────────────────────────────────────────────────────────────────────────────────

    def _speak(self, step: Step, flow: Flow) -> None:
        voice = self.voice(flow.id)
        if step.screen and not self.screen_said:
            self._say_screen(flow.alarm, step.screen)
        self.says += voice.lines(step.says)
        if flow.id == PRIVACY and step.id == flow.first and not self.content.reviewed:
            self.say("unreviewed")
        self.pace = step.pace or self.pace
        self.sheet = voice.sheet(step.sheet) if step.sheet else self.sheet
        if step.remind and self.turn.reaches:
            self.acts.append(Act("remind" if step.remind.to else "unremind", step.remind))

    def _wait(self, step: Step) -> None:
        self.place = step.id
        self.misses = 0
        self.ask(step)
        if not self.trail or self.trail[-1].place != step.id:
            self.trail.append(Stand(step.id, tuple(self.way_back)))

    def ask(self, step: Step) -> None:
        """A step's question, and what can be tapped to answer it."""
        voice = self.voice(flow_of(step.id))
        self.asks = voice.lines(step.asks)
        own = ""
        match step.next:
            case Ask(choices):
                self._offer_choices(step, choices, voice)
            case Scale(low, high):
                self.scale = True
                own = self.word("scale", low=low, high=high)
                self.offer(*((f"{step.id}/{n}", str(n)) for n in range(low, high + 1)))
            case AskArea(_, choices):
                own = self.word("area")
                self._offer_choices(step, choices, voice)
            case AskLanguage():
                own = self.word("which-language")
                self.offer(*((f"{step.id}/{c}", name) for c, name in house.LANGUAGES.items()))
            case Pick(of, _, _, choices):
                flow = flow_of(step.id)
                if of == "mentors":
                    fitting = [f"- *{m.name}:* {m.reason}." for m in self.mentors(flow)]
                    self.says.append("\n".join(fitting) or self.word("nobody-free"))
                self.offer(*((f"{step.id}/{one}", name) for one, name in self.listed(of, flow)))
                self._offer_choices(step, choices, voice)
            case AskWords(_, _, choices):
                own = self.word("write")
                self._offer_choices(step, choices, voice)
            case AskCode(_, _, _, choices):
                own = self.word("three-words")
                self._offer_choices(step, choices, voice)
            case Find() | Route() | Do() | Call() | Go() | End():
                pass
            case _:
                assert_never(step.next)
        if own and not self.asks:
            self.asks.append(own)

    def _offer_choices(self, step: Step, choices: Sequence[Choice], voice: Voice) -> None:
        fitting = [choice for choice in choices if self.serves(choice.settings)]
        self.offer(*((f"{step.id}/{c.id}", voice.text(c.label)) for c in fitting))
        if step.id == COPING:
            for name in self.helped:
                if (flow := self.content.flows.get(name)) and self.serves(flow.settings):
                    title = voice.text(flow.title)
                    self.offer((f"/to/{name}", self.word("helped-before", title=title)))

    # ── resources ──────────────────────────────────────────────────────────────────────────────

    def show_found(self, find: Find, asker: str, offset: int = 0, only: str = "") -> None:
        """The cards of the resources that are named, or a page of what fits this person best.
        `asker`, a place or a topic, is the address by which the next page is asked for."""
        voice, near = self.voice(), self._near()
        if find.resources:
            named = finder.named(self.content.resources, find.resources)
            page = [resource for resource in named if voice.can_use(resource)]
            if not page:
                self.say("nothing-found")
        else:
            page = self._page(find, asker, offset, only)
        self.cards += [
            voice.card(finder.nearest_first(resource, near), self._year()) for resource in page
        ]

    def more(self, address: str) -> None:
        """Another page of what a step or a topic found, and on as that step goes on."""
        asker, offset, only = _read_more(address)
        step = self.content.step(asker)
        if step and isinstance(step.next, Find):
            self.show_found(step.next, asker, offset, only)
            self.go(self.content.start(step.next.to))
        elif asker in self.content.topics:
            self.show_found(Find("", (asker,)), asker, offset, only)
            self.end()
        else:
            self.gone_for_good()

    def _page(self, find: Find, asker: str, offset: int, only: str) -> list[Resource]:
        wanted = self._wanted(find, asker, only)
        found = self._found(wanted)
        page, after = found[offset : offset + find.limit], offset + find.limit
        if not page:
            self._nothing(asker, wanted, only, past=offset > 0)
        elif wanted.open_at:
            self.say("perhaps-closed")
        if after < len(found) and after <= LARGEST_OFFSET:
            self._offer_more(asker, after, only)
            if not (offset or only):
                for way, narrower in self._narrower(wanted).items():
                    if 0 < len(finder.find(found, narrower, lambda _: True)) < len(found):
                        self._offer_more(asker, 0, way)
        return page

    def _wanted(self, find: Find, asker: str, only: str) -> finder.Wanted:
        age = answers_of(self.answers, flow_of(asker)).get(find.age, "")
        wanted = finder.Wanted(
            topics=frozenset(find.topics),
            setting=self.setting,
            area="" if only == "wide" else self.area,
            language=self.language,
            near=self._near(),
            middles={a.id: a.middle for a in self.content.areas.values() if a.middle},
            age=int(age) if age.isdecimal() else None,
        )
        return self._narrower(wanted).get(only, wanted)

    def _narrower(self, wanted: finder.Wanted) -> dict[str, finder.Wanted]:
        """The ways in which a long list can be made shorter, by the word that names each."""
        ways = {"free": replace(wanted, free=True)}
        if self.content.zone:
            now = datetime.fromtimestamp(self.turn.at, self.content.zone)
            ways["open"] = replace(wanted, open_at=(now.weekday(), now.hour * 60 + now.minute))
        if self.language != "en":  # which all of them speak, as far as anybody told us
            ways["mine"] = replace(wanted, speaks=self.language)
        return ways

    def _found(self, wanted: finder.Wanted) -> list[Resource]:
        return finder.find(self.content.resources.values(), wanted, self.voice().can_use)

    def _nothing(self, asker: str, wanted: finder.Wanted, only: str, *, past: bool) -> None:
        """Say that none fits, and what to try next."""
        if past:
            self.say("no-more")
        elif only in NARROWER:
            self.say("nothing-only")
            self._offer_more(asker, 0, "all")
        elif wanted.area and self._found(replace(wanted, area="")):
            area = self.content.areas.get(wanted.area)
            self.say("nothing-near", area=area.name if area else wanted.area)
            self._offer_more(asker, 0, "wide")
        else:
            self.say("nothing-found")

    def _offer_more(self, asker: str, offset: int, only: str) -> None:
        address = f"{asker}/{offset}" + (f"/{only}" if only else "")
        self.more_options.append((f"/more/{address}", more_label(address, self.language)))

    def _near(self) -> Point | None:
        area = self.content.areas.get(self.area)
        return area.middle if area else None

    # ── crisis screens ─────────────────────────────────────────────────────────────────────────

    def screen(self, category: str, screen: str) -> None:
        """The locked words first, then what the crisis flow offers; and if that flow is missing
        or broken, the ways on that need no flow."""
        check_in = screen.startswith("check-in")
        flow = self.flow
        if flow and not flow.alarm and flow.id not in THRESHOLDS:
            # After a check-in the talk goes on by itself; after a crisis that is offered.
            self.push(Return(self.place, offered=not check_in))
        self.misses = 0
        self.says, self.asks = [], []
        self._say_screen(category, screen)
        said = list(self.says)
        try:
            self._enter_crisis(category, screen)
        except Exception:  # noqa: BLE001 - the screen stands whatever flows/ does
            self.says, self.options = said, []
        if not self.options:
            self.place = ""
            if check_in:
                self.offer((f"/alarm/{category}", self.word("yes")), ("/resume", self.word("no")))
            self.offer_words("help", "menu")

    def _say_screen(self, category: str, screen: str) -> None:
        self.screen_said = True
        self.says += self.voice().screen(category, screen, self.turn.text)
        self._frame(category, screen)

    def keep_screen(self, step: Step, *, asks: bool = True) -> None:
        """The talk stays on a crisis screen: the way to a human is said again, in its frame, and
        its question."""
        flow = self.content.flow(step.id)
        if flow and flow.alarm and step.screen:
            self.says += self.voice().screen_again(flow.alarm, step.screen, asks=asks)
            self._frame(flow.alarm, step.screen)

    def _frame(self, category: str, screen: str) -> None:
        """What stands around a screen: that it is urgent, and the cards of who answers."""
        if screen.startswith("check-in"):
            return
        voice = self.voice()
        self.urgent = True
        if voice.where == "outside" or (voice.facility and voice.facility.dial):
            for resource in finder.named(self.content.resources, screens.CARDS.get(category, ())):
                if voice.dialable(resource):
                    self.cards.append(voice.card(resource, self._year(), urgent=True))

    def _enter_crisis(self, category: str, screen: str) -> None:
        flow = self.content.flows.get(f"crisis/{category}")
        if flow is None or flow.alarm != category:
            return
        wanted = [screen, "check-in" if screen.startswith("check-in") else "active", "imminent"]
        places = [f"{flow.id}/{name}" for name in wanted]
        self.go(next((place for place in places if place in flow.steps), flow.first))

    def help(self) -> None:
        """Asked for, not heard: the way to a human, and each danger by its name."""
        self.note("alarm", "help/asked")
        self.leave()
        self.place = ""
        self.urgent = True
        self.says += self.voice().screen("help", "active")
        names = screens.NAMES.get(self.language) or screens.NAMES["en"]
        self.offer(*((f"/alarm/{category}", name) for category, name in names.items()))
        self.offer_way_back()
        self.offer_words("menu")

    # ── what can be tapped ─────────────────────────────────────────────────────────────────────

    def offer(self, *options: tuple[str, str]) -> None:
        """Options by id and label; none stands there twice."""
        shown = {option.id for option in self.options}
        self.options += [Option(name, label) for name, label in options if name not in shown]

    def offer_words(self, *names: str) -> None:
        """Commands, by the program's own words for them."""
        self.offer(*((f"/{name}", self.word(name)) for name in names))

    def offer_way_back(self) -> None:
        """Back to what was left, if anything was."""
        if self.way_back and self.way_back[-1].offered:
            place = self.way_back[-1].place
            if flow := self.content.flow(place):
                title = self.voice().text(flow.title)
                self.offer((f"/to/{place}", self.word("way-back", title=title)))

    # ── all of it ──────────────────────────────────────────────────────────────────────────────

    def outcome(self) -> Outcome:
        """The turn as it is: never silent, and never without a way on."""
        if not self.options and not self.over:
            asked = self.content.step(self.place)
            if not (asked and isinstance(asked.next, (AskArea, AskWords, AskCode))):
                self.offer_words("menu", "help")
        if not (self.scale or self.over):  # the options of a scale are its numbers
            self.offer(*self.more_options)
        says = tuple(words for words in self.says if words.strip())
        asks = tuple(words for words in self.asks if words.strip())
        reply = Reply(
            says=says if says or asks else (self.word("what-now"),),
            asks=asks,
            options=tuple(self.options),
            resources=tuple(self.cards),
            pace=self.pace,
            sheet=self.sheet,
            change=self.change,
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
            shown=self.shown,
            answers=self.answers,
            helped=self.helped,
            offered=tuple(option.id for option in self.options),
            misses=self.misses,
            last_turn=self.turn.id,
            content=self.content.digest,
        )
        return Outcome(
            reply,
            conversation,
            tuple(self.acts),
            tuple(self.notes),
            self.heard,
            self.wants,
            self.claim,
        )

    def _year(self) -> int:
        return datetime.fromtimestamp(self.turn.at, UTC).year


def more_label(address: str, language: str) -> str:
    """What an option says that leads to another page: `Show more`, `Only what is free` …"""
    _, offset, only = _read_more(address)
    key = f"more-{only}" if not offset and only in {*NARROWER, "wide", "all"} else "more"
    return house.say(key, language, name=house.LANGUAGES[language])


def _read_more(address: str) -> tuple[str, int, str]:
    """`<asker>/<offset>` or `<asker>/<offset>/<only>`: who looked, for which page, and how the list
    is made shorter. All of it is in the option's id, so that it needs no saved state."""
    asker, _, last = address.rpartition("/")
    only = "" if last.isdecimal() else last
    if only:
        asker, _, last = asker.rpartition("/")
    offset = int(last[: len(str(LARGEST_OFFSET))]) if last.isdecimal() else 0
    return asker, offset, only
