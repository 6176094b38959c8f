"""Who fits whom: what is never traded, what counts, and that nobody carries everything."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.peers import fitting
from bot.peers.model import EXPERIENCES, GENDERS, HOURS, KINDS, Load, Mentor, Request, Wishes
from bot.peers.roster import Mentors
from bot.peers.words import line, said

PRISON = frozenset({"prison"})


def mentor(name: str, **more: object) -> Mentor:
    given = {"name": name.title(), "settings": PRISON, "unit": "a", "gender": "man", **more}
    return Mentor(name, **given)  # type: ignore[arg-type]


ANN = mentor("ann", gender="woman", languages=("en", "es"), experience=frozenset({"loss"}))
BEN = mentor("ben", experience=frozenset({"loss", "recovery"}), unit="b")
CAL = mentor("cal", experience=frozenset({"recovery"}))
ALL = (ANN, BEN, CAL)


def best(wishes: Wishes, loads: dict[str, Load] | None = None, *apart: str) -> list[str]:
    return [f.mentor.id for f in fitting.ranked(ALL, wishes, loads or {}, frozenset(apart))]


def test_what_makes_people_feel_safe_is_never_traded() -> None:
    assert best(Wishes(gender="woman", about="recovery")) == ["ann"]
    assert best(Wishes(language="es", about="recovery")) == ["ann"]
    assert best(Wishes(unit="a", other_unit=True)) == ["ben"]
    assert best(Wishes(setting="jail")) == []
    assert set(best(Wishes(), None, "ben")) == {"ann", "cal"}


def test_lived_experience_comes_first() -> None:
    assert best(Wishes(about="recovery", unit="b"))[-1] == "ann"


def test_somebody_with_much_to_carry_stands_further_back_and_a_full_one_is_not_asked() -> None:
    wishes = Wishes(about="recovery")
    assert best(wishes, {"ben": Load(carries=3)})[0] == "cal"
    assert "ben" not in best(wishes, {"ben": Load(carries=4, asked=1)})


def test_the_one_who_speaks_spanish_is_spared_for_who_needs_it() -> None:
    assert best(Wishes(about="loss")) == ["ben", "ann", "cal"]
    assert best(Wishes(about="loss", language="es")) == ["ann"]


def test_who_is_paused_or_has_left_is_not_asked() -> None:
    assert not fitting.may(mentor("dan", paused=True), Wishes())
    assert not fitting.may(mentor("dan", retired=True), Wishes())


def test_why_in_one_line_and_in_both_languages() -> None:
    fit = fitting.fit(ANN, Wishes(about="loss", language="es", gender="woman"), Load())
    assert line(fit.reasons, "en") == "Speaks Spanish; has lost somebody; is a woman"
    assert line(fit.reasons, "es") == "Habla español; ha perdido a alguien; es mujer"


def test_every_id_has_words_in_both_languages() -> None:
    ids = [
        *(f"about/{one}" for one in EXPERIENCES),
        *(f"kind/{one}" for one in KINDS),
        *(f"gender/{one}" for one in GENDERS),
        *(f"hours/{one}" for one in HOURS),
    ]
    for one in ids:
        assert said(one, "en") != said(one, "es")
        assert "_" not in said(one, "en") + said(one, "es")


def test_the_one_they_picked_is_asked_first_and_alone() -> None:
    request = Request("r", wishes=Wishes(mentor="cal", about="loss"))
    assert fitting.offer(request, ALL, {}) == ("cal",)


def test_another_is_asked_only_where_they_said_so() -> None:
    gone = Request("r", wishes=Wishes(mentor="cal", others=False), passed=("cal",))
    assert fitting.offer(gone, ALL, {}) == ()
    open_to_others = Request("r", wishes=Wishes(mentor="cal"), passed=("cal",))
    assert set(fitting.offer(open_to_others, ALL, {})) <= {"ann", "ben"}


def test_kept_apart_is_like_not_free_and_gives_no_reason_away() -> None:
    request = Request("r", wishes=Wishes(mentor="cal", others=False))
    assert fitting.offer(request, ALL, {}, frozenset({"cal"})) == ()
    assert fitting.offer(request, ALL, {"cal": Load(carries=5)}) == ()


def test_a_hundred_alike_are_shared_out() -> None:
    many = [mentor(f"m{n:02}", capacity=50) for n in range(10)]
    carried: Counter[str] = Counter()
    for _ in range(100):
        loads = {one.id: Load(carries=carried[one.id]) for one in many}
        carried[fitting.ranked(many, Wishes(), loads)[0].mentor.id] += 1
    assert set(carried.values()) == {10}


def test_who_waits_longest_is_served_first() -> None:
    only = (mentor("ann", capacity=1),)
    waiting = [Request("new", looking=2.0), Request("old", looking=1.0)]
    assert fitting.offers(waiting, only, {}, {}) == [(waiting[1], ("ann",))]


@given(
    st.lists(st.sampled_from(EXPERIENCES)), st.booleans(), st.sampled_from(("", *GENDERS)),
    st.sampled_from(("", "en", "es")),
)  # fmt: skip
def test_nobody_is_shown_whom_they_may_not_meet(
    lived: list[str], other: bool, gender: str, language: str
) -> None:
    answers = {"gender": gender, "language": language, "unit": "a"}
    answers["other_unit"] = "yes" if other else "no"
    roster = Mentors((*ALL, mentor("dee", experience=frozenset(lived), paused=True)))
    shown = roster.suggest(answers, "prison", "en", frozenset({"cal"}))
    wishes = Wishes.of(answers, "prison", "en")
    assert len(shown) <= fitting.SHOWN
    for one in shown:
        assert one.id not in {"cal", "dee"}
        assert fitting.may(next(m for m in ALL if m.id == one.id), wishes)
        assert one.reason


def test_wishes_take_nothing_but_known_ids() -> None:
    wild = Wishes.of({"about": "my case", "gender": "<b>", "hours": "noon"}, "prison", "en")
    assert (wild.about, wild.gender, wild.hours) == ("", "", "")
