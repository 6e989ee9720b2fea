"""Shapes of locks, of their auths, and of what happened at them."""

from __future__ import annotations

from fakes.vendors.nuki.contract import Date, Shape


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
    operation_id: str | None = None
    error: str | None = None


class PageInfo(Shape):
    """Where a page of rows stands."""

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
