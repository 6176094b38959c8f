"""A path to rows: HSDS as JSON or CSV, of any version, in one file or a folder of them.

Whatever comes in, what goes out is the tables of HSDS 3.0: a nested JSON object becomes a row that
points to its parent, and old names become new ones (`physical_addresses` an address, `fees` a
`fees_description`). Each row knows where it stands, and keeps what came of it.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Registered by ftfy: Windows-1252 as it is really written, with its holes filled.
import ftfy.bad_codecs

LEGACY = "sloppy-windows-1252"
LONGEST_FIELD = 10_000_000
USED = "used"  # what came of a row that a resource needed

# The names of files and of nested lists, old and new, by the HSDS 3.0 object they hold.
_NAMES: Mapping[str, str] = {
    name: table
    for table, names in {
        "service": "services",
        "organization": "organizations parent_organization",
        "location": "locations",
        "service_at_location": "service_at_locations services_at_location services_at_locations",
        "phone": "phones",
        "address": "addresses physical_address physical_addresses",
        "postal_address": "postal_addresses mail_address mail_addresses",
        "schedule": "schedules regular_schedule regular_schedules",
        "holiday_schedule": "holiday_schedules",
        "language": "languages",
        "attribute": "attributes service_attribute service_attributes other_attributes "
        "service_taxonomy service_taxonomies services_taxonomy services_taxonomies",
        "taxonomy_term": "taxonomy_terms taxonomy",
        "taxonomy_scheme": "taxonomies taxonomy_detail",
        "eligibility": "eligibilities eligibilitys",
        "cost_option": "cost_options",
        "required_document": "required_documents",
        "service_area": "service_areas",
        "accessibility": "accessibility_for_disabilities",
        "contact": "contacts",
        "program": "programs",
        "funding": "fundings",
        "metadata": "metadatas",
        "meta_table_description": "meta_table_descriptions",
        "organization_identifier": "organization_identifiers",
        "payment_accepted": "payments_accepted accepted_payments",
        "additional_url": "urls url additional_urls additional_websites",  # from here on 3.1
        "capacity": "capacities service_capacity service_capacities",
        "unit": "units",
    }.items()
    for name in (table, *names.split())
}

# Old field names, by table and new name; the first that holds something is taken.
_OLD: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "service": {
        "url": ("website",),
        "fees_description": ("fees",),
        "eligibility_description": ("eligibility",),
        "assured_date": ("last_assured", "last_verified", "last_verified_on"),
        "alternate_name": ("alternative_name",),
    },
    "organization": {"website": ("url",)},
    "location": {"latitude": ("lat",), "longitude": ("long", "lng", "lon")},
    "phone": {"type": ("number_type",), "description": ("department", "vanity_number")},
    "address": {"address_1": ("street_address", "street"), "postal_code": ("zip", "zipcode")},
    "schedule": {"byday": ("weekday", "day"), "description": ("original_text", "notes")},
    "language": {"name": ("language",)},
    "attribute": {"taxonomy_term_id": ("taxonomy_id",), "label": ("taxonomy_detail",)},
    "taxonomy_term": {"name": ("term", "taxonomy_name"), "id": ("taxonomy_id",)},
    "eligibility": {"name": ("eligibility",)},
    "service_area": {"name": ("service_area",)},
    "required_document": {"document": ("name",)},
}

# What a JSON object without a name must be, by keys that only it has.
_TELLING: Sequence[tuple[str, frozenset[str]]] = (
    ("service_at_location", frozenset({"service", "location"})),
    ("service", frozenset({"status", "service_at_locations", "organization", "fees_description"})),
    ("organization", frozenset({"services", "tax_status", "legal_status", "year_incorporated"})),
    ("location", frozenset({"location_type", "latitude", "addresses"})),
)
# Nested objects that the parent points to, rather than the other way round.
_POINTED = frozenset({"organization", "location", "service", "program", "taxonomy_term"})


@dataclass(slots=True)
class Row:
    """One row, or one JSON object, and what came of it."""

    table: str
    file: str
    line: int
    values: dict[str, str]
    outcome: str = ""
    detail: str = ""

    def __getitem__(self, key: str) -> str:
        return self.values.get(key, "")

    def ids(self, key: str) -> list[str]:
        """The rows that it points to: one id, or several with commas between them."""
        return [one.strip() for one in self[key].split(",") if one.strip()]

    def become(self, outcome: str, detail: str = "") -> None:
        """Say what came of it; what was said first stands."""
        if not self.outcome:
            self.outcome, self.detail = outcome, detail


@dataclass(slots=True)
class Tables:
    """All rows of a directory, and the files that were none of it."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)  # file, why

    def __getitem__(self, table: str) -> list[Row]:
        return self.rows.get(table, [])

    def add(self, row: Row) -> Row:
        """One more row. A row without an id gets one that is only good for pointing to it."""
        rows = self.rows.setdefault(row.table, [])
        for new, old in _OLD.get(row.table, {}).items():
            if not row[new]:
                row.values[new] = next((row[name] for name in old if row[name]), "")
        rows.append(row)
        return row


def read_tables(path: Path) -> Tables:
    """Everything at a path. Never fails: what can't be read is passed over, and told."""
    tables = Tables()
    folder = path if path.is_dir() else path.parent
    for file in _files(path):
        name = file.relative_to(folder).as_posix()
        try:
            text = decoded(file.read_bytes())
            if file.suffix.lower() == ".csv":
                _read_csv(name, text, tables)
            else:
                _read_json(name, text, tables)
        except (OSError, ValueError, RecursionError, csv.Error) as error:
            tables.passed_over.append((name, f"can't be read ({type(error).__name__})"))
    return tables


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = [file for file in path.rglob("*") if file.suffix.lower() in {".csv", ".json"}]
    return sorted(file for file in found if file.stem != "datapackage" and file.is_file())


def decoded(raw: bytes) -> str:
    """Text in UTF-8 or UTF-16; where that fails, line by line, so that one line of Windows-1252 in
    a file of UTF-8 costs no other line anything."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "".join(map(_decoded_line, raw.removeprefix(b"\xef\xbb\xbf").splitlines(True)))


def _decoded_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode(LEGACY, errors="replace")


# ── CSV ────────────────────────────────────────────────────────────────────────────────────────


def _read_csv(file: str, text: str, tables: Tables) -> None:
    table = _NAMES.get(Path(file).stem.lower().replace("-", "_").replace(" ", "_"))
    if table is None:
        tables.passed_over.append((file, "not a table of HSDS"))
        return
    csv.field_size_limit(LONGEST_FIELD)
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    head = text.partition("\n")[0]
    delimiter = max(",;\t|", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [name.strip().lower().replace(" ", "_") for name in next(reader, [])]
    line = reader.line_num + 1
    tables.files.append(file)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            row = Row(table, file, line, _cells(names, cells))
            if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
                row.become("skipped: it has more cells than its table has columns")
            tables.add(row)
        line = reader.line_num + 1


def _cells(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Where two columns have the same name (`ID,id`), the first that holds something."""
    values: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        if cell.strip() and not values.get(name):
            values[name] = cell.strip()
    return values


# ── JSON ───────────────────────────────────────────────────────────────────────────────────────


def _read_json(file: str, text: str, tables: Tables) -> None:
    before = sum(len(rows) for rows in tables.rows.values())
    _Nested(file, tables).read(json.loads(text))
    if sum(len(rows) for rows in tables.rows.values()) > before:
        tables.files.append(file)
    else:
        tables.passed_over.append((file, "holds no services"))


@dataclass(slots=True)
class _Nested:
    """A JSON file, taken apart. The line of an object is its number among the file's objects."""

    file: str
    tables: Tables
    count: int = 0

    def read(self, root: Any) -> None:
        """A page of an API, a list, one object, or one key a table."""
        if isinstance(root, Mapping) and isinstance(root.get("contents"), list):
            root = root["contents"]
        if isinstance(root, Mapping) and (named := list(_named_lists(root))):
            for table, items in named:
                for item in items:
                    self.take(table, item, {})
            return
        for item in root if isinstance(root, list) else [root]:
            if isinstance(item, Mapping) and (table := self._kind(item)):
                self.take(table, item, {})

    def _kind(self, item: Mapping[str, Any]) -> str:
        stem = Path(self.file)
        for name in (stem.stem.lower(), stem.parent.name.lower()):
            if name in _NAMES and "id" in item:
                return _NAMES[name]
        for table, keys in _TELLING:
            needed = len(keys) if table == "service_at_location" else 1
            if len(keys & item.keys()) >= needed:
                return table
        return ""

    def take(self, table: str, item: Mapping[str, Any], parent: Mapping[str, str]) -> Row:
        """An object and all in it."""
        self.count += 1
        values = dict(parent)
        values |= {
            key: _scalar(value) for key, value in item.items() if not isinstance(value, Mapping)
        }
        values["id"] = values.get("id") or f"~{self.file}~{self.count}"
        row = self.tables.add(Row(table, self.file, self.count, values))
        if not item.get("id"):
            row.values["no_id"] = "yes"
        pointer = {"link_id": row["id"], "link_entity": table, f"{table}_id": row["id"]}
        for key, value in item.items():
            nested = _NAMES.get(key)
            if nested is None:
                continue
            if isinstance(value, Mapping):
                child = self.take(nested, value, {} if nested in _POINTED else pointer)
                if nested in _POINTED:
                    row.values[f"{nested}_id"] = child["id"]
            elif isinstance(value, list):
                row.values.pop(key, None)
                for one in value:
                    if isinstance(one, Mapping):
                        self.take(nested, one, pointer)
        return row


def _named_lists(root: Mapping[str, Any]) -> Iterator[tuple[str, Iterable[Mapping[str, Any]]]]:
    """`{"services": […], "phones.csv": […]}`: the tabular form as one JSON file."""
    if "id" in root or "name" in root:
        return
    for key, value in root.items():
        table = _NAMES.get(key.lower().removesuffix(".csv"))
        if table and isinstance(value, list):
            yield table, [item for item in value if isinstance(item, Mapping)]


def _scalar(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, list):
        return ", ".join(str(one) for one in value if isinstance(one, (str, int, float)))
    return str(value).strip()


_ = ftfy.bad_codecs  # imported for the codecs it registers
