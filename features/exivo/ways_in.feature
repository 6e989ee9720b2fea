Feature: Further ways in
  Beside the link a rule may add ways in that the lock system offers: an invitation in its
  app, and the PIN at a PIN pad.

  @EXV-05 @on-service @needs-api
  Rule: A rule MAY add an invitation in the lock system's app or a code for a PIN pad
    Source: seed 002; how they are made is inferred

    Background:
      Given court-1 has an Exivo door with a PIN pad in Europe/Zurich

    @needs-clock
    Scenario: The PIN of the message opens at the PIN pad too, for the booked time
      Given the rule of court-1 adds "pin_pad"
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code without its link does not open court-1 at 2026-12-07 15:19
      And Ada's code without its link opens court-1 at 2026-12-07 15:30
      And Ada's code opens court-1 at 2026-12-07 15:40
      And Ada's code without its link does not open court-1 at 2026-12-07 17:20

    @needs-clock
    Scenario: A cancelled booking's PIN opens nothing at the PIN pad either
      Given the rule of court-1 adds "pin_pad"
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada's code without its link opens court-1 at 2026-12-07 15:30
      When Ada's booking is cancelled
      Then Ada's code without its link does not open court-1 at 2026-12-07 15:40
      And Bo's code without its link opens court-1 at 2026-12-07 15:50

    @needs-clock
    Scenario: A PIN pad never opens a door beside those that were booked
      Given court-2 has an Exivo door with a PIN pad in Europe/Zurich
      And the rule of court-1 adds "pin_pad"
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's access says that it goes without "PIN pads"
      And Ada's code opens court-1 at 2026-12-07 15:30
      And Ada's code without its link does not open court-2 at 2026-12-07 15:40

    @needs-clock
    Scenario: The customer's app opens the booked door for the booked time
      Given the account's app is "4711"
      And the rule of court-1 adds "app"
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's app does not open court-1 at 2026-12-07 15:19
      And Ada's app opens court-1 at 2026-12-07 15:30
      When Ada's booking is cancelled
      Then Ada's app does not open court-1 at 2026-12-07 15:40

    @needs-clock
    Scenario: Without an app of the account the access works by its link, and says so
      Given the rule of court-1 adds "app"
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's access says that it goes without "app"
      And Ada's code opens court-1 at 2026-12-07 15:30

    Scenario: A way in that the vendor does not offer is refused
      When the owner tries to add "retina scan" to the rule of court-1
      Then the answer is 422
      And the answer tells "pin_pad"
