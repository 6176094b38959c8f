"""Do the flows lead somewhere, for everybody they serve?"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from rapidfuzz.distance import OSA

from bot.content.flows import Draft, choices_of, targets
from bot.content.load import Loaded
from bot.content.problems import Mark, Problem, did_you_mean
from bot.engine import house, screens
from bot.engine.content import Content
from bot.engine.model import (
    SETTINGS,
    Ask,
    AskArea,
    AskCode,
    AskLanguage,
    AskWords,
    Call,
    Choice,
    End,
    Find,
    Pick,
    Route,
    Scale,
    Step,
)
from bot.engine.walk import MENU, PRIVACY, WELCOME, WHERE
from bot.language.text import fold

A_YEAR = timedelta(days=365)
KNOWN_ROUTES = (
    "setting", "language", "area", "reaches", "mentors", "request", "message", "talk", "writes",
    "staff_messages", "units",
)  # fmt: skip
NUMBER_ROUTE = ("less", "same", "more")


def check(loaded: Loaded, today: date) -> Iterator[Problem]:
    """All problems of the flows as a whole."""
    content = loaded.content
    for name in (WELCOME, MENU, WHERE, PRIVACY):
        if name not in content.flows:
            yield Problem(
                Mark(f"flows/{name}.yaml"),
                "F113",
                f"The program needs a flow called `{name}`.",
                "Without it people get the program's few own words.",
            )
    reached = _reached(loaded)
    for draft in loaded.drafts.values():
        yield from _targets(draft, loaded)
        yield from _moves(draft, content)
        yield from _reviewed(draft, today)
        yield from _conditions(draft)
        for step in draft.flow.steps.values():
            at = draft.step_marks[step.id]
            if step.id not in reached:
                yield Problem(
                    at,
                    "F102",
                    f"Nothing leads to the step `{_short(step.id)}`.",
                    "Lead to it with `go:`, or take it out.",
                )
            yield from _answers(draft, step, at)
            yield from _choices(draft, step, content)
            yield from _sheets(draft, step, at)
            if _walks_in_circles(step, content):
                yield Problem(
                    at,
                    "F104",
                    f"From `{_short(step.id)}` the steps go in a circle and nobody "
                    "is asked anything.",
                    "Put a question into the circle.",
                )


def _short(place: str) -> str:
    return place.rpartition("/")[2]


def _targets(draft: Draft, loaded: Loaded) -> Iterator[Problem]:
    steps = {_short(place) for place in draft.flow.steps}
    known = [*steps, *loaded.content.flows]
    for target, at, _ in draft.target_marks:
        if not loaded.content.start(target):
            name = target.removeprefix(f"{draft.flow.id}/")
            kind = "flow or step" if "/" in name else "step"
            yield Problem(
                at,
                "F101",
                f"There is no {kind} called `{name}` here.",
                did_you_mean(name, known) or "Check how it is spelled.",
            )


def _reached(loaded: Loaded) -> set[str]:
    """Steps that a flow's start, another flow or a crisis screen leads to."""
    content = loaded.content
    reached: set[str] = set()
    waiting = [flow.first for flow in content.flows.values()]
    waiting += [
        f"{flow.id}/{screen}"
        for flow in content.flows.values()
        if flow.alarm
        for _, screen in screens.SCREENS["en"]
    ]
    waiting += [content.land(new) for new in content.moved.values()]
    while waiting:
        step = content.step(waiting.pop())
        if step is None or step.id in reached:
            continue
        reached.add(step.id)
        waiting += [content.start(to) for to in targets(step)]
    return reached


def _moves(draft: Draft, content: Content) -> Iterator[Problem]:
    for old, new in draft.flow.moved.items():
        at = draft.moved_marks[old]
        if not content.start(new):
            yield Problem(
                at,
                "F109",
                f"`{_short(old)}` moved to `{new}`, which is not there.",
                did_you_mean(new, [*draft.flow.steps, *content.flows])
                or "Name a step that is there.",
            )
        if content.step(old) or old in content.flows:
            yield Problem(
                at,
                "F109",
                f"`{old}` is still there, so nobody is moved from it.",
                "Take the step out, or this line.",
            )


def _reviewed(draft: Draft, today: date) -> Iterator[Problem]:
    if draft.reviewed and today - date.fromisoformat(draft.reviewed) > A_YEAR:
        yield Problem(
            draft.at,
            "F114",
            f"Nobody has looked at this flow since {draft.reviewed}.",
            "Read it through, mend it, and set `reviewed:` to today.",
        )


def _answers(draft: Draft, step: Step, at: Mark) -> Iterator[Problem]:
    """Routes go by answers that the flow saves, and an age is looked for that it saves."""
    known = sorted(saved_answers(draft))
    names: tuple[str, ...] = ()
    match step.next:
        case Route(by=by, than=than):
            known += KNOWN_ROUTES
            names = (by, than)
        case Find(age=age):
            names = (age,)
        case _:
            pass
    for name in names:
        if name and name not in known:
            yield Problem(
                at,
                "F108",
                f"No step of this flow saves an answer called `{name}`.",
                did_you_mean(name, known),
            )
    if isinstance(step.next, Route) and step.next.than:
        for case in step.next.cases:
            if case not in NUMBER_ROUTE:
                yield Problem(
                    at,
                    "C006",
                    f"Two numbers are less, same or more, never `{case}`.",
                    did_you_mean(case, NUMBER_ROUTE),
                )


def _conditions(draft: Draft) -> Iterator[Problem]:
    """Sheets go by answers that the flow saves."""
    saved = saved_answers(draft)
    for name, at in draft.answer_marks:
        if name not in saved:
            yield Problem(
                at,
                "F108",
                f"No step of this flow saves an answer called `{name}`.",
                did_you_mean(name, saved),
            )


def _sheets(draft: Draft, step: Step, at: Mark) -> Iterator[Problem]:
    """Whoever meets a sheet finds something on it, whatever they answered."""
    if step.sheet is None:
        return
    for setting in sorted(draft.flow.settings & set(SETTINGS)):
        sure = [p for p in step.sheet.parts if setting in p.settings and not p.when]
        if not any(part.write or any(not i.when for i in part.items) for part in sure):
            yield Problem(
                at,
                "F115",
                f"For somebody whose setting is `{setting}` this sheet may be empty.",
                "Give it one part that has no `when:`, with `write:` or `lines:`.",
            )


def saved_answers(draft: Draft) -> set[str]:
    """The names of the answers that a flow saves."""
    out = set()
    for step in draft.flow.steps.values():
        match step.next:
            case Scale(saves=name):
                out.add(name)
            case Pick(saves=name) | AskWords(saves=name):
                out.add(name)
            case _:
                pass
        out |= {name for c in choices_of(step) for name in c.sets if name != "setting"}
    return out


def _choices(draft: Draft, step: Step, content: Content) -> Iterator[Problem]:
    choices = choices_of(step)
    if isinstance(step.next, Ask):
        for setting in sorted(draft.flow.settings & set(SETTINGS)):
            if not any(setting in choice.settings for choice in choices):
                yield Problem(
                    draft.step_marks[step.id],
                    "F111",
                    f"Somebody whose setting is `{setting}` has nothing to choose here.",
                    "Give a choice all settings, or lead them past this step.",
                )
    words = {choice.id: list(_words(choice, content)) for choice in choices}
    for one, two in combinations(choices, 2):
        if not one.settings & two.settings:
            continue
        clash = next(
            ((a, b) for a in words[one.id] for b in words[two.id] if _too_near(a, b)), None
        )
        if clash:
            same = "the same words" if clash[0] == clash[1] else "one slip apart"
            yield Problem(
                draft.choice_marks[f"{step.id}/{two.id}"],
                "F105",
                f"`{one.id}` and `{two.id}` are picked by {same}: “{clash[0]}” and “{clash[1]}”.",
                "Change the label or the `also:` of one of them.",
            )


def _words(choice: Choice, content: Content) -> Iterator[str]:
    for language in house.LANGUAGES:
        yield fold(content.words.of(choice.label, language))
    for phrases in choice.also.values():
        yield from map(fold, phrases)


def _too_near(one: str, two: str) -> bool:
    if one == two:
        return True
    shorter = min(len(one), len(two))
    return shorter >= 4 and OSA.distance(one, two, score_cutoff=1) <= 1


def _walks_in_circles(start: Step, content: Content) -> bool:
    """Whether the steps from here can come back here without a person."""
    seen: set[str] = set()
    waiting = _silent_targets(start, content)
    while waiting:
        place = waiting.pop()
        if place == start.id:
            return True
        step = content.step(place)
        if step is None or place in seen:
            continue
        seen.add(place)
        waiting += _silent_targets(step, content)
    return False


def _silent_targets(step: Step, content: Content) -> list[str]:
    match step.next:
        case Ask() | Scale() | AskArea() | AskLanguage() | AskWords() | AskCode() | End():
            return []
        case Call(flow, then):
            through = [content.start(then)] if _ends_silently(flow, content) else []
            return [content.start(flow), *through]
        case _:
            return [content.start(to) for to in targets(step)]


def _ends_silently(flow: str, content: Content) -> bool:
    """Whether a flow can be gone through without anybody being asked anything."""
    seen: set[str] = set()
    waiting = [content.start(flow)]
    while waiting:
        step = content.step(waiting.pop())
        if step is None or step.id in seen:
            continue
        seen.add(step.id)
        if isinstance(step.next, End):
            return True
        if not isinstance(step.next, Call):
            waiting += _silent_targets(step, content)
        else:
            waiting.append(content.start(step.next.then))
    return False
