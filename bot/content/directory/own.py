"""What a service says of itself in attributes of the taxonomy `Peerpath` (giving.py writes them), so
that we get back the resource that was given out."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.content.directory.giving import TAXONOMY, TERMS
from bot.content.directory.links import Links
from bot.content.directory.tables import USED, Row
from bot.engine.model import Confidence


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


def own_words(attributes: Iterable[Row], links: Links) -> Own:
    """Read the attributes of one service."""
    said: dict[str, list[str]] = {}
    for attribute in attributes:
        for term in links.known("taxonomy_term", attribute.ids("taxonomy_term_id")):
            if term["taxonomy"] != TAXONOMY or term["code"] not in TERMS:
                continue
            attribute.become(USED)
            term.become(USED)
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
