"""The shipped flows as an ink story, so that ink walks the same steps, words and choices as we do.

There is no ink compiler in Python, so this writes what inklecate would: a knot for each step, a
sticky choice (`+ [label] -> step`) for each answer. Visits are not counted, which is the leanest
ink there is. What ink has no words for is left out, all of it in ink's favour: settings (everybody
is in prison), translations, cards, the way back, a county's own options.
"""

import json
from typing import Any

from benchmarks.shipped import NEWCOMER
from bot.engine.content import Content, flow_of
from bot.engine.model import (
    Ask,
    AskArea,
    AskLanguage,
    Call,
    End,
    Find,
    Go,
    Line,
    Route,
    Scale,
    Step,
)
from bot.engine.walk import MENU

INK_VERSION = 21
STICKY = 4  # a choice whose words are for the choice alone, and that stays


def story(content: Content, start: str) -> str:
    """Compiled ink, as JSON, that begins at a place or flow."""
    steps = [step for flow in content.flows.values() for step in flow.steps.values()]
    knots = {_knot(step.id): _written(content, step) for step in steps}
    root = [[_to(content, start), ["done", {"#n": "g-0"}], None], "done", knots]
    return json.dumps({"inkVersion": INK_VERSION, "root": root, "listDefs": {}})


def _knot(place: str) -> str:
    return place.replace("/", "_").replace("-", "_")


def _to(content: Content, target: str) -> dict[str, str]:
    return {"->": _knot(content.start(target) or content.start(MENU))}


def _written(content: Content, step: Step) -> list[Any]:
    out: list[Any] = []
    for words in [*_lines(step.says), *_lines(step.asks)]:
        out += [f"^{words}", "\n"]
    answers: dict[str, Any] = {"#f": 4}
    for number, (label, target) in enumerate(_choices(step)):
        out += ["ev", "str", f"^{label}", "/str", "/ev", {"*": f".^.c-{number}", "flg": STICKY}]
        answers[f"c-{number}"] = ["\n", _to(content, target), None]
    if "c-0" in answers:
        return [[*out, answers], None]
    return [*out, _to(content, _onward(step)), None]


def _lines(lines: tuple[Line, ...]) -> list[str]:
    """Each paragraph is a line in ink."""
    mine = [line.text.source for line in lines if NEWCOMER.setting in line.settings]
    return [paragraph for text in mine for paragraph in text.split("\n") if paragraph]


def _choices(step: Step) -> list[tuple[str, str]]:
    match step.next:
        case Ask(choices) | AskArea(_, choices) if choices:
            mine = [choice for choice in choices if NEWCOMER.setting in choice.settings]
            return [(choice.label.source, _moved(step, choice.move)) for choice in mine]
        case Scale(low, high, _, onward):
            return [(str(value), onward) for value in range(low, high + 1)]
        case AskLanguage(onward):
            return [("English", onward), ("Español", onward)]
        case _:
            return []


def _moved(step: Step, move: Go | Call | End) -> str:
    match move:
        case Go(target):
            return target
        case Call(flow, _):
            return flow
        case End():
            return MENU if flow_of(step.id) != MENU else "welcome"


def _onward(step: Step) -> str:
    match step.next:
        case Go(target) | Find(target) | AskArea(target):
            return target
        case Call(flow, _):
            return flow
        case Route(_, _, otherwise):
            return otherwise
        case _:
            return MENU
