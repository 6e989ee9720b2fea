"""The texts a customer gets where a connection has none of its own, by language.

Invariants: a language is one entry of `LANGUAGES`; nothing else has to know of it.
Every text names the booking's own start and end, and the codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Language:
    """How one language writes an instant, and its default texts.

    `instant` is a strftime pattern. `first_use` and `return_by` take `{when}`,
    `return_code` takes `{code}`. `by_link` stands before the links. `nameless` greets a
    customer whose name is not known. Members are told by `member_subject`,
    `member_body` and `member_sms`.
    """

    instant: str
    first_use: str
    by_link: str
    return_by: str
    return_code: str
    nameless: str
    subject: str
    body: str
    sms: str
    member_subject: str
    member_body: str
    member_sms: str


LANGUAGES: Final = {
    "en": Language(
        instant="%Y-%m-%d at %H:%M",
        first_use="Use it for the first time before {when}, or it stops working.",
        by_link="Open this link, type the code and press LOGIN:",
        return_by="You can give the key back with the same code until {when}.",
        return_code="After the end, type {code} to give the key back.",
        nameless="guest",
        subject="Your door code for {resource}",
        body="""\
Hello {customer},

your booking of {resource} is from {start} to {end}.
This is your code for the door:

{codes}

{way}

Type all digits, also a zero at the beginning.
{first_use}
{key_return}

Booking {booking}
""",
        sms="{resource}, {start} to {end}. Door code: {codes} {first_use} {key_return}",
        member_subject="Your door code as a member of {resource}",
        member_body="""\
Hello {customer},

you are a member of {resource}. As long as you are, this code opens for you:
{doors}

{codes}

{way}

Type all digits, also a zero at the beginning.

Membership {booking}
""",
        member_sms="{resource}, {doors}. Your door code as a member: {codes}",
    ),
    "sv": Language(
        instant="%Y-%m-%d kl. %H:%M",
        first_use="Använd den första gången före {when}, annars slutar den att gälla.",
        by_link="Öppna länken, skriv koden och tryck på LOGIN:",
        return_by="Du kan lämna tillbaka nyckeln med samma kod fram till {when}.",
        return_code="Efter sluttiden slår du {code} för att lämna tillbaka nyckeln.",
        nameless="gäst",
        subject="Din dörrkod till {resource}",
        body="""\
Hej {customer},

din bokning av {resource} gäller från {start} till {end}.
Här är din kod till dörren:

{codes}

{way}

Slå alla siffror, även en nolla i början.
{first_use}
{key_return}

Bokning {booking}
""",
        sms="{resource}, {start} till {end}. Dörrkod: {codes} {first_use} {key_return}",
        member_subject="Din dörrkod som medlem i {resource}",
        member_body="""\
Hej {customer},

du är medlem i {resource}. Så länge du är det öppnar den här koden för dig:
{doors}

{codes}

{way}

Slå alla siffror, även en nolla i början.

Medlemskap {booking}
""",
        member_sms="{resource}, {doors}. Din dörrkod som medlem: {codes}",
    ),
    "de": Language(
        instant="%d.%m.%Y um %H:%M",
        first_use="Erstmals vor dem {when} benutzen, sonst gilt er nicht mehr.",
        by_link="Diesen Link öffnen, den Code eingeben und LOGIN drücken:",
        return_by="Rückgabe des Schlüssels mit demselben Code bis zum {when}.",
        return_code="Nach dem Ende {code} eingeben, um den Schlüssel zurückzugeben.",
        nameless="Gast",
        subject="Ihr Türcode für {resource}",
        body="""\
Guten Tag {customer},

Ihre Buchung von {resource} gilt vom {start} bis zum {end}.
Dies ist Ihr Code für die Tür:

{codes}

{way}

Alle Ziffern eingeben, auch eine Null am Anfang.
{first_use}
{key_return}

Buchung {booking}
""",
        sms="{resource}, {start} bis {end}. Türcode: {codes} {first_use} {key_return}",
        member_subject="Ihr Türcode als Mitglied von {resource}",
        member_body="""\
Guten Tag {customer},

Sie sind Mitglied von {resource}. Solange Sie es sind, öffnet Ihnen dieser Code:
{doors}

{codes}

{way}

Alle Ziffern eingeben, auch eine Null am Anfang.

Mitgliedschaft {booking}
""",
        member_sms="{resource}, {doors}. Ihr Türcode als Mitglied: {codes}",
    ),
    "cs": Language(
        instant="%d.%m.%Y v %H:%M",
        first_use="Poprvé jej použijte před {when}, jinak přestane platit.",
        by_link="Otevřete tento odkaz, zadejte kód a stiskněte LOGIN:",
        return_by="Stejným kódem lze klíč vrátit do {when}.",
        return_code="Po skončení zadejte {code} a klíč vraťte.",
        nameless="hoste",
        subject="Kód ke dveřím: {resource}",
        body="""\
Dobrý den, {customer},

vaše rezervace ({resource}) platí od {start} do {end}.
Toto je váš kód ke dveřím:

{codes}

{way}

Zadejte všechny číslice, i nulu na začátku.
{first_use}
{key_return}

Rezervace {booking}
""",
        sms="{resource}, {start} do {end}. Kód: {codes} {first_use} {key_return}",
        member_subject="Kód ke dveřím pro členy: {resource}",
        member_body="""\
Dobrý den, {customer},

jste členem ({resource}). Dokud jím jste, tento kód vám otevírá:
{doors}

{codes}

{way}

Zadejte všechny číslice, i nulu na začátku.

Členství {booking}
""",
        member_sms="{resource}, {doors}. Váš členský kód ke dveřím: {codes}",
    ),
}
DEFAULT: Final = "en"
