"""Out as HSDS 3.0: valid against the official schemas, and back in as it was."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import jsonschema
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from bot.content.directory.giving import give, service_of
from bot.content.directory.shelf import resource_of
from bot.content.load import Loaded
from bot.engine.model import Hours, Location, Phone, Resource, Text
from tests.content.directory.conftest import TODAY, adds_up

FORMS = ("json", "tabular")
FORMATS = jsonschema.FormatChecker(formats=("uuid", "date", "email"))


@pytest.fixture(scope="module")
def resources(shipped: Loaded) -> list[Resource]:
    """Ours, and one that has everything a resource can have."""

    def text(key: str, words: str) -> Text:
        return Text(f"resources/town/full.{key}", words)

    full = Resource(
        id="town/full",
        name="A place with everything",
        organization="The Organization",
        description=text("description", "First.\n\n- a list\n- of two"),
        topics=("reentry.jobs", "reentry.id"),
        settings=frozenset({"jail", "community"}),
        areas=("kern", "national"),
        languages=("en", "es", "hmn"),
        sources=("a page", "another, with a comma"),
        assured_date=date(2026, 1, 2),
        source_date="2025-05",
        confidence="called",
        phones=(
            Phone("(661) 555-0100", "voice", Text("resources/town/full.phones.1.note", "desk")),
            Phone("661-555-0101", "tty"),
            Phone("741741", "text"),
        ),
        email="desk@example.org",
        url="example.org/jobs/",
        locations=(
            Location("15 A Street, Suite 2, Fresno, CA 93701", 36.7477, -119.7724),
            Location("5 B Street, behind the library", None, None),
            Location("", 38.5, -121.25),
        ),
        schedule=text("schedule", "Weekdays, and by night on Fridays"),
        hours=(Hours(0, 480, 1020), Hours(1, 480, 1020), Hours(4, 1140, 1860), Hours(6, 0, 1440)),
        fees_description=text("fees_description", "Free"),
        free=True,
        eligibility_description=text("eligibility_description", "Anyone"),
        minimum_age=18,
        maximum_age=99,
        application_process=text("application_process", "Walk in."),
        required_document=text("required_document", "An ID; a letter"),
        from_inside=text("from_inside", "Write a letter."),
    )
    return [*shipped.knowledge.resources.values(), full]


@pytest.fixture
def schemas(shared: Path) -> Path:
    """The official schemas of HSDS 3.0."""
    folder = shared / "hsds" / "openreferral_spec_3.0"
    if not folder.is_dir():
        pytest.skip("needs the HSDS 3.0 schemas in ../shared, which are not here")
    return folder


def test_every_service_fits_the_official_schema(
    resources: list[Resource], shipped: Loaded, schemas: Path
) -> None:
    loaded = {
        path.name: json.loads(path.read_text()) for path in (schemas / "schema").glob("*.json")
    }
    registry: Registry[Any] = Registry().with_resources(
        (name, DRAFT202012.create_resource(schema)) for name, schema in loaded.items()
    )
    validator = jsonschema.Draft202012Validator(
        loaded["service.json"], registry=registry, format_checker=FORMATS
    )
    for resource in resources:
        service = service_of(resource, shipped.content.areas)
        assert [error.message for error in validator.iter_errors(service)] == [], resource.id
        assert set(service) <= set(loaded["service.json"]["properties"])
        if url := urlsplit(service.get("url", "https://x.org")):  # `uri` has no checker here
            assert url.scheme == "https"
            assert "." in url.netloc
    broken = service_of(resources[0], {}) | {"status": "open", "id": 7}
    assert len(list(validator.iter_errors(broken))) == 2  # so it does look


def test_the_page_and_its_services_fit_the_compiled_list(
    resources: list[Resource], shipped: Loaded, schemas: Path, tmp_path: Path
) -> None:
    (file,) = give(resources, shipped.content.areas, tmp_path, "json")
    page = json.loads(file.read_text())
    compiled = json.loads((schemas / "schema" / "compiled" / "service_list.json").read_text())
    validator = jsonschema.Draft202012Validator(compiled, format_checker=FORMATS)
    assert page["total_items"] == len(page["contents"]) == len(resources)
    for service in page["contents"]:
        assert list(validator.iter_errors(service)) == []


def test_the_tables_fit_the_official_data_package(
    resources: list[Resource], shipped: Loaded, schemas: Path, tmp_path: Path
) -> None:
    give(resources, shipped.content.areas, tmp_path, "tabular")
    ours = json.loads((tmp_path / "datapackage.json").read_text())
    official = {
        table["name"]: table
        for table in json.loads((schemas / "datapackage.json").read_text())["resources"]
    }
    rows: dict[str, list[dict[str, str]]] = {}
    for table in ours["resources"]:
        with (tmp_path / table["path"]).open(newline="") as file:
            rows[table["name"]] = list(csv.DictReader(file))
    compiled = json.loads((schemas / "schema" / "compiled" / "tabular.json").read_text())
    assert set(rows) <= set(compiled["properties"])
    for table in ours["resources"]:
        name = table["name"]
        schema = official[name]["schema"]
        assert table["path"] == official[name]["path"]
        fields = {field["name"]: field for field in schema["fields"]}
        columns = [field["name"] for field in table["schema"]["fields"]]
        assert set(columns) <= set(fields)
        for column, field in fields.items():
            values = [row.get(column, "") for row in rows[name]]
            if field["constraints"].get("required"):
                assert all(values), (name, column)
            if field["constraints"].get("unique"):
                assert len(set(filter(None, values))) == len(list(filter(None, values)))
            if field.get("format") == "uuid":
                assert all(UUID(value) for value in values if value)
            if field["type"] == "number":
                assert all(float(value) >= -180 for value in values if value)
            if choices := field["constraints"].get("enum"):
                assert set(filter(None, values)) <= set(choices)
        for key in schema.get("foreignKeys", ()):
            there = {row["id"] for row in rows.get(key["reference"]["resource"], ())}
            assert {row.get(key["fields"], "") for row in rows[name]} - {""} <= there
    typed = compiled["properties"]
    for name, table_rows in rows.items():
        numbers = {
            key for key, value in typed[name]["items"]["properties"].items() if value["type"] == "number"
        }  # fmt: skip
        given = [
            {k: float(v) if k in numbers else v for k, v in row.items() if v} for row in table_rows
        ]
        validator = jsonschema.Draft202012Validator(typed[name], format_checker=FORMATS)
        assert [error.message for error in validator.iter_errors(given)] == []


@pytest.mark.parametrize("form", FORMS)
def test_out_and_in_again_gives_the_same_resources(
    resources: list[Resource], shipped: Loaded, tmp_path: Path, form: str
) -> None:
    pytest.importorskip("ftfy", reason="needs the extra `hsds`")
    from bot.content.directory.tables import read_tables
    from bot.content.directory.taking import Order, Ours, take

    give(resources, shipped.content.areas, tmp_path, form)
    ours = Ours(shipped.knowledge.signs, shipped.knowledge.areas)
    account = take(read_tables(tmp_path), Order("again", TODAY), ours)
    adds_up(account)
    assert [resource_of(record) for record in account.records] == resources


def test_the_same_resource_has_the_same_ids_in_every_export(
    resources: list[Resource], shipped: Loaded
) -> None:
    areas = shipped.content.areas
    one, two = (service_of(resources[-1], areas) for _ in range(2))
    assert one == two
    ids = [part.partition('"')[0] for part in json.dumps(one).split('"id": "')[1:]]
    assert all(UUID(name).version == 5 for name in ids)
    services = {service_of(resource, areas)["id"] for resource in resources}
    assert len(services) == len(resources)


def test_what_others_can_not_know_is_in_attributes(resources: list[Resource]) -> None:
    service = service_of(resources[-1], {})
    said = {(one["taxonomy_term"]["code"], one["value"]) for one in service["attributes"]}
    assert ("from-inside", "Write a letter.") in said
    assert ("source", "a page") in said
    assert {one["taxonomy_term"]["taxonomy"] for one in service["attributes"]} == {"Peerpath"}


def test_a_file_or_a_folder(resources: list[Resource], tmp_path: Path) -> None:
    assert give(resources, {}, tmp_path / "x.json", "json") == [tmp_path / "x.json"]
    assert give(resources, {}, tmp_path / "y", "json") == [tmp_path / "y" / "services.json"]
