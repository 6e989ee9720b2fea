Feature: Expired codes on the lock
  A keypad stores at most a hundred codes and deletes none by itself. Expired codes would
  take the place of new ones.

  @NUK-13 @on-service @needs-clock
  Rule: A code whose time is over MUST be deleted from the lock, and no other code
    Source: Nuki documented (a hundred codes; those that are over stay)

    Scenario: The day after, yesterday's code is gone and tomorrow's is there
      Given court-1 has a lock in Europe/Berlin
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-09 15:20 to 2026-12-09 17:20 is confirmed
      And 1 minute passes
      And Ada's code opens court-1 at 2026-12-07 17:19
      When the time is 2026-12-08 12:00
      Then 1 code is stored at court-1
      And Bo's code opens court-1 at 2026-12-09 15:30

    Scenario: Until its time is over a code stays, used or not
      Given court-1 has a lock in Europe/Berlin
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When the time is 2026-12-07 17:15
      Then 1 code is stored at court-1
      And Ada's code opens court-1 at 2026-12-07 17:19

    Scenario: What ends while the lock is away is deleted once it is back
      Given court-1 has a lock in Europe/Berlin
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And the lock of court-1 is offline
      And the time is 2026-12-08 12:00
      When the lock of court-1 is back online
      And 12 hours pass
      Then 0 codes are stored at court-1

    Scenario: A returning customer's key stays between two bookings
      Given court-1 has a lock in Europe/Berlin
      And the owner sets the rule of court-1 to
        | recurring key  | day |
        | grace, minutes | 0   |
      And Ada's booking of court-1 from 2026-12-07 11:00 to 2026-12-07 12:00 is confirmed
      And the time is 2026-12-07 11:00
      And Ada's code opens court-1 at 2026-12-07 11:30
      When the time is 2026-12-10 12:00
      Then 1 code is stored at court-1
      When Ada's booking of court-1 from 2026-12-14 11:00 to 2026-12-14 12:00 is confirmed
      And the time is 2026-12-14 00:00
      Then 1 code is stored at court-1

    @needs-api
    Scenario: A code made by hand leaves the lock once its time is over
      Given court-1 has a lock in Europe/Berlin
      When the owner makes a code of kind "timed" for court-1 from 2026-12-07 15:00 to 2026-12-07 18:00
      And the time is 2026-12-07 17:50
      Then 1 code is stored at court-1
      And the code made by hand opens court-1 at 2026-12-07 17:55
      When the time is 2026-12-08 18:00
      Then 0 codes are stored at court-1

    Scenario Outline: A code whose end was moved from 17:20 to <end> leaves the lock after that
      Given court-1 has a lock in Europe/Berlin
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And Ada's code opens court-1 at 2026-12-07 15:30
      When Ada's booking is moved to 2026-12-07 15:20 until <end>
      And 1 minute passes
      Then Ada's code opens court-1 at <last>
      When the time is <after>
      Then 0 codes are stored at court-1

      Examples:
        | end              | last             | after            |
        | 2026-12-09 17:20 | 2026-12-09 17:10 | 2026-12-10 17:20 |
        | 2026-12-07 16:20 | 2026-12-07 16:10 | 2026-12-08 16:20 |
