"""What HSDS has no field for, as attributes: written on the way out, read on the way in.

Each is a term of a taxonomy called `Peerpath`, with its words in the attribute's value. So another
program keeps them without understanding them, and ours gets back the resource that it gave.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.content.directory.tables import Row
from bot.engine.model import Confidence

TAXONOMY = "Peerpath"
# Each term's code, and what it means.
TERMS: Mapping[str, str] = {
    "id": "The resource's own id.",
    "topic": "A need that it answers.",
    "setting": "Where the people are whom it serves: prison, jail, community, family.",
    "area": "The county it serves, or california, or national.",
    "source": "Where the facts were seen.",
    "source-date": "How old that page was.",
    "confidence": "Whether the facts were read on a page or asked for in a call.",
    "from-inside": "How people in prison or jail can use it.",
}


@dataclass(frozen=True, slots=True)
class Own:
    """What a service that was ours says of itself. Without an id it is somebody else's."""

    id: str = ""
    topics: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    source_date: str = ""
    confidence: Confidence = "read"
    from_inside: str = ""


def own_words(attributes: Iterable[Row], known: Mapping[str, Mapping[str, Row]]) -> Own:
    """Read the attributes of one service."""
    said: dict[str, list[str]] = {}
    for attribute in attributes:
        term = known.get("taxonomy_term", {}).get(attribute["taxonomy_term_id"])
        if term and term["taxonomy"] == TAXONOMY and term["code"] in TERMS:
            attribute.become("used")
            term.become("used")
            said.setdefault(term["code"], []).append(attribute["value"])

    def one(code: str) -> str:
        return said.get(code, [""])[0]

    if not one("id"):
        return Own()
    return Own(
        id=one("id"),
        topics=tuple(said.get("topic", ())),
        settings=tuple(said.get("setting", ())),
        areas=tuple(said.get("area", ())),
        sources=tuple(said.get("source", ())),
        source_date=one("source-date"),
        confidence="called" if one("confidence") == "called" else "read",
        from_inside=one("from-inside"),
    )
