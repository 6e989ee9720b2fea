Feature: Further ways in
  A rule may add to the link what the lock system offers: an invitation in its app, and
  the PIN at a PIN pad.

  @EXV-05 @on-service
  Rule: A rule MAY add an invitation in the lock system's app or a code for a PIN pad
    Source: seed 002; how they are made is inferred

    Background:
      Given court-1 has an Exivo door with a PIN pad in Europe/Zurich

    @needs-clock
    Scenario: The PIN of the message opens at the PIN pad too, for the booked time
      Given the owner sets the rule of court-1 to
        | options | pin_pad |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code without its link does not open court-1 at 2026-12-07 15:19
      And Ada's code without its link opens court-1 at 2026-12-07 15:30
      And Ada's code opens court-1 at 2026-12-07 15:40
      And Ada's code without its link does not open court-1 at 2026-12-07 17:20

    @needs-clock
    Scenario: A cancelled booking's PIN opens nothing at the PIN pad either
      Given the owner sets the rule of court-1 to
        | options | pin_pad |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada's code without its link opens court-1 at 2026-12-07 15:30
      When Ada's booking is cancelled
      Then Ada's code without its link does not open court-1 at 2026-12-07 15:40
      And Bo's code without its link opens court-1 at 2026-12-07 15:50

    @needs-clock @needs-api
    Scenario: A PIN pad never opens a door beside those that were booked
      Given court-2 has an Exivo door with a PIN pad in Europe/Zurich
      And the owner sets the rule of court-1 to
        | options | pin_pad |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's access is created
      And Ada's access shows
        | notice | "Without"  |
        | notice | "PIN pads" |
      And Ada's code opens court-1 at 2026-12-07 15:30
      And Ada's code without its link does not open court-2 at 2026-12-07 15:40

    @needs-clock
    Scenario: The customer's app opens the booked door for the booked time
      Given the app of the connection is "4711"
      And the owner sets the rule of court-1 to
        | options | app |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's app does not open court-1 at 2026-12-07 15:19
      And Ada's app opens court-1 at 2026-12-07 15:30
      When Ada's booking is cancelled
      Then Ada's app does not open court-1 at 2026-12-07 15:40

    @needs-clock @needs-api
    Scenario: A PIN pad that a rule has from now on, or no more, counts for what is booked
      Given Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When the owner sets the rule of court-1 to
        | options | pin_pad |
      And 1 minute passes
      Then Ada's code without its link opens court-1 at 2026-12-07 15:30
      And Ada's code opens court-1 at 2026-12-07 15:31
      When the owner sets the rule of court-1 to
        | options | none |
      And 1 minute passes
      Then Ada's code without its link does not open court-1 at 2026-12-07 15:40
      And Ada's code opens court-1 at 2026-12-07 15:41
      And Ada has exactly 1 code at court-1

    @needs-clock @needs-api
    Scenario: A booking that is moved has its further ways in at the new time alone
      Given the app of the connection is "4711"
      And the owner sets the rule of court-1 to
        | options | app, pin_pad |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When Ada's booking is moved to 2026-12-08 10:20 until 2026-12-08 11:20
      And 1 minute passes
      Then Ada's code without its link does not open court-1 at 2026-12-07 15:30
      And Ada's code without its link opens court-1 at 2026-12-08 10:30
      And Ada's code opens court-1 at 2026-12-08 10:31
      And Ada's code without its link does not open court-1 at 2026-12-08 11:20

    @needs-clock @needs-api
    Scenario: New credentials of the account leave it its app
      Given the app of the connection is "4711"
      And the owner sets the rule of court-1 to
        | options | app |
      When the owner replaces the credentials by the vendor's own credentials
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's app opens court-1 at 2026-12-07 15:30

    @needs-clock
    Scenario Outline: A PIN works at the PIN pad though the answer to its person is <fault>
      Given the owner sets the rule of court-1 to
        | options | pin_pad |
      And the next answer to "create person" is <fault>
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 hour passes
      Then Ada has exactly 1 code at court-1
      And Ada's code without its link opens court-1 at 2026-12-07 15:30
      And Ada's code opens court-1 at 2026-12-07 15:40
      And Ada's code without its link does not open court-1 at 2026-12-07 17:20

      Examples:
        | fault                       |
        | 503                         |
        | 429                         |
        | lost                        |
        | lost after the vendor acted |

    @needs-clock
    Scenario Outline: An app opens though the answer to its invitation is <fault>
      Given the app of the connection is "4711"
      And the owner sets the rule of court-1 to
        | options | app |
      And the next answer to "create invitation" is <fault>
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 hour passes
      Then Ada's app opens court-1 at 2026-12-07 15:30
      And Ada has exactly 1 code at court-1
      When Ada's booking is cancelled
      And 1 minute passes
      Then Ada's app does not open court-1 at 2026-12-07 15:40

      Examples:
        | fault                       |
        | 503                         |
        | lost after the vendor acted |

    @needs-clock @needs-api
    Scenario: Without an app of the account the access works by its link, and says so
      Given the owner sets the rule of court-1 to
        | options | app |
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's access is created
      And Ada's access shows
        | notice | "Without" |
        | notice | "app"     |
      And Ada's code opens court-1 at 2026-12-07 15:30

    @needs-api
    Scenario: A way in that the vendor does not offer is refused
      When the owner sets the rule of court-1 to
        | options | retina scan |
      Then the answer is a refusal
      And the answer says "pin_pad"
