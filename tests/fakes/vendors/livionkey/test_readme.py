"""The coverage table tells of every path with its methods, and of no other."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

import fakes.vendors.livionkey as vendor

README = Path(vendor.__file__).with_name("README.md")
ADDED = {"HEAD", "OPTIONS"}


def test_every_path_is_in_the_table_and_no_other() -> None:
    app = Flask("paths")
    app.register_blueprint(vendor.FAKE.blueprint)
    served = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not rule.endpoint.endswith("nothing_here")
        for method in (rule.methods or set()) - ADDED
    }
    rows = re.findall(r"^\| `([A-Z ]+) (/\S+)` \|", README.read_text(), re.MULTILINE)
    text = {(path, method) for methods, path in rows for method in methods.split()}
    assert text == served
