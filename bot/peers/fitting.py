"""Who fits whom.

Rule 1  What makes somebody feel safe is never traded: a mentor of their gender, nobody from their
        unit, a language they share, whom staff keep apart, and who can be written to where they
        wish to write. Without such a mentor people wait.
Rule 2  Lived experience counts most, then the kind of support, then the hours.
Rule 3  Nobody carries everything and nobody is forgotten: a mentor with more to carry, and one who
        was asked lately, stands further back. Who is the only one for a language is spared for it.
Rule 4  Why somebody fits can be said in one line (words.py), from the same facts that counted.

The weights were tried out by simulation (benchmarks/mentors.py), which is also where to look before
changing one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.peers.model import Load, Mentor, Request, Wishes

EXPERIENCE, KIND, HOURS = 3.0, 1.5, 1.0
CARRIES = 2.0  # taken off for a full load, less for a part of it
RECENTLY = 0.15  # for each person begun within four weeks
SPARED = 1.5  # for a language this person does not need
OFFERS_AT_ONCE = 3  # of a request for whoever is free
NEARLY = 1.5  # how much less a mentor may fit than the best, to be asked together with them
SHOWN = 3  # mentors a person is shown

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fit:
    """A mentor for somebody. `score` is fit less load; `reasons` are keys of words.py."""

    mentor: Mentor
    score: float
    reasons: tuple[str, ...]


def may(mentor: Mentor, wishes: Wishes, apart: frozenset[str] = NOBODY) -> bool:
    """Whether these two may be brought together at all (Rule 1)."""
    return (
        mentor.takes
        and mentor.id not in apart
        and (not wishes.setting or wishes.setting in mentor.settings)
        and (not wishes.language or wishes.language in mentor.languages)
        and (not wishes.gender or wishes.gender == mentor.gender)
        and (mentor.chat or wishes.meet != "write")
        and not (wishes.other_unit and wishes.unit and wishes.unit == mentor.unit)
    )


def free(mentor: Mentor, load: Load) -> bool:
    """Whether they can carry one more, were they to say yes to all they are asked now."""
    return load.carries + load.asked < mentor.capacity


def can_take(mentor: Mentor, request: Request, carries: int) -> bool:
    """Whether they may say yes now. What else they are asked is no matter any more; and what the
    coordinator asks by hand was talked over."""
    return request.by_hand or carries < mentor.capacity


def worth(mentor: Mentor, wishes: Wishes) -> float:
    """How well a mentor fits, whatever they carry: 0 to EXPERIENCE + KIND + HOURS."""
    return (
        EXPERIENCE * (not wishes.about or wishes.about in mentor.experience)
        + KIND * (not wishes.kind or wishes.kind in mentor.kinds)
        + HOURS * (not wishes.hours or wishes.hours in mentor.hours)
    )


def fit(mentor: Mentor, wishes: Wishes, load: Load) -> Fit:
    """How well a mentor fits now, and why."""
    carried = min(1.0, (load.carries + load.asked) / max(1, mentor.capacity))
    spared = SPARED * any(one not in ("en", wishes.language) for one in mentor.languages)
    score = worth(mentor, wishes) - CARRIES * carried - RECENTLY * load.recent - spared
    reasons = []
    if wishes.language:
        reasons.append(f"speaks/{wishes.language}")
    if wishes.about and wishes.about in mentor.experience:
        reasons.append(f"about/{wishes.about}")
    if wishes.gender:
        reasons.append(f"gender/{mentor.gender}")
    if wishes.other_unit and wishes.unit:
        reasons.append("other-unit")
    if wishes.kind and wishes.kind in mentor.kinds:
        reasons.append(f"kind/{wishes.kind}")
    if wishes.hours and wishes.hours in mentor.hours:
        reasons.append(f"hours/{wishes.hours}")
    if free(mentor, load):
        reasons.append("free")
    return Fit(mentor, score, tuple(reasons))


def ranked(
    mentors: Iterable[Mentor],
    wishes: Wishes,
    loads: Mapping[str, Load],
    apart: frozenset[str] = NOBODY,
) -> list[Fit]:
    """All who may and can, the best first; of equals, who was asked longest ago."""
    fits = [
        fit(mentor, wishes, loads.get(mentor.id, Load()))
        for mentor in mentors
        if may(mentor, wishes, apart) and free(mentor, loads.get(mentor.id, Load()))
    ]
    return sorted(
        fits, key=lambda one: (-one.score, loads.get(one.mentor.id, Load()).last, one.mentor.id)
    )


def offer(
    request: Request,
    mentors: Iterable[Mentor],
    loads: Mapping[str, Load],
    apart: frozenset[str] = NOBODY,
) -> tuple[str, ...]:
    """Whom a request that waits should be offered to now: the one they picked, else the best few;
    nobody where none is free, or where they want only the one who can't."""
    wishes = request.wishes
    able = [
        one for one in ranked(mentors, wishes, loads, apart) if one.mentor.id not in request.passed
    ]
    if any(one.mentor.id == wishes.mentor for one in able):
        return (wishes.mentor,)
    if not able or (wishes.mentor and not wishes.others):
        return ()
    near = [one.mentor.id for one in able if one.score >= able[0].score - NEARLY]
    return tuple(near[:OFFERS_AT_ONCE])


def offers(
    waiting: Iterable[Request],
    mentors: Iterable[Mentor],
    loads: Mapping[str, Load],
    apart: Mapping[str, frozenset[str]],
) -> list[tuple[Request, tuple[str, ...]]]:
    """Offers for all who wait, who has waited longest first. `apart` is by request."""
    everyone, now = list(mentors), dict(loads)
    out = []
    for request in sorted(waiting, key=lambda one: (one.looking, one.id)):
        chosen = offer(request, everyone, now, apart.get(request.id, NOBODY))
        if not chosen:
            continue
        out.append((request, chosen))
        for one in chosen:
            load = now.get(one, Load())
            now[one] = Load(load.carries, load.asked + 1, load.recent, load.last)
    return out
