Feature: algoPINs of bookings and by hand
  An issued code cannot be revoked. Two customers never share a code. The owner can make
  codes without a booking.

  @IGL-08 @core @on-service @on-vendor
  Rule: An issued algoPIN MUST NOT be called revoked, since it works to its end
    Source: seed 001; igloohome documented

    @on-vendor
    Scenario: The vendor takes no PIN back, and the lock goes on taking it
      Given the account has an igloohome lock "Gate" in Europe/Stockholm
      And the vendor is asked for an hourly PIN for "Gate" from 2026-12-07T15:00:00+01:00 to 2026-12-07T18:00:00+01:00
      When the vendor is asked to revoke the code
      Then the vendor's answer is 404
      And the vendor's answer says why
      And the PIN opens "Gate" from 2026-12-07 15:00 until 2026-12-07 18:00

    @on-service
    Scenario: A cancelled booking's code still opens, and does not open after its end
      Given court-1 has a lock in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada has received 1 message
      When Ada's booking is cancelled
      Then Ada's code opens court-1 from 2026-12-07 15:00 until 2026-12-07 18:00

    @on-service @needs-api
    Scenario: After a cancellation the service says until when the code works
      Given court-1 has a lock in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When Ada's booking is cancelled
      Then Ada's access is created
      And Ada's access shows
        | cancelled at | given            |
        | notice       | given            |
        | works until  | 2026-12-07 18:00 |
      And Bo's access shows
        | cancelled at | none |
        | notice       | none |

    @on-service @needs-api @needs-clock
    Scenario: It is kept in the records, and never reported removed
      Given court-1 has a lock in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When Ada's booking is cancelled
      And the time is 2026-12-08 09:00
      And the owner opens the overview
      Then it lists Ada's code with its lock, booking, validity and status
      And Ada's access is not removed

    @on-service @needs-api
    Scenario: The owner who would delete it is refused, and told until when it works
      Given court-1 has a lock in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When the owner deletes Ada's access
      Then the answer is a refusal
      And the answer says "2026-12-07"
      And Ada's code opens court-1 at 2026-12-07 15:30

  @IGL-09 @on-service @needs-api
  Rule: Codes MUST be made by hand in four kinds, on locks that are coupled to a product
    Source: seed 001

    Background:
      Given court-1 has a lock in Europe/Stockholm

    Scenario Outline: A <kind> code made by hand is <early> early, <inside> inside, <late> late
      When the owner makes a code of kind "<kind>" for court-1 from 2026-12-07 15:00 to <end>
      Then the door of court-1 answers the code made by hand
        | at                  | door     |
        | 2026-12-07 14:59:59 | <early>  |
        | 2026-12-07 15:00:00 | <inside> |
        | <last>              | <late>   |

      Examples:
        | kind      | end              | last                | early | inside | late |
        | one-time  | -                | 2026-12-07 15:00:01 | shut  | open   | shut |
        | hourly    | 2026-12-07 18:00 | 2026-12-07 17:59:59 | shut  | open   | open |
        | hourly    | 2026-12-07 18:00 | 2026-12-07 18:00:00 | shut  | open   | shut |
        | daily     | 2027-01-06 15:00 | 2027-01-06 14:59:59 | shut  | open   | open |
        | daily     | 2027-01-06 15:00 | 2027-01-06 15:00:00 | shut  | open   | shut |
        | permanent | -                | 2028-12-07 15:00:00 | shut  | open   | open |

    @needs-clock
    Scenario Outline: A <kind> code that could not be made in its first hour opens for what is left
      Given the time is 2026-12-07 14:20
      And every vendor call answers 503
      When the owner makes a code of kind "<kind>" for court-1 from 2026-12-07 14:00 to <end>
      And the time is 2026-12-07 15:10
      And the vendor has recovered
      And 1 hour passes
      Then the door of court-1 answers the code made by hand
        | at                  | door   |
        | 2026-12-07 16:20:00 | open   |
        | <last>              | <late> |

      Examples:
        | kind      | end              | last                | late |
        | one-time  | -                | 2026-12-07 16:20:01 | shut |
        | hourly    | 2026-12-07 18:00 | 2026-12-07 17:59:59 | open |
        | hourly    | 2026-12-07 18:00 | 2026-12-07 18:00:00 | shut |
        | permanent | -                | 2028-12-07 15:00:00 | open |

    @needs-clock
    Scenario: A code by hand whose time is over before it could be made fails, and says why
      Given the time is 2026-12-07 14:20
      And every vendor call answers 503
      When the owner makes a code of kind "hourly" for court-1 from 2026-12-07 14:00 to 2026-12-07 16:00
      And the time is 2026-12-07 16:30
      And the vendor has recovered
      And 6 hours pass
      Then the access made by hand shows
        | status | failed |
        | reason | given  |

    Scenario: A lock that is coupled to no product gets none
      Given the account has a lock "Spare"
      When the owner makes a code of kind "hourly" for "Spare" from 2026-12-01 09:00 to 2026-12-01 11:00
      Then the answer is a refusal
      And 0 codes are made for "Spare"
      When the owner makes a code of kind "hourly" for court-1 from 2026-12-07 15:00 to 2026-12-07 18:00
      Then the answer is a success

    Scenario: A kind that does not exist is refused, and the kinds are named
      When the owner makes a code of kind "weekly" for court-1 from 2026-12-01 09:00 to 2026-12-01 11:00
      Then the answer is a refusal
      And the answer says "permanent"

    Scenario: The lock's page shows its codes and its master code
      Given Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When the owner opens the page of the lock of court-1
      Then it lists Ada's code with its lock, booking, validity and status
      And the master code opens court-1 at 2026-12-07 15:30

  @IGL-12 @on-service
  Rule: Two bookings of one lock for the same hours MUST have different PINs
    Source: seed 000

    Background:
      Given court-1 has a lock in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-07 15:40 to 2026-12-07 17:40 is confirmed

    Scenario: Each has a code of their own, and each opens
      Then Ada and Bo have different codes
      And Ada's code opens court-1 at 2026-12-07 15:30
      And Bo's code opens court-1 at 2026-12-07 15:45

    Scenario: A third has a third, and a fourth gets none since the lock knows three
      Given Cy's booking of court-1 from 2026-12-07 15:00 to 2026-12-07 18:00 is confirmed
      And Ada and Cy have different codes
      And Bo and Cy have different codes
      When Di's booking of court-1 from 2026-12-07 15:05 to 2026-12-07 17:05 is confirmed
      Then Di has no code
      And Cy's code opens court-1 at 2026-12-07 15:45

    @needs-api
    Scenario: The fourth is told why
      Given Cy's booking of court-1 from 2026-12-07 15:00 to 2026-12-07 18:00 is confirmed
      When Di's booking of court-1 from 2026-12-07 15:05 to 2026-12-07 17:05 is confirmed
      Then Di's access is failed
      And Di's access shows
        | reason | "3" |

    @needs-api
    Scenario: Bookings that two connections take for one lock have different PINs
      Given court-2 has court-1's lock at its own connection
      When Cy's booking of court-2 from 2026-12-07 15:00 to 2026-12-07 18:00 is confirmed
      Then Ada and Cy have different codes
      And Bo and Cy have different codes
      And Cy's code opens court-2 at 2026-12-07 15:30

    Scenario: A cancelled booking's code is not given to the next customer
      When Ada's booking is cancelled
      And Cy's booking of court-1 from 2026-12-07 15:00 to 2026-12-07 18:00 is confirmed
      Then Ada and Cy have different codes
      And Bo and Cy have different codes
      And Cy's code opens court-1 at 2026-12-07 15:30
