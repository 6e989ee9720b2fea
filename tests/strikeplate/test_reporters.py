from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from markupsafe import escape

from strikeplate import FEATURES, provenance, requirements, vocabulary
from strikeplate.badge import badge
from strikeplate.html import instant
from strikeplate.summary import Summary
from strikeplate.verdict import Verdict
from tests.strikeplate.builders import requirement

if TYPE_CHECKING:
    from tests.strikeplate.conftest import Finished, RulesFolder

PIN = "4711980"


def test_summary_holds_what_a_program_asks_first(sample: Finished) -> None:
    summary = json.loads(sample.text("summary.json"))
    assert summary["exit_code"] == 3
    assert summary["headline"] == sample.results.headline
    assert summary["levels"]["SHOULD"] == {"warn": 1}
    assert summary["broken"] == ["DOR-02", "MSG-05"]
    assert summary["unjudged"] == ["DOR-04"]
    assert summary["outcome"] == "Not judged"
    assert summary["known"] == ["MSG-01"]


def test_junit_tells_each_run_as_ci_systems_know_it(sample: Finished) -> None:
    root = ET.fromstring(sample.text("junit.xml"))  # noqa: S314 - our own
    cases = {case.get("name"): case for case in root.iter("testcase")}

    def children(name: str) -> list[str]:
        return [child.tag for child in cases[f"{name} [inprocess]"]][1:]

    assert children("A code opens the door") == []
    assert children("The door tells the reason") == []
    assert children("A code does not open the door after its window") == ["failure"]
    assert children("A door without codes stays shut") == ["skipped"]
    assert children("A bridge reaches the door") == ["skipped"]
    assert children("The message holds the code") == ["skipped"]
    assert children("The mail arrives") == ["error"]


def test_junit_counts_what_it_holds(sample: Finished) -> None:
    root = ET.fromstring(sample.text("junit.xml"))  # noqa: S314 - our own
    for suite in root:
        assert suite.get("tests") == str(len(suite))
        assert suite.get("failures") == str(len(suite.findall("*/failure")))
        assert suite.get("errors") == str(len(suite.findall("*/error")))
        assert suite.get("skipped") == str(len(suite.findall("*/skipped")))


def test_junit_carries_the_verdict_as_a_property(sample: Finished) -> None:
    assert '<property name="verdict" value="warn" />' in sample.text("junit.xml")


def test_people_are_told_when_on_what_and_how_surely(sample: Finished) -> None:
    told = json.loads(sample.text("summary.json"))["provenance"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\+00:00", told["at"])
    assert told["seconds"] > 0
    page = sample.text("report.html")
    assert told["at"][:10] in page
    assert "provenance" not in sample.text("results.ndjson")


def test_facts_are_counted_by_confidence_for_the_vendors_judged() -> None:
    nuki = provenance.start().provenance(["nuki"]).facts
    both = provenance.start().provenance(["nuki", "exivo"]).facts
    assert nuki["documented"] > 0
    assert sum(both.values()) > sum(nuki.values())


def test_sources_name_documents_instead_of_numbers() -> None:
    told = requirements.readable_source("seed 000; seed 004; Nuki documented")
    smart_locks, push = "reenio Connect, Smart locks", "Nuki Web API, Push bookings"
    assert told == f"{smart_locks}; {push}; Nuki documented"
    sources = {rule.source for rule in requirements.read(FEATURES).rules}
    assert not [s for s in sources if "seed" in requirements.readable_source(s)]


def test_vendors_are_spelled_as_they_spell_themselves() -> None:
    brands = {name: known.brand for name, known in vocabulary.read(FEATURES).items()}
    assert brands == {
        "igloohome": "igloohome",
        "nuki": "Nuki",
        "exivo": "dormakaba Exivo",
        "livionkey": "LivionKey",
    }


def test_report_shows_what_was_seen_in_a_run_that_passed(sample: Finished) -> None:
    page = sample.text("report.html")
    assert "What was seen:" in page
    assert "door: ••• typed: opened" in page


def test_badge_says_how_many_must_hold() -> None:
    requirements = [requirement(), requirement(), requirement(Verdict.UNTESTED)]
    assert badge(Summary("x", "y", requirements, [])) == {
        "schemaVersion": 1,
        "label": "strikeplate",
        "message": "2/2 MUST",
        "color": "brightgreen",
    }


def test_badge_is_green_only_when_nothing_is_wrong() -> None:
    def colour(*requirements: object) -> object:
        return badge(Summary("x", "y", requirements, []))["color"]  # type: ignore[arg-type]

    assert colour(requirement(Verdict.FAIL)) == "red"
    assert colour(requirement(), requirement(Verdict.FAIL, known=True)) == "yellow"
    assert colour(requirement(), requirement(Verdict.INCONCLUSIVE)) == "lightgrey"
    assert colour() == "lightgrey"


def test_report_names_every_rule_and_every_reason(sample: Finished) -> None:
    page = sample.text("report.html")
    for each in sample.results.requirements:
        assert f'id="{each.rule}"' in page
    for run in sample.results.runs:
        assert str(escape(run.reason or "")) in page


def test_what_needs_a_look_says_the_rule_that_did_not_hold(sample: Finished) -> None:
    looks = sample.text("report.html").partition("What needs a look")[2]
    looks = looks.partition('id="rules"')[0]
    assert re.search(r"MSG-03 The message is short.*?<small>A message .*short</", looks)


def test_instant_is_told_to_a_tenth_of_a_second() -> None:
    assert instant("2026-12-01T09:00:00.632246Z") == "2026-12-01 09:00:00.6"
    assert instant("2026-12-01T09:00:00Z") == "2026-12-01 09:00:00"
    assert instant(None) == ""


def test_report_links_lead_somewhere(sample: Finished) -> None:
    page = sample.text("report.html")
    names = set(re.findall(r'\bid="([^"]+)"', page))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= names
    assert len(re.findall(r'\bid="', page)) == len(names)


def test_report_loads_nothing_from_elsewhere(sample: Finished) -> None:
    page = sample.text("report.html")
    loads = re.findall(
        r'(?:src|href|url)\s*[=(]\s*["\']?(?!#|data:)([^"\')\s>]+)', page
    )
    assert loads == []


def test_no_artefact_holds_a_secret(sample: Finished) -> None:
    for path in sample.place.iterdir():
        assert PIN not in path.read_text(encoding="utf-8")


def test_report_shows_what_was_said_in_its_lane(sample: Finished) -> None:
    page = sample.text("report.html")
    assert '<tr class="line" data-lane="door">' in page
    assert "••• typed: opened" in page
    assert "2026-12-07 18:30:00" in page


def test_report_escapes_what_it_is_given(rules_folder: RulesFolder) -> None:
    rules_folder.write(
        "sample.toml", '[subject]\nname="<b>x"\nversion="1"\nconnect="inprocess:x"\n'
    )
    page = rules_folder.run().text("report.html")
    assert "<b>x" not in page
    assert "&lt;b&gt;x" in page


def test_results_go_where_they_are_asked_to(rules_folder: RulesFolder) -> None:
    rules_folder.run("--results", "elsewhere")
    assert (rules_folder.root / "elsewhere" / "report.html").exists()


def test_report_tells_each_reason_for_not_judging_once(sample: Finished) -> None:
    page = sample.text("report.html")
    section = page.partition('id="unjudged"')[2].partition("</section>")[0]
    absent = [
        each
        for each in (*sample.results.requirements, *sample.results.runs)
        if not each.verdict.judged and each.rule != "profile"
    ]
    assert absent
    for reason in {each.reason for each in absent if each.reason}:
        assert section.count(f"</span> {escape(reason)} <small>") == 1


def test_every_number_of_the_first_table_has_its_verdict_in_words(
    sample: Finished,
) -> None:
    table = re.search(
        r'<table class="matrix">.*?</table>', sample.text("report.html"), re.DOTALL
    )
    assert table
    told = json.loads(sample.text("summary.json"))["counts"]["rules"]
    rows = re.findall(
        r"</i>([\w-]+)</span></th>.*?class=\"all\">(\d+)<", table[0], re.DOTALL
    )
    assert {name: int(count) for name, count in rows} == told
