"""Retired words do not come back as names of classes, functions, modules or steps.

Each word here once had a meaning of its own in this repository. The field has a term
for it, which the failure names. Words that stay ours: `docs/glossary.md`.
"""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

from strikeplate.bdd_guards import discover_steps

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
MODULES = [
    Path(name)
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],  # noqa: S607 - git is found on PATH
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    if (ROOT / name).is_file()
]
MUTANTS = Path("tests/mutants")

RETIRED = {
    "abreast": "parallel",
    "acquaintance acquaintances": "connection cache",
    "ajar": "open slot",
    "amend": "apply decision",
    "amnesiac": "what it forgets",
    "befall befalls": "add fault",
    "blanks": "redactor",
    "charter": "world config",
    "couple": "validate rule",
    "crew crews": "worker process",
    "deed": "action, command",
    "desk": "admin client",
    "docket": "run recorder",
    "errand": "callback",
    "firsts": "next due, first attempts",
    "flaw": "verification error",
    "floors": "baselines",
    "forecast": "fault schedule, preview",
    "furnish": "seed, provision",
    "glance": "read one",
    "ground": "environment",
    "hang hangs hung": "add door, block, drop connection",
    "hear heard hears hearing unheard": "receive, handle, device events",
    "hurry": "expedite",
    "judgement judgment": "decision",
    "lane lanes": "partition, queue",
    "law laws": "invariants",
    "lobby": "the vendor's test environment",
    "mailroom": "webhook queue",
    "minted mint": "issued, issue",
    "outlook": "desired state, key update",
    "paper": "stub vendor, model",
    "premises": "integration environment",
    "prose": "feature lint",
    "quicken": "cache step lookup",
    "retire": "end superseded",
    "ruling rulings": "requirement result",
    "scene": "scenario context",
    "senseless": "semantic error",
    "setback setbacks": "retry decision",
    "shelf": "table gateway",
    "shop": "service environment",
    "sighting sightings": "key observation",
    "sweep": "purge",
    "tell tells telling told": "send, notify, deliver; payload, reason, message",
    "tidy tidied tidying": "clean up",
    "trade trades": "job type",
    "trial trials": "scenario run",
    "weather": "fault schedule",
    "wish wishes": "request, body",
    "witness": "apply observation",
}
"""The word, in each of its forms, and what to write instead."""

CLASSES = {
    "cast": "LocustOptions",
    "claims": "CredentialIndex",
    "dialect": "VendorVocabulary",
    "ear": "Receiver",
    "foreign": "ExternalSubject",
    "gate": "Dispatcher",
    "given": "the resource itself: Access, AccessList, Rule",
    "hands": "ClockState",
    "house": "AppContext, Target",
    "intent": "BookingScript",
    "leg": "Handover",
    "letter": "ReceivedMail",
    "matter": "ReconcileContext",
    "meters": "Metrics",
    "mouth": "Sender",
    "parts": "Dependencies",
    "presence": "ProcessLock",
    "rack": "KeySlots",
    "room": "ConcurrencyLimiter",
    "spell": "ScheduledFault",
    "stage": "LoadPlan",
    "standing": "AccessFacts, RecurringKey",
    "stay": "HoldPeriod",
    "story": "RunDetail",
    "strike": "MatchedFaults",
    "threshold": "VisitorDoor",
    "turn": "Attempt",
    "watch": "Monitor",
    "yard": "LiveVendor",
}
"""Words that are retired as part of a class's name only; as verbs they are plain."""

PHRASES = {
    "befalls": "the vendor answers ... to every call",
    "deed": "after the vendor acted",
    "well again": "the vendor has recovered",
}
"""Parts of step phrases."""

TERMS = {word: term for words, term in RETIRED.items() for word in words.split()}


def words_of(name: str) -> Iterator[str]:
    """Yield the words of a name in snake_case or CamelCase, in lower case."""
    for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name):
        yield word.lower()


def retired(kind: str, name: str) -> Iterator[str]:
    terms = TERMS | CLASSES if kind == "class" else TERMS
    for word in words_of(name):
        if word in terms:
            yield f"{kind} {name}: instead of {word!r} write {terms[word]!r}"


def names_in(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what a module is called and what it defines.

    Tests and mutants are named by sentences, in which everyday verbs are welcome.
    """
    if not (path.stem.startswith("test_") or path.is_relative_to(MUTANTS)):
        yield "module", path.stem
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.ClassDef):
            yield "class", node.name
        elif isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef
        ) and not node.name.startswith("test_"):
            yield "function", node.name


def test_retired_word_names_nothing() -> None:
    found = [
        f"{path}: {line}"
        for path in MODULES
        for kind, name in names_in(path)
        for line in retired(kind, name)
    ]
    assert not found, "\n".join(found)


def phrases() -> Iterator[str]:
    discover_steps("features.steps")
    for context in step_function_context_registry.values():
        if isinstance(context, StepFunctionContext):
            yield context.parser.name


def test_retired_word_is_in_no_step_phrase() -> None:
    found = [
        f"{phrase!r}: instead of {part!r} write {term!r}"
        for phrase in phrases()
        for part, term in PHRASES.items()
        if part in phrase
    ]
    assert not found, "\n".join(found)


def test_failure_names_the_term_to_write() -> None:
    (line,) = retired("function", "tell_manager")
    assert line.startswith("function tell_manager: instead of 'tell' write 'send,")
    assert [*retired("class", "TableGateway")] == []
    assert len([*retired("class", "AccessesGiven")]) == 1
