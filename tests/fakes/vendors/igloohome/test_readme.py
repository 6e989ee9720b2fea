"""The coverage table tells of every path, and of none that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

import fakes.vendors.igloohome as vendor

README = Path(vendor.__file__).with_name("README.md")


def test_every_path_is_in_the_table_and_no_other() -> None:
    app = Flask("paths")
    app.register_blueprint(vendor.FAKE.blueprint)
    served = {
        re.sub(r"<any\(.*\):", "<", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in {"static", "igloohome.nothing_here"}
    }
    text = re.findall(r"^\| `[A-Z ]+ (/\S+)` \|", README.read_text(), re.MULTILINE)
    assert sorted(text) == sorted(served)
