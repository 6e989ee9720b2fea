Feature: The igloohome lock and its algoPINs
  The lock is never in contact with the server. The digits of a PIN encode its window; the
  lock checks them with its own secret, clock and memory.

  @IGL-01 @on-vendor
  Rule: The lock MUST decide alone, offline, by the digits, its secret, clock and memory
    Source: seed 000; igloohome documented

    Background:
      Given the account has an igloohome lock "Gate" in Europe/Stockholm
      And the vendor is asked for an hourly PIN for "Gate" from 2026-12-07T15:00:00+01:00 to 2026-12-07T18:00:00+01:00

    Scenario: The lock opens though it is offline and the server is gone
      Given "Gate" is offline
      When the answer to every call is lost
      Then the PIN opens "Gate" from 2026-12-07 15:00 until 2026-12-07 18:00

    Scenario: A PIN of one lock does not open another
      Given the account has an igloohome lock "Shed" in Europe/Stockholm
      Then the PIN does not open "Shed" at 2026-12-07 15:30
      And the PIN opens "Gate" at 2026-12-07 15:31

    Scenario: Digits that nobody minted do not open
      Then the PIN with a wrong last digit does not open "Gate" at 2026-12-07 15:30
      And the PIN opens "Gate" at 2026-12-07 15:31

    Scenario Outline: A lock whose clock is <drift> s off judges by its own clock
      Given "Gate" has a clock that is <drift> seconds off
      Then the PIN opens "Gate" from <opens> until <shuts>

      Examples:
        | drift | opens               | shuts               |
        | 3600  | 2026-12-07 14:00:00 | 2026-12-07 17:00:00 |
        | 90    | 2026-12-07 14:58:30 | 2026-12-07 17:58:30 |
        | -90   | 2026-12-07 15:01:30 | 2026-12-07 18:01:30 |

    Scenario: Digits typed before the PIN hide it from onlookers
      Then the PIN after decoy digits opens "Gate" at 2026-12-07 15:30

    Scenario: Five wrong tries lock the keypad for five minutes
      Given the PIN opens "Gate" at 2026-12-07 15:00
      When 5 wrong PINs are typed at "Gate" at 2026-12-07 15:30
      Then the PIN does not open "Gate" at 2026-12-07 15:34
      And the PIN opens "Gate" at 2026-12-07 15:36

  @IGL-04 @on-vendor
  Rule: A PIN MUST open any number of times inside its validity and never outside
    Source: seed 000

    Scenario Outline: Ten times inside, not a second outside, in <zone>
      Given the account has an igloohome lock "Gate" in <zone>
      When the vendor is asked for an hourly PIN for "Gate" from <from> to <to>
      Then the PIN does not open "Gate" at <early>
      And the PIN opens "Gate" 10 times at <first>
      And the PIN opens "Gate" 10 times at <last>
      And the PIN does not open "Gate" at <over>

      Examples:
        | zone             | from                      | to                        | early                     | first                  | last                      | over                   |
        | Europe/Stockholm | 2026-12-07T15:00:00+01:00 | 2026-12-07T18:00:00+01:00 | 2026-12-07 14:59:59       | 2026-12-07 15:00       | 2026-12-07 17:59:59       | 2026-12-07 18:00       |
        | Asia/Kolkata     | 2026-12-07T15:00:00+05:30 | 2026-12-07T18:00:00+05:30 | 2026-12-07 14:59:59       | 2026-12-07 15:00       | 2026-12-07 17:59:59       | 2026-12-07 18:00       |
        | Europe/Stockholm | 2027-03-28T01:00:00+01:00 | 2027-03-28T04:00:00+02:00 | 2027-03-28 00:59:59       | 2027-03-28 01:00       | 2027-03-28 03:59:59       | 2027-03-28 04:00       |
        | Europe/Stockholm | 2027-10-31T02:00:00+02:00 | 2027-10-31T03:00:00+01:00 | 2027-10-31 01:59:59+02:00 | 2027-10-31 02:00+02:00 | 2027-10-31 02:59:59+01:00 | 2027-10-31 03:00+01:00 |

    Scenario: An hourly PIN of 28 days, the longest there is, opens to its end
      Given the account has an igloohome lock "Gate" in Europe/Stockholm
      When the vendor is asked for an hourly PIN for "Gate" from 2026-12-07T15:00:00+01:00 to 2027-01-04T15:00:00+01:00
      Then the PIN opens "Gate" from 2026-12-07 15:00 until 2027-01-04 15:00

  @IGL-05 @on-vendor
  Rule: A PIN not used within 24 hours of its start MUST NOT open from then on
    Source: seed 000; igloohome documented

    Scenario Outline: Unused for 24 hours <a> <kind> PIN is dead, in <zone> from <from>
      Given the account has an igloohome lock "Gate" in <zone>
      When the vendor is asked for <a> <kind> PIN for "Gate" from <from> to <to>
      Then the PIN does not open "Gate" at <dead>
      And the PIN does not open "Gate" at <later>

      Examples:
        | a  | kind   | zone             | from                      | to                        | dead                | later            |
        | an | hourly | Europe/Stockholm | 2026-12-07T15:00:00+01:00 | 2026-12-10T18:00:00+01:00 | 2026-12-08 15:00:00 | 2026-12-10 12:00 |
        | an | hourly | Asia/Kolkata     | 2026-12-07T15:00:00+05:30 | 2026-12-10T18:00:00+05:30 | 2026-12-08 15:00:00 | 2026-12-10 12:00 |
        | an | hourly | Europe/Stockholm | 2027-03-27T15:00:00+01:00 | 2027-03-30T18:00:00+02:00 | 2027-03-28 16:00:00 | 2027-03-30 12:00 |
        | an | hourly | Europe/Stockholm | 2027-10-30T15:00:00+02:00 | 2027-11-02T18:00:00+01:00 | 2027-10-31 14:00:00 | 2027-11-02 12:00 |
        | a  | daily  | Europe/Stockholm | 2026-12-07T15:00:00+01:00 | 2027-01-06T15:00:00+01:00 | 2026-12-08 15:00:00 | 2027-01-06 12:00 |
        | a  | daily  | America/New_York | 2026-12-07T15:00:00-05:00 | 2027-01-06T15:00:00-05:00 | 2026-12-08 15:00:00 | 2027-01-06 12:00 |

    Scenario Outline: Used in its last second, <a> <kind> PIN lives to its end, in <zone> from <from>
      Given the account has an igloohome lock "Gate" in <zone>
      When the vendor is asked for <a> <kind> PIN for "Gate" from <from> to <to>
      Then the PIN opens "Gate" at <last>
      And the PIN opens "Gate" at <later>
      And the PIN does not open "Gate" at <over>

      Examples:
        | a  | kind   | zone             | from                      | to                        | last                | later               | over                |
        | an | hourly | Europe/Stockholm | 2026-12-07T15:00:00+01:00 | 2026-12-10T18:00:00+01:00 | 2026-12-08 14:59:59 | 2026-12-10 17:59:59 | 2026-12-10 18:00:00 |
        | an | hourly | Asia/Kolkata     | 2026-12-07T15:00:00+05:30 | 2026-12-10T18:00:00+05:30 | 2026-12-08 14:59:59 | 2026-12-10 17:59:59 | 2026-12-10 18:00:00 |
        | an | hourly | Europe/Stockholm | 2027-03-27T15:00:00+01:00 | 2027-03-30T18:00:00+02:00 | 2027-03-28 15:59:59 | 2027-03-30 17:59:59 | 2027-03-30 18:00:00 |
        | an | hourly | Europe/Stockholm | 2027-10-30T15:00:00+02:00 | 2027-11-02T18:00:00+01:00 | 2027-10-31 13:59:59 | 2027-11-02 17:59:59 | 2027-11-02 18:00:00 |
        | a  | daily  | Europe/Stockholm | 2026-12-07T15:00:00+01:00 | 2027-01-06T15:00:00+01:00 | 2026-12-08 14:59:59 | 2027-01-06 14:59:59 | 2027-01-06 15:00:00 |

    Scenario: A PIN that was only tried before its start is dead after 24 hours
      Given the account has an igloohome lock "Gate" in Europe/Stockholm
      When the vendor is asked for an hourly PIN for "Gate" from 2026-12-07T15:00:00+01:00 to 2026-12-10T15:00:00+01:00
      Then the PIN does not open "Gate" at 2026-12-07 14:59
      And the PIN does not open "Gate" at 2026-12-08 15:00:00

    Scenario: A PIN that was tried before its start opens for all of its time once it is used
      Given the account has an igloohome lock "Gate" in Europe/Stockholm
      When the vendor is asked for an hourly PIN for "Gate" from 2026-12-07T15:00:00+01:00 to 2026-12-10T15:00:00+01:00
      Then the PIN does not open "Gate" at 2026-12-07 14:59
      And the PIN opens "Gate" at 2026-12-08 14:59:59
      And the PIN opens "Gate" at 2026-12-10 14:59:59

    Scenario: A PIN of 24 hours or less opens in its last second though it was never used
      Given the account has an igloohome lock "Gate" in Europe/Stockholm
      When the vendor is asked for an hourly PIN for "Gate" from 2026-12-07T15:00:00+01:00 to 2026-12-08T15:00:00+01:00
      Then the PIN opens "Gate" at 2026-12-08 14:59:59

    Scenario Outline: A <kind> PIN, which names no end, is dead unused after 24 hours as well
      Given the account has an igloohome lock "Gate" in Europe/Stockholm
      When the vendor is asked for a <kind> PIN for "Gate" from 2026-12-07T15:00:00+01:00
      Then the PIN does not open "Gate" at 2026-12-08 15:00:00
      And the PIN does not open "Gate" at 2027-06-07 12:00

      Examples:
        | kind      |
        | permanent |
        | one-time  |

  @IGL-10 @on-vendor
  Rule: Each kind of PIN MUST follow its own limits
    Source: seed 001; igloohome published

    Background:
      Given the account has an igloohome lock "Gate" in Europe/Stockholm

    Scenario: A one-time PIN dies at its first use
      When the vendor is asked for a one-time PIN for "Gate" from 2026-12-07T15:00:00+01:00
      Then the PIN opens "Gate" at 2026-12-07 16:00
      And the PIN does not open "Gate" at 2026-12-07 16:01

    Scenario: A one-time PIN that was tried before its start opens once
      When the vendor is asked for a one-time PIN for "Gate" from 2026-12-07T15:00:00+01:00
      Then the PIN does not open "Gate" at 2026-12-07 14:59
      And the PIN opens "Gate" at 2026-12-07 16:00
      And the PIN does not open "Gate" at 2026-12-07 16:01

    Scenario Outline: An unused one-time PIN is <door> at <at>
      When the vendor is asked for a one-time PIN for "Gate" from 2026-12-07T15:00:00+01:00
      Then the door of "Gate" answers the PIN
        | at   | door   |
        | <at> | <door> |

      Examples:
        | door | at                  |
        | shut | 2026-12-07 14:59:59 |
        | open | 2026-12-08 14:59:59 |
        | shut | 2026-12-08 15:00:00 |

    Scenario: A permanent PIN has no end once it was used
      When the vendor is asked for a permanent PIN for "Gate" from 2026-12-07T15:00:00+01:00
      Then the PIN opens "Gate" at 2026-12-07 15:30
      And the PIN opens "Gate" at 2029-12-07 15:30

    Scenario: A permanent PIN that was not used within 24 hours is dead
      When the vendor is asked for a permanent PIN for "Gate" from 2026-12-07T15:00:00+01:00
      Then the PIN does not open "Gate" at 2026-12-08 15:00

    Scenario: A daily PIN lives for whole days
      When the vendor is asked for a daily PIN for "Gate" from 2026-12-07T15:00:00+01:00 to 2027-01-06T15:00:00+01:00
      Then the PIN opens "Gate" from 2026-12-07 15:00 until 2027-01-06 15:00

  @IGL-11 @on-vendor
  Rule: A device without keypad and algoPIN MUST refuse
    Source: seed 000; igloohome published

    Scenario Outline: A <kind> mints no PIN
      Given the account has an igloohome <kind> "Box" in Europe/Stockholm
      And the account has an igloohome lock "Gate" in Europe/Stockholm
      When the vendor is asked for an hourly PIN for "Box" from 2026-12-07T15:00:00+01:00 to 2026-12-07T18:00:00+01:00
      Then the vendor's answer is a refusal
      When the vendor is asked for an hourly PIN for "Gate" from 2026-12-07T15:00:00+01:00 to 2026-12-07T18:00:00+01:00
      Then the PIN opens "Gate" at 2026-12-07 15:30

      Examples:
        | kind                  |
        | bridge                |
        | lock without a keypad |

    Scenario: A device that the account does not have mints no PIN
      Given the account has an igloohome lock "Gate" in Europe/Stockholm
      When the vendor is asked for an hourly PIN for an unknown device
      Then the vendor's answer is 404
      And the vendor's answer says why
      When the vendor is asked for an hourly PIN for "Gate" from 2026-12-07T15:00:00+01:00 to 2026-12-07T18:00:00+01:00
      Then the PIN opens "Gate" at 2026-12-07 15:30

    Scenario: Where the keypad was taken off, no digits can be typed
      Given the account has an igloohome lock "Gate" in Europe/Stockholm
      And the vendor is asked for an hourly PIN for "Gate" from 2026-12-07T15:00:00+01:00 to 2026-12-07T18:00:00+01:00
      And the PIN opens "Gate" at 2026-12-07 15:30
      When "Gate" loses its keypad
      Then the PIN does not open "Gate" at 2026-12-07 15:31
