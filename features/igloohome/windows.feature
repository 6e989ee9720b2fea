Feature: Whole hours and whole days
  The window of an algoPIN has no minutes. The service takes the shortest window that
  covers the booking.

  @IGL-02 @core @on-service
  Rule: A code MUST cover the whole booking in whole hours, the start down, the end up
    Source: seed 000; seed 001

    Scenario: 15:20 to 17:20 opens from 15:00 to 18:00 on a lock that is never online
      Given court-1 has a lock in Europe/Stockholm
      And the lock of court-1 is offline
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then the door of court-1 answers Ada's code
        | at                  | door |
        | 2026-12-07 14:59:59 | shut |
        | 2026-12-07 15:00:00 | open |
        | 2026-12-07 17:59:59 | open |
        | 2026-12-07 18:00:00 | shut |

    Scenario: A booking of whole hours gets not a minute more
      Given court-1 has a lock in Europe/Stockholm
      When Ada's booking of court-1 from 2026-12-07 15:00 to 2026-12-07 17:00 is confirmed
      Then Ada's code opens court-1 from 2026-12-07 15:00 until 2026-12-07 17:00

    Scenario Outline: The whole hours are the lock's own in <zone> on <start>
      Given court-1 has a lock in <zone>
      When Ada's booking of court-1 from <start> to <end> is confirmed
      Then Ada's code opens court-1 from <opens> until <shuts>

      Examples:
        | zone                | start                  | end                    | opens                  | shuts                  |
        | Europe/Stockholm    | 2026-12-07 23:40       | 2026-12-08 00:10       | 2026-12-07 23:00       | 2026-12-08 01:00       |
        | Asia/Kolkata        | 2026-12-07 15:20       | 2026-12-07 17:20       | 2026-12-07 15:00       | 2026-12-07 18:00       |
        | Asia/Kathmandu      | 2026-12-07 15:20       | 2026-12-07 17:20       | 2026-12-07 15:00       | 2026-12-07 18:00       |
        | Australia/Lord_Howe | 2026-12-07 15:20       | 2026-12-07 17:20       | 2026-12-07 14:30       | 2026-12-07 17:30       |
        | Europe/Stockholm    | 2027-03-28 00:30       | 2027-03-28 04:10       | 2027-03-28 00:00       | 2027-03-28 05:00       |
        | Europe/Stockholm    | 2027-03-28 01:20       | 2027-03-28 03:20       | 2027-03-28 01:00       | 2027-03-28 04:00       |
        | Europe/Stockholm    | 2027-10-31 01:30       | 2027-10-31 03:30       | 2027-10-31 01:00       | 2027-10-31 04:00       |
        | Europe/Stockholm    | 2027-10-31 02:20+02:00 | 2027-10-31 02:40+01:00 | 2027-10-31 02:00+02:00 | 2027-10-31 03:00       |

    @needs-clock
    Scenario: A booking that has begun gets a code from the current hour
      Given court-1 has a lock in Europe/Stockholm
      And the time is 2026-12-07 15:40
      When Ada's booking of court-1 from 2026-12-07 13:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code opens court-1 at 2026-12-07 15:41
      And Ada's code does not open court-1 at 2026-12-07 18:00

    @needs-clock
    Scenario: A booking that is over gets no code
      Given court-1 has a lock in Europe/Stockholm
      And the time is 2026-12-07 18:40
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada has no code
      When Bo's booking of court-1 from 2026-12-07 19:20 to 2026-12-07 20:20 is confirmed
      Then Bo's code opens court-1 at 2026-12-07 19:30

    @needs-api
    Scenario Outline: A margin of <margin> h kills no code before a booking until <end>
      Given court-1 has a lock in Europe/Stockholm
      When the owner sets the rule of court-1 to
        | margin before, hours | <margin> |
      And Ada's booking of court-1 from 2026-12-09 15:20 to <end> is confirmed
      And 1 hour passes
      Then Ada's code, if there is one, opens court-1 at 2026-12-09 15:30

      Examples:
        | margin | end              |
        | 23     | 2026-12-09 17:20 |
        | 24     | 2026-12-09 17:20 |
        | 25     | 2026-12-09 15:50 |
        | 48     | 2026-12-12 17:20 |
        | 100    | 2027-01-15 17:20 |

  @IGL-03 @on-service
  Rule: A margin before and after MUST be set in whole hours only
    Source: seed 000; seed 001

    Background:
      Given court-1 has a lock in Europe/Stockholm

    Scenario Outline: <before> h before and <after> h after widen the code so far
      Given the owner sets the rule of court-1 to
        | margin before, hours | <before> |
        | margin after, hours  | <after>  |
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code opens court-1 from <opens> until <shuts>

      Examples:
        | before | after | opens            | shuts            |
        | 0      | 0     | 2026-12-07 15:00 | 2026-12-07 18:00 |
        | 1      | 0     | 2026-12-07 14:00 | 2026-12-07 18:00 |
        | 0      | 2     | 2026-12-07 15:00 | 2026-12-07 20:00 |
        | 16     | 7     | 2026-12-06 23:00 | 2026-12-08 01:00 |

    @needs-api
    Scenario Outline: A margin of <margin> is refused, and the old one holds
      When the owner sets the rule of court-1 to
        | margin before, hours | <margin> |
      Then the answer is a refusal
      And the answer says "<why>"
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code opens court-1 from 2026-12-07 15:00 until 2026-12-07 18:00

      Examples:
        | margin | why    |
        | 0.5    | hour   |
        | 1.25   | hour   |
        | -1     | margin |
        | "1h"   | hour   |

  @IGL-06 @on-service @on-vendor
  Rule: Windows MUST be whole hours up to 28 days, and whole days beyond up to a year
    Source: seed 000; igloohome documented

    @on-service
    Scenario Outline: A booking of <length> is covered to the <resolution>
      Given court-1 has a lock in Europe/Stockholm
      When Ada's booking of court-1 from <start> to <end> is confirmed
      Then Ada's code opens court-1 from <opens> until <shuts>

      Examples:
        | length           | resolution | start            | end              | opens            | shuts            |
        | 27 days          | hour       | 2026-12-07 15:20 | 2027-01-03 15:10 | 2026-12-07 15:00 | 2027-01-03 16:00 |
        | 28 days          | hour       | 2026-12-07 15:00 | 2027-01-04 15:00 | 2026-12-07 15:00 | 2027-01-04 15:00 |
        | 30 days          | day        | 2026-12-07 15:20 | 2027-01-06 11:00 | 2026-12-07 15:00 | 2027-01-06 15:00 |
        | 30 days and more | day        | 2026-12-07 15:20 | 2027-01-06 15:30 | 2026-12-07 15:00 | 2027-01-07 15:00 |
        | over a DST end   | day        | 2027-03-10 15:20 | 2027-04-20 11:00 | 2027-03-10 15:00 | 2027-04-20 16:00 |
        | a year           | day        | 2026-12-07 15:00 | 2027-12-07 15:00 | 2026-12-07 15:00 | 2027-12-07 15:00 |

    @on-vendor
    Scenario Outline: The vendor mints a <kind> PIN from <from> to <to>
      Given the account has an igloohome lock "Gate" in <zone>
      When the vendor is asked for a <kind> PIN for "Gate" from <from> to <to>
      Then the vendor's answer is 200
      And the vendor's answer shows
        | field | is made of |
        | pin   | digits     |

      Examples:
        | kind   | zone             | from                      | to                        |
        | hourly | Europe/Stockholm | 2026-12-07T15:00:00+01:00 | 2026-12-07T16:00:00+01:00 |
        | hourly | Europe/Stockholm | 2026-12-07T15:00:00+01:00 | 2027-01-04T15:00:00+01:00 |
        | hourly | Asia/Kolkata     | 2026-12-07T10:00:00+05:30 | 2026-12-07T11:00:00+05:30 |
        | hourly | Europe/Stockholm | 2026-12-07T14:00:00+00:00 | 2026-12-07T15:00:00+00:00 |
        | daily  | Europe/Stockholm | 2026-12-07T15:00:00+01:00 | 2027-01-05T15:00:00+01:00 |
        | daily  | Europe/Stockholm | 2026-12-07T15:00:00+01:00 | 2027-12-09T15:00:00+01:00 |

    @on-vendor
    Scenario Outline: The vendor refuses a <kind> PIN from <from> to <to>: <why>
      Given the account has an igloohome lock "Gate" in <zone>
      When the vendor is asked for a <kind> PIN for "Gate" from <from> to <to>
      Then the vendor's answer is 400
      And the vendor's answer says why

      Examples:
        | kind   | zone             | from                      | to                        | why                |
        | hourly | Europe/Stockholm | 2026-12-07T15:20:00+01:00 | 2026-12-07T18:00:00+01:00 | minutes            |
        | hourly | Europe/Stockholm | 2026-12-07T15:00:00+01:00 | 2026-12-07T18:00:30+01:00 | seconds            |
        | hourly | Europe/Stockholm | 2026-12-07T15:00:00       | 2026-12-07T18:00:00       | no offset          |
        | hourly | Europe/Stockholm | 2026-12-07T18:00:00+01:00 | 2026-12-07T15:00:00+01:00 | end first          |
        | hourly | Europe/Stockholm | 2026-12-07T15:00:00+01:00 | 2026-12-07T15:00:00+01:00 | no length          |
        | hourly | Europe/Stockholm | 2026-12-07T15:00:00+01:00 | 2027-01-04T16:00:00+01:00 | 673 hours          |
        | hourly | Asia/Kolkata     | 2026-12-07T10:00:00+00:00 | 2026-12-07T11:00:00+00:00 | half a lock hour   |
        | hourly | Europe/Stockholm | 2026-11-30T15:00:00+01:00 | 2026-12-07T15:00:00+01:00 | begins in the past |
        | daily  | Europe/Stockholm | 2026-12-07T15:00:00+01:00 | 2027-01-04T15:00:00+01:00 | 28 days            |
        | daily  | Europe/Stockholm | 2026-12-07T15:00:00+01:00 | 2027-12-10T15:00:00+01:00 | 368 days           |
        | daily  | Europe/Stockholm | 2026-12-07T15:00:00+01:00 | 2027-01-06T16:00:00+01:00 | hours differ       |
        | hourly | Europe/Stockholm | tomorrow                  | 2026-12-07T15:00:00+01:00 | no date            |

  @IGL-07 @on-service
  Rule: A booking that fits no kind of PIN MUST get a clear error, one between the shortest cover
    Source: seed 000

    Background:
      Given court-1 has a lock in Europe/Stockholm

    Scenario: A booking of over a year gets no code
      When Ada's booking of court-1 from 2026-12-07 15:00 to 2028-01-07 15:00 is confirmed
      Then Ada has no code
      When Bo's booking of court-1 from 2026-12-07 15:00 to 2027-12-07 15:00 is confirmed
      Then Bo's code opens court-1 at 2026-12-07 15:30

    @needs-api
    Scenario: A booking of over a year is told why
      When Ada's booking of court-1 from 2026-12-07 15:00 to 2028-01-07 15:00 is confirmed
      Then Ada's access is failed
      And Ada's access shows
        | reason | "367" |

    Scenario Outline: <length> are covered by 29 days
      When Ada's booking of court-1 from 2026-12-07 15:00 to <end> is confirmed
      Then Ada's code opens court-1 from 2026-12-07 15:00 until 2027-01-05 15:00

      Examples:
        | length             | end              |
        | 28 days and 1 h    | 2027-01-04 16:00 |
        | 28 days and 23.5 h | 2027-01-05 14:30 |
        | 29 days            | 2027-01-05 15:00 |

    Scenario Outline: 28 days over the change of clocks in <month> are covered to the hour there is
      When Ada's booking of court-1 from <start> 15:00 to <end> 15:00 is confirmed
      Then Ada's code opens court-1 from <start> 15:00 until <shuts>

      Examples:
        | month   | start      | end        | shuts            |
        | March   | 2027-03-10 | 2027-04-07 | 2027-04-07 15:00 |
        | October | 2027-10-10 | 2027-11-07 | 2027-11-08 14:00 |
