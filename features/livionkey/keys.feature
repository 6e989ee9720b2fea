Feature: Keys that are out, and keys that come back
  A contract says when a key is due back; the cabinet knows whether it is in its slot. The
  property manager is told of overdue keys and can see the state of each key at any time.

  @LIV-05 @on-service @on-vendor @needs-clock
  Rule: A key that was not returned MUST be reported with its slot and booking, when it is due
    Source: seed 003

    @on-service
    Scenario Outline: A key that is out <after> minutes after the end is told of, once
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And the owner sets the rule of flat-1 to
        | report overdue keys after, minutes | <after> |
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 14:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      When the time is <before>
      Then the owner has received 0 messages
      When the time is <due>
      And 1 minute passes
      Then the owner has received 1 message
      And the owner is notified of Ada's booking, "Flat 1" and "slot 0"
      When 48 hours pass
      Then the owner has received 1 message

      Examples:
        | after | before              | due                 |
        | 0     | 2026-12-08 13:59:59 | 2026-12-08 14:00:00 |
        | 60    | 2026-12-08 14:59:59 | 2026-12-08 15:00:00 |

    @on-service
    Scenario: A key that is back in time is not told of, another's is
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      And Bo's booking of flat-2 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      And Bo's code takes "flat-2" at 2026-12-07 16:01
      And Ada's code returns "flat-1" at 2026-12-08 10:59
      When the time is 2026-12-08 13:00
      Then the owner has received 1 message
      And the owner is notified of Bo's booking, "Flat 2" and "slot 1"

    @on-service
    Scenario: A stay that is extended is late at its new end alone
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      When Ada's booking is moved to 2026-12-07 15:00 until 2026-12-09 11:00
      And the time is 2026-12-09 10:59
      Then the owner has received 0 messages
      When the time is 2026-12-09 11:01
      Then the owner has received 1 message

    @on-service
    Scenario: A key that was late is late again at the new end of an extended stay
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And the owner sets the rule of flat-1 to
        | report overdue keys after, minutes | 60 |
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      And the time is 2026-12-08 12:01
      And the owner has received 1 message
      When Ada's booking is moved to 2026-12-07 15:00 until 2026-12-08 18:00
      And the time is 2026-12-08 18:57
      Then the owner has received 1 message
      When the time is 2026-12-08 19:01
      Then the owner has received 2 messages
      And the owner is notified of Ada's booking, "Flat 1" and "slot 0"

    @on-vendor
    Scenario Outline: Livion tells the manager of a key <after> minutes after its end
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the organisation has set "overdue_delay_minutes <after>"
      And the organisation has set "manager_email manager@example.org"
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      When the time is <before>
      Then the vendor has notified "manager@example.org" of 0 keys not returned
      When the time is <due>
      Then the vendor has notified "manager@example.org" of 1 key not returned
      And the mail names the contract, "Flat 1" and "slot 0"

      Examples:
        | after | before              | due                 |
        | 0     | 2026-12-08 10:59:59 | 2026-12-08 11:00:00 |
        | 60    | 2026-12-08 11:59:59 | 2026-12-08 12:00:00 |

    @on-vendor
    Scenario: Livion tells the manager of both keys of one contract that are late
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the organisation has set "manager_email manager@example.org"
      And the vendor is asked for a contract for "flat-1 and flat-2" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      And the contract's code takes "flat-2" at 2026-12-07 16:01
      When the time is 2026-12-08 10:59:59
      Then the vendor has notified "manager@example.org" of 0 keys not returned
      When the time is 2026-12-08 11:00:00
      Then the vendor has notified "manager@example.org" of 2 keys not returned

    @on-vendor
    Scenario: Livion tells the manager of the one key of two that is not back
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the organisation has set "manager_email manager@example.org"
      And the vendor is asked for a contract for "flat-1 and flat-2" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      And the contract's code takes "flat-2" at 2026-12-07 16:01
      And the contract's code returns "flat-1" at 2026-12-08 10:30
      When the time is 2026-12-08 11:00:00
      Then the vendor has notified "manager@example.org" of 1 key not returned
      And the mail names the contract, "Flat 2" and "slot 1"

    @on-vendor
    Scenario: Livion tells nobody of a key that is back in time
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the organisation has set "manager_email manager@example.org"
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      And the contract's code returns "flat-1" at 2026-12-08 10:59
      When the time is 2026-12-08 13:00
      Then the vendor has notified "manager@example.org" of 0 keys not returned
      And the vendor has notified "manager@example.org" of 1 key returned

    @on-vendor
    Scenario: Livion tells the manager again of a late key, at the new end of its contract
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the organisation has set "manager_email manager@example.org"
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      And the time is 2026-12-08 12:00
      When the vendor is asked to move the contract's end to 2026-12-08 18:00
      And the time is 2026-12-08 17:59:59
      Then the vendor has notified "manager@example.org" of 1 key not returned
      When the time is 2026-12-08 18:00:00
      Then the vendor has notified "manager@example.org" of 2 keys not returned
      When the vendor is asked to move the contract's end to 2026-12-09 11:00
      And the time is 2026-12-09 11:00:00
      Then the vendor has notified "manager@example.org" of 3 keys not returned

    @on-service
    Scenario Outline: A key that is still out after its booking was <ended> is told of, once
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And the owner sets the rule of flat-1 to
        | report overdue keys after, minutes | 60 |
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-09 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      And the time is 2026-12-08 09:00
      When <what>
      And the time is 2026-12-09 14:00
      Then the owner is notified of Ada's booking, "Flat 1" and "slot 0"
      And the owner has received 1 message

      Examples:
        | ended       | what                                                                     |
        | checked out | Ada's booking is checked out                                             |
        | cancelled   | Ada's booking is cancelled                                               |
        | shortened   | Ada's booking is moved to 2026-12-07 15:00 until 2026-12-08 11:00        |

  @LIV-06 @on-service @on-vendor @needs-clock
  Rule: A returned key MUST be reported as a checkout, the unit free for cleaning
    Source: seed 003

    @on-service @needs-api
    Scenario: A key that comes back is told of, and its unit is free for cleaning
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And the owner sets the rule of flat-1 to
        | report returned keys | yes |
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      When the owner refreshes the list of keys
      Then "flat-1" is not free for cleaning
      When Ada's code returns "flat-1" at 2026-12-08 10:30
      And the owner refreshes the list of keys
      Then "flat-1" is free for cleaning after Ada's booking
      And the owner has received 1 message
      And the owner is notified of Ada's booking, "Flat 1" and "slot 0"

    @on-service
    Scenario: A key that comes back is told of within the hour, one that stays is not
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And the owner sets the rule of flat-1 to
        | report returned keys | yes |
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      When 1 hour passes
      Then the owner has received 0 messages
      When Ada's code returns "flat-1" at 2026-12-08 09:30
      And 1 hour passes
      Then the owner has received 1 message
      And the owner is notified of Ada's booking, "Flat 1" and "slot 0"

    @on-service
    Scenario: A key that goes out and comes back twice in a stay is told of twice
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And the owner sets the rule of flat-1 to
        | report returned keys | yes |
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-09 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-08 08:00
      And 1 hour passes
      And Ada's code returns "flat-1" at 2026-12-08 10:00
      And 1 hour passes
      And the owner has received 1 message
      When Ada's code takes "flat-1" at 2026-12-08 13:00
      And 1 hour passes
      And Ada's code returns "flat-1" at 2026-12-08 16:00
      And 1 hour passes
      Then the owner has received 2 messages
      And the owner is notified of Ada's booking, "Flat 1" and "slot 0"

    @on-service
    Scenario: A key that goes out and comes back between two looks is told of
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And the owner sets the rule of flat-1 to
        | report returned keys | yes |
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-09 11:00 is confirmed
      And the time is 2026-12-08 08:30
      When Ada's code takes "flat-1" at 2026-12-08 08:40
      And Ada's code returns "flat-1" at 2026-12-08 08:50
      And 2 hours pass
      Then the owner has received 1 message
      And the owner is notified of Ada's booking, "Flat 1" and "slot 0"

    @on-service @needs-api
    Scenario: A late key that comes back by the static code is the late guest's checkout
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      And Bo's booking of flat-1 from 2026-12-08 15:00 to 2026-12-09 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      And the owner refreshes the list of keys
      When the static code "*7001" returns "flat-1" at 2026-12-08 16:00
      And the owner refreshes the list of keys
      Then "flat-1" is free for cleaning after Ada's booking

    @on-service @needs-api
    Scenario: A key that nobody took is no checkout
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And the owner sets the rule of flat-1 to
        | report returned keys | yes |
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      When the time is 2026-12-08 13:00
      And the owner refreshes the list of keys
      Then "flat-1" is not free for cleaning
      And the owner has received 0 messages

    @on-vendor
    Scenario: Livion tells the manager that a key is back by its contract's code
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the organisation has set "manager_email manager@example.org"
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      Then the vendor has notified "manager@example.org" of 0 keys returned
      And the contract's code returns "flat-1" at 2026-12-08 10:30
      And the vendor has notified "manager@example.org" of 1 key returned
      And the mail names the contract, "Flat 1" and "slot 0"

    @on-vendor
    Scenario Outline: Livion shows a key as out, and as back <when>
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      Then the key of "flat-1" is out
      And <code> returns "flat-1" at <at>
      And the key of "flat-1" is in its slot

      Examples:
        | when                         | code                    | at               |
        | by its contract's code       | the contract's code     | 2026-12-08 10:30 |
        | late, by its static code     | the static code "*7001" | 2026-12-08 12:30 |

    @on-vendor
    Scenario: Livion tells the manager of a late key that is back by its static code
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the organisation has set "manager_email manager@example.org"
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      Then the static code "*7001" returns "flat-1" at 2026-12-08 12:30
      And the vendor has notified "manager@example.org" of 1 key returned

    @on-vendor
    Scenario Outline: Livion sends word of each key that is moved, back by <back> too
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the vendor's events are kept back on their way to the service
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      Then <code> returns "flat-1" at <at>
      And the vendor has sent 1 event of "key-fetched" and 1 of "key-returned"

      Examples:
        | back            | code                    | at               |
        | its own code    | the contract's code     | 2026-12-08 10:30 |
        | the static code | the static code "*7001" | 2026-12-08 10:31 |
        | a static code   | the static code "*7001" | 2026-12-08 12:30 |

    @on-service
    Scenario Outline: A key that comes back <when> its end is told of, by <code>
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And the owner sets the rule of flat-1 to
        | report returned keys               | yes  |
        | report overdue keys after, minutes | 1440 |
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      And the time is <before>
      And the owner has received 0 messages
      And <code> returns "flat-1" at <back>
      When 2 hours pass
      Then the owner has received 1 message
      And the owner is notified of Ada's booking, "Flat 1" and "slot 0"

      Examples:
        | when              | code                    | before           | back             |
        | long before       | Ada's code              | 2026-12-07 18:00 | 2026-12-07 18:10 |
        | just before       | Ada's code              | 2026-12-08 10:40 | 2026-12-08 10:50 |
        | an hour after     | the static code "*7001" | 2026-12-08 12:00 | 2026-12-08 12:10 |
        | seven hours after | the static code "*7001" | 2026-12-08 18:00 | 2026-12-08 18:10 |

  @LIV-07 @on-service @needs-api @needs-clock
  Rule: Each key's state, out or returned, MUST be visible at any time
    Source: seed 003

    Background:
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed

    Scenario: A key is in its slot, out with its booking, overdue, and in its slot again
      When the owner refreshes the list of keys
      Then the key of "flat-1" is in its slot
      When Ada's code takes "flat-1" at 2026-12-07 16:00
      And the owner refreshes the list of keys
      Then the key of "flat-1" is out with Ada's booking
      And the key of "flat-2" is in its slot
      When the time is 2026-12-08 11:00
      Then the key of "flat-1" is overdue with Ada's booking
      When the static code "*7001" returns "flat-1" at 2026-12-08 12:00
      And the owner refreshes the list of keys
      Then the key of "flat-1" is in its slot

    Scenario: What nobody tells and nobody asks for is known within the hour
      Given Ada's code takes "flat-1" at 2026-12-07 16:00
      When 1 hour passes
      Then the key of "flat-1" is out with Ada's booking
      When Ada's code returns "flat-1" at 2026-12-07 18:00
      And 1 hour passes
      Then the key of "flat-1" is in its slot

    Scenario: A guest who finds the slot empty has not got the key
      Given Bo's booking of flat-1 from 2026-12-08 11:00 to 2026-12-09 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      When Bo's code does not find "flat-1" at 2026-12-08 12:00
      And the owner refreshes the list of keys
      Then the key of "flat-1" is overdue with Ada's booking
      When the static code "*7001" returns "flat-1" at 2026-12-08 13:00
      And Bo's code takes "flat-1" at 2026-12-08 14:00
      And the owner refreshes the list of keys
      Then the key of "flat-1" is out with Bo's booking

    Scenario: Livion's events, twice and the latest first, leave the true state
      Given the vendor's events are kept back on their way to the service
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      And Ada's code returns "flat-1" at 2026-12-07 17:00
      And Ada's code takes "flat-1" at 2026-12-07 17:10
      When the vendor's events arrive at the service, twice and the latest first
      Then the key of "flat-1" is out with Ada's booking
      When Ada's code returns "flat-1" at 2026-12-07 17:20
      And the vendor's events arrive at the service, twice and the latest first
      Then the key of "flat-1" is in its slot

    Scenario Outline: What nobody tells of a late key is known within the hour, at <back> too
      Given Ada's code takes "flat-1" at 2026-12-07 16:00
      And the time is 2026-12-08 11:30
      And the time is <before>
      And the static code "*7001" returns "flat-1" at <back>
      When 2 hours pass
      Then the key of "flat-1" is in its slot

      Examples:
        | before           | back             |
        | 2026-12-08 12:00 | 2026-12-08 12:10 |
        | 2026-12-08 18:00 | 2026-12-08 18:10 |
        | 2026-12-10 09:00 | 2026-12-10 09:10 |

    Scenario: A key is out with who has it, though the stay was extended
      Given Ada's code takes "flat-1" at 2026-12-07 16:00
      And 2 hours pass
      When Ada's booking is moved to 2026-12-07 15:00 until 2026-12-09 11:00
      And the time is 2026-12-08 12:00
      Then the key of "flat-1" is out with Ada's booking

  @LIV-08 @on-service
  Rule: Each unit's message MUST carry its own slot's return code where these are in use
    Source: seed 003

    Background:
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki

    Scenario: Two guests are told two static codes, each its own slot's
      When Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      And Bo's booking of flat-2 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      Then Ada's message says "*7001"
      And Ada's message does not say "*7002"
      And Bo's message says "*7002"
      And Bo's message does not say "*7001"

    @needs-api
    Scenario: A guest of two units is told the static code of each
      Given the owner sets the rule of flat-1 to
        | locks | flat-1, flat-2 |
      When Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      Then Ada's message says "*7001" and "*7002"

    @needs-clock
    Scenario: The static code that a guest was told takes the late key back
      When Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      Then Ada's message says "*7001"
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      And Ada's code does not open flat-1 at 2026-12-08 12:00
      And the static code "*7001" returns "flat-1" at 2026-12-08 12:01

    @needs-api @needs-clock
    Scenario: A static code that a slot is given since is the one that is told
      Given Bo's booking of flat-2 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      When the vendor is asked to give "flat-1" the static code "7009"
      And the owner refreshes the list of locks
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      Then Ada's message says "*7009"
      And Ada's message does not say "*7001"
      And Bo's message says "*7002"
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      And the static code "*7009" returns "flat-1" at 2026-12-08 12:01

    @needs-api
    Scenario: A unit that is moved to is told with its own slot's static code
      Given Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      When Ada's booking is moved to flat-2
      Then Ada's message says "*7002"
      And Ada's message does not say "*7001"
      And Ada's code takes "flat-2" at 2026-12-07 16:00

    @needs-api
    Scenario Outline: The static code is told by <channel>, in the owner's copy too
      Given the owner sets the rule of flat-2 to
        | channel           | <channel> |
        | copy to the owner | yes       |
      When Bo's booking of flat-2 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      Then Bo's message says "*7002"
      And Bo's message does not say "*7001"
      And the owner's message says "*7002"

      Examples:
        | channel |
        | email   |
        | sms     |

  @LIV-09 @on-service @needs-clock
  Rule: A grace period SHOULD be preferred to static return codes where there is one
    Source: seed 003

    Background:
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki

    Scenario: With grace the message says how long the same code takes the key back
      Given the owner sets the rule of flat-1 to
        | return grace, minutes | 60 |
      And the organisation has set "return_grace_minutes 60"
      When Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      Then Ada's message says "12:00"
      And Ada's message does not say "*7001"
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      And Ada's code returns "flat-1" at 2026-12-08 11:59:59

    Scenario: Where one rule has grace and another none, each message says its own
      Given the owner sets the rule of flat-1 to
        | return grace, minutes | 60 |
      When Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      And Bo's booking of flat-2 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      Then Ada's message does not say "*"
      And Bo's message says "*7002"

    @needs-api
    Scenario Outline: A stay with grace that is <changed> is told its new last hour, by <channel>
      Given the owner sets the rule of flat-1 to
        | return grace, minutes | 60        |
        | channel               | <channel> |
      And the organisation has set "return_grace_minutes 60"
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      And 1 minute passes
      When Ada's booking is moved to 2026-12-07 15:00 until <end>
      And 1 minute passes
      Then Ada's message says "<told>"
      And Ada's message does not say "12:00"
      And Ada's message does not say "*7001"
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      And Ada's code returns "flat-1" at <last>

      Examples:
        | changed   | channel | end              | told  | last                |
        | extended  | email   | 2026-12-08 14:10 | 15:10 | 2026-12-08 15:09:59 |
        | extended  | sms     | 2026-12-08 14:10 | 15:10 | 2026-12-08 15:09:59 |
        | shortened | email   | 2026-12-08 09:10 | 10:10 | 2026-12-08 10:09:59 |
