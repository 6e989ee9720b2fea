from __future__ import annotations

from strikeplate.toml_file import suggest


def test_hint_names_the_nearest_word_and_all_others() -> None:
    assert suggest("webhoks", ["webhooks", "sms"]) == (
        "did you mean 'webhooks'? Known: sms, webhooks"
    )
    assert suggest("WEBHOOKS", ["webhooks", "sms"]).startswith("did you mean 'webh")
    assert suggest("zzz", []) == "Known: none"


def test_hint_of_many_words_names_the_near_ones_and_counts_the_rest() -> None:
    rules = [
        f"{area}-{number:02}" for area in ("CON", "IGL") for number in range(1, 18)
    ]
    hint = suggest("igl-99", rules)
    assert hint.startswith("did you mean 'IGL-09'? Known: IGL-")
    assert "CON" not in hint
    assert hint.endswith(" and 22 more")
    assert suggest("zzz", rules).endswith(" and 22 more")
