Feature: The page behind the link
  A visitor opens the link, types the PIN, presses LOGIN and sees the doors. The cloud
  checks the visit again each time a door is opened.

  @EXV-04 @on-vendor
  Rule: The link MUST show and open its doors only with its PIN and within its time
    Source: seed 002; how the page counts wrong PINs is invented

    Background:
      Given the account has an Exivo door "Studio" in Europe/Zurich
      And the account has an Exivo door "Attic" in Europe/Zurich
      And the vendor is asked for a visit of "Studio" with "004270" from 2026-12-07 15:20 to 2026-12-07 17:20

    Scenario: The right PIN opens the door within the time, and not a second outside
      Then the link with "004270" does not open "Studio" at 2026-12-07 15:19:59
      And the link with "004270" opens "Studio" at 2026-12-07 15:20:00
      And the link with "004270" opens "Studio" at 2026-12-07 17:19:59
      And the link with "004270" does not open "Studio" at 2026-12-07 17:20:00

    Scenario: A wrong PIN opens nothing, and the right one does afterwards
      Then the link with "004271" does not open "Studio" at 2026-12-07 15:30:00
      And the link with "004270" opens "Studio" at 2026-12-07 15:32:00

    Scenario: The page shows exactly the doors of the visit, once the PIN is typed
      Given the vendor is asked for a visit of "Studio" with "004270" from 2026-11-16 08:00 to 2026-12-21 08:00
      Then the page shows nothing without the PIN
      And the page shows "Studio" alone, by the PIN "004270"

    Scenario: Somebody who typed the PIN is let in no longer than the visit lasts
      Given the time is 2026-12-07 17:10
      And a visitor has typed the PIN "004270" on the page
      Then the page opens "Studio"
      When the time is 2026-12-07 17:20
      Then the page says "expired" and opens nothing

  @EXV-06 @on-vendor
  Rule: An access that was revoked or is over MUST NOT open anything though its link exists
    Source: seed 002; Exivo documented

    Background:
      Given the account has an Exivo door "Studio" in Europe/Zurich

    Scenario: A visitor on the page of a good visit opens nothing once it is revoked
      Given the vendor is asked for a visit of "Studio" with "004270" from 2026-11-16 08:00 to 2026-12-21 08:00
      And a visitor has typed the PIN "004270" on the page
      And the page opens "Studio"
      When the vendor is asked to revoke the code
      Then the page does not open "Studio"

    Scenario: A revoked visit opens nothing, and its page says why
      Given the vendor is asked for a visit of "Studio" with "004270" from 2026-12-07 15:20 to 2026-12-07 17:20
      And the link with "004270" opens "Studio" at 2026-12-07 15:30:00
      When the vendor is asked to revoke the code
      Then the link with "004270" does not open "Studio" at 2026-12-07 15:40:00
      And the page says "revoked" and opens nothing

    Scenario: Somebody who is on the page already opens nothing once it is revoked
      Given the vendor is asked for a visit of "Studio" with "004270" from 2026-12-07 15:20 to 2026-12-07 17:20
      And the link with "004270" opens "Studio" at 2026-12-07 15:30:00
      And the time is 2026-12-07 15:40
      And a visitor has typed the PIN "004270" on the page
      When the vendor is asked to revoke the code
      Then the page says "revoked" and opens nothing

    Scenario: Somebody who is on the page already opens nothing once it is over
      Given the vendor is asked for a visit of "Studio" with "004270" from 2026-12-07 15:20 to 2026-12-07 17:20
      And the time is 2026-12-07 17:19:59
      And a visitor has typed the PIN "004270" on the page
      And the page opens "Studio"
      When the time is 2026-12-07 17:20:00
      Then the page does not open "Studio"
      And the page says "expired" and opens nothing

    Scenario: A visit that is over opens nothing, and its page says so
      Given the vendor is asked for a visit of "Studio" with "004270" from 2026-12-07 15:20 to 2026-12-07 17:20
      And the link with "004270" opens "Studio" at 2026-12-07 15:30:00
      Then the link with "004270" does not open "Studio" at 2026-12-07 17:20:00
      And the page says "expired" and opens nothing

    Scenario: A visit revoked in time does not come back within it
      Given the vendor is asked for a visit of "Studio" with "004270" from 2026-12-07 15:20 to 2026-12-07 17:20
      And the link with "004270" opens "Studio" at 2026-12-07 15:30:00
      When the vendor is asked to revoke the code
      And the vendor is asked to revoke the code
      Then the link with "004270" does not open "Studio" at 2026-12-07 17:00:00
