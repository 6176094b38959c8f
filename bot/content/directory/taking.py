"""Rows of a directory to resources, with an account of every row.

Rule 1  Every row ends in one sentence: taken, merged, used, or why not. They add up.
Rule 2  Nothing is claimed that no row says. A row that points nowhere is not guessed about.
Rule 3  The same directory gives the same file, today and tomorrow: ids are the directory's own, or
        made from what a record says, and a record that has not changed keeps its date.
Rule 4  A service has its own phones, else those its texts name, else those of its places, else
        its organization's. A fax is no phone, and a number of a person by name is not kept.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

import msgspec

from bot.content.directory import tidy
from bot.content.directory.own import Own, own_words
from bot.content.directory.shelf import Number, Record
from bot.content.directory.tables import Row, Tables
from bot.content.directory.topics import Signs, Topics
from bot.content.knowledge import says_free
from bot.engine.finder import NATIONAL, STATE
from bot.engine.model import Area, Hours, Location
from bot.engine.text import fold

TAKEN, USED = "taken", "used"
MOST_PHONES = 4
LONGEST_NOTE = 80  # letters beside a phone
MOST_LOCATIONS = 40
# Of an organization with so many desks at most, any of them can be called about its service.
FEW_DESKS = 3
OUTSIDE = ("community", "family")  # whom a directory of the outside world is for

# Rows we know and do not take, and why.
NOT_TAKEN: Mapping[str, str] = {
    "contact": "names of people are not kept",
    "program": "we have no room for it",
    "funding": "we have no room for it",
    "accessibility": "we have no room for it yet",
    "holiday_schedule": "we have no room for it yet",
    "metadata": "we have no room for it",
    "meta_table_description": "about the data, not in it",
    "organization_identifier": "we have no room for it",
    "payment_accepted": "we have no room for it",
    "postal_address": "a postal address; people are shown where to go",
    "capacity": "we have no room for it",
    "unit": "we have no room for it",
    "taxonomy_scheme": "about the data, not in it",
}
_STATEWIDE = {"california", "statewide", "state of california", "ca"}
_NATIONWIDE = {"national", "nationwide", "united states", "usa", "us"}
_KINDS = {"text": "text", "sms": "text", "tty": "tty", "tdd": "tty", "textphone": "tty"}


@dataclass(frozen=True, slots=True)
class Order:
    """What is imported: the directory's short name, where it came from, on which day."""

    name: str
    today: date
    source: str = ""
    source_date: str = ""  # how old the directory is, where it does not say itself
    area: str = ""  # of services whose own area is not one of ours


@dataclass(frozen=True, slots=True)
class Ours:
    """What is here already: topics to sort into, areas, resources, the last import."""

    signs: Mapping[str, Signs] = field(default_factory=dict)
    areas: Mapping[str, Area] = field(default_factory=dict)
    resources: frozenset[str] = frozenset()
    before: Mapping[str, Record] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """What was taken, and what came of every row."""

    records: tuple[Record, ...]
    tables: Tables
    remarks: Counter[str]  # things done to records that a reader should know

    def lines(self) -> list[tuple[str, str, int]]:
        """How many rows of which table came to what, services first."""
        counts = Counter((r.table, r.outcome) for rows in self.tables.rows.values() for r in rows)
        order = sorted(counts, key=lambda key: (key[0] != "service", key[0], -counts[key], key[1]))
        return [(table, outcome, counts[table, outcome]) for table, outcome in order]

    def rows(self) -> Iterable[Row]:
        """Every row with its outcome, services first."""
        for table in sorted(self.tables.rows, key=lambda name: (name != "service", name)):
            yield from self.tables.rows[table]


def take(
    tables: Tables,
    order: Order,
    ours: Ours,
    track: Callable[[Sequence[Row]], Iterable[Row]] = lambda rows: rows,
) -> Account:
    """All resources of a directory. `track` sees the services go by, for a progress bar."""
    return _Taking(tables, order, ours).all(track)


class _Taking:
    """One import: the tables by what points to what, and the records so far."""

    def __init__(self, tables: Tables, order: Order, ours: Ours) -> None:
        self.tables, self.order, self.ours = tables, order, ours
        self.topics = Topics(ours.signs)
        self.areas = _area_names(ours.areas.values())
        self.remarks: Counter[str] = Counter()
        self.by_id = {table: _first_by_id(rows) for table, rows in tables.rows.items()}
        self.pointing: dict[tuple[str, str, str], list[Row]] = {}
        for rows in tables.rows.values():
            for row in rows:
                for key in row.values:
                    if key.endswith("_id") and key not in {"taxonomy_term_id", "program_id"}:
                        for one in row.ids(key):
                            self.pointing.setdefault((row.table, key, one), []).append(row)
        self.websites = _websites(tables["organization"])
        self.told: dict[str, str] = {}  # organization ids without a row, by their websites
        self.by_words: dict[bytes, str] = {}  # what a record says -> its id
        self.located: dict[str, Location] = {}  # by the id of the place
        self.own = Own()  # what the record in hand says of itself, where it was ours
        self.done: list[str] = []  # remarks about the record in hand

    def to(self, table: str, key: str, target: str) -> list[Row]:
        """The rows of a table that point to something by a key."""
        return self.pointing.get((table, key, target), []) if target else []

    def _of_organization(self, table: str, row: Row) -> list[Row]:
        owners = row.ids("organization_id")
        return [one for owner in owners for one in self.to(table, "organization_id", owner)]

    # ── all of it ──────────────────────────────────────────────────────────────────────────────

    def all(self, track: Callable[[Sequence[Row]], Iterable[Row]]) -> Account:
        """Every service to a record or a reason, then every other row."""
        records: dict[str, Record] = {}
        seen: dict[str, Row] = {}
        for row in track(self.tables["service"]):
            first = seen.get(row["id"]) if row["id"] else None
            if row.outcome:
                continue  # its table could not be read
            if first:
                row.become("skipped: the id of an earlier one", f"{first.file}:{first.line}")
            elif why := self._refused(row):
                row.become(f"skipped: {why}")
            elif record := self._record(row, records):
                seen[row["id"]] = row
                records[record.id] = record
        self._account()
        return Account(tuple(records.values()), self.tables, self.remarks)

    def _refused(self, row: Row) -> str:
        status = fold(row["status"])
        if status in {"inactive", "defunct", "temporarily closed", "closed", "deleted"}:
            return f"its directory says it is {status}"
        if not tidy.line(row["name"]):
            return "it has no name"
        return ""

    def _account(self) -> None:
        """The rows that no service needed."""
        for table, rows in self.tables.rows.items():
            for row in rows:
                row.become(f"not used: {NOT_TAKEN.get(table) or self._why_not(row)}")

    def _why_not(self, row: Row) -> str:
        if row.table == "phone" and _is_fax(row):
            return "a fax number"
        if row.table == "phone" and row["contact_id"]:
            return "a number of a person by name"
        for table in ("service", "service_at_location", "location", "organization"):
            ids = row.ids(f"{table}_id") + (
                row.ids("link_id") if row["link_entity"].rstrip("s") == table else []
            )
            known = self.by_id.get(table, {})
            if ids and not any(one in known for one in ids):
                return f"the {table.replace('_', ' ')} it points to is not there"
        if row.table in {"schedule", "language"} and not any(
            row[key] for key in row.values if key.endswith("_id")
        ):
            return "it belongs to nothing"
        return "nothing that was taken needs it"

    # ── one service ────────────────────────────────────────────────────────────────────────────

    def _record(self, row: Row, records: Mapping[str, Record]) -> Record | None:
        self.done = []
        self.own = own_words(self.to("attribute", "link_id", row["id"]), self.by_id)
        record = self._read(row, self.own)
        said = msgspec.json.encode(_without_place(record))
        if record.id in self.ours.resources:
            row.become("skipped: it is one of our own resources", record.id)
            return None
        if twin := self.by_words.get(said):
            row.become("merged: word for word the same as one that was taken", twin)
            return None
        if record.id in records:
            row.become("skipped: the id of an earlier one", record.id)
            return None
        self.by_words[said] = record.id
        before = self.ours.before.get(record.id)
        if before and _without_date(before) == _without_date(record):
            record = before
        row.become(TAKEN, record.id)
        self.remarks.update([*self.done, *_remarks(row, record)])
        return record

    def _read(self, row: Row, own: Own) -> Record:
        name = tidy.line(row["name"])
        organization = self._organization(row)
        whole_text = tidy.text(row["description"])
        description = whole_text if own.id else tidy.short(whole_text)
        if len(description) < len(whole_text):
            self.done.append("was cut to fit a card")
        process = tidy.something(row["application_process"])
        locations, places = self._locations(row)
        schedule, hours = self._schedule(row, locations)
        fees = self._fees(row)
        eligibility = self._joined(row, "eligibility_description", "eligibility", "name")
        return Record(
            id=own.id or self._id(row, name, organization),
            name=name,
            organization="" if fold(organization) == fold(name) else organization,
            description=description,
            topics=own.topics or self._topics(row, name, whole_text),
            settings=own.settings or OUTSIDE,
            areas=own.areas or self._areas(row, locations),
            languages=self._languages(row, locations),
            sources=own.sources or self._sources(row),
            assured_date=self._assured(row),
            source_date=own.source_date or self._source_date(row),
            confidence=own.confidence,
            phones=self._phones(row, locations, [process, whole_text, eligibility]),
            email=tidy.email(row["email"]),
            url=tidy.url(row["url"]),
            locations=places,
            schedule=schedule,
            hours=hours,
            fees_description=fees,
            free=says_free(fees) or (not fees and self._costs_nothing(row)),
            eligibility_description=eligibility if own.id else tidy.short(eligibility),
            minimum_age=tidy.whole(row["minimum_age"], 120),
            maximum_age=tidy.whole(row["maximum_age"], 120),
            application_process=process if own.id else tidy.short(process),
            required_document=self._joined(row, "required_documents", "required_document"),
            from_inside=own.from_inside,
        )

    def _id(self, row: Row, name: str, organization: str) -> str:
        """The directory's own id where it has one, else one made from what is said."""
        own = "".join(c if c.isalnum() or c in "-_." else "-" for c in row["id"])
        if row["no_id"] or not own or not own.isascii():
            said = "\n".join((name, organization, row["description"], row["url"]))
            own = "x" + hashlib.sha256(said.encode()).hexdigest()[:12]
        return f"{self.order.name}/{own}"

    def _sources(self, row: Row) -> tuple[str, ...]:
        named = self.order.source or f"directory {self.order.name}"
        which = "" if row["no_id"] or not row["id"] else f", service {row['id']}"
        return (named + which,)

    def _assured(self, row: Row) -> date:
        """When its directory last made sure of it; else today, when we read it there."""
        said = tidy.day(row["assured_date"])
        return said if said and said <= self.order.today else self.order.today

    def _source_date(self, row: Row) -> str:
        if self.own.id or row["assured_date"]:
            return ""
        changed = tidy.day(row["last_modified"])
        return changed.isoformat() if changed else self.order.source_date

    def _joined(self, row: Row, inline: str, table: str, key: str = "document") -> str:
        """A text of the service itself, else those of the rows that belong to it."""
        rows = self.to(table, "service_id", row["id"])
        texts = [tidy.something(one[key]) for one in rows]
        for one in rows:
            one.become(USED)
        return tidy.something(row[inline]) or "; ".join(dict.fromkeys(t for t in texts if t))

    # ── whose, about what, for whom ────────────────────────────────────────────────────────────

    def _organization(self, row: Row) -> str:
        """Whose it is. Where its id leads nowhere, the one organization with the same web site."""
        target = next(iter(row.ids("organization_id")), "")
        if not target and (place := self.by_id.get("location", {}).get(row["location_id"])):
            target = place["organization_id"]
        if found := self.by_id.get("organization", {}).get(target):
            found.become(USED)
            return tidy.line(found["name"])
        site = _site(row["url"])
        if not site or not target:
            return ""
        if target not in self.told:
            sites = Counter(
                _site(one["url"]) for one in self.to("service", "organization_id", target)
            )
            rows = self.websites.get(sites.most_common(1)[0][0], [])
            names = {tidy.line(one["name"]) for one in rows}
            self.told[target] = names.pop() if len(names) == 1 else ""
            for one in rows if self.told[target] else []:
                one.become(USED)
        if self.told[target]:
            self.done.append("had its organization told by its web site: its id leads nowhere")
        return self.told[target]

    def _topics(self, row: Row, name: str, description: str) -> tuple[str, ...]:
        terms = [*row["keywords"].split(","), *row["category"].split(",")]
        known = self.by_id.get("taxonomy_term", {})
        pointers = row.ids("taxonomy_ids")
        for attribute in [
            *self.to("attribute", "service_id", row["id"]),
            *self.to("attribute", "link_id", row["id"]),
        ]:
            attribute.become(USED)
            terms += [attribute["label"], attribute["value"]]
            pointers += attribute.ids("taxonomy_term_id")
        for pointer in pointers:
            if term := known.get(pointer):
                term.become(USED)
                terms.append(term["name"])
        return self.topics.of(terms, name, description)

    def _areas(self, row: Row, locations: Sequence[Row]) -> tuple[str, ...]:
        """The counties it serves, else those it stands in, else what the import was told."""
        said = row["service_areas"].split(",")
        for one in self.to("service_area", "service_id", row["id"]):
            one.become(USED)
            said.append(one["name"])
        found = [area for name in said if (area := self._area(name))]
        if not found:
            for place in locations:
                for address in self.to("address", "location_id", place["id"]):
                    if fold(address["state_province"]) in {"", "ca", "california"}:
                        found += [area for area in [self._area(address["city"])] if area]
        return tuple(dict.fromkeys(found)) or ((self.order.area,) if self.order.area else ())

    def _area(self, name: str) -> str:
        words = fold(name).removesuffix(" county")
        if words in _STATEWIDE:
            return STATE
        return NATIONAL if words in _NATIONWIDE else self.areas.get(words, "")

    def _languages(self, row: Row, locations: Sequence[Row]) -> tuple[str, ...]:
        """Those that are named; beside English, which goes without saying in these directories."""
        said = row["languages"].split(",")
        rows = self.to("language", "service_id", row["id"])
        for place in locations:
            rows = rows + self.to("language", "location_id", place["id"])
            said += place["languages"].split(",")
        for one in rows:
            one.become(USED)
            said.append(one["code"] or one["name"])
        codes = [code for name in said if (code := tidy.language(name))]
        return tuple(dict.fromkeys(codes if self.own.id else ["en", *codes]))

    # ── what it costs ──────────────────────────────────────────────────────────────────────────

    def _fees(self, row: Row) -> str:
        if words := tidy.text(row["fees_description"]):
            return "" if fold(words) in {"n a", "na", "unknown"} else words
        parts = []
        for cost in self.to("cost_option", "service_id", row["id"]):
            amount = f"{cost['currency'].upper()} {cost['amount']}".strip()
            said = [amount, tidy.line(cost["amount_description"]), tidy.line(cost["option"])]
            parts.append(" ".join(word for word in said if word))
        return "; ".join(part for part in parts if part and not part.endswith(" 0"))

    def _costs_nothing(self, row: Row) -> bool:
        costs = self.to("cost_option", "service_id", row["id"])
        return bool(costs) and all(tidy.whole(cost["amount"], 0) == 0 for cost in costs)

    # ── where and when ─────────────────────────────────────────────────────────────────────────

    def _locations(self, row: Row) -> tuple[list[Row], tuple[Location, ...]]:
        """Its places: those it is linked to, else the only one its organization has."""
        known = self.by_id.get("location", {})
        links = self.to("service_at_location", "service_id", row["id"])
        places = [known[one] for one in row.ids("location_id") if one in known]
        for link in links:
            link.become(USED)
            places += [known[one] for one in link.ids("location_id") if one in known]
        if not places:
            places = self._of_organization("location", row)
            if len({self._location(place) for place in places}) > 1:
                places = []
        places = list({place["id"]: place for place in places}.values())[:MOST_LOCATIONS]
        for place in places:
            place.become(USED)
            for address in self.to("address", "location_id", place["id"]):
                address.become(USED)
        shown = dict.fromkeys(self._location(place) for place in places)
        shown.pop(Location(), None)
        return places, tuple(shown)

    def _location(self, place: Row) -> Location:
        if place["id"] not in self.located:
            self.located[place["id"]] = self._locate(place)
        return self.located[place["id"]]

    def _locate(self, place: Row) -> Location:
        rows = self.to("address", "location_id", place["id"])
        addresses = [address for one in rows if (address := _address(one))]
        point = tidy.degrees(place["latitude"], place["longitude"])
        latitude, longitude = point or (None, None)
        name = tidy.line(place["name"])
        if addresses:
            return Location(addresses[0], latitude, longitude)
        # Without an address of its own, many a place has it for a name.
        named = name if any(c.isdecimal() for c in name) and "," in name else ""
        return Location(named, latitude, longitude)

    def _schedule(self, row: Row, locations: Sequence[Row]) -> tuple[str, tuple[Hours, ...]]:
        """When it is open, in words and, where every row is plain, to the minute."""
        rows = self.to("schedule", "service_id", row["id"])
        for link in self.to("service_at_location", "service_id", row["id"]):
            rows = rows + self.to("schedule", "service_at_location_id", link["id"])
        if not rows and len(locations) == 1:
            rows = self.to("schedule", "location_id", locations[0]["id"])
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
        past = (end := tidy.day(row["valid_to"] or row["until"])) and end < self.order.today
        if not row["opens_at"] and not row["closes_at"]:
            return [] if row["description"] and not days else None
        monthly = row["freq"].upper() not in {"", "WEEKLY"} or row["interval"] not in {"", "1"}
        if past or monthly or opens is None or closes is None or not days:
            return None
        found = [tidy.opening(day, opens, closes) for day in days]
        return None if None in found else [one for one in found if one]

    # ── phones ─────────────────────────────────────────────────────────────────────────────────

    def _phones(
        self, row: Row, locations: Sequence[Row], texts: Sequence[str]
    ) -> tuple[Number, ...]:
        rows = list(self.to("phone", "service_id", row["id"]))
        for link in self.to("service_at_location", "service_id", row["id"]):
            rows += self.to("phone", "service_at_location_id", link["id"])
        found = self._numbers(rows)
        if self.own.id:
            return tuple(found)
        if not found:
            found = [number for text in texts for number in tidy.phones_in(text)]
            if found:
                self.done.append("had its phone in the middle of a text")
        if not found:
            rows = [one for p in locations for one in self.to("phone", "location_id", p["id"])]
            found = self._numbers(one for one in rows if not one["service_id"])
        if not found:
            rows = [one for one in self._of_organization("phone", row) if not one["service_id"]]
            central = [one for one in rows if not one["location_id"]]
            # The desks of a house with many: which of them to call for this, nobody says.
            if len({one["number"] for one in central or rows}) <= FEW_DESKS:
                found = self._numbers(central or rows)
        return tuple({one.number: one for one in reversed(found)}.values())[::-1][:MOST_PHONES]

    def _numbers(self, rows: Iterable[Row]) -> list[Number]:
        out: list[Number] = []
        for row in rows:
            if _is_fax(row) or row["contact_id"]:
                continue
            kind = _KINDS.get(fold(row["type"]), "voice")
            note = tidy.line(row["description"])
            note = note if self.own.id else tidy.short(note, LONGEST_NOTE)
            found = tidy.phones(row["number"], kind, row["extension"], note)
            row.become(USED if found else "not used: no number can be read from it")
            out += found
        return out


# ── small things ───────────────────────────────────────────────────────────────────────────────


def _remarks(row: Row, record: Record) -> Iterable[str]:
    if not record.topics:
        yield "has no topic of ours, so nobody finds it"
    if not record.areas:
        yield "has no area of ours, so it is found where no county is asked for"
    if row["no_id"] or not row["id"]:
        yield "had no id of its own, and got one made from its words"
    if not (record.phones or record.url or record.email or record.locations):
        yield "has no phone, page, address or email"


def _first_by_id(rows: Iterable[Row]) -> dict[str, Row]:
    out: dict[str, Row] = {}
    for row in rows:
        if row["id"]:
            out.setdefault(row["id"], row)
    return out


def _area_names(areas: Iterable[Area]) -> dict[str, str]:
    return {fold(name): area.id for area in areas for name in (*area.also, area.id, area.name)}


def _site(url: str) -> str:
    site = urlsplit(url if "//" in url else f"//{url}").netloc.lower() if url else ""
    return site.removeprefix("www.")


def _websites(organizations: Iterable[Row]) -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = {}
    for row in organizations:
        if site := _site(row["website"]):
            out.setdefault(site, []).append(row)
    return out


def _is_fax(row: Row) -> bool:
    return "fax" in fold(row["type"]).split() or "fax" in fold(row["description"]).split()


def _address(row: Row) -> str:
    """An address in one line: `15 A Street, Suite 2, Fresno, CA 93701`."""
    street = [row["address_1"], row["address_2"], row["city"]]
    end = f"{row['state_province']} {row['postal_code']}".strip()
    return ", ".join(part for part in map(tidy.line, [*street, end]) if part)


def _without_place(record: Record) -> Record:
    return msgspec.structs.replace(record, id="", sources=())


def _without_date(record: Record) -> Record:
    return msgspec.structs.replace(record, assured_date=date.min)
