"""Rows to resources: each mess, every row accounted for, the same file twice."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("ftfy", reason="needs the extra `hsds`")

from bot.content.directory.shelf import Number, Record, read_directory, resource_of, write_directory
from bot.content.directory.tables import Tables, read_tables
from bot.content.directory.taking import Account, Order, Ours, take
from bot.content.problems import Problem
from bot.engine.finder import Wanted, find
from bot.engine.model import Hours, Location, Resource
from tests.conftest import SHARED
from tests.content.directory.conftest import TODAY, Import, adds_up, only, outcomes

HEAD = "id,organization_id,name,description,url,status\n"


# ── messes ─────────────────────────────────────────────────────────────────────────────────────


def test_the_wrong_encoding(bring: Import) -> None:
    body = HEAD + "1,,Café de la Vida,Comida – “gratis” para José,,active\n"
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        record = only(bring({"services.csv": body.encode(encoding)}))
        assert record.name == "Café de la Vida", encoding
        assert record.description == "Comida – “gratis” para José"


def test_html_in_descriptions(bring: Import) -> None:
    body = HEAD + '1,,Pantry,"<p>Food &amp; more</p><ul><li>Bring <b>ID</b></li></ul>",,active\n'
    assert only(bring({"services.csv": body})).description == "Food & more\n\n- Bring ID"


def test_ids_that_are_missing_are_made_from_what_is_said(bring: Import) -> None:
    body = HEAD + ",,Pantry,Food,,active\n,,Shelter,Beds,,active\n"
    account = bring({"services.csv": body})
    adds_up(account)
    pantry, shelter = account.records
    assert pantry.id.startswith("town/x")
    assert pantry.id != shelter.id
    assert account.remarks["had no id of its own, and got one made from its words"] == 2
    again = bring({"services.csv": HEAD + ",,Shelter,Beds,,active\n,,Pantry,Food,,active\n"})
    assert {record.id for record in again.records} == {pantry.id, shelter.id}


def test_ids_with_odd_signs_are_usable(bring: Import) -> None:
    record = only(bring({"services.csv": HEAD + "a b/ç&1,,Pantry,Food,,active\n"}))
    assert record.id.startswith("town/")
    assert record.id.isascii()
    assert " " not in record.id


def test_a_phone_in_prose(bring: Import) -> None:
    body = (
        "id,name,description,application_process\n"
        '1,Pantry,Food. Fax: (202) 312-7150,"To start, call Pat at 202-312-7159."\n'
    )
    account = bring({"services.csv": body})
    assert only(account).phones == (Number("(202) 312-7159"),)
    assert account.remarks["had its phone in the middle of a text"] == 1


def test_a_phone_of_its_own_goes_before_all_others(bring: Import) -> None:
    files = {
        "services.csv": "id,organization_id,name,description\n1,o,Pantry,Call 202-312-7159\n"
        "2,o,Shelter,Beds\n",
        "phones.csv": "id,service_id,organization_id,location_id,contact_id,number,type,extension\n"
        '1,"1,9",,,,(202) 540-9862,voice,\n'
        "2,,o,,,(202) 727-1488,voice,x106\n"
        "3,,o,,,(202) 727-1489,fax,\n"
        "4,,o,,7,(202) 727-1490,voice,\n"
        "5,,elsewhere,,,(202) 727-1491,voice,\n"
        "6,8,,,,(202) 727-1492,voice,\n"
        "7,1,,,,ask us,voice,\n",
    }
    account = bring(files)
    adds_up(account)
    pantry, shelter = account.records
    assert pantry.phones == (Number("(202) 540-9862"),)
    assert shelter.phones == (Number("(202) 727-1488", note="ext. 106"),)
    assert outcomes(account, "phone") == [
        "used",
        "used",
        "not used: a fax number",
        "not used: a number of a person by name",
        "not used: the organization it points to is not there",
        "not used: the service it points to is not there",
        "not used: no number can be read from it",
    ]


def test_which_desk_of_a_large_house_to_call_nobody_says(bring: Import) -> None:
    desks = "".join(f"{n},o,{n},(202) 727-149{n}\n" for n in range(9))
    files = {
        "services.csv": "id,organization_id,name\n1,o,Pantry\n",
        "phones.csv": "id,organization_id,location_id,number\n" + desks,
    }
    assert only(bring(files)).phones == ()


def test_tables_of_version_2(bring: Import) -> None:
    files = {
        "organizations.csv": "id,name,description,url\no,So Others,Help,https://so.org\n",
        "services.csv": "id,organization_id,name,description,url,status,fees,wait_time\n"
        "1,o,Dining room,A meal for everyone,http://so.org/eat,active,None.,None\n",
        "eligibility.csv": "id,service_id,eligibility\n1,1,Adults\n2,1,Families\n",
        "services_at_location.csv": "id,service_id,location_id\n1,1,L\n",
        "locations.csv": "id,organization_id,name,latitude,longitude\nL,o,Hall,36.7,-119.7\n",
        "physical_addresses.csv": "id,location_id,address_1,address_2,city,state_province,postal_code,country\n"
        "1,L,71 O Street,Floor 2,Fresno,CA,93701,US\n",
        "regular_schedules.csv": "id,service_id,weekday,opens_at,closes_at\n"
        "1,1,Monday,7:30,9:00\n2,1,Tuesday,07:30,9am\n",
        "languages.csv": "id,service_id,language\n1,1,Spanish\n",
        "service_attributes.csv": "id,service_id,taxonomy_term_id\n1,1,t\n",
        "taxonomy_terms.csv": "id,term\nt,Free Meals\n",
        "required_documents.csv": "id,service_id,document\n1,1,An ID\n",
        "contacts.csv": "id,service_id,name\n1,1,Pat Doe\n",
    }
    account = bring(files)
    adds_up(account)
    record = only(account)
    assert record == Record(
        id="town/1",
        name="Dining room",
        organization="So Others",
        description="A meal for everyone",
        topics=("reentry.food_clothing",),
        settings=("community", "family"),
        areas=("fresno",),
        languages=("en", "es"),
        sources=("directory town, service 1",),
        assured_date=TODAY,
        url="so.org/eat",
        locations=(Location("71 O Street, Floor 2, Fresno, CA 93701", 36.7, -119.7),),
        schedule="Mon, Tue 7:30 AM to 9:00 AM",
        hours=(Hours(0, 450, 540), Hours(1, 450, 540)),
        fees_description="None.",
        free=True,
        eligibility_description="Adults; Families",
        required_document="An ID",
    )
    assert outcomes(account, "contact") == ["not used: names of people are not kept"]
    assert "Pat Doe" not in repr(record)


def test_fields_and_objects_of_version_3_1(bring: Import) -> None:
    service = {
        "id": "s",
        "name": "Counselling",
        "status": "active",
        "description": "Talk to somebody about anxiety.",
        "additional_urls": [{"id": "u", "label": "Website", "url": "https://example.org"}],
        "capacities": [{"id": "c", "available": 3, "unit": {"id": "u1", "name": "Beds"}}],
        "service_at_locations": [{"id": "sl", "service_areas": [{"id": "a", "name": "Kern County"}]}],
        "service_areas": [{"id": "a", "name": "Kern County"}],
        "attributes": [{"id": "at", "label": "Housing", "taxonomy_term": {"id": "t", "name": "?"}}],
        "cost_options": [{"id": "co", "amount": 0, "currency": "usd"}],
        "schedules": [
            {"id": "h", "freq": "WEEKLY", "byday": "MO,WE", "opens_at": "10:00:00", "closes_at": "18:00Z"}
        ],
        "assured_date": "2025-02-01",
        "minimum_age": 18,
        "maximum_age": 24,
        "something_of_version_4": {"id": "x", "deep": [{"er": 1}]},
    }  # fmt: skip
    account = bring({"services/s.json": json.dumps(service)})
    adds_up(account)
    record = only(account)
    assert record.areas == ("kern",)
    assert record.url == "example.org"
    assert record.topics[0] == "reentry.housing"
    assert record.free
    assert (record.minimum_age, record.maximum_age) == (18, 24)
    assert record.hours == (Hours(0, 600, 1080), Hours(2, 600, 1080))
    assert record.assured_date == date(2025, 2, 1)
    assert "not used: we have no room for it" in outcomes(account, "capacity")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("1,,Pantry,Food,,inactive", "skipped: its directory says it is inactive"),
        ("1,,Pantry,Food,,Temporarily closed", "skipped: its directory says it is temporarily closed"),
        ("1,,<b></b>,Food,,active", "skipped: it has no name"),
        ("0,,First,Food,,active", "skipped: the id of an earlier one"),
        ("9,,First,Food,,active", "merged: word for word the same as one that was taken"),
        ("2,,Pantry,Food,,active,more,cells", "skipped: it has more cells than its table has columns"),
        ("2,,Pantry,Food,,ACTIVE", "taken"),
        ("2,,Pantry,Food,,", "taken"),
    ],
)  # fmt: skip
def test_taken_merged_or_why_not(bring: Import, row: str, why: str) -> None:
    account = bring({"services.csv": f"{HEAD}0,,First,Food,,active\n{row}\n"})
    adds_up(account)
    assert outcomes(account, "service") == ["taken", why]


def test_one_of_our_own_is_not_taken_again(bring: Import, ours: Ours, tmp_path: Path) -> None:
    bring({"services.csv": HEAD + "1,,Pantry,Food,,active\n"})
    mine = replace(ours, resources=frozenset({"town/1"}))
    account = take(read_tables(tmp_path / "directory"), Order("town", TODAY), mine)
    assert outcomes(account, "service") == ["skipped: it is one of our own resources"]


def test_without_a_topic_it_is_taken_and_told(bring: Import) -> None:
    account = bring({"services.csv": HEAD + "1,,Zzz,Yyy,,active\n"})
    assert only(account).topics == ()
    assert account.remarks["has no topic of ours, so nobody finds it"] == 1


def test_an_organization_whose_id_leads_nowhere_is_told_by_its_web_site(bring: Import) -> None:
    organizations = "id,name,description,url\n7,So Others,Help,https://www.so.org\n"
    services = HEAD + "1,recX,Dining room,A meal,http://so.org/eat,active\n"
    files = {"services.csv": services, "organizations.csv": organizations}
    assert only(bring(files)).organization == "So Others"
    files["organizations.csv"] += "8,Another,Help,so.org\n"
    assert only(bring(files)).organization == ""


def test_the_only_place_of_an_organization_is_its_services(bring: Import) -> None:
    place = "id,organization_id,name,latitude,longitude\na,o,5 A St,38.9,-77\n"
    files = {"services.csv": HEAD + "1,o,Pantry,Food,,active\n", "locations.csv": place}
    assert only(bring(files)).locations == (Location("", 38.9, -77.0),)
    files["locations.csv"] += "b,o,6 B St,38.8,-77\n"
    assert only(bring(files)).locations == ()


def test_hours_that_say_more_than_hours_can_hold_are_words_only(bring: Import) -> None:
    files = {
        "services.csv": HEAD + "1,,Pantry,Food,,active\n",
        "schedules.csv": "id,service_id,freq,byday,opens_at,closes_at,description,valid_to\n"
        "1,1,WEEKLY,MO,09:00,17:00,Mondays,\n2,1,MONTHLY,1TU,09:00,17:00,first Tuesday,\n",
    }
    record = only(bring(files))
    assert record.schedule == "Mondays; first Tuesday"
    assert record.hours == ()
    files["schedules.csv"] = (
        "id,service_id,byday,opens_at,closes_at,valid_to\n1,1,MO,09:00,17:00,2020-01-01\n"
    )
    assert only(bring(files)).hours == ()


def test_there_is_an_orange_county_in_florida_too(bring: Import) -> None:
    def areas(state: str) -> tuple[str, ...]:
        files = {
            "services.csv": "id,name,location_id\n1,Pantry,L\n",
            "service_areas.csv": "id,service_id,name\n1,1,Orange County\n",
            "locations.csv": "id,name\nL,Hall\n",
            "addresses.csv": f"id,location_id,address_1,city,state_province\n1,L,5 A St,Lake,{state}\n",
        }
        return only(bring(files)).areas

    assert areas("CA") == areas("California") == areas("") == ("orange",)
    assert areas("FL") == ()


def test_when_its_directory_last_made_sure_of_it(bring: Import) -> None:
    head = "id,name,assured_date,last_modified\n"
    assert only(bring({"services.csv": head + "1,A,2024-05-01,\n"})).assured_date == date(
        2024, 5, 1
    )
    changed = only(bring({"services.csv": head + "1,A,,2023-03-15T10:30:45Z\n"}))
    assert (changed.assured_date, changed.source_date) == (TODAY, "2023-03-15")
    future = only(bring({"services.csv": head + "1,A,2999-01-01,\n"}))
    assert future.assured_date == TODAY
    old = only(bring({"services.csv": head + "1,A,,\n"}, source_date="2016-06-15"))
    assert old.source_date == "2016-06-15"


# ── the same directory, the same file ──────────────────────────────────────────────────────────


def test_twice_is_the_same_and_so_it_is_tomorrow(bring: Import, ours: Ours, tmp_path: Path) -> None:
    first = bring({"services.csv": HEAD + "1,,Pantry,Food,,active\n,,Shelter,Beds,,active\n"})
    path = tmp_path / "town.jsonl"
    write_directory(path, first.records)
    before = path.read_bytes()
    problems: list[Problem] = []
    kept = {record.id: record for record, _ in read_directory("x", before.decode(), problems)}
    assert problems == []
    assert list(kept.values()) == list(first.records)
    tomorrow = Order("town", date(2026, 11, 23))
    again = take(read_tables(tmp_path / "directory"), tomorrow, replace(ours, before=kept))
    write_directory(path, again.records)
    assert path.read_bytes() == before


def test_what_has_changed_has_a_new_date(bring: Import, ours: Ours, tmp_path: Path) -> None:
    first = bring({"services.csv": HEAD + "1,,Pantry,Food,,active\n"})
    (tmp_path / "directory" / "services.csv").write_text(HEAD + "1,,Pantry,Food boxes,,active\n")
    kept = {record.id: record for record in first.records}
    tomorrow = Order("town", date(2026, 11, 23))
    again = take(read_tables(tmp_path / "directory"), tomorrow, replace(ours, before=kept))
    assert only(again).assured_date == date(2026, 11, 23)


NAMES = st.sampled_from(
    ["services", "phones", "schedules", "locations", "attributes", "languages", "addresses"]
)
CELLS = st.sampled_from(
    ["id", "service_id", "name", "number", "organization_id", "location_id", "link_id", "1", "2",
     "byday", "opens_at", "MO", "9", "25:00", "status", "active", "<b>", "202-555-0100", "", '"']
)  # fmt: skip


@given(st.dictionaries(NAMES, st.lists(st.lists(CELLS, max_size=6), max_size=6), max_size=4))
def test_any_tables_are_accounted_for(files: dict[str, list[list[str]]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name, rows in files.items():
            text = "\n".join(",".join(row) for row in rows)
            (Path(folder) / f"{name}.csv").write_text(text)
        adds_up(take(read_tables(Path(folder)), Order("x", TODAY), Ours()))


# ── real directories ───────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def washington(ours: Ours) -> Account:
    """The Washington DC directory: its tables were numbered anew, so that no id leads anywhere."""
    path = SHARED / "data" / "hsds" / "sarapis_orservices_dc"
    if not path.is_dir():
        pytest.skip("needs the public data in ../shared, which is not here")
    return take(read_tables(path), Order("dc", TODAY, source_date="2024-05-01"), ours)


def test_washington_every_row_is_accounted_for(washington: Account) -> None:
    adds_up(washington)
    counts = {(table, outcome): count for table, outcome, count in washington.lines()}
    services = {outcome: count for (table, outcome), count in counts.items() if table == "service"}
    assert sum(services.values()) == 2184
    assert services == {
        "taken": 1027,
        "merged: word for word the same as one that was taken": 1024,
        "skipped: its directory says it is inactive": 133,
    }
    assert len(list(washington.rows())) == 14_111


def test_washington_can_be_found(washington: Account, tmp_path: Path) -> None:
    path = tmp_path / "dc.jsonl"
    write_directory(path, washington.records)
    lines = list(read_directory("dc.jsonl", path.read_text(), []))
    resources = [resource_of(record) for record, _ in lines]
    found: set[str] = set()
    for topic in {topic for resource in resources for topic in resource.topics}:
        wanted = Wanted(frozenset({topic}), "community", "", "en")
        found |= {resource.id for resource in find(resources, wanted, lambda _: True)}
    without_topic = washington.remarks["has no topic of ours, so nobody finds it"]
    assert len(found) == 1027 - without_topic
    assert without_topic < 150

    def first(topic: str) -> Resource:
        near = (38.9072, -77.0369)
        wanted = Wanted(frozenset({topic}), "community", "", "en", near=near)
        return find(resources, wanted, lambda _: True)[0]

    assert "emergency housing" in first("reentry.housing").description.source


def test_washington_no_description_is_html_or_broken(washington: Account) -> None:
    for record in washington.records:
        for words in (record.name, record.description, record.application_process):
            assert not any(sign in words for sign in ("<p", "</", "&rsquo;", "&amp;", "â€")), (
                record.id
            )
    assert sum(bool(record.organization) for record in washington.records) > 800
    assert sum(bool(record.phones) for record in washington.records) > 250


def test_san_mateo(shared: Path, ours: Ours) -> None:
    account = take(read_tables(shared / "hsds" / "ohana_api"), Order("smc", TODAY), ours)
    adds_up(account)
    assert len(account.tables["service"]) == 23
    assert len(account.records) == 21
    by_name = {record.name: record for record in account.records}
    clinic = by_name["San Mateo Free Medical Clinic"]
    assert clinic.topics == ("reentry.health",)
    assert clinic.areas == ("san-mateo",)
    assert clinic.languages == ("en", "es")
    assert clinic.free
    assert clinic.organization == "Samaritan House"
    assert clinic.locations[0].address == "19 West 39th Avenue, San Mateo, CA 94403"
    # 14:00 to 4:00 PM, and 10:00 to 3pm, all in one table
    assert Hours(0, 840, 960) in by_name["Passport Photos"].hours
    # 9am to 03:00 is no hours: three in the afternoon, or at night?
    assert by_name["Fair Oaks Adult Activity Center"].hours == ()


@pytest.mark.parametrize(
    "path",
    [
        "mock_hsds_api_3x/data",
        "mock_hsds_api_3x/data/services",
        "mock_hsds_api_3x/data/organizations",
        "mock_hsds_api_3x/data/service_at_locations",
        "openreferral_spec_3.0/examples/csv",
        "openreferral_spec_3.0/examples/tabular.json",
        "openreferral_spec_3.0/examples/service_full.json",
        "openreferral_spec_3.0/examples/organization_full.json",
    ],
)
def test_the_standards_own_examples(shared: Path, ours: Ours, path: str) -> None:
    """The same service in every form: a folder of an API's answers, one object, tables, one file."""
    account = take(read_tables(shared / "hsds" / path), Order("x", TODAY), ours)
    adds_up(account)
    record = account.records[0]
    assert record.id == "x/ac148810-d857-441c-9679-408f346de14b"
    assert record.name == "Community Counselling"
    assert record.topics == ("coping.low_mood", "coping.anxiety")[: len(record.topics)]
    assert record.assured_date == date(2005, 1, 1)
    assert all(place.latitude is None for place in record.locations)  # 100 degrees north


def test_nothing_at_all(ours: Ours) -> None:
    account = take(Tables(), Order("x", TODAY), ours)
    assert account.records == ()
    assert account.lines() == []
