"""The documentation site builds without a warning, and is whole and self-contained."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from strikeplate.rules import catalogue

ROOT = Path(__file__).resolve().parents[2]
QUIRKS = sorted((ROOT / "fakes" / "vendors").glob("*/quirks.toml"))
COMPARED = re.findall(
    r"^\| ([^|]+) \| \*\*([Ypn])\*\* \|([^|]*)\|",
    (ROOT / "docs" / "compare.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)


def build(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "mkdocs", "build", *more, "-d", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as `make site` does, in a folder of its own."""
    folder = tmp_path_factory.mktemp("site")
    built = build(folder)
    assert built.returncode == 0, built.stderr
    assert not re.search("WARNING|ERROR", built.stderr), built.stderr
    return folder


def test_every_rule_is_on_the_site_and_can_be_linked_to(site: Path) -> None:
    page = (site / "generated" / "rules.html").read_text(encoding="utf-8")
    assert not [
        rule.id
        for rule in catalogue()
        if f'id="{rule.id.lower()}"' not in page or rule.text[:30] not in page
    ]


@pytest.mark.parametrize("path", QUIRKS, ids=lambda path: path.parent.name)
def test_every_fact_is_on_the_site_with_its_confidence(site: Path, path: Path) -> None:
    page = (site / "generated" / "facts.html").read_text(encoding="utf-8")
    for name, quirk in tomllib.loads(path.read_text(encoding="utf-8")).items():
        _, head, rest = page.partition(f'id="{path.parent.name}-{name}"')
        assert head, name
        assert f"<em>{quirk['confidence'].capitalize()}</em>" in rest[:2000]


def test_site_loads_nothing_from_elsewhere(site: Path) -> None:
    loaded = r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=\"?(?:https?:)?//[^>]*>"
    for page in site.rglob("*.html"):
        assert not re.findall(loaded, page.read_text(encoding="utf-8")), page.name
    for sheet in (site / "assets").rglob("*.css"):
        assert not re.findall(r"url\(\"?https?:", sheet.read_text(encoding="utf-8"))


def test_site_has_no_diagram_that_a_script_from_elsewhere_would_draw(
    site: Path,
) -> None:
    for page in site.rglob("*.html"):
        assert 'class="mermaid"' not in page.read_text(encoding="utf-8"), page.name


def test_links_of_the_site_lead_somewhere(site: Path) -> None:
    dead = [
        f"{page.relative_to(site)}: {link}"
        for page in site.rglob("*.html")
        if page.name != "404.html"
        for link in re.findall(r"<a [^>]*href=\"?([^\"#\s>]+)", page.read_text("utf-8"))
        if not re.match(r"https?:|mailto:", link)
        if not (page.parent / link).exists()
    ]
    assert not dead


def test_file_without_a_page_is_named_and_not_linked(site: Path) -> None:
    page = (site / "start-here.html").read_text(encoding="utf-8")
    assert "<code>fakes/doors/lock.py</code>" in page
    assert 'href="generated/fakes.html"' in page


def test_link_that_leads_nowhere_fails_the_build(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text("[gone](../fakes/gone.py)", encoding="utf-8")
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    text = text.partition("\nnav:")[0].replace("docs/hooks.py", f"{ROOT}/docs/hooks.py")
    (tmp_path / "mkdocs.yml").write_text(text, encoding="utf-8")
    built = build(tmp_path / "site", "-f", str(tmp_path / "mkdocs.yml"))
    assert built.returncode != 0
    assert "../fakes/gone.py" in built.stderr


def test_every_picture_is_small_and_on_a_page() -> None:
    pages = "".join(page.read_text("utf-8") for page in (ROOT / "docs").glob("*.md"))
    for picture in (ROOT / "docs" / "images").iterdir():
        assert picture.stat().st_size < 100_000, picture.name
        assert f"](images/{picture.name})" in pages


def test_comparison_says_of_every_yes_where_to_try_it() -> None:
    assert len(COMPARED) == 60
    for feature, mark, place in COMPARED:
        if mark == "Y":
            assert re.search(r"`|\]\(|Apache|this site", place), feature
