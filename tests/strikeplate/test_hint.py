from __future__ import annotations

from strikeplate.hint import nearest


def test_hint_names_the_nearest_word_and_all_others() -> None:
    assert nearest("webhoks", ["webhooks", "sms"]) == (
        "did you mean 'webhooks'? Known: sms, webhooks"
    )
    assert nearest("zzz", []) == "Known: none"
