"""The oracle: what must hold at every door and in every inbox, by the rules alone.

From the events of bookings as they arrived, the resources with their traits and the
time it says what must be seen of an integration. It knows neither the service nor the
fakes. Read in this order:

    answers     open, shut or either: what is said of a code, stretch by stretch of time
    events      a booking as the sum of its events; until when a change must be done
    windows     when a code opens: each vendor's window
    claims      which windows a booking had; who keeps whom from a code
    doors       which of a customer's codes opens which door, and when
    messages    which message each customer must have, with which times; what none may
    overview    which accesses the owner must be shown
    notices     what the owner must notice of a code that is missing
    codes       what a vendor's own codes must do, and its lists show
    schedules   when a code with weekdays and minutes opens
    recurring   when the key of a standing booking, or of a returning customer, opens
    pins        when a PIN opens that somebody ordered, by its kind
    reports     what a vendor reports of codes, doors and keys
    returns     what the owner must be told and shown of keys that are out, or back
    keys        when a cabinet takes a key back, and when a key is late

Invariants: pure. Each statement carries the id of the rule that it follows from. Where
a vendor's behaviour is uncertain, a source leaves a boundary open, or a change is still
being carried out, the statement is *either*; nothing that is seen contradicts it.
"""
