"""Exploration: seeded histories of bookings, played and held against the oracle.

Scenarios are the rules' documented examples; a history goes between them. Read in this
order:

    history     what happens, as plain data: a JSON file that can be played again
    generate    histories by seed: zones and dates that matter, faults, hard names
    retimed     a booking's start or end alone, earlier or later
    owners      what an owner does besides: rules given away, credentials, communities
    moments     the instants at which a history is looked at
    set_up      what resources become at a subject
    play        a history played against a subject, with a check at each moment
    counts      how much was held against the oracle
    copies      what the owner's copies lack
    compare     what is seen at doors, in inboxes and in the overview, and the oracle
    shrink      the shortest history that still shows a difference
    gherkin     a history as a scenario
    command     `strikeplate explore`
    variations  one booking with each single fault, at each call and each event
    relay       the vendor's own events on their way, with a fault
    single_faults  `strikeplate sweep`: those played, graded by whom they harm
    judge       both commands as parts of `check`

`strikeplate codes` asks a vendor's server instead:

    vendor_run       what is asked and used, as plain data: a file likewise
    vendor_generate  runs by seed
    vendor_clients   the calls of each vendor; `vendor_calls` has what they share,
                     `nuki_calls` and `exivo_calls` those of these two
    wrong_calls      what a vendor must refuse
    vendor_side      a run in play: doors and lists held against the oracle
    vendor_news      webhooks, received by `vendor_hooks`, and mails likewise
    vendor_command   the command

Invariants: one seed gives one history, and one history one result. A difference names
the rule that it breaks.
"""
