"""Flow files to flows. The keys are described for authors in flows/README.md, and for their
editors in the JSON Schema that `peerpath schema` prints; a test holds the three together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.content.located import Node, Scalar, Sequence, Table
from bot.content.problems import Mark, did_you_mean
from bot.content.reading import GROUPS, Reader
from bot.engine.model import (
    ACTS,
    CATEGORIES,
    EVERYWHERE,
    Ask,
    AskArea,
    AskCode,
    AskLanguage,
    AskWords,
    Call,
    Choice,
    Do,
    End,
    Find,
    Flow,
    Form,
    Go,
    Item,
    Line,
    Next,
    Pace,
    Part,
    Pick,
    Remind,
    Route,
    Scale,
    Step,
)

FLOW_KEYS = (
    "title", "topics", "settings", "alarm", "owner", "reviewed", "first", "steps", "moved",
)  # fmt: skip
NEXT_KEYS = (
    "choices", "scale", "area", "language", "find", "route", "pick", "words", "code", "do", "call",
    "go", "end",
)  # fmt: skip
STEP_KEYS = ("say", "ask", "pace", "sheet", "remind", "screen", *NEXT_KEYS, "then", "unclear")
CHOICE_KEYS = ("label", "also", "settings", "sets", "go", "call", "then", "end")
REMIND_KEYS = ("days", "hour", "open")
PART_KEYS = ("heading", "hint", "lines", "write", "settings", "when")
LINE_KEYS = ("text", "when")
LANGUAGE_KEYS = ("en", "es")
FIND_KEYS = ("topics", "resources", "limit", "age")
PICK_KEYS = ("from", "saves")
LISTS = ("mentors", "units")  # what can be picked from that stands in no flow
WORDS_KEYS = ("saves",)
CODE_KEYS = ("wrong", "slow")
EARLIEST, LATEST = 9, 19  # hours at which people may be written to first
LONGEST_ID = 56  # bytes of an option's id that leave room for what a channel adds (64 in Telegram)
LONGEST_FIND = 49  # and for what `/more/…/999/free` adds to that of a step with `find`

# Which of a step's keys may stand together: what follows a step is one thing, and `go` says where
# to after those that don't say it themselves.
_WITH_GO = frozenset({"scale", "area", "language", "find", "pick", "words", "code", "do"})
_WITH_CHOICES = frozenset({"area", "pick", "words", "code"})  # for people who'd rather not


@dataclass(slots=True)
class Draft:
    """A flow with what only the checks need: where things stand."""

    flow: Flow
    at: Mark
    reviewed: str = ""
    step_marks: dict[str, Mark] = field(default_factory=dict)
    target_marks: list[tuple[str, Mark, str]] = field(default_factory=list)  # target, at, step
    moved_marks: dict[str, Mark] = field(default_factory=dict)
    choice_marks: dict[str, Mark] = field(default_factory=dict)
    topic_marks: list[tuple[str, Mark]] = field(default_factory=list)
    resource_marks: list[tuple[str, Mark]] = field(default_factory=list)
    answer_marks: list[tuple[str, Mark]] = field(default_factory=list)  # that a sheet goes by
    broken: bool = False


def read_flow(flow_id: str, root: Node, reader: Reader) -> Draft:
    """One flow file. Problems go to the reader; what can be read, is."""
    before = len(reader.problems)
    top = reader.table(root, "A flow", FLOW_KEYS, ("title", "owner", "reviewed", "first", "steps"))
    values = top.values
    alarm = reader.one_of(values.get("alarm"), "`alarm`", CATEGORIES, "")
    crisis = bool(alarm) or flow_id.startswith("crisis/")
    settings = reader.settings(values.get("settings"), "`settings`")
    reviewed = reader.day(values.get("reviewed"), "`reviewed`")
    draft = Draft(
        Flow(
            id=flow_id,
            title=reader.text(values.get("title"), f"{flow_id}.title", "title", crisis=crisis),
            first="",
            steps={},
            settings=settings,
        ),
        top.at,
        reviewed.isoformat() if reviewed else "",
    )
    topics = reader.strings(values.get("topics"), "`topics`")
    draft.topic_marks = list(topics)
    steps: dict[str, Step] = {}
    table = reader.table(values.get("steps"), "`steps`", ())
    names = set(table.values)
    for name, node in table.values.items():
        place = f"{flow_id}/{name}"
        draft.step_marks[place] = table.keys[name]
        _check_id(place, table.keys[name], reader)
        step = _StepReader(reader, draft, flow_id, names, settings, crisis=crisis)
        steps[place] = step.read(place, node)
    first = reader.string(values.get("first"), "`first`")
    if first and f"{flow_id}/{first}" not in steps:
        at = values["first"].at
        hint = did_you_mean(first, names)
        reader.problem(at, "F101", f"There is no step called `{first}` here.", hint)
    draft.flow = Flow(
        id=flow_id,
        title=draft.flow.title,
        first=f"{flow_id}/{first}",
        steps=steps,
        topics=tuple(topic for topic, _ in topics),
        settings=settings,
        alarm=alarm,
        moved=_moved(flow_id, values.get("moved"), draft, reader),
    )
    draft.broken = any(p.severity == "error" for p in reader.problems[before:])
    return draft


def _moved(flow_id: str, node: Node | None, draft: Draft, reader: Reader) -> Mapping[str, str]:
    if node is None:
        return {}
    out = {}
    table = reader.table(node, "`moved`", ())
    for old, value in table.values.items():
        new = reader.string(value, "`moved`")
        old_place = old if "/" in old else f"{flow_id}/{old}"
        out[old_place] = target(flow_id, new, {s.rpartition("/")[2] for s in draft.step_marks})
        draft.moved_marks[old_place] = table.keys[old]
    return out


def target(flow_id: str, name: str, steps: object) -> str:
    """What a `go` means: a step of this flow, else a flow, or a step of another by its path."""
    return f"{flow_id}/{name}" if isinstance(steps, (set, dict)) and name in steps else name


def _check_id(place: str, at: Mark, reader: Reader) -> None:
    name = place.rpartition("/")[2]
    plain = name.replace("-", "").replace("_", "")
    if not (plain.isascii() and plain.isalnum() and name == name.lower()):
        reader.problem(
            at,
            "F110",
            f"`{name}` can't be an id.",
            "Use small letters a to z, digits and hyphens, like `other-ideas`.",
        )
    elif len(place.encode()) > LONGEST_ID:
        reader.problem(
            at,
            "F110",
            f"The id `{place}` is longer than {LONGEST_ID} letters.",
            "Telegram carries no longer ones. Use a shorter word.",
        )


@dataclass(slots=True)
class _StepReader:
    reader: Reader
    draft: Draft
    flow_id: str
    names: set[str]
    settings: frozenset[str]
    crisis: bool

    def read(self, place: str, node: Node) -> Step:
        reader = self.reader
        table = reader.table(node, "A step", STEP_KEYS)
        values = table.values
        says = self._lines(values.get("say"), place, "say")
        asks = self._lines(values.get("ask"), place, "ask")
        screen = reader.string(values.get("screen"), "`screen`")
        following = self._next(place, table)
        if not (says or asks or screen) and isinstance(following, Ask):
            reader.problem(
                table.at,
                "F112",
                "These choices have no question before them.",
                "Give the step `ask:`, or `say:`.",
            )
        return Step(
            id=place,
            says=says,
            asks=asks,
            next=following,
            pace=self._pace(values.get("pace")),
            sheet=self._sheet(place, values.get("sheet")),
            remind=self._remind(place, values.get("remind")),
            screen=screen,
            unclear=self._unclear(place, values.get("unclear")),
        )

    def _lines(self, node: Node | None, place: str, key: str) -> tuple[Line, ...]:
        return self.reader.lines(node, f"{place}.{key}", key, self.settings, crisis=self.crisis)

    def _to(self, node: Node | None, what: str, place: str) -> str:
        name = self.reader.string(node, what)
        if node is None or not name:
            return ""
        to = target(self.flow_id, name, self.names)
        self.draft.target_marks.append((to, node.at, place))
        return to

    def _next(self, place: str, table: Table) -> Next:
        reader, values = self.reader, table.values
        given = [key for key in NEXT_KEYS if key in values]
        kinds = [key for key in given if key != "go"]
        if "choices" in kinds and _WITH_CHOICES.intersection(kinds):
            kinds.remove("choices")
        if len(kinds) > 1 or (kinds and "go" in given and kinds[0] not in _WITH_GO):
            reader.problem(
                table.at,
                "F106",
                f"Several things come after this step: {', '.join(given)}.",
                "A step does one thing. Make a second step.",
            )
            return End()
        kind = kinds[0] if kinds else "go"
        if kind == "go" and "go" not in values:
            reader.problem(
                table.at,
                "F103",
                "Nothing comes after this step.",
                "Give it `choices:`, `go:` a step, or `end: true`.",
            )
            return End()
        if kind in _WITH_GO and "go" not in values:
            reader.problem(table.at, "F103", f"`{kind}` needs `go:`, where to go on afterwards.")
            return End()
        onward = self._to(values.get("go"), "`go`", place)
        match kind:
            case "choices":
                return Ask(self._choices(place, values["choices"]))
            case "scale":
                return self._scale(values["scale"], onward)
            case "area":
                return AskArea(onward, self._choices(place, values.get("choices")))
            case "language":
                return AskLanguage(onward)
            case "find":
                return self._find(place, values["find"], onward)
            case "route":
                return self._route(place, values["route"])
            case "pick":
                return self._pick(place, values, onward)
            case "words":
                words = reader.table(values["words"], "`words`", WORDS_KEYS, WORDS_KEYS)
                saves = reader.string(words.values.get("saves"), "`saves`")
                return AskWords(saves, onward, self._choices(place, values.get("choices")))
            case "code":
                code = reader.table(values["code"], "`code`", CODE_KEYS, CODE_KEYS)
                wrong, slow = (
                    self._to(code.values.get(key), f"`{key}`", place) for key in CODE_KEYS
                )
                choices = self._choices(place, values.get("choices"))
                return AskCode(onward, wrong, slow, choices)
            case "do":
                return Do(reader.one_of(values["do"], "`do`", ACTS, ACTS[0]), onward)
            case "call":
                return self._call(values, place, table.at)
            case "end":
                reader.one_of(values["end"], "`end`", ("true",), "true")
                return End()
            case _:
                return Go(onward)

    def _call(self, values: Mapping[str, Node], place: str, at: Mark) -> Call | End:
        flow = self._to(values.get("call"), "`call`", place)
        if "then" not in values:
            self.reader.problem(at, "C004", "`call` needs `then:`, where to go on afterwards.")
            return End()
        return Call(flow, self._to(values["then"], "`then`", place))

    def _choices(self, place: str, node: Node | None) -> tuple[Choice, ...]:
        if node is None:
            return ()
        out = []
        table = self.reader.table(node, "`choices`", ())
        if isinstance(node, Table) and not node.values:
            self.reader.problem(node.at, "F103", "There are no choices here.")
        for name, value in table.values.items():
            at = table.keys[name]
            _check_id(f"{place}/{name}", at, self.reader)
            self.draft.choice_marks[f"{place}/{name}"] = at
            out.append(self._choice(place, name, value))
        return tuple(out)

    def _choice(self, place: str, name: str, node: Node) -> Choice:
        reader = self.reader
        table = reader.table(node, "A choice", CHOICE_KEYS, ("label",))
        values = table.values
        ways = [key for key in ("go", "call", "end") if key in values]
        move: Go | Call | End = End()
        if len(ways) != 1:
            code = "F106" if ways else "F103"
            said = f"several: {', '.join(ways)}" if ways else "nothing"
            reader.problem(
                table.at,
                code,
                f"What comes after the choice `{name}`? It says {said}.",
                "Give it one of `go:`, `call:` with `then:`, or `end: true`.",
            )
        elif ways == ["go"]:
            move = Go(self._to(values["go"], "`go`", place))
        elif ways == ["call"]:
            move = self._call(values, place, table.at)
        settings = reader.settings(values.get("settings"), "`settings`")
        sets = reader.table(values.get("sets"), "`sets`", ()) if "sets" in values else None
        return Choice(
            id=name,
            label=reader.text(
                values.get("label"),
                f"{place}/{name}.label",
                "label",
                settings & self.settings or settings,
                crisis=self.crisis,
            ),
            move=move,
            also=self._also(values.get("also")),
            settings=settings,
            sets={k: reader.string(v, "`sets`") for k, v in sets.values.items()} if sets else {},
        )

    def _also(self, node: Node | None) -> Mapping[str, tuple[str, ...]]:
        if node is None:
            return {}
        if isinstance(node, Table):
            table = self.reader.table(node, "`also`", LANGUAGE_KEYS)
            return {
                language: tuple(word for word, _ in self.reader.strings(value, "`also`"))
                for language, value in table.values.items()
            }
        return {"en": tuple(word for word, _ in self.reader.strings(node, "`also`"))}

    def _scale(self, node: Node, onward: str) -> Scale:
        reader = self.reader
        table = reader.table(node, "`scale`", ("from", "to", "saves"), ("saves",))
        return Scale(
            low=reader.whole(table.values.get("from"), "`from`", 0, 99, 0),
            high=reader.whole(table.values.get("to"), "`to`", 1, 100, 10),
            saves=reader.string(table.values.get("saves"), "`saves`"),
            to=onward,
        )

    def _find(self, place: str, node: Node, onward: str) -> Find:
        reader = self.reader
        table = reader.table(node, "`find`", FIND_KEYS)
        if len(place.encode()) > LONGEST_FIND:
            reader.problem(
                table.at,
                "F110",
                f"The id `{place}` is longer than {LONGEST_FIND} letters.",
                "A step with `find` needs room for its button *Show more*. Use a shorter word.",
            )
        topics = reader.strings(table.values.get("topics"), "`topics`")
        resources = reader.strings(table.values.get("resources"), "`resources`")
        self.draft.topic_marks += topics
        self.draft.resource_marks += resources
        if bool(topics) == bool(resources):
            reader.problem(table.at, "C004", "`find` needs `topics:` or `resources:`, one of them.")
        return Find(
            to=onward,
            topics=tuple(name for name, _ in topics),
            resources=tuple(name for name, _ in resources),
            limit=reader.whole(table.values.get("limit"), "`limit`", 1, 9, 3),
            age=reader.string(table.values.get("age"), "`age`"),
        )

    def _pick(self, place: str, values: Mapping[str, Node], onward: str) -> Pick:
        reader = self.reader
        table = reader.table(values["pick"], "`pick`", PICK_KEYS, PICK_KEYS)
        return Pick(
            of=reader.one_of(table.values.get("from"), "`from`", LISTS, LISTS[0]),
            saves=reader.string(table.values.get("saves"), "`saves`"),
            to=onward,
            choices=self._choices(place, values.get("choices")),
        )

    def _route(self, place: str, node: Node) -> Route:
        reader = self.reader
        table = reader.table(node, "`route`", (), ("by", "otherwise"))
        by = reader.string(table.values.get("by"), "`by`")
        cases: dict[str, str] = {}
        for name, value in table.values.items():
            if name in {"by", "than", "otherwise"}:
                continue
            to = self._to(value, "`route`", place)
            if by == "setting" and name not in GROUPS:
                hint = did_you_mean(name, GROUPS)
                reader.problem(table.keys[name], "C006", f"`{name}` is not a setting.", hint)
            elif by == "setting":
                cases.update(dict.fromkeys(GROUPS[name], to))
            else:
                cases[name] = to
        return Route(
            by=by,
            cases=cases,
            otherwise=self._to(table.values.get("otherwise"), "`otherwise`", place),
            than=reader.string(table.values.get("than"), "`than`"),
        )

    def _pace(self, node: Node | None) -> Pace | None:
        if node is None:
            return None
        reader = self.reader
        table = reader.table(node, "`pace`", ("in", "hold", "out", "rounds"), ("in", "out"))
        values = table.values
        return Pace(
            breathe_in=reader.whole(values.get("in"), "`in`", 1, 20, 4),
            hold=reader.whole(values.get("hold"), "`hold`", 0, 20, 0),
            breathe_out=reader.whole(values.get("out"), "`out`", 1, 20, 6),
            rounds=reader.whole(values.get("rounds"), "`rounds`", 1, 20, 6),
        )

    def _remind(self, place: str, node: Node | None) -> Remind | None:
        if node is None:
            return None
        if isinstance(node, Scalar):
            self.reader.one_of(node, "`remind`", ("stop",), "stop")
            return Remind()
        table = self.reader.table(node, "`remind`", REMIND_KEYS, REMIND_KEYS)
        values = table.values
        return Remind(
            days=self.reader.whole(values.get("days"), "`days`", 1, 30, 1),
            hour=self.reader.whole(values.get("hour"), "`hour`", EARLIEST, LATEST, 10),
            to=self._to(values.get("open"), "`open`", place),
        )

    def _sheet(self, place: str, node: Node | None) -> Form | None:
        if node is None:
            return None
        reader = self.reader
        table = reader.table(node, "`sheet`", ("title", "parts"), ("title", "parts"))
        parts = reader.table(table.values.get("parts"), "`parts`", ())
        return Form(
            title=reader.text(
                table.values.get("title"), f"{place}.sheet.title", "title", crisis=self.crisis
            ),
            parts=tuple(
                self._part(f"{place}.sheet.{name}", part) for name, part in parts.values.items()
            ),
        )

    def _part(self, text_id: str, node: Node) -> Part:
        reader = self.reader
        table = reader.table(node, "A part of a sheet", PART_KEYS, ("heading",))
        values = table.values
        settings = reader.settings(values.get("settings"), "`settings`") & self.settings
        if "lines" not in values and "write" not in values:
            reader.problem(
                table.at, "C004", "A part of a sheet needs `write:` or `lines:`, or both."
            )
        lines = reader.table(values.get("lines"), "`lines`", ())
        return Part(
            heading=reader.text(
                values.get("heading"), f"{text_id}.heading", "title", settings, crisis=self.crisis
            ),
            hint=reader.lines(
                values.get("hint"), f"{text_id}.hint", "say", settings, crisis=self.crisis
            ),
            items=tuple(
                self._item(f"{text_id}.line.{name}", line, settings)
                for name, line in lines.values.items()
            ),
            write=reader.whole(values.get("write"), "`write`", 1, 12, 0),
            settings=settings,
            when=self._when(values.get("when")),
        )

    def _item(self, text_id: str, node: Node, settings: frozenset[str]) -> Item:
        reader = self.reader
        words, when = node, None
        if isinstance(node, Table) and "text" in node.values:
            table = reader.table(node, "A line of a sheet", LINE_KEYS)
            words, when = table.values["text"], table.values.get("when")
        return Item(
            reader.lines(words, text_id, "say", settings, crisis=self.crisis), self._when(when)
        )

    def _when(self, node: Node | None) -> Mapping[str, tuple[str, ...]]:
        if node is None:
            return {}
        table = self.reader.table(node, "`when`", ())
        self.draft.answer_marks += [(name, table.keys[name]) for name in table.values]
        return {
            name: tuple(value for value, _ in self.reader.strings(values, "`when`"))
            for name, values in table.values.items()
        }

    def _unclear(self, place: str, node: Node | None) -> tuple[tuple[Line, ...] | Go, ...]:
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self.reader.problem(node.at, "C005", "`unclear` is a list: the 1st, 2nd, 3rd answer.")
            return ()
        out: list[tuple[Line, ...] | Go] = []
        for number, item in enumerate(node.items, 1):
            if isinstance(item, Table) and "go" in item.values:
                self.reader.table(item, "`unclear`", ("go",))
                out.append(Go(self._to(item.values["go"], "`go`", place)))
            elif isinstance(item, (Scalar, Table)):
                out.append(self._lines(item, place, f"unclear.{number}"))
            else:
                self.reader.problem(item.at, "C005", "Each of `unclear` is a text or `go:`.")
        return tuple(out)


def choices_of(step: Step) -> tuple[Choice, ...]:
    """What its author gave people to choose from, whatever else the step waits for."""
    match step.next:
        case (
            Ask(choices)
            | AskArea(choices=choices)
            | Pick(choices=choices)
            | AskWords(choices=choices)
            | AskCode(choices=choices)
        ):
            return choices
        case _:
            return ()


def targets(step: Step) -> list[str]:
    """Everywhere a step may lead, in the order written."""
    out: list[str] = []

    def move(one: Go | Call | End) -> None:
        if isinstance(one, Go):
            out.append(one.to)
        elif isinstance(one, Call):
            out.extend((one.flow, one.then))

    match step.next:
        case AskCode(to, wrong, slow):
            out.extend((to, wrong, slow))
        case AskArea(to) | Pick(to=to) | AskWords(to=to):
            out.append(to)
        case Scale(to=to) | AskLanguage(to) | Find(to=to) | Do(to=to):
            out.append(to)
        case Route(cases=cases, otherwise=otherwise):
            out.extend((*cases.values(), otherwise))
        case Call() | Go() | End():
            move(step.next)
        case Ask():
            pass
    for choice in choices_of(step):
        move(choice.move)
    out.extend(rung.to for rung in step.unclear if isinstance(rung, Go))
    if step.remind:
        out.append(step.remind.to)
    return list(dict.fromkeys(to for to in out if to))


def serves(flow: Flow, step: Step) -> frozenset[str]:
    """Who a step may be met by: those its flow is for."""
    return flow.settings if step.id in flow.steps else EVERYWHERE
