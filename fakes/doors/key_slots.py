"""The slots of a key cabinet, and where each key is: in one of them, or out.

Invariants: a key has one place, and a slot holds one key. A slot is kept for its key
while the key is out, unless the key has given it up; then the key comes back to the
first slot that is free.
"""

from __future__ import annotations

from dataclasses import dataclass, field


class KeySlotsError(ValueError):
    """The change is impossible; nothing has changed."""


@dataclass
class Key:
    """One key; `slot` is where it is, None while it is out."""

    id: str
    home: int | None  # the slot that is reserved for it
    slot: int | None
    holder: str | None = None  # who took it, by the code that was typed

    @property
    def is_in(self) -> bool:
        """Whether it lies in the cabinet."""
        return self.slot is not None


@dataclass
class KeySlots:
    """The slots, numbered from 0, and every key that belongs to them."""

    slots: int
    keys: dict[str, Key] = field(default_factory=dict)

    def lying_in(self, slot: int) -> Key | None:
        """Return the key that lies in a slot."""
        return next((key for key in self.keys.values() if key.slot == slot), None)

    def kept_for(self, slot: int) -> Key | None:
        """Return the key that a slot is kept for."""
        return next((key for key in self.keys.values() if key.home == slot), None)

    def free(self) -> list[int]:
        """Return the slots in which no key lies and which are kept for none."""
        used = {place for key in self.keys.values() for place in (key.home, key.slot)}
        return [slot for slot in range(self.slots) if slot not in used]

    def add(self, key_id: str, home: int, *, inside: bool) -> None:
        """Keep a slot for a new key, which lies there or is still out."""
        if key_id in self.keys:
            raise KeySlotsError(f"key {key_id} is in this cabinet already")
        self._check(home)
        self.keys[key_id] = Key(key_id, home, home if inside else None)

    def rehome(self, key_id: str, home: int) -> None:
        """Keep another slot for a key; one that lies in the old slot is moved along."""
        key = self.keys[key_id]
        if home == key.home:
            return
        self._check(home)
        key.home = home
        if key.is_in:
            key.slot = home

    def drop(self, key_id: str) -> None:
        """Remove a key, wherever it is."""
        self.keys.pop(key_id, None)

    def door_of(self, key_id: str) -> int | None:
        """Return the slot whose door must open for a key, if any."""
        key = self.keys[key_id]
        if key.is_in:
            return key.slot
        return key.home if key.home is not None else next(iter(self.free()), None)

    def take(self, key_id: str, holder: str | None, *, give_up: bool = False) -> None:
        """Take a key out; `give_up`: its slot is free for others from now on."""
        key = self.keys[key_id]
        if not key.is_in:
            raise KeySlotsError(f"key {key_id} is out already")
        key.slot = None
        key.holder = holder
        if give_up:
            key.home = None

    def put(self, key_id: str) -> None:
        """Put a key back into its slot, or into the first free one if it has none."""
        key = self.keys[key_id]
        if key.is_in:
            raise KeySlotsError(f"key {key_id} is in already")
        slot = self.door_of(key_id)
        if slot is None:
            raise KeySlotsError(f"no slot is free for key {key_id}")
        key.home = key.slot = slot
        key.holder = None

    def _check(self, slot: int) -> None:
        if not 0 <= slot < self.slots:
            raise KeySlotsError(f"slot {slot} is none of 0 to {self.slots - 1}")
        if slot not in self.free():
            raise KeySlotsError(f"slot {slot} is not free")
