"""Rows of a directory to resources, with an account of every row.

Rule 1  Every row ends in one sentence: taken, merged, used, or why not. They add up.
Rule 2  Nothing is claimed that no row says. A row that points nowhere is not guessed about.
Rule 3  The same directory gives the same file, today and tomorrow: ids are the directory's own, or
        made from what a record says, and a record that has not changed keeps its date.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

import msgspec

from bot.content.directory import tidy
from bot.content.directory.links import Links
from bot.content.directory.own import Own, own_words
from bot.content.directory.shelf import Number, Record
from bot.content.directory.tables import USED, Row, Tables
from bot.content.directory.topics import Signs, Topics
from bot.content.directory.whereabouts import Whereabouts, is_fax
from bot.content.knowledge import says_free
from bot.engine.finder import NATIONAL, STATE
from bot.engine.model import Area
from bot.language.text import fold

TAKEN = "taken"
LONGEST_NOTE_OF_OURS = 10_000  # letters beside a phone: what was ours is not cut
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
_OURS = {"ca", "california"}  # how people write our state
_STATEWIDE = {*_OURS, "statewide", "state of california"}
_NATIONWIDE = {"national", "nationwide", "united states", "usa", "us"}


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
        self.links = Links(tables)
        self.whereabouts = Whereabouts(self.links, order.today)
        self.websites = _websites(tables["organization"])
        self.told: dict[str, str] = {}  # organization ids without a row, by their websites
        self.by_words: dict[bytes, str] = {}  # what a record says -> its id
        self.own = Own()  # what the record in hand says of itself, where it was ours
        self.done: list[str] = []  # remarks about the record in hand

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
        if row.table == "phone" and is_fax(row):
            return "a fax number"
        if row.table == "phone" and row["contact_id"]:
            return "a number of a person by name"
        for table in ("service", "service_at_location", "location", "organization"):
            ids = row.ids(f"{table}_id")
            if row["link_entity"].rstrip("s") == table:
                ids += row.ids("link_id")
            if ids and not self.links.known(table, ids):
                return f"the {table.replace('_', ' ')} it points to is not there"
        if row.table in {"schedule", "language"} and not any(
            row[key] for key in row.values if key.endswith("_id")
        ):
            return "it belongs to nothing"
        return "nothing that was taken needs it"

    # ── one service ────────────────────────────────────────────────────────────────────────────

    def _record(self, row: Row, records: Mapping[str, Record]) -> Record | None:
        self.done = []
        self.own = own_words(self.links.to("attribute", "link_id", row["id"]), self.links)
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
        if own.id:
            self.done.append("was given out by Peerpath: taken as it is, also for people inside")
        organization = self._organization(row)
        whole_text = tidy.text(row["description"])
        description = whole_text if own.id else tidy.short(whole_text)
        if len(description) < len(whole_text):
            self.done.append("was cut to fit a card")
        process = tidy.something(row["application_process"])
        places = self.whereabouts.places(row)
        schedule, hours = self.whereabouts.schedule(row, places)
        fees = self._fees(row)
        eligibility = self._joined(row, "eligibility_description", "eligibility", "name")
        return Record(
            id=own.id or self._id(row, name, organization),
            name=name,
            organization="" if fold(organization) == fold(name) else organization,
            description=description,
            topics=own.topics or self._topics(row, name, whole_text),
            settings=own.settings or OUTSIDE,
            areas=own.areas or self._areas(row, places),
            languages=self._languages(row, places),
            sources=own.sources or self._sources(row),
            assured_date=self._assured(row),
            source_date=own.source_date or self._source_date(row),
            confidence=own.confidence,
            phones=self._phones(row, places, (process, whole_text, eligibility)),
            email=tidy.email(row["email"]),
            url=self._url(row),
            locations=self.whereabouts.locations(places),
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
        rows = self.links.to(table, "service_id", row["id"])
        texts = [tidy.something(one[key]) for one in rows]
        for one in rows:
            one.become(USED)
        return tidy.something(row[inline]) or "; ".join(dict.fromkeys(t for t in texts if t))

    def _url(self, row: Row) -> str:
        """Its own page, else the first of those that HSDS 3.1 lists beside it."""
        others = self.links.to("additional_url", "service_id", row["id"])
        for one in others:
            one.become(USED)
        pages = [tidy.url(raw) for raw in (row["url"], *(one["url"] for one in others))]
        return next((page for page in pages if page), "")

    # ── whose, about what, for whom ────────────────────────────────────────────────────────────

    def _organization(self, row: Row) -> str:
        """Whose it is. Where its id leads nowhere, the one organization with the same web site."""
        target = next(iter(row.ids("organization_id")), "")
        if not target:
            places = self.links.known("location", row.ids("location_id"))
            target = next((place["organization_id"] for place in places), "")
        for found in self.links.known("organization", [target]):
            found.become(USED)
            return tidy.line(found["name"])
        site = _site(row["url"])
        if not site or not target:
            return ""
        if target not in self.told:
            sites = Counter(
                _site(one["url"]) for one in self.links.to("service", "organization_id", target)
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
        pointers = row.ids("taxonomy_ids")
        for attribute in [
            *self.links.to("attribute", "service_id", row["id"]),
            *self.links.to("attribute", "link_id", row["id"]),
        ]:
            attribute.become(USED)
            terms += [attribute["label"], attribute["value"]]
            pointers += attribute.ids("taxonomy_term_id")
        for term in self.links.known("taxonomy_term", pointers):
            term.become(USED)
            terms.append(term["name"])
        return self.topics.of(terms, name, description)

    def _areas(self, row: Row, places: Sequence[Row]) -> tuple[str, ...]:
        """The counties it serves, else those it stands in, else what the import was told. There is
        an Orange County in Florida too: what stands in another state has none of our counties."""
        said = row["service_areas"].split(",")
        for one in self.links.to("service_area", "service_id", row["id"]):
            one.become(USED)
            said.append(one["name"])
        states = self.whereabouts.states(places)
        found = [area for name in said if (area := self._area(name))]
        if states & _OURS and not found:
            cities = [
                address["city"]
                for place in places
                for address in self.links.to("address", "location_id", place["id"])
                if fold(address["state_province"]) in _OURS
            ]
            found = [area for city in cities if (area := self._area(city))]
        if states and not states & _OURS:
            found = [area for area in found if area == NATIONAL]
        return tuple(dict.fromkeys(found)) or ((self.order.area,) if self.order.area else ())

    def _area(self, name: str) -> str:
        words = fold(name).removesuffix(" county")
        if words in _STATEWIDE:
            return STATE
        return NATIONAL if words in _NATIONWIDE else self.areas.get(words, "")

    def _languages(self, row: Row, places: Sequence[Row]) -> tuple[str, ...]:
        """Those that are named; beside English, which goes without saying in these directories."""
        said = row["languages"].split(",")
        rows = list(self.links.to("language", "service_id", row["id"]))
        for place in places:
            rows += self.links.to("language", "location_id", place["id"])
            said += place["languages"].split(",")
        for one in rows:
            one.become(USED)
            said.append(one["code"] or one["name"])
        codes = [code for name in said if (code := tidy.language(name))]
        return tuple(dict.fromkeys(codes if self.own.id else ["en", *codes]))

    def _phones(self, row: Row, places: Sequence[Row], texts: Sequence[str]) -> tuple[Number, ...]:
        if self.own.id:
            return tuple(self.whereabouts.own_phones(row, LONGEST_NOTE_OF_OURS))
        found = self.whereabouts.phones(row, places, texts)
        if found and found[0] in {one for text in texts for one in tidy.phones_in(text)}:
            self.done.append("had its phone in the middle of a text")
        return found

    # ── what it costs ──────────────────────────────────────────────────────────────────────────

    def _fees(self, row: Row) -> str:
        if words := tidy.text(row["fees_description"]):
            return "" if fold(words) in {"n a", "na", "unknown"} else words
        parts = []
        for cost in self.links.to("cost_option", "service_id", row["id"]):
            amount = f"{cost['currency'].upper()} {cost['amount']}".strip()
            said = [amount, tidy.line(cost["amount_description"]), tidy.line(cost["option"])]
            parts.append(" ".join(word for word in said if word))
        return "; ".join(part for part in parts if part and not part.endswith(" 0"))

    def _costs_nothing(self, row: Row) -> bool:
        costs = self.links.to("cost_option", "service_id", row["id"])
        return bool(costs) and all(tidy.whole(cost["amount"], 0) == 0 for cost in costs)


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


def _without_place(record: Record) -> Record:
    return msgspec.structs.replace(record, id="", sources=())


def _without_date(record: Record) -> Record:
    return msgspec.structs.replace(record, assured_date=date.min)
