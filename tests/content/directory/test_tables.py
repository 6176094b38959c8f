"""JSON and CSV of every version to the same rows, each with its place."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("ftfy", reason="needs the extra `hsds`")

from bot.content.directory.tables import decoded, read_tables


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("café".encode(), "café"),
        ("café".encode("utf-8-sig"), "café"),
        ("café".encode("utf-16"), "café"),
        ("café – “x”".encode("cp1252"), "café – “x”"),
        ("José\n".encode() + "café\n".encode("latin-1"), "José\ncafé\n"),
        (b"\x81\x8d", "\x81\x8d"),
    ],
)
def test_encodings(raw: bytes, text: str) -> None:
    assert decoded(raw) == text


@given(st.binary(max_size=300))
def test_any_bytes_are_some_text(raw: bytes) -> None:
    assert isinstance(decoded(raw), str)


def test_lines_are_counted_through_texts_of_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "services.csv"
    path.write_text('id,name,description\n1,A,"one\ntwo"\n\n2,B,\n')
    rows = read_tables(path)["service"]
    assert [(row["id"], row.line) for row in rows] == [("1", 2), ("2", 5)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines(tmp_path: Path, end: str) -> None:
    path = tmp_path / "services.csv"
    path.write_bytes(end.join(["id,name", '1,"A\x00 B"', "2,C"]).encode())
    assert [row["name"] for row in read_tables(path)["service"]] == ["A B", "C"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_headings_in_capitals(tmp_path: Path, delimiter: str) -> None:
    heading = delimiter.join(["ID", "Name", "Alternate Name"])
    (tmp_path / "Services.csv").write_text(f"{heading}\n{delimiter.join(['1', 'A', 'B'])}\n")
    (row,) = read_tables(tmp_path)["service"]
    assert (row["id"], row["name"], row["alternate_name"]) == ("1", "A", "B")


def test_old_tables_and_fields_get_new_names(tmp_path: Path) -> None:
    files = {
        "services.csv": "id,name,fees,website,last_verified\n1,A,Free,a.org,2020-01-01\n",
        "physical_addresses.csv": "id,location_id,address_1,city\n1,7,5 A St,Fresno\n",
        "regular_schedules.csv": "id,service_id,weekday,opens_at,closes_at\n1,1,Monday,9,5\n",
        "services_taxonomy.csv": "id,service_id,taxonomy_id\n1,1,9\n",
        "taxonomy.csv": "taxonomy_id,name,parent_id\n9,Food,\n",
        "phones.csv": "id,service_id,number,number_type\n1,1,202-555-0100,tty\n",
        "odd.csv": "a,b\n1,2\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    tables = read_tables(tmp_path)
    service = tables["service"][0]
    assert (service["fees_description"], service["url"]) == ("Free", "a.org")
    assert service["assured_date"] == "2020-01-01"
    assert tables["address"][0]["city"] == "Fresno"
    assert tables["schedule"][0]["byday"] == "Monday"
    assert tables["attribute"][0]["taxonomy_term_id"] == "9"
    assert tables["taxonomy_term"][0]["id"] == "9"
    assert tables["phone"][0]["type"] == "tty"
    assert tables.passed_over == [("odd.csv", "not a table of HSDS")]


def test_a_row_with_too_many_cells_says_so(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_text("id,name,description\n1,A,Food, clothes\n2,B,Fine\n")
    one, two = read_tables(tmp_path)["service"]
    assert "more cells" in one.outcome
    assert two.outcome == ""


NESTED = {
    "name": "A",
    "status": "active",
    "organization": {"id": "o", "name": "Org", "description": "x"},
    "phones": [{"number": "988", "languages": [{"code": "es"}]}],
    "contacts": [{"name": "Pat", "phones": [{"number": "911"}]}],
    "attributes": [{"taxonomy_term": {"id": "t", "name": "Food", "description": ""}}],
    "service_at_locations": [{"location": {"id": "l", "latitude": 1.5, "addresses": [{}]}}],
    "minimum_age": 18,
    "url": None,
    "service_capacity": [{"available": 2}],
}


@pytest.mark.parametrize(
    "root",
    [
        NESTED,
        [NESTED],
        {"total_items": 1, "contents": [NESTED]},
        {"services": [NESTED]},
        {"organizations.csv": [], "services.csv": [NESTED]},
    ],
)
def test_nested_json_becomes_rows_that_point_to_each_other(tmp_path: Path, root: object) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(root))
    tables = read_tables(path)
    (service,) = tables["service"]
    assert service["organization_id"] == "o"
    assert service["minimum_age"] == "18"
    assert service["url"] == ""
    own, of_pat = tables["phone"]
    assert own["service_id"] == service["id"]
    assert of_pat["service_id"] == ""
    assert of_pat["contact_id"] == tables["contact"][0]["id"]
    assert tables["language"][0]["phone_id"] == own["id"]
    (attribute,) = tables["attribute"]
    assert (attribute["link_id"], attribute["taxonomy_term_id"]) == (service["id"], "t")
    (link,) = tables["service_at_location"]
    assert (link["service_id"], link["location_id"]) == (service["id"], "l")
    assert tables["address"][0]["location_id"] == "l"
    assert len(tables["capacity"]) == 1


@pytest.mark.parametrize(
    "text", ["{", "[]", "7", '"x"', "null", '{"version": "3.0"}', "[" * 100_000, "[1, [2]]"]
)
def test_json_that_is_no_directory_is_passed_over(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    tables = read_tables(path)
    assert tables.rows == {}
    assert len(tables.passed_over) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "name", "status", "phones", "organization", "services", "location"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json(root: object) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "services.json"
        path.write_text(json.dumps(root))
        for rows in read_tables(path).rows.values():
            assert all(isinstance(value, str) for row in rows for value in row.values.values())
