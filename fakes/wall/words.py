"""The words for people: reasons of doors, rules, kinds of doors, confidences.

Invariants: every reason that a door can have, and every rule that a vendor maps one to,
has a sentence; a test holds the tables to the doors' and vendors' own.
"""

from __future__ import annotations

REASONS = {
    "opened": "It opens.",
    "wrong-code": "The door does not know this code.",
    "early": "Too early: the code is not valid yet.",
    "over": "Too late: the time of the code is over.",
    "unused-24h": "The code is dead: nobody used it in its first 24 hours.",
    "burnt": "The code worked once, and it has been used.",
    "deleted": "Somebody deleted the code at the lock itself.",
    "full": "The lock remembers as many codes as it can.",
    "too-long": "The lock takes no more than 16 digits.",
    "locked-out": "Too many wrong codes: the keypad takes none for a while.",
    "no-power": "The battery is empty.",
    "jammed": "The code is right, but the bolt is jammed: the motor cannot move it.",
    "no-keypad": "There is no keypad at this door.",
    "disabled": "The code is stored but switched off.",
    "wrong-day": "The code is not valid on this day of the week.",
    "wrong-time": "The code is not valid at this time of day.",
    "no-such-key": "This keypad has no 0.",
    "unknown-medium": "The reader does not know this card.",
    "pin-needed": "The card needs its PIN as well.",
    "not-ready": "The hardware of the door is not ready.",
    "closed": "The door is set to stay closed.",
    "no-such-link": "The link is not known.",
    "revoked": "The access was revoked.",
    "other-door": "This door is not part of the access.",
    "offline": "The command was sent, but the door is not reachable.",
    "fetched": "The key has been fetched with this code already.",
    "empty": "The slot opens, but the key is out with somebody else.",
    "key-in": "The key is in its slot: there is nothing to give back.",
    "no-slot": "No slot is free for this key.",
}

CREDENTIALS = {
    "revoked": "the credentials are withdrawn. Calls with them are refused.",
    "restored": "the credentials hold again.",
    "renewed": "there are new credentials. The old ones are refused.",
    "added": "another app has credentials of its own now.",
}
"""What became of a vendor's credentials."""

RULES = {
    "IGL-01": "The lock decides alone: by the digits, its secret, clock and memory.",
    "IGL-04": "A PIN opens any number of times in its time, and never outside.",
    "IGL-05": "A PIN that is not used in its first 24 hours is dead.",
    "IGL-10": "Each kind of PIN has its own limits; a one-time PIN opens once.",
    "IGL-11": "The lock needs a keypad.",
    "NUK-01": "The code lives in the lock, which needs power and a keypad.",
    "NUK-02": "A code works once the lock itself has stored it.",
    "NUK-05": "A code may be limited to days of the week.",
    "NUK-06": "A code may be limited to a time of day.",
    "NUK-07": "A code opens from its first to its last date only.",
    "EXV-02": "A member may enter while they are a member.",
    "EXV-03": "A visit opens the booked door by a link and a PIN.",
    "EXV-04": "With link and PIN a door opens in the booked time only.",
    "EXV-05": "A PIN pad takes the codes that were given for it.",
    "EXV-06": "What was revoked or is over opens nothing.",
    "LIV-01": "The contract's own times count.",
    "LIV-02": "A code is dead once its time is over or the guest has checked out.",
    "LIV-03": "In the grace period the same code still takes the key back.",
    "LIV-04": "A static return code takes a key back, and never gives one out.",
    "LIV-06": "A returned key is reported.",
    "LIV-07": "The state of each key can be seen at any time.",
}

KINDS = {
    "electric-lock": ("lock", "electric lock"),
    "cylinder": ("cylinder", "digital cylinder"),
    "alarm-door": ("lock", "electric lock with alarm"),
    "gateway": ("box", "gateway"),
    "lock": ("lock", "lock"),
    "keypad": ("keypad", "keypad"),
    "padlock": ("padlock", "padlock"),
    "keybox": ("cabinet", "key box"),
    "bridge": ("box", "bridge"),
    "cabinet": ("cabinet", "key cabinet"),
    "smartlock": ("cylinder", "smart lock"),
    "smartlock-2": ("cylinder", "smart lock, second generation"),
    "smartdoor": ("lock", "smart door"),
    "opener": ("box", "door opener"),
}
"""The picture of each kind of door, and its name."""

OTHER_KIND = ("lock", "door")
VENDORS = {
    "igloohome": "igloohome",
    "nuki": "Nuki",
    "exivo": "dormakaba Exivo",
    "livionkey": "LivionKey",
}
TRUTHS = {
    "cloud": "the vendor's cloud",
    "queue": "on its way",
    "door": "the door itself",
}
RECORDS = {
    "cloud": "the vendor's cloud has a code",
    "queue": "a code is on its way to the door",
    "door": "the door itself knows a code",
}
CONFIDENCES = {
    "documented": ("good", "the vendor's own text says so"),
    "published": ("good", "an integrator's text says so"),
    "observed": ("good", "seen at a live server"),
    "client-code": ("busy", "read in the code of a client"),
    "inferred": ("warn", "follows from other facts"),
    "invented": ("bad", "nothing is known; made up to be tried"),
}
FAULTS = {
    "down": "the vendor is down",
    "lost": "one answer is lost after the vendor acted",
    "slow": "each answer takes 5 seconds",
    "busy": "the vendor asks to slow down",
}


def reason(word: str) -> str:
    """Return the sentence of a reason; the word itself if it is of a foreign vendor."""
    return REASONS.get(word, word.replace("-", " ").capitalize() + ".")


def rule(rule_id: str | None) -> str:
    """Return the sentence of a rule, or nothing."""
    return RULES.get(rule_id or "", "")


def kind(name: str | None) -> tuple[str, str]:
    """Return the picture and the name of a kind of door."""
    return KINDS.get(name or "", (OTHER_KIND[0], name or OTHER_KIND[1]))


def vendor(name: str) -> str:
    """Return how a vendor writes its own name."""
    return VENDORS.get(name, name)
