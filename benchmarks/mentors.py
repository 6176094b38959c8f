"""Who waits how long for a peer mentor, and whom they get: our matching beside taking turns, and
beside the best that any assignment could do (scipy's), on the same people.

A simulation, so its people are made up. What is assumed stands in ASSUMED and under the table; a
place that knows its own figures should put them there and run it again.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

import numpy as np
from scipy.optimize import linear_sum_assignment

from benchmarks.drawing import Drawing, Scale
from benchmarks.report import Picture, Table, figure
from bot.peers import fitting, life
from bot.peers.model import (
    CARRIED,
    EXPERIENCES,
    HOURS,
    KINDS,
    UNMATCHED,
    By,
    Load,
    Mentor,
    Move,
    Request,
    Wishes,
)

MENTORS, RESIDENTS, DAYS = 30, 3000, 90
UNITS = ("a", "b", "c", "d")
ASSUMED = {
    "asks": 0.15,  # of the residents, once within the 90 days
    "spanish": 0.12,  # need a mentor who speaks Spanish
    "own gender or unit": 0.15,  # each: must not be from their unit; must be of their gender
    "answers": 10.0,  # hours until a mentor answers an offer, on average
    "yes": 0.8,  # of offers are accepted
    "together": 28.0,  # days two people go on, on average
}
HOUR = life.HOUR
CLOCK = By("clock")


@dataclass
class World:
    """The same mentors and residents for every way of matching."""

    mentors: list[Mentor]
    arrivals: list[tuple[int, Wishes]]  # hour, wishes


@dataclass
class Run:
    waits: list[float] = field(default_factory=list)  # hours, of those who got somebody
    fits: list[float] = field(default_factory=list)  # 0 to 1
    spanish: list[float] = field(default_factory=list)
    without: int = 0  # whom the program told after a week that nobody was found
    told: int = 0  # of whom the coordinator heard after 48 hours
    begun: Counter[str] = field(default_factory=Counter)  # people by mentor
    asked: int = 0


def world(seed: int) -> World:
    chance = random.Random(seed)
    mentors = [
        Mentor(
            f"m{number:02}",
            f"Mentor {number}",
            frozenset({"prison"}),
            ("en", "es") if chance.random() < 0.2 else ("en",),
            frozenset(chance.sample(EXPERIENCES, 4)),
            frozenset(chance.sample(KINDS, 2)),
            frozenset(chance.sample(HOURS, 2)),
            chance.choice(UNITS),
            "man" if chance.random() < 0.9 else "nonbinary",
            chance.choice((4, 5, 6)),
        )
        for number in range(MENTORS)
    ]
    arrivals = []
    for _ in range(RESIDENTS):
        if chance.random() < ASSUMED["asks"]:
            wishes = Wishes(
                setting="prison",
                about=chance.choice((*EXPERIENCES, "")),
                kind=chance.choice((*KINDS, "")),
                language="es" if chance.random() < ASSUMED["spanish"] else "",
                gender="man" if chance.random() < ASSUMED["own gender or unit"] else "",
                unit=chance.choice(UNITS),
                other_unit=chance.random() < ASSUMED["own gender or unit"],
                hours=chance.choice((*HOURS, "")),
            )
            arrivals.append((chance.randrange(DAYS * 24), wishes))
    return World(mentors, sorted(arrivals, key=lambda one: one[0]))


Chooser = Callable[
    [Sequence[Request], Sequence[Mentor], Mapping[str, Load]],
    list[tuple[Request, tuple[str, ...]]],
]


def ours(
    waiting: Sequence[Request], mentors: Sequence[Mentor], loads: Mapping[str, Load]
) -> list[tuple[Request, tuple[str, ...]]]:
    return fitting.offers(waiting, mentors, loads, {})


def first_come(
    waiting: Sequence[Request], mentors: Sequence[Mentor], loads: Mapping[str, Load]
) -> list[tuple[Request, tuple[str, ...]]]:
    """Who came first gets the first on the list who is free and whom they may meet."""
    now, out = dict(loads), []
    for request in sorted(waiting, key=lambda one: one.looking):
        for mentor in mentors:
            load = now.get(mentor.id, Load())
            if (
                mentor.id not in request.passed
                and fitting.may(mentor, request.wishes)
                and fitting.free(mentor, load)
            ):
                out.append((request, (mentor.id,)))
                now[mentor.id] = replace(load, asked=load.asked + 1)
                break
    return out


def optimal(
    waiting: Sequence[Request], mentors: Sequence[Mentor], loads: Mapping[str, Load]
) -> list[tuple[Request, tuple[str, ...]]]:
    """All who wait against all free places, for the most served and then the best fit in all."""
    places = [
        mentor
        for mentor in mentors
        for _ in range(
            mentor.capacity
            - loads.get(mentor.id, Load()).carries
            - loads.get(mentor.id, Load()).asked
        )
    ]
    if not (waiting and places):
        return []
    gain = np.array(
        [
            [
                100 + fitting.worth(mentor, request.wishes)
                if fitting.may(mentor, request.wishes)
                else 0.0
                for mentor in places
            ]
            for request in waiting
        ]
    )
    rows, columns = linear_sum_assignment(gain, maximize=True)
    return [
        (waiting[row], (places[column].id,))
        for row, column in zip(rows, columns, strict=True)
        if gain[row, column] > 0
    ]


def simulate(world: World, choose: Chooser, seed: int, *, sure: bool = False) -> Run:
    """90 days, hour by hour. `sure` is the bound's: mentors say yes at once, and always."""
    chance, run = random.Random(seed), Run(asked=len(world.arrivals))
    known = {mentor.id: mentor for mentor in world.mentors}
    requests: dict[str, Request] = {}
    answers: dict[str, list[tuple[int, str]]] = {}  # request -> when each mentor answers
    until: dict[str, int] = {}  # request -> hour in which the two part
    begun: dict[str, list[int]] = {one: [] for one in known}
    last: dict[str, float] = {}
    arrivals = list(reversed(world.arrivals))

    def move(request: Request, kind: str, hour: int, by: By = CLOCK, **more: object) -> Request:
        moved = life.after(request, Move(kind, by, hour * HOUR, **more))  # type: ignore[arg-type]
        if isinstance(moved, life.Refused):
            raise TypeError(f"{kind} was refused in {request.state}: {moved.code}")
        requests[request.id] = moved
        return moved

    for hour in range(DAYS * 24):
        while arrivals and arrivals[-1][0] <= hour:
            _, wishes = arrivals.pop()
            name, at = f"r{len(arrivals)}", hour * HOUR
            requests[name] = Request(name, "asked", 0, at, at, at, wishes)
        for name, request in list(requests.items()):
            match life.due(request, hour * HOUR):
                case "expire":
                    run.without += 1
                    move(request, "expire", hour)
                case "tell":
                    run.told += 1
                    move(request, "tell", hour)
                case "lapse":
                    move(request, "lapse", hour)
                    answers.pop(name, None)
                case _:
                    pass
            if until.get(name) == hour:
                del requests[name]
                continue
            for when, mentor in sorted(answers.get(name, ())):
                now = requests[name]
                if when > hour or now.state != "offered":
                    continue
                if mentor not in now.offered:
                    continue
                if not sure and chance.random() > ASSUMED["yes"]:
                    move(now, "decline", hour, By("mentor", mentor), why="full")
                    continue
                move(now, "accept", hour, By("mentor", mentor))
                wait = hour - now.looking / HOUR
                run.waits.append(wait)
                if now.wishes.language == "es":
                    run.spanish.append(wait)
                best = fitting.EXPERIENCE + fitting.KIND + fitting.HOURS
                run.fits.append(fitting.worth(known[mentor], now.wishes) / best)
                run.begun[mentor] += 1
                begun[mentor].append(hour)
                until[name] = hour + max(
                    24, round(chance.expovariate(1 / (24 * ASSUMED["together"])))
                )
                answers.pop(name, None)
        carries = Counter(one.mentor for one in requests.values() if one.state in CARRIED)
        asked = Counter(m for one in requests.values() for m in one.offered)
        loads = {
            one: Load(
                carries[one],
                asked[one],
                sum(hour - at < 28 * 24 for at in begun[one]),
                last.get(one, 0.0),
            )
            for one in known
        }
        waiting = [
            one for one in requests.values() if one.state in UNMATCHED and one.state != "offered"
        ]
        for request, chosen in choose(waiting, world.mentors, loads):
            move(request, "offer", hour, mentors=chosen)
            delay = 0.0 if sure else ASSUMED["answers"]
            answers[request.id] = [
                (hour + (max(1, round(chance.expovariate(1 / delay))) if delay else 1), one)
                for one in chosen
            ]
            last.update(dict.fromkeys(chosen, hour * HOUR))
    return run


WAYS: Mapping[str, tuple[Chooser, bool]] = {
    "**Peerpath**": (ours, False),
    "first come, first served": (first_come, False),
    "scipy's optimum each hour, mentors as they are": (optimal, False),
    "the bound: scipy's optimum, everybody says yes at once": (optimal, True),
}


def measure(rounds: int) -> Table:
    found: dict[str, list[Run]] = {
        name: [simulate(world(seed), choose, seed, sure=sure) for seed in range(rounds)]
        for name, (choose, sure) in WAYS.items()
    }
    rows = []
    for name, runs in found.items():
        counts = [[run.begun[f"m{number:02}"] for number in range(MENTORS)] for run in runs]
        rows.append(
            [
                name,
                figure((median(run.waits) for run in runs), 2),
                figure((float(np.percentile(run.waits, 95)) for run in runs), 3),
                figure((median(run.spanish) for run in runs), 2),
                figure((100 * sum(run.fits) / len(run.fits) for run in runs), 3),
                figure((100 * run.without / run.asked for run in runs), 2),
                figure((float(np.std(c) / np.mean(c)) for c in counts), 2),
                figure((float(min(c)) for c in counts), 2)
                + " to "
                + figure((float(max(c)) for c in counts), 2),
            ]
        )
    return Table(
        "mentors",
        "Peer mentors: 30 mentors, 3,000 residents, 90 days",
        (
            "way of matching",
            "hours waited, median",
            "95 of 100 within",
            "needs Spanish, median",
            "fit, of 100",
            "nobody found in a week, %",
            "load spread (sd/mean)",
            "people a mentor, least to most",
        ),
        rows,
        (
            (
                f"{rounds} rounds with other people each; median (spread). A simulation with made-up "
                f"people: {100 * ASSUMED['asks']:.0f} of 100 residents ask once; "
                f"{100 * ASSUMED['spanish']:.0f} of 100 need Spanish, which a fifth of the mentors "
                f"speak; {100 * ASSUMED['own gender or unit']:.0f} of 100 each want a mentor of their "
                "gender, or none from their unit; a mentor answers after "
                f"{ASSUMED['answers']:.0f} hours, says yes to {100 * ASSUMED['yes']:.0f} of 100, "
                f"carries 4 to 6 people, {ASSUMED['together']:.0f} days each, both on average "
                "exponential. Fit is what counts in `bot/peers/fitting.py` before load: story, kind of "
                "support, hours. First come, first served goes down one list, and only asks whom "
                "people may meet."
            ),
        ),
        Picture("How many had a mentor after how many hours", _picture(found)),
    )


WIDTH, HEIGHT, EDGE, MOST_HOURS = 560, 260, 44, 72
END = WIDTH - 24


def _picture(found: Mapping[str, Sequence[Run]]) -> str:
    """Of all who asked, how many had a mentor after how many hours: a line for each way."""
    across = Scale(EDGE, END, 0, MOST_HOURS)
    up = Scale(HEIGHT - 22, 18, 0, 100)
    had = {
        name.strip("*"): [_share_by(hours, runs) for hours in range(MOST_HOURS + 1)]
        for name, runs in found.items()
    }
    drawing = Drawing(
        WIDTH,
        HEIGHT + 26 + 18 * len(had),
        "Of 100 who asked, how many had a mentor after how many hours",
        " ".join(
            f"{name}: {shares[12]:.0f} after 12 hours, {shares[24]:.0f} after 24, "
            f"{shares[MOST_HOURS]:.0f} after {MOST_HOURS}."
            for name, shares in had.items()
        ),
    )
    for percent in range(0, 101, 25):
        y = up.at(percent)
        drawing.line(EDGE, y, END, y)
        drawing.text(EDGE - 8, y + 4, f"{percent}", anchor="end")
    for hours in range(0, MOST_HOURS + 1, 12):
        drawing.text(across.at(hours), HEIGHT, f"{hours} h", anchor="middle")
    for number, (name, shares) in enumerate(had.items()):
        drawing.curve(((across.at(h), up.at(share)) for h, share in enumerate(shares)), number)
        y = HEIGHT + 24 + 18 * number
        drawing.curve([(EDGE, y - 4), (EDGE + 36, y - 4)], number)
        drawing.text(EDGE + 46, y, name)
    return drawing.svg()


def _share_by(hours: int, runs: Sequence[Run]) -> float:
    waits = np.array([wait for run in runs for wait in run.waits])
    return 100 * float((waits <= hours).sum()) / sum(run.asked for run in runs)
