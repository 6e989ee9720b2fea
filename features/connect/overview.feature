Feature: Overview
  The owner sees every access that was made, with its status and its period.

  @CON-08 @on-service @needs-api
  Rule: The overview MUST list every code made, those of the past too for a set time
    Source: seed 000; seed 001

    Background:
      Given court-1 has a lock in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada has received 1 message

    Scenario: A code stands in the overview with lock, booking, validity and status
      When the owner opens the overview
      Then it lists Ada's code with its lock, booking, validity and status

    Scenario: More codes than fit on one page are all listed
      Given 12 bookings of court-1, an hour each, are confirmed
      When the owner opens the overview
      Then it lists 13 codes

    @needs-clock
    Scenario: A code of the past is kept for the set time, and then cleared
      Given the time is 2026-12-08 09:00
      When the owner opens the overview
      Then it lists Ada's code with its lock, booking, validity and status
      When the time to keep codes is over
      And the owner opens the overview
      Then it lists 0 codes

    @needs-clock
    Scenario: A code of the past is not cleared before the set time is over
      Given the time is 2026-12-08 09:00
      When the time to keep codes is nearly over
      And the owner opens the overview
      Then it lists Ada's code with its lock, booking, validity and status

    @needs-clock
    Scenario: What still opens is listed, however long ago it was cancelled
      Given court-2 has an igloohome lock in Europe/Stockholm
      And Bo's booking of court-2 from 2026-12-07 15:20 to 2027-03-07 17:20 is confirmed
      And Bo's code opens court-2 at 2026-12-07 15:30
      When Bo's booking is cancelled
      And the time to keep codes is over
      And the owner opens the overview
      Then it lists Bo's code with its lock, booking, validity and status
      And Bo's code opens court-2 at 2027-02-01 12:00

    @needs-clock
    Scenario: What still opens is listed, however long ago it was made by hand
      Given court-2 has an igloohome lock in Europe/Stockholm
      When the owner makes a code of kind "permanent" for court-2 from 2026-12-07 15:00 to -
      Then the code made by hand opens court-2 at 2026-12-07 15:30
      When the time to keep codes is over
      And the owner opens the overview
      Then it lists 1 codes
      And the code made by hand opens court-2 at 2027-02-01 12:00

    Scenario Outline: A code of <lock> that opens two doors is listed at each of them
      Given court-2 has <lock> in Europe/Stockholm
      And court-3 has <lock> in Europe/Stockholm
      And court-4 has <lock> in Europe/Stockholm
      And the owner sets the rule of court-2 to
        | locks | court-2, court-3 |
      When Bo's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And the owner opens <page> of court-2
      Then it lists 1 codes
      When the owner opens <page> of court-3
      Then it lists 1 codes
      When the owner opens <page> of court-4
      Then it lists 0 codes

      Examples:
        | lock              | page                     |
        | an igloohome lock | the overview of the lock |
        | a Nuki lock       | the overview of the lock |
        | a LivionKey lock  | the overview of the lock |
        | an Exivo door     | the overview of the lock |
        | a Nuki lock       | the page of the lock     |
        | an Exivo door     | the page of the lock     |

    Scenario: A cancelled booking's code stays in the overview
      When Ada's booking is cancelled
      And the owner opens the overview
      Then it lists Ada's code with its lock, booking, validity and status

    @needs-clock
    Scenario Outline: A code of <lock> that was <ended> is kept for the set time, and then cleared
      Given court-2 has <lock> in Europe/Stockholm
      And Bo's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When Bo's booking is <ended>
      And the time to keep codes is nearly over
      And the owner opens the overview of the lock of court-2
      Then it lists 1 codes
      When the time to keep codes is over
      And the owner opens the overview of the lock of court-2
      Then it lists 0 codes

      Examples:
        | lock              | ended       |
        | an igloohome lock | cancelled   |
        | a Nuki lock       | cancelled   |
        | a LivionKey lock  | cancelled   |
        | an Exivo door     | cancelled   |
        | a LivionKey lock  | checked out |

    @needs-clock
    Scenario Outline: A code of <lock> that the owner <act> is kept for the set time
      Given court-2 has <lock> in Europe/Stockholm
      And Bo's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When the owner deletes <what>
      And the time to keep codes is nearly over
      And the owner opens the overview of the lock of court-2
      Then it lists 1 codes

      Examples:
        | lock             | act                | what                |
        | a Nuki lock      | has taken away     | Bo's access         |
        | a LivionKey lock | has taken away     | Bo's access         |
        | an Exivo door    | has taken away     | Bo's access         |
        | a Nuki lock      | has no rule for    | the rule of court-2 |
        | an Exivo door    | has no rule for    | the rule of court-2 |

    @needs-clock
    Scenario Outline: A code of <lock> made by hand is kept for the set time, and then cleared
      Given court-2 has <lock> in Europe/Stockholm
      When the owner makes a code of kind "<kind>" for court-2 from 2026-12-07 15:00 to 2026-12-07 18:00
      And the time is 2026-12-07 18:01
      And the time to keep codes is nearly over
      And the owner opens the overview of the lock of court-2
      Then it lists 1 codes
      When the time to keep codes is over
      And the owner opens the overview of the lock of court-2
      Then it lists 0 codes

      Examples:
        | lock              | kind     |
        | an igloohome lock | hourly   |
        | a Nuki lock       | timed    |
        | a LivionKey lock  | contract |
        | an Exivo door     | visit    |

  @CON-09 @on-service @needs-api
  Rule: An access MUST show its status, period, door, creation time, PIN, link and place
    Source: seed 002

    Background:
      Given court-1 has a lock in Europe/Stockholm

    Scenario: A created access shows all there is to know
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's access is created
      And Ada's access shows
        | period        | the whole booking   |
        | door          | what was booked     |
        | creation time | now                 |
        | PIN           | that of the message |
        | link          | that of the message |
        | place         | leads to the code   |
      And the PIN shown opens court-1 at 2026-12-07 15:30

    @needs-clock
    Scenario: An access is in progress until the vendor has made the code
      Given every vendor call answers 503
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's access is in progress
      And Ada's access shows
        | reason   | given         |
        | next try | in the future |
      When the vendor has recovered
      And 6 hours pass
      Then Ada's access is created

    Scenario: An access that the vendor refuses is failed, with the reason
      Given the answer to "create code" is 400
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's access is failed
      And Ada's access shows
        | reason | given |
      And Ada has no code

    Scenario: A booking shows its active and its inactive accesses
      Given court-2 has an igloohome lock in Europe/Stockholm
      And Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When Ada's booking is moved to 2026-12-08 10:00 until 2026-12-08 11:00
      Then Ada has 1 active access
      And Ada has 1 inactive access

    Scenario: A booking moved to another lock shows the accesses to both
      Given court-2 has a lock in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada has received 1 message
      When Ada's booking is moved to court-2
      Then Ada has 1 active access
      And Ada has 1 inactive access

    @needs-clock
    Scenario Outline: The access to <lock> is created, shows all, and ends removed
      Given court-2 has <lock> in Europe/Stockholm
      When Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's access is created
      And Ada's access shows
        | period        | the whole booking   |
        | door          | what was booked     |
        | creation time | now                 |
        | PIN           | that of the message |
        | link          | that of the message |
        | place         | leads to the code   |
      When Ada's booking is cancelled
      Then Ada's access is removed
      And Ada has 1 inactive access

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    @needs-clock
    Scenario Outline: An access to <lock> that the owner removes opens nothing any more
      Given court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-2 from 2026-12-08 15:20 to 2026-12-08 17:20 is confirmed
      And 1 minute passes
      And Ada's code opens court-2 at 2026-12-07 15:30
      When the owner deletes Ada's access
      And 1 minute passes
      Then Ada's access is removed
      And Ada's code does not open court-2 at 2026-12-07 15:40
      And Bo's code opens court-2 at 2026-12-08 15:30

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    @needs-clock
    Scenario Outline: An access to <lock> is not removed before the vendor has taken it away
      Given court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And Ada's code opens court-2 at 2026-12-07 15:30
      And the answer to "delete code" is 503
      When the owner deletes Ada's access
      And 1 minute passes
      Then Ada's access is not removed
      When the vendor has recovered
      And 30 minutes pass
      Then Ada's access is removed
      And Ada's code does not open court-2 at 2026-12-07 17:10

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |
