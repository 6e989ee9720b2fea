"""junit.xml: the runs as CI systems read them; the verdict is a property. Pure.

fail, inconclusive under a MUST   failure
error                             error
not-applicable, known             skipped, with the reason
everything else                   passed
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from strikeplate.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from strikeplate.record import Run
    from strikeplate.summary import Summary

ELEMENTS = {
    Verdict.UNTESTED: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.INCONCLUSIVE: "failure",
    Verdict.FAIL: "failure",
    Verdict.ERROR: "error",
}


def junit(summary: Summary) -> str:
    """Return the whole document, one suite per area."""
    levels = {
        requirement.rule: requirement.level for requirement in summary.requirements
    }
    root = Element("testsuites", name="strikeplate")
    for area in sorted({run.area for run in summary.runs}):
        runs = sorted(
            (run for run in summary.runs if run.area == area), key=lambda run: run.key
        )
        _suite(root, area, runs, levels)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(
    root: Element, area: str, runs: Sequence[Run], levels: dict[str, str]
) -> None:
    elements = [_element(run, levels.get(run.rule, "MUST")) for run in runs]
    suite = SubElement(
        root,
        "testsuite",
        name=area,
        tests=str(len(runs)),
        failures=str(elements.count("failure")),
        errors=str(elements.count("error")),
        skipped=str(elements.count("skipped")),
    )
    for run, element in zip(runs, elements, strict=True):
        _case(suite, run, element)


def _case(suite: Element, run: Run, element: str | None) -> None:
    case = SubElement(
        suite, "testcase", classname=f"{run.area}.{run.rule}", name=run.title
    )
    properties = SubElement(case, "properties")
    for name, value in (("rule", run.rule), ("verdict", run.verdict.value)):
        SubElement(properties, "property", name=name, value=value)
    if element:
        reason = " - ".join(filter(None, (run.reason, run.known)))
        SubElement(case, element, message=_xml(f"{run.verdict.value}: {reason}"))


def _element(run: Run, level: str) -> str | None:
    if run.known:
        return "skipped"
    if run.verdict is Verdict.INCONCLUSIVE and level != "MUST":
        return None
    return ELEMENTS.get(run.verdict)


def _xml(text: str) -> str:
    """Return the text without the control characters that XML cannot hold."""
    return "".join(c if c.isprintable() or c in "\t\n" else "�" for c in text)
