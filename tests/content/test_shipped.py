"""The real content: no errors, every flow walkable, every fact sourced."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.content.check import problems_of
from bot.content.load import Loaded
from bot.content.schema import flow_schema
from bot.engine.model import INSIDE, SETTINGS, Ask, AskArea
from bot.engine.typed import pick
from bot.staff import transcripts

ROOT = Path(__file__).resolve().parent.parent.parent
TRANSCRIPTS = sorted((ROOT / "tests" / "transcripts").rglob("*.txt"))


def test_no_errors(shipped: Loaded) -> None:
    today = datetime.now(UTC).date()
    errors = [str(p) for p in problems_of(shipped, today) if p.severity == "error"]
    assert errors == []


def test_the_warnings_are_few_and_true(shipped: Loaded) -> None:
    today = datetime(2026, 11, 22, tzinfo=UTC).date()
    warnings = [p for p in problems_of(shipped, today) if p.severity == "warning"]
    # Nobody has signed; some topics have no answer yet; three labels should ring the alarm.
    assert {p.code for p in warnings} <= {"S406", "K211", "S410"}
    assert len(warnings) < 15


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_transcript(shipped: Loaded, path: Path) -> None:
    result = transcripts.run(path, shipped.content, path.relative_to(ROOT).as_posix())
    assert [str(failure) for failure in result.failures] == []


def test_every_step_is_in_a_transcript(shipped: Loaded) -> None:
    steps: set[str] = set()
    for path in TRANSCRIPTS:
        steps |= transcripts.run(path, shipped.content).steps
    _, missing = transcripts.coverage(shipped.content, steps)
    assert missing == []


def test_every_flow_fits_the_schema_for_editors() -> None:
    validator = jsonschema.Draft202012Validator(flow_schema())
    jsonschema.Draft202012Validator.check_schema(json.loads(json.dumps(flow_schema())))
    for path in sorted((ROOT / "flows").rglob("*.yaml")):
        flow = _as_editors_read(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader))
        errors = [f"{path}: {error.message}" for error in validator.iter_errors(flow)]
        assert errors == []


def _as_editors_read(value: Any, key: str = "") -> Any:
    """As YAML 1.2 has it: `yes` is a text, and the numbers of a scale or a breath are numbers."""
    if isinstance(value, dict):
        return {name: _as_editors_read(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_as_editors_read(inner) for inner in value]
    numbers = {"from", "to", "in", "hold", "out", "rounds", "limit", "write", "days", "hour"}
    return int(value) if key in numbers and value.isdecimal() else value


def test_every_file_is_yaml_to_every_reader() -> None:
    """libyaml takes a little more than the standard allows; editors don't."""
    for room in ("flows", "knowledge"):
        for path in sorted((ROOT / room).rglob("*.yaml")):
            assert yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader), path


def test_every_label_and_other_word_reaches_its_own_choice(shipped: Loaded) -> None:
    """In both languages, and with the longest word mistyped."""
    words = shipped.content.words
    wrong: list[str] = []
    for flow in shipped.content.flows.values():
        for step in flow.steps.values():
            if not isinstance(step.next, (Ask, AskArea)):
                continue
            for setting in SETTINGS:
                choices = [c for c in step.next.choices if setting in c.settings]
                by_choice = {
                    c.id: [
                        c.label.source,
                        words.of(c.label, "es"),
                        *(phrase for also in c.also.values() for phrase in also),
                    ]
                    for c in choices
                }
                wrong += [
                    f"{step.id}/{choice}: “{phrase}”"
                    for choice, phrases in by_choice.items()
                    for phrase in phrases
                    if pick(phrase, by_choice) != choice
                ]
    assert wrong == []


def test_at_least_twenty_resources_each_with_source_and_date(shipped: Loaded) -> None:
    resources = shipped.content.resources.values()
    assert len(resources) >= 20
    for resource in resources:
        assert resource.sources
        assert resource.assured_date.year >= 2026
        assert resource.topics
        assert resource.settings
        if resource.settings & INSIDE:
            assert resource.from_inside, f"{resource.id} serves people inside without saying how"


def test_no_facility_claims_a_number_nobody_verified(shipped: Loaded) -> None:
    for facility in shipped.content.facilities.values():
        assert facility.dial == frozenset()


def test_the_ids_of_buttons_fit_telegram(shipped: Loaded) -> None:
    for flow in shipped.content.flows.values():
        for step in flow.steps.values():
            assert len(f"/to/{step.id}".encode()) <= 64
            if isinstance(step.next, (Ask, AskArea)):
                for choice in step.next.choices:
                    assert len(f"{step.id}/{choice.id}".encode()) <= 64
