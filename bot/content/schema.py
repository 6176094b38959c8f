"""The JSON Schema of a flow file (2020-12), for editors. The reader in flows.py is the law; a test
holds both to the same keys and to every flow there is."""

from typing import Any

from bot.content.flows import (
    CHOICE_KEYS,
    EARLIEST,
    FLOW_KEYS,
    LANGUAGE_KEYS,
    LATEST,
    LINE_KEYS,
    LISTS,
    PART_KEYS,
    STEP_KEYS,
)
from bot.content.reading import GROUPS
from bot.engine.model import ACTS, CATEGORIES

_ID = "^[a-z0-9]+([-_][a-z0-9]+)*$"


def flow_schema() -> dict[str, Any]:
    """A fresh copy of the schema."""
    text = {"type": "string", "minLength": 1}
    strings = {"anyOf": [text, {"type": "array", "items": text}]}
    settings = {
        "description": "Who it is for.",
        "type": "array",
        "minItems": 1,
        "items": {"enum": list(GROUPS)},
    }
    words = {
        "description": "What is said: the same for all, or by setting.",
        "anyOf": [
            text,
            {
                "type": "object",
                "properties": dict.fromkeys(GROUPS, text),
                "additionalProperties": False,
                "minProperties": 1,
            },
        ],
    }
    target = {
        "description": "A step of this flow, or another flow or step by its path.",
        "type": "string",
    }
    also = {
        "description": "Other words that pick it, by language.",
        "anyOf": [
            strings,
            {
                "type": "object",
                "properties": dict.fromkeys(LANGUAGE_KEYS, strings),
                "additionalProperties": False,
            },
        ],
    }
    yes = {"enum": [True, "true"]}
    day = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
    number = {"type": "integer", "minimum": 0, "maximum": 100}
    choice = {
        "type": "object",
        "properties": {
            "label": {**text, "description": "What is shown on the button."},
            "also": also,
            "settings": settings,
            "sets": {"type": "object", "additionalProperties": text},
            "go": target,
            "call": target,
            "then": target,
            "end": yes,
        },
        "required": ["label"],
        "additionalProperties": False,
    }
    when = {
        "description": "Only for people who gave these answers.",
        "type": "object",
        "additionalProperties": strings,
        "minProperties": 1,
    }
    line = {
        "type": "object",
        "properties": {"text": words, "when": when},
        "required": ["text"],
        "additionalProperties": False,
    }
    part = {
        "type": "object",
        "properties": {
            "heading": text,
            "hint": words,
            "lines": {
                "description": "What stands there already.",
                "type": "object",
                "propertyNames": {"pattern": _ID},
                "additionalProperties": {"anyOf": [words, line]},
                "minProperties": 1,
            },
            "write": {
                "description": "How many empty lines to write on.",
                "type": "integer",
                "minimum": 1,
                "maximum": 12,
            },
            "settings": settings,
            "when": when,
        },
        "required": ["heading"],
        "anyOf": [{"required": ["lines"]}, {"required": ["write"]}],
        "additionalProperties": False,
    }
    step = {
        "type": "object",
        "properties": {
            "say": words,
            "ask": words,
            "pace": {
                "description": "Paced breathing, in seconds.",
                "type": "object",
                "properties": dict.fromkeys(("in", "hold", "out", "rounds"), number),
                "required": ["in", "out"],
                "additionalProperties": False,
            },
            "sheet": {
                "description": "Paper to fill in, print or copy. Nothing on it is sent.",
                "type": "object",
                "properties": {
                    "title": text,
                    "parts": {
                        "type": "object",
                        "propertyNames": {"pattern": _ID},
                        "additionalProperties": part,
                        "minProperties": 1,
                    },
                },
                "required": ["title", "parts"],
                "additionalProperties": False,
            },
            "remind": {
                "description": "Write to them first, where the channel can; or stop doing so.",
                "anyOf": [
                    {"const": "stop"},
                    {
                        "type": "object",
                        "properties": {
                            "days": {"type": "integer", "minimum": 1, "maximum": 30},
                            "hour": {"type": "integer", "minimum": EARLIEST, "maximum": LATEST},
                            "open": target,
                        },
                        "required": ["days", "hour", "open"],
                        "additionalProperties": False,
                    },
                ],
            },
            "screen": {"description": "The program's own crisis words.", "type": "string"},
            "choices": {
                "type": "object",
                "propertyNames": {"pattern": _ID},
                "additionalProperties": choice,
                "minProperties": 1,
            },
            "scale": {
                "type": "object",
                "properties": {"from": number, "to": number, "saves": text},
                "required": ["saves"],
                "additionalProperties": False,
            },
            "area": yes,
            "language": yes,
            "find": {
                "type": "object",
                "properties": {
                    "topics": strings,
                    "resources": strings,
                    "limit": {"type": "integer", "minimum": 1, "maximum": 9},
                    "age": {"description": "The saved answer that says how old.", **text},
                },
                "additionalProperties": False,
            },
            "route": {
                "type": "object",
                "properties": {"by": text, "than": text, "otherwise": target},
                "required": ["by", "otherwise"],
                "additionalProperties": target,
            },
            "pick": {
                "description": "One of a list that stands in no flow.",
                "type": "object",
                "properties": {"from": {"enum": list(LISTS)}, "saves": text},
                "required": ["from", "saves"],
                "additionalProperties": False,
            },
            "words": {
                "description": "Words of their own, sealed until the flow sends them.",
                "type": "object",
                "properties": {"saves": text},
                "required": ["saves"],
                "additionalProperties": False,
            },
            "code": {
                "description": "The three words that open what they asked for before.",
                "type": "object",
                "properties": {"wrong": target, "slow": target},
                "required": ["wrong", "slow"],
                "additionalProperties": False,
            },
            "do": {"description": "What is done, exactly once.", "enum": list(ACTS)},
            "call": target,
            "then": target,
            "go": target,
            "end": yes,
            "unclear": {
                "type": "array",
                "items": {
                    "anyOf": [
                        words,
                        {
                            "type": "object",
                            "properties": {"go": target},
                            "required": ["go"],
                            "additionalProperties": False,
                        },
                    ]
                },
            },
        },
        "additionalProperties": False,
    }
    flow = {
        "title": {**text, "description": "What people see it called."},
        "topics": strings,
        "settings": settings,
        "alarm": {"enum": list(CATEGORIES)},
        "owner": text,
        "reviewed": {**day, "description": "When somebody last read all of it."},
        "first": {"type": "string", "pattern": _ID},
        "steps": {
            "type": "object",
            "propertyNames": {"pattern": _ID},
            "additionalProperties": step,
            "minProperties": 1,
        },
        "moved": {
            "description": "Steps that have gone, and where people standing on them go.",
            "type": "object",
            "additionalProperties": target,
        },
    }
    # The reader's keys and the schema's are the same, or this fails at once.
    _same(FLOW_KEYS, flow)
    _same(STEP_KEYS, step["properties"])
    _same(CHOICE_KEYS, choice["properties"])
    _same(PART_KEYS, part["properties"])
    _same(LINE_KEYS, line["properties"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Peerpath flow",
        "type": "object",
        "properties": flow,
        "required": ["title", "owner", "reviewed", "first", "steps"],
        "additionalProperties": False,
    }


def _same(keys: tuple[str, ...], properties: Any) -> None:
    if set(keys) != set(properties):
        raise AssertionError(f"schema and reader differ: {set(keys) ^ set(properties)}")
