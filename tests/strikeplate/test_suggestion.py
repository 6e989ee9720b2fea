from __future__ import annotations

from strikeplate.toml_file import suggest


def test_hint_names_the_nearest_word_and_all_others() -> None:
    assert suggest("webhoks", ["webhooks", "sms"]) == (
        "did you mean 'webhooks'? Known: sms, webhooks"
    )
    assert suggest("zzz", []) == "Known: none"
