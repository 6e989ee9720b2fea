"""Answers about locks, their auths and their logs, and how the state fills them in.

Invariants: reads only. While an order is on its way, quirk `copy-shows` decides whether
an auth shows what was ordered or what was last confirmed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fakes.vendors.nuki.schemas import Date, Shape
from fakes.vendors.nuki.state import Auth, Device, LogRow, Settings, quirk, state_of
from fakes.vendors.nuki.zones import number_of, offset_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fakes.kit.world import World


STATES = {"locked": 1, "unlocked": 3, "unlatched": 5}
MOTOR_BLOCKED = 254
ONLINE = 0
SERVER_STATES = {"unregistered": 1, "offline": 4}
IN_A_DOOR = 2  # the mode of a lock that is mounted
CRITICAL_BATTERY = 20  # percent
FIRMWARE = 4 << 16 | 3 << 8 | 9


class ObjectId(Shape):
    """An id of 24 hexadecimal digits, taken apart."""

    timestamp: int
    machine_identifier: int
    process_identifier: int
    counter: int
    time: int
    date: Date
    time_second: int


class AuthShape(Shape):
    """An auth: an app's, a fob's, a keypad's, or a code (type 13)."""

    id: str
    smartlock_id: int
    account_user_id: int | None = None
    auth_id: int | None = None
    code: int | list[int] | None = None
    type: int
    name: str
    enabled: bool
    remote_allowed: bool
    lock_count: int
    allowed_from_date: Date | None = None
    allowed_until_date: Date | None = None
    allowed_week_days: int | None = None
    allowed_from_time: int | None = None
    allowed_until_time: int | None = None
    last_active_date: Date | None = None
    creation_date: Date
    update_date: Date
    operation_id: str | ObjectId | None = None
    error: str | None = None


class PageInfo(Shape):
    """Which page of rows this is."""

    total_items: int
    total_pages: int
    current_page: int
    next_page: str | None = None
    prev_page: str | None = None
    page_size: int


class AuthPage(Shape):
    """One page of auths."""

    results: list[AuthShape]
    pagination: PageInfo


class Confirmation(Shape):
    """An order that a webhook with the same request id will answer."""

    request_id: str
    error: str | None = None


class LockConfig(Shape):
    """What is set in a lock."""

    name: str
    latitude: float
    longitude: float
    capabilities: int
    auto_unlatch: bool
    lift_up_handle: bool
    pairing_enabled: bool
    button_enabled: bool
    led_enabled: bool
    led_brightness: int
    timezone_offset: int
    daylight_saving_mode: int
    fob_paired: bool
    single_lock: bool
    advertising_mode: int
    keypad_paired: bool
    keypad2_paired: bool
    timezone_id: int
    device_type: int
    wifi_enabled: bool


class AdvancedConfig(Shape):
    """What is set in a lock's motor and battery."""

    lng_timeout: int
    single_button_press_action: int
    double_button_press_action: int
    automatic_battery_type_detection: bool
    unlatch_duration: int
    total_degrees: int
    single_locked_position_offset_degrees: int
    unlocked_to_locked_transition_offset_degrees: int
    unlocked_position_offset_degrees: int
    locked_position_offset_degrees: int
    battery_type: int
    auto_lock: bool
    auto_lock_timeout: int
    auto_update_enabled: bool


class WebConfig(Shape):
    """What the server alone keeps of a lock."""

    battery_warning_per_mail_enabled: bool | None = None
    dismissed_lift_up_handle_warning: list[int] | None = None


class LockState(Shape):
    """What a lock last said of itself."""

    mode: int
    state: int
    trigger: int
    last_action: int
    battery_critical: bool
    battery_charging: bool
    battery_charge: int
    keypad_battery_critical: bool
    doorsensor_battery_critical: bool
    door_state: int
    ring_to_open_timer: int
    night_mode: bool


class LockShape(Shape):
    """A lock."""

    smartlock_id: int
    account_id: int
    type: int
    auth_id: int
    name: str
    favorite: bool
    config: LockConfig
    advanced_config: AdvancedConfig
    web_config: WebConfig
    state: LockState
    firmware_version: int
    hardware_version: int
    operation_id: str | None = None
    server_state: int
    admin_pin_state: int
    virtual_device: bool
    creation_date: Date
    update_date: Date


class LogShape(Shape):
    """A row of the log."""

    id: str
    smartlock_id: int
    device_type: int
    account_user_id: int | None = None
    auth_id: str | None = None
    name: str
    action: int
    trigger: int
    state: int
    auto_unlock: bool
    date: Date
    source: int


def listed(world: World, device: Device) -> Iterator[Auth]:
    """Yield the rows that a client gets to see."""
    only_confirmed = quirk(world, "copy-shows") == "confirmed"
    for auth in device.auths.values():
        if auth.confirmed or auth.error or not only_confirmed:
            yield auth


def shown_settings(world: World, device: Device, auth: Auth) -> Settings:
    """Return what a row says: what was ordered, or what was last confirmed."""
    operation = device.operations.get(auth.operation or "")
    requested = operation.requested if operation else None
    return (
        requested
        if requested and quirk(world, "copy-shows") == "wish"
        else auth.settings
    )


def auth(world: World, device: Device, row: Auth) -> AuthShape:
    """Return a row of the copy."""
    settings = shown_settings(world, device, row)
    limits = settings.limits
    return AuthShape(
        id=row.id,
        smartlock_id=row.smartlock_id,
        account_user_id=settings.account_user,
        auth_id=row.number,
        code=_code(world, settings),
        type=row.type,
        name=settings.name,
        enabled=settings.enabled,
        remote_allowed=settings.remote_allowed,
        lock_count=row.lock_count,
        allowed_from_date=limits.start,
        allowed_until_date=limits.end,
        allowed_week_days=limits.weekdays,
        allowed_from_time=limits.from_minute,
        allowed_until_time=limits.until_minute,
        last_active_date=row.last_active_at,
        creation_date=row.created_at,
        update_date=row.updated_at,
        operation_id=_operation(world, row),
        error=row.error,
    )


def _operation(world: World, row: Auth) -> str | ObjectId | None:
    if row.operation is None or quirk(world, "operation-id") == "text":
        return row.operation
    drawn = bytes.fromhex(row.operation)
    seconds = int.from_bytes(drawn[:4])
    return ObjectId(
        timestamp=seconds,
        machine_identifier=int.from_bytes(drawn[4:7]),
        process_identifier=int.from_bytes(drawn[7:9], signed=True),
        counter=int.from_bytes(drawn[9:]),
        time=seconds * 1000,
        date=datetime.fromtimestamp(seconds, UTC),
        time_second=seconds,
    )


def lock(world: World, device: Device) -> LockShape:
    """Return a lock as the server has it."""
    return LockShape(
        smartlock_id=device.smartlock_id,
        account_id=state_of(world).account.account_id,
        type=device.type,
        auth_id=device.auth_number,
        name=device.name,
        favorite=device.favorite,
        config=config(world, device),
        advanced_config=AdvancedConfig.model_validate(device.advanced_config),
        web_config=WebConfig.model_validate(device.web_config),
        state=state(world, device),
        firmware_version=FIRMWARE,
        hardware_version=0,
        operation_id=device.acting,
        server_state=server_state(world, device),
        admin_pin_state=0,
        virtual_device=False,
        creation_date=device.created_at,
        update_date=device.updated_at,
    )


def config(world: World, device: Device) -> LockConfig:
    """Return what is set in a lock; the keypad and the zone are the lock's own."""
    door = state_of(world).door_of(device)
    newer = quirk(world, "keypad-generation") == "2"
    own = {
        "name": device.name,
        "timezoneId": number_of(door.timezone),
        "timezoneOffset": offset_of(door.timezone),
        "keypadPaired": door.keypad and not newer,
        "keypad2Paired": door.keypad and newer,
        "deviceType": device.type,
    }
    return LockConfig.model_validate(device.config | own)


def state(world: World, device: Device) -> LockState:
    """Return what a lock last said of itself."""
    door = state_of(world).door_of(device)
    is_blocked = door.blocked and quirk(world, "jam-shows") == "motor-blocked"
    return LockState(
        mode=IN_A_DOOR,
        state=MOTOR_BLOCKED if is_blocked else STATES[door.bolt],
        trigger=device.last_trigger,
        last_action=device.last_action,
        battery_critical=door.battery <= CRITICAL_BATTERY,
        battery_charging=False,
        battery_charge=door.battery,
        keypad_battery_critical=door.keypad and door.keypad_battery <= CRITICAL_BATTERY,
        doorsensor_battery_critical=False,
        door_state=0,
        ring_to_open_timer=0,
        night_mode=False,
    )


def server_state(world: World, device: Device) -> int:
    """Return whether the server reaches the lock (NUK-01)."""
    if device.bluetooth_only:
        return SERVER_STATES.get(str(quirk(world, "bluetooth-only-lock")), ONLINE)
    online = state_of(world).door_of(device).connected
    return ONLINE if online else SERVER_STATES["offline"]


def log(row: LogRow) -> LogShape:
    """Return a row of the log."""
    return LogShape(
        id=row.id,
        smartlock_id=row.smartlock_id,
        device_type=row.device_type,
        account_user_id=row.account_user,
        auth_id=row.auth_id,
        name=row.name,
        action=row.action,
        trigger=row.trigger,
        state=row.state,
        auto_unlock=False,
        date=row.at,
        source=row.source,
    )


def _code(world: World, settings: Settings) -> int | list[int] | None:
    if settings.code is None:
        return None
    code = int(settings.code)
    return [code] if quirk(world, "code-shape") == "array" else code
