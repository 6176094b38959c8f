"""Resources to HSDS 3.0: one JSON page of whole services, or a table a file with a data package.

Ids are UUIDs made from our own ids, so that the same resource has the same UUID in every export.
What HSDS has no field for is in attributes: where it was seen, and how it can be used from
inside. Both forms are made from the same nested service.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from bot.engine.finder import DAY, NATIONAL, STATE
from bot.engine.model import Area, Hours, Location, Phone, Resource, Text

Object = dict[str, Any]

# What HSDS has no field for is an attribute: a term of this taxonomy, with its words in the value.
# Another program keeps it without understanding it; own.py reads it.
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

_SPACE = uuid5(NAMESPACE_DNS, "hsds.peerpath")
_ADDRESS = re.compile(r"(.+), ([^,]+), ([A-Z]{2}) (\d{5}(?:-\d{4})?)")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KINDS = {"voice": "voice", "text": "text", "tty": "textphone"}
LANGUAGES = {"en": "English", "es": "Spanish"}

# The tabular form: file and columns of each table, after the official data package.
_TABLES: Mapping[str, tuple[str, str]] = {
    "organization": ("organizations.csv", "id name description"),
    "service": (
        "services.csv",
        """id organization_id name description url email status application_process
        fees_description eligibility_description minimum_age maximum_age assured_date""",
    ),
    "location": ("locations.csv", "id location_type name latitude longitude"),
    "service_at_location": ("service_at_location.csv", "id service_id location_id"),
    "address": (
        "addresses.csv",
        "id location_id address_1 city state_province postal_code country address_type",
    ),
    "phone": ("phones.csv", "id service_id number type description"),
    "schedule": (
        "schedules.csv",
        "id service_id freq interval wkst byday description opens_at closes_at",
    ),
    "language": ("languages.csv", "id service_id name code"),
    "service_area": ("service_areas.csv", "id service_id name"),
    "cost_option": ("cost_options.csv", "id service_id currency amount"),
    "required_document": ("required_documents.csv", "id service_id document"),
    "attribute": ("attributes.csv", "id link_id taxonomy_term_id link_entity value"),
    "taxonomy_term": ("taxonomy_terms.csv", "id code name description taxonomy"),
}
_NUMBERS = frozenset({"latitude", "longitude", "minimum_age", "maximum_age", "amount", "interval"})
_NEEDED = frozenset(
    """id status organization_id service_id location_id link_id taxonomy_term_id link_entity
    number location_type address_1 city state_province postal_code country address_type""".split()
)
_NAMED = frozenset({"organization", "service", "taxonomy_term"})  # the others may have no name


def give(
    resources: Iterable[Resource], areas: Mapping[str, Area], path: Path, form: str
) -> list[Path]:
    """Write resources as `json` or `tabular`; returns the files."""
    services = [service_of(resource, areas) for resource in resources]
    if form == "tabular":
        return _write_tables(services, path)
    file = path if path.suffix == ".json" else path / "services.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    _write_json(file, _page(services))
    return [file]


def _page(services: list[Object]) -> Object:
    return {
        "total_items": len(services),
        "total_pages": 1,
        "page_number": 1,
        "size": len(services),
        "first_page": True,
        "last_page": True,
        "empty": not services,
        "contents": services,
    }


def _write_json(file: Path, value: Object) -> None:
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


# ── one service ────────────────────────────────────────────────────────────────────────────────


def service_of(resource: Resource, areas: Mapping[str, Area]) -> Object:
    """A resource as a fully nested HSDS 3.0 service."""
    who = resource.organization or resource.name
    return _without_nothing(
        {
            "id": _id("service", resource.id),
            "name": resource.name,
            "description": resource.description.source,
            "url": f"https://{resource.url}" if resource.url else "",
            "email": resource.email,
            "status": "active",
            "application_process": _words(resource.application_process),
            "fees_description": _words(resource.fees_description),
            "eligibility_description": _words(resource.eligibility_description),
            "minimum_age": resource.minimum_age,
            "maximum_age": resource.maximum_age,
            "assured_date": resource.assured_date.isoformat(),
            "phones": [_phone(resource, n, one) for n, one in enumerate(resource.phones)],
            "schedules": list(_schedules(resource)),
            "service_areas": [
                {"id": _id("area", resource.id, area), "name": _area_name(area, areas)}
                for area in resource.areas
            ],
            "service_at_locations": [
                _at_location(resource, n, one) for n, one in enumerate(resource.locations)
            ],
            "languages": [
                _without_nothing(
                    {
                        "id": _id("language", resource.id, code),
                        "name": LANGUAGES.get(code, ""),
                        "code": code,
                    }
                )
                for code in resource.languages
            ],
            "organization": {
                "id": _id("organization", who),
                "name": who,
                "description": f"{who}, as Peerpath lists it.",
            },
            "cost_options": [{"id": _id("cost", resource.id), "currency": "usd", "amount": 0}]
            if resource.free
            else [],
            "required_documents": [
                {"id": _id("document", resource.id), "document": resource.required_document.source}
            ]
            if resource.required_document
            else [],
            "attributes": list(_attributes(resource)),
        }
    )


def _id(kind: str, *names: object) -> str:
    return str(uuid5(_SPACE, "/".join((kind, *map(str, names)))))


def _words(text: Text | None) -> str:
    return text.source if text else ""


def _without_nothing(item: Object) -> Object:
    return {key: value for key, value in item.items() if value not in ("", None, [])}


def _phone(resource: Resource, number: int, phone: Phone) -> Object:
    return _without_nothing(
        {
            "id": _id("phone", resource.id, number),
            "number": phone.number,
            "type": _KINDS.get(phone.kind, "voice"),
            "description": _words(phone.note),
        }
    )


def _schedules(resource: Resource) -> Iterator[Object]:
    """The hours as people read them, then as a program does, days with the same hours together."""
    if resource.schedule:
        said = _id("schedule", resource.id, "said")
        yield {"id": said, "description": resource.schedule.source}
    by_time: dict[tuple[int, int], list[Hours]] = {}
    for one in resource.hours:
        by_time.setdefault((one.opens_at, one.closes_at), []).append(one)
    for (opens, closes), days in by_time.items():
        yield {
            "id": _id("schedule", resource.id, opens, closes),
            "freq": "WEEKLY",
            "interval": 1,
            "wkst": "MO",
            "byday": ",".join(_DAYS[one.weekday] for one in days),
            "opens_at": _clock(opens),
            "closes_at": _clock(closes if closes <= DAY else closes - DAY),
        }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _area_name(area: str, areas: Mapping[str, Area]) -> str:
    names = {STATE: "California", NATIONAL: "United States"}
    return names.get(area) or (f"{areas[area].name} County" if area in areas else area)


def _at_location(resource: Resource, number: int, location: Location) -> Object:
    """A place. An address that is not in the usual form is its name: HSDS wants a city and a
    postal code, and we make none up."""
    found = _ADDRESS.fullmatch(location.address)
    place: Object = {
        "id": _id("location", resource.id, number),
        "location_type": "physical",
        "name": location.address,
        "latitude": location.latitude,
        "longitude": location.longitude,
    }
    if found:
        place["addresses"] = [
            {
                "id": _id("address", resource.id, number),
                "address_1": found[1],
                "city": found[2],
                "state_province": found[3],
                "postal_code": found[4],
                "country": "US",
                "address_type": "physical",
            }
        ]
    return {"id": _id("at", resource.id, number), "location": _without_nothing(place)}


def _attributes(resource: Resource) -> Iterator[Object]:
    said = [
        ("id", resource.id),
        *(("topic", topic) for topic in resource.topics),
        *(("setting", setting) for setting in sorted(resource.settings)),
        *(("area", area) for area in resource.areas),
        *(("source", source) for source in resource.sources),
        ("source-date", resource.source_date),
        ("confidence", resource.confidence),
        ("from-inside", _words(resource.from_inside)),
    ]
    for code, value in said:
        if value:
            term = {"id": _id("term", code), "code": code, "name": code.replace("-", " ")}
            yield {
                "id": _id("attribute", resource.id, code, value),
                "value": value,
                "taxonomy_term": {**term, "description": TERMS[code], "taxonomy": TAXONOMY},
            }


# ── tables ─────────────────────────────────────────────────────────────────────────────────────

_NESTED = {
    "phones": "phone", "schedules": "schedule", "service_areas": "service_area",
    "languages": "language", "cost_options": "cost_option", "addresses": "address",
    "required_documents": "required_document", "attributes": "attribute",
    "service_at_locations": "service_at_location",
}  # fmt: skip


def _write_tables(services: Iterable[Object], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, dict[str, Object]] = {name: {} for name in _TABLES}
    for service in services:
        _take_apart("service", service, tables)
    files = []
    for name, rows in tables.items():
        path = folder / _TABLES[name][0]
        with path.open("w", encoding="utf-8", newline="") as file:
            columns = _TABLES[name][1].split()
            writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows.values())
        files.append(path)
    package = folder / "datapackage.json"
    _write_json(package, _package())
    return [*files, package]


def _take_apart(table: str, item: Object, tables: dict[str, dict[str, Object]]) -> None:
    """A nested object to rows: a child points to its parent, or the parent to the one it has."""
    row = {key: value for key, value in item.items() if not isinstance(value, (list, dict))}
    tables[table][item["id"]] = row
    for key, value in item.items():
        if isinstance(value, dict):
            row[f"{key}_id"] = value["id"]
            _take_apart(key, value, tables)
        elif isinstance(value, list):
            for child in value:
                pointer = {"link_id": item["id"], "link_entity": table}
                own = pointer if key == "attributes" else {f"{table}_id": item["id"]}
                _take_apart(_NESTED[key], {**child, **own}, tables)


def _package() -> Object:
    return {
        "name": "peerpath_resources",
        "title": "Peerpath resources",
        "description": "Resources for people in and out of custody, as HSDS 3.0.",
        "profile": "tabular-data-package",
        "version": "3.0.0",
        "homepage": "http://docs.openreferral.org",
        "resources": [
            {
                "name": name,
                "path": path,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "primaryKey": "id",
                    "fields": [_field(name, column) for column in columns.split()],
                    "foreignKeys": [
                        {"fields": column, "reference": {"resource": column[:-3], "fields": "id"}}
                        for column in columns.split()
                        if column.endswith("_id") and column[:-3] in _TABLES
                    ],
                },
            }
            for name, (path, columns) in _TABLES.items()
        ],
    }


def _field(table: str, column: str) -> Object:
    kind = "number" if column in _NUMBERS else "date" if column == "assured_date" else "string"
    needed = column in _NEEDED or (column == "name" and table in _NAMED)
    field: Object = {"name": column, "type": kind, "constraints": {"required": needed}}
    return field | ({"format": "uuid"} if column == "id" or column.endswith("_id") else {})
