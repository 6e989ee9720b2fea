Feature: Visits
  A booking yields a visit: a link and a PIN. With both, the customer opens the doors of
  the booked resource remotely, during the booked time.

  @EXV-01 @on-service
  Rule: A booking MUST give access to the locks of its resource, with the set lead and lag
    Source: seed 002; Exivo published by a booking platform

    Background:
      Given court-1 has an Exivo door in Europe/Zurich

    Scenario: Lead and lag are kept to the minute
      Given the owner sets the rule of court-1 to
        | margin before, minutes | 15 |
        | margin after, minutes  | 5  |
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code opens court-1 from 2026-12-07 15:05 until 2026-12-07 17:25

    Scenario: Without lead and lag the door opens for the booked time alone
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code opens court-1 from 2026-12-07 15:20 until 2026-12-07 17:20

    Scenario: One link and one PIN open every lock of the resource, and no other
      Given the account has a lock "Changing room"
      And the owner sets the rule of court-1 to
        | locks | court-1, Changing room |
      And court-2 has an Exivo door in Europe/Zurich
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code opens court-1 at 2026-12-07 15:30
      And Ada's code opens "Changing room" at 2026-12-07 15:40
      And Ada's code does not open court-2 at 2026-12-07 15:50

    @needs-api
    Scenario: Minutes before and after are refused where locks count in whole hours
      Given court-3 has an igloohome lock in Europe/Zurich
      When the owner sets the rule of court-3 to
        | margin before, minutes | 15 |
      Then the answer is a refusal
      And the answer says "whole hours"
      When the owner sets the rule of court-1 to
        | margin before, minutes | 15 |
      Then the answer is a success

    @needs-api
    Scenario: A gateway is listed, and refused for a rule with the reason
      Given the account has an Exivo gateway "Gateway"
      When the owner makes a rule that lets bookings of room open "Gateway"
      Then the answer is a refusal
      And the answer says "choose a door"

    @needs-api
    Scenario: A gateway is refused as well for a rule that is edited
      Given the account has an Exivo gateway "Gateway"
      And the owner refreshes the list of locks
      When the owner sets the rule of court-1 to
        | locks | court-1, Gateway |
      Then the answer is a refusal
      And the answer says "choose a door"
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code opens court-1 at 2026-12-07 15:30

  @EXV-03 @core @on-service @on-vendor
  Rule: A booking MUST yield a link and a PIN for the booked room and time
    Source: seed 002; Exivo documented

    @on-service
    Scenario: The customer gets a link and a PIN that open the booked room in the booked time
      Given court-1 has an Exivo door in Europe/Zurich
      And court-2 has an Exivo door in Europe/Zurich
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's message brings a link
      And Ada's code opens court-1 at 2026-12-07 15:30
      And Ada's code does not open court-2 at 2026-12-07 15:40
      And Ada's code does not open court-1 at 2026-12-07 17:20

    @on-service
    Scenario Outline: A visit from <from> to <to>, at a change of the clocks, is for that time
      Given court-1 has an Exivo door in Europe/Zurich
      When Ada's booking of court-1 from <from> to <to> is confirmed
      And 1 minute passes
      Then Ada's code opens court-1 for the booked time alone

      Examples:
        | from             | to               |
        | 2027-03-28 01:30 | 2027-03-28 03:30 |
        | 2027-10-31 01:30 | 2027-10-31 03:30 |

    @on-service
    Scenario: The PIN without its link, and the link of another booking, open nothing
      Given court-1 has an Exivo door with a PIN pad in Europe/Zurich
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code without its link does not open court-1 at 2026-12-07 15:30
      And Ada's code with the link of Bo does not open court-1 at 2026-12-07 15:31
      And Ada's code opens court-1 at 2026-12-07 15:32

    @on-vendor
    Scenario: A visit opens the doors that it names, and keeps the zeros of its PIN
      Given the account has an Exivo door "Studio" in Europe/Zurich
      And the account has an Exivo door "Attic" in Europe/Zurich
      When the vendor is asked for a visit of "Studio" with "004270" from 2026-12-07 15:20 to 2026-12-07 17:20
      Then the vendor's answer is 200
      And the link with "004270" opens "Studio" at 2026-12-07 15:20:00
      And the link with "4270" does not open "Studio" at 2026-12-07 15:30:00
      And the link with "004270" does not open "Attic" at 2026-12-07 15:40:00

    @on-vendor
    Scenario: A visit of two doors opens both of them, and no third
      Given the account has an Exivo door "Studio" in Europe/Zurich
      And the account has an Exivo door "Attic" in Europe/Zurich
      And the account has an Exivo door "Cellar" in Europe/Zurich
      When the vendor is asked for a visit of "Attic" and "Studio" with "004270" from 2026-12-07 15:20 to 2026-12-07 17:20
      Then the link with "004270" opens "Attic" at 2026-12-07 15:20:00
      And the link with "004270" opens "Studio" at 2026-12-07 15:30:00
      And the link with "004270" does not open "Cellar" at 2026-12-07 15:40:00

    @on-vendor
    Scenario: The page of a visit opens the door that it names, and no other
      Given the account has an Exivo door "Studio" in Europe/Zurich
      And the account has an Exivo door "Attic" in Europe/Zurich
      And the vendor is asked for a visit of "Studio" with "004270" from 2026-11-16 08:00 to 2026-12-21 08:00
      And a visitor has typed the PIN "004270" on the page
      Then the page opens "Studio"
      And the page does not open "Attic"

    @on-vendor
    Scenario: A door that is offline is not opened, though the vendor says that it was told
      Given the account has an Exivo door "Studio" in Europe/Zurich
      And the vendor is asked for a visit of "Studio" with "004270" from 2026-12-07 15:20 to 2026-12-07 17:20
      And "Studio" is offline
      Then the link with "004270" does not open "Studio" at 2026-12-07 15:30:00
      When the vendor is asked to open "Studio"
      Then the vendor's answer is 204
      When 1 minute passes
      Then the log of "Studio" ends with "componentNotReady"
      When "Studio" is back online
      Then the link with "004270" opens "Studio" at 2026-12-07 15:32:00
