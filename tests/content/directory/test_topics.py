"""Which topic a service is about: by its categories, else by its words."""

import pytest

from bot.content.directory.topics import NO_TOPIC, Signs, Topics
from bot.content.load import Loaded

TOPICS = Topics(
    {
        "reentry.housing": Signs(("Emergency Shelter",), ("shelter", "evict*", "place to stay")),
        "reentry.money": Signs(("Money",), ("credit counsel*", "debt")),
        "coping.low_mood": Signs(("Counseling",), ("counseling",)),
        "reentry.health": Signs((), ("aids", "clinic")),
        NO_TOPIC: Signs(("Animal Welfare",), ()),
    }
)


def test_a_category_decides() -> None:
    assert TOPICS.of(["emergency shelter"], "A clinic by another name", "debt debt") == (
        "reentry.housing",
        "reentry.health",
    )
    assert TOPICS.of(["Animal Welfare"], "Cats", "") == ()


def test_else_words_do_and_the_name_weighs_most() -> None:
    assert TOPICS.of([], "Shelters for men", "") == ("reentry.housing",)
    assert TOPICS.of([], "Hope House", "Help when you are evicted.") == ("reentry.housing",)
    late = "x " * 200 + "debt"
    assert TOPICS.of([], "Hope House", late) == ()
    assert TOPICS.of([], "Shelter", late) == ("reentry.housing",)


def test_of_two_words_that_overlap_the_longer_counts() -> None:
    assert TOPICS.of([], "Credit Counseling", "") == ("reentry.money",)
    assert TOPICS.of([], "Counseling", "") == ("coping.low_mood",)


def test_a_word_is_whole_and_may_be_a_plural() -> None:
    assert TOPICS.of([], "HIV/AIDS Clinics", "") == ("reentry.health",)
    assert TOPICS.of([], "First Aid, Legal Aid", "") == ()


def test_every_word_of_the_shipped_list_leads_to_its_topic(shipped: Loaded) -> None:
    signs = shipped.knowledge.signs
    topics = Topics(signs)
    for topic, sign in signs.items():
        for word in sign.words:
            assert topic in topics.of([], word.replace("*", ""), ""), word
        for term in sign.terms:
            assert topic in (*topics.of([term], "", ""), NO_TOPIC), term


def test_the_shipped_list_names_no_danger(shipped: Loaded) -> None:
    """What is shown in a crisis is chosen and checked by hand."""
    assert not [topic for topic in shipped.knowledge.signs if topic.startswith("crisis.")]


@pytest.mark.parametrize(
    ("name", "about", "topic"),
    [
        ("Hypothermia Hotline", "Call for a ride to a shelter.", "reentry.housing"),
        ("Food Pantry", "", "reentry.food_clothing"),
        ("GED Classes", "", "reentry.education"),
        ("Returning Citizens Program", "For people released from incarceration", "reentry.parole"),
        ("Dental Clinic", "", "reentry.health"),
        ("Legal Clinic", "", "help.rights"),
        ("Swimming", "Learn to swim.", None),
    ],
)
def test_what_directories_really_say(
    shipped: Loaded, name: str, about: str, topic: str | None
) -> None:
    found = Topics(shipped.knowledge.signs).of([], name, about)
    assert topic in found if topic else found == ()
