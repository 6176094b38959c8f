"""Who should be called next: what was only read on a page, the longest ago first, and what to ask.

A number that nobody has called may be anybody's by now. One call, then `assured_date:` and
`confidence: called` in the resource's file, and it leaves this list.
"""

from collections.abc import Iterable, Iterator

from bot.engine.model import INSIDE, Resource, Text


def to_call(resources: Iterable[Resource]) -> list[Resource]:
    """Those with a phone that were read and not asked, the longest ago first."""
    waiting = [one for one in resources if one.confidence == "read" and one.phones]
    return sorted(waiting, key=lambda one: (one.assured_date, one.source_date or "9", one.id))


def call_sheet(resource: Resource) -> Iterator[str]:
    """One call on a few lines: whom, which numbers, what to ask."""
    age = f", from a page of {resource.source_date}" if resource.source_date else ""
    yield f"{resource.name}  ({resource.id}; read {resource.assured_date}{age})"
    for phone in resource.phones:
        note = f"  {phone.note.source}" if phone.note else ""
        yield f"  {phone.number}{'' if phone.kind == 'voice' else f' ({phone.kind})'}{note}"
    for question in questions(resource):
        yield f"  - {question}"


def questions(resource: Resource) -> Iterator[str]:
    """What to ask: is what we say still so, and what we don't know."""
    yield "Is this still the right number?"
    yield _still("Who can use it?", resource.eligibility_description)
    yield _still("When are you open?", resource.schedule)
    yield _still("What does it cost?", resource.fees_description)
    yield _still("How does somebody start?", resource.application_process)
    yield _still("What should they bring?", resource.required_document)
    if resource.settings & INSIDE:
        yield _still("How can people in prison or jail reach you?", resource.from_inside)
        yield "Do you take collect calls, or letters? To which address?"
    if resource.languages == ("en",):
        yield "Do you speak Spanish, or have an interpreter?"


def _still(question: str, said: Text | None) -> str:
    return f"{question} We say: “{said.source}”" if said else question
