"""Where, when and by which number: the rows around a service that say how to reach it.

Rule 1  A service has its own phones, else those its texts name, else those of its places, else
        its organization's. A fax is no phone, and a number of a person by name is not kept.
Rule 2  It is where it is linked to be. Only an organization with a single place lends it.
Rule 3  Hours count only where every row of them is plain; else they are words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.content.directory import tidy
from bot.content.directory.links import Links
from bot.content.directory.shelf import Number
from bot.content.directory.tables import USED, Row
from bot.engine.model import Hours, Location
from bot.language.text import fold

MOST_PHONES = 4
LONGEST_NOTE = 80  # letters beside a phone
MOST_LOCATIONS = 40
# Of an organization with so many desks at most, any of them can be called about its service.
FEW_DESKS = 3
_KINDS = {"text": "text", "sms": "text", "tty": "tty", "tdd": "tty", "textphone": "tty"}


@dataclass(slots=True)
class Whereabouts:
    """What the tables say about reaching a service. `today` tells which schedules are over."""

    links: Links
    today: date
    _located: dict[str, Location] = field(default_factory=dict)  # by the id of the place

    def places(self, row: Row) -> list[Row]:
        """Its places: those it is linked to, else the only one its organization has."""
        places = self.links.known("location", row.ids("location_id"))
        for link in self.links.to("service_at_location", "service_id", row["id"]):
            link.become(USED)
            places += self.links.known("location", link.ids("location_id"))
        if not places:
            places = self.links.of_organization("location", row)
            if len({self._location(place) for place in places}) > 1:
                places = []
        places = list({place["id"]: place for place in places}.values())[:MOST_LOCATIONS]
        for place in places:
            place.become(USED)
            for address in self.links.to("address", "location_id", place["id"]):
                address.become(USED)
        return places

    def locations(self, places: Iterable[Row]) -> tuple[Location, ...]:
        """Places as people are shown them."""
        shown = dict.fromkeys(self._location(place) for place in places)
        shown.pop(Location(), None)
        return tuple(shown)

    def states(self, places: Iterable[Row]) -> set[str]:
        """The states that the places are in, as far as anybody says."""
        addresses = [
            one for p in places for one in self.links.to("address", "location_id", p["id"])
        ]
        return {state for one in addresses if (state := fold(one["state_province"]))}

    def _location(self, place: Row) -> Location:
        if place["id"] not in self._located:
            self._located[place["id"]] = self._locate(place)
        return self._located[place["id"]]

    def _locate(self, place: Row) -> Location:
        rows = self.links.to("address", "location_id", place["id"])
        addresses = [address for one in rows if (address := _address(one))]
        point = tidy.degrees(place["latitude"], place["longitude"])
        latitude, longitude = point or (None, None)
        name = tidy.line(place["name"])
        if addresses:
            return Location(addresses[0], latitude, longitude)
        # Without an address of its own, many a place has it for a name.
        named = name if any(c.isdecimal() for c in name) and "," in name else ""
        return Location(named, latitude, longitude)

    def schedule(self, row: Row, places: Sequence[Row]) -> tuple[str, tuple[Hours, ...]]:
        """When it is open, in words and, where every row is plain, to the minute."""
        rows = self.links.to("schedule", "service_id", row["id"])
        for link in self.links.to("service_at_location", "service_id", row["id"]):
            rows = rows + self.links.to("schedule", "service_at_location_id", link["id"])
        if not rows and len(places) == 1:
            rows = self.links.to("schedule", "location_id", places[0]["id"])
        texts, hours, plain = [], [], True
        for one in rows:
            one.become(USED)
            texts.append(tidy.text(one["description"]))
            found = self._hours(one)
            plain = plain and found is not None
            hours += found or []
        hours = sorted(set(hours), key=lambda one: (one.weekday, one.opens_at))
        if not plain:
            hours = []
        words = "; ".join(dict.fromkeys(text for text in texts if text))
        return words or tidy.spoken_hours(hours), tuple(hours)

    def _hours(self, row: Row) -> list[Hours] | None:
        """The hours of a weekly row; None where it says more than hours can hold."""
        days = tidy.weekdays(row["byday"])
        opens, closes = tidy.minute(row["opens_at"]), tidy.minute(row["closes_at"])
        past = (end := tidy.day(row["valid_to"] or row["until"])) and end < self.today
        if not row["opens_at"] and not row["closes_at"]:
            return [] if row["description"] and not days else None
        monthly = row["freq"].upper() not in {"", "WEEKLY"} or row["interval"] not in {"", "1"}
        if past or monthly or opens is None or closes is None or not days:
            return None
        found = [tidy.opening(day, opens, closes) for day in days]
        return None if None in found else [one for one in found if one]

    def phones(self, row: Row, places: Iterable[Row], texts: Iterable[str]) -> tuple[Number, ...]:
        """The first that are found of the ways in Rule 1."""
        to = self.links.to
        found = self.own_phones(row)
        if not found:
            found = [number for text in texts for number in tidy.phones_in(text)]
        if not found:
            rows = [one for place in places for one in to("phone", "location_id", place["id"])]
            found = self._numbers(one for one in rows if not one["service_id"])
        if not found:
            rows = [
                one for one in self.links.of_organization("phone", row) if not one["service_id"]
            ]
            central = [one for one in rows if not one["location_id"]]
            # The desks of a house with many: which of them to call for this, nobody says.
            if len({one["number"] for one in central or rows}) <= FEW_DESKS:
                found = self._numbers(central or rows)
        by_number: dict[str, Number] = {}
        for one in found:
            by_number.setdefault(one.number, one)
        return tuple(by_number.values())[:MOST_PHONES]

    def own_phones(self, row: Row, longest_note: int = LONGEST_NOTE) -> list[Number]:
        """The numbers of the service itself."""
        rows = list(self.links.to("phone", "service_id", row["id"]))
        for link in self.links.to("service_at_location", "service_id", row["id"]):
            rows += self.links.to("phone", "service_at_location_id", link["id"])
        return self._numbers(rows, longest_note)

    def _numbers(self, rows: Iterable[Row], longest_note: int = LONGEST_NOTE) -> list[Number]:
        out: list[Number] = []
        for row in rows:
            if is_fax(row) or row["contact_id"]:
                continue
            kind = _KINDS.get(fold(row["type"]), "voice")
            note = tidy.short(tidy.line(row["description"]), longest_note)
            found = tidy.phones(row["number"], kind, row["extension"], note)
            row.become(USED if found else "not used: no number can be read from it")
            out += found
        return out


def is_fax(row: Row) -> bool:
    """Whether a phone is a fax."""
    return "fax" in fold(row["type"]).split() or "fax" in fold(row["description"]).split()


def _address(row: Row) -> str:
    """An address in one line: `15 A Street, Suite 2, Fresno, CA 93701`."""
    street = [row["address_1"], row["address_2"], row["city"]]
    end = f"{row['state_province']} {row['postal_code']}".strip()
    return ", ".join(part for part in map(tidy.line, [*street, end]) if part)
