Feature: Recurring keys
  A returning customer keeps one key. The schedule of a season is set once; otherwise the
  window of the next day's booking is written to the key the night before.

  @NUK-09 @on-service
  Rule: A fixed weekly booking MUST be one key that is set once, with its minutes of grace
    Source: seed 004

    Background:
      Given court-1 has a lock in Europe/Berlin
      And the owner sets the rule of court-1 to
        | recurring key  | weekly |
        | grace, minutes | 5      |
      And Ada's booking of court-1 from 2026-12-07 19:00 to 2027-11-29 22:00 is confirmed
      And 1 minute passes

    @needs-clock
    Scenario Outline: On <monday> the season's key opens from 18:55 to 22:05
      Then Ada's code does not open court-1 at <monday> 18:54
      And Ada's code opens court-1 at <monday> 18:55
      And Ada's code opens court-1 at <monday> 22:04
      And Ada's code does not open court-1 at <monday> 22:06
      And Ada's code does not open court-1 at <tuesday> 20:00

      Examples:
        | monday     | tuesday    |
        | 2026-12-07 | 2026-12-08 |
        | 2027-07-05 | 2027-07-06 |
        | 2027-11-29 | 2027-11-30 |

    @needs-clock
    Scenario Outline: A season that begins in <month> opens at its own hours
      When Bo's booking of court-1 from <first> 19:00 to <last> 22:00 is confirmed
      And 1 minute passes
      Then Bo's code does not open court-1 at <first> 18:54
      And Bo's code opens court-1 at <first> 18:55
      And Bo's code opens court-1 at <first> 22:04
      And Bo's code does not open court-1 at <first> 22:06
      And Bo's code opens court-1 at <last> 20:00

      Examples:
        | month   | first      | last       |
        | July    | 2027-07-05 | 2027-09-27 |
        | July    | 2027-07-06 | 2027-12-07 |
        | January | 2027-01-04 | 2027-06-28 |

    @needs-clock
    Scenario Outline: A season in the small hours of <day> opens on that day, not the one before
      When Bo's booking of court-1 from <first> 00:30 to <last> 02:00 is confirmed
      And 1 minute passes
      Then Bo's code does not open court-1 at <before> 01:00
      And Bo's code opens court-1 at <first> 01:00
      And Bo's code opens court-1 at <last> 01:00

      Examples:
        | day     | first      | last       | before     |
        | Tuesday | 2026-12-08 | 2027-03-02 | 2026-12-07 |
        | Monday  | 2027-07-05 | 2027-09-27 | 2027-07-04 |

    Scenario Outline: A season of some weekdays opens on each of them from <first>
      Given Bo booked court-1 from <first> 19:00 to 2027-07-09 22:00
      And Bo's booking has the weekdays <weekdays>
      When Bo's booking is confirmed
      And 1 minute passes
      Then Bo has exactly 1 code at court-1
      And Bo's code does not open court-1 at <none> 20:00
      And Bo's code opens court-1 at <one> 18:55
      And Bo's code does not open court-1 at <one> 22:06
      And Bo's code does not open court-1 at <other> 18:54
      And Bo's code opens court-1 at <other> 22:04
      And Bo's code does not open court-1 at <after> 20:00

      Examples:
        | weekdays                     | first      | none       | one        | other      | after      |
        | Monday, Wednesday and Friday | 2026-12-07 | 2026-12-08 | 2026-12-09 | 2027-07-09 | 2027-07-12 |
        | Tuesday and Sunday           | 2026-12-08 | 2026-12-09 | 2026-12-13 | 2027-07-06 | 2027-07-11 |
        | Monday and Thursday          | 2026-12-08 | 2026-12-08 | 2026-12-10 | 2027-07-05 | 2027-07-12 |

    Scenario: A season that gets other weekdays is open on these alone
      Given Bo booked court-1 from 2026-12-07 09:00 to 2027-07-09 10:00
      And Bo's booking has the weekdays Monday and Wednesday
      And Bo's booking is confirmed
      And 1 minute passes
      And Bo's code opens court-1 at 2026-12-09 09:30
      And Bo's booking has the weekdays Monday and Thursday
      When Bo's booking is changed
      And 1 minute passes
      Then Bo has exactly 1 code at court-1
      And Bo's code opens court-1 at 2026-12-10 09:30
      And Bo's code opens court-1 at 2026-12-14 09:30
      And Bo's code does not open court-1 at 2026-12-16 09:30

    Scenario: A season that is moved is open at its new hours alone
      Given Ada's code opens court-1 at 2026-12-07 20:00
      When Ada's booking is moved to 2026-12-08 09:00 until 2027-11-30 10:00
      And 1 minute passes
      Then Ada has exactly 1 code at court-1
      And Ada's code opens court-1 at 2026-12-08 09:30
      And Ada's code does not open court-1 at 2026-12-14 20:00
      And Ada's code opens court-1 at 2026-12-15 09:30

    @needs-clock
    Scenario: It is set once: half a year later there is one code, one message, one order
      When the time is 2027-06-14 12:00
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message
      And "create code" was called 1 time
      And "change code" was called 0 times
      And Ada's code opens court-1 at 2027-06-14 20:00

    Scenario: A cancelled season's key opens no further Monday
      Given Ada's code opens court-1 at 2026-12-07 20:00
      When Ada's booking is cancelled
      And 1 minute passes
      Then Ada's code does not open court-1 at 2026-12-14 20:00

  @NUK-10 @on-service @needs-clock
  Rule: A returning customer MUST keep one key, onto which each next day's booking is pushed
    Source: seed 004

    Scenario Outline: Written by <form> in <month>, one key opens for each day's booking
      Given court-1 has a lock in Europe/Berlin
      And the owner sets the rule of court-1 to
        | recurring key  | <form> |
        | grace, minutes | 5      |
      And Ada's booking of court-1 from <monday> 11:00 to <monday> 12:00 is confirmed
      And Ada's booking of court-1 from <tuesday> 19:00 to <tuesday> 22:00 is confirmed
      When the time is <monday> 00:00
      Then Ada's code does not open court-1 at <monday> 10:54
      And Ada's code opens court-1 at <monday> 10:55
      And Ada's code opens court-1 at <monday> 12:04
      And Ada's code does not open court-1 at <monday> 12:06
      And Ada's code does not open court-1 at <monday> 20:00
      When the time is <tuesday> 00:00
      Then Ada has received 2 messages with one code
      And Ada's code does not open court-1 at <tuesday> 11:30
      And Ada's code opens court-1 at <tuesday> 18:55
      And Ada's code opens court-1 at <tuesday> 22:04
      And Ada's code does not open court-1 at <tuesday> 22:06

      Examples:
        | form     | month    | monday     | tuesday    |
        | day      | December | 2026-12-07 | 2026-12-08 |
        | instants | December | 2026-12-07 | 2026-12-08 |
        | day      | July     | 2027-07-05 | 2027-07-06 |
        | instants | July     | 2027-07-05 | 2027-07-06 |
        | day      | March    | 2027-03-28 | 2027-03-29 |
        | day      | October  | 2027-10-30 | 2027-10-31 |

    Scenario Outline: A booking over midnight opens on both days, written by <form> in <zone>
      Given court-1 has a lock in <zone>
      And the owner sets the rule of court-1 to
        | recurring key  | <form> |
        | grace, minutes | 5      |
      And Ada's booking of court-1 from <monday> 22:00 to <tuesday> 01:00 is confirmed
      When the time is <monday> 00:00
      Then Ada's code does not open court-1 at <monday> 21:54
      And Ada's code opens court-1 at <monday> 21:55
      And Ada's code opens court-1 at <monday> 23:59
      And Ada's code opens court-1 at <tuesday> 01:04
      And Ada's code does not open court-1 at <tuesday> 01:06
      And Ada's code does not open court-1 at <tuesday> 22:30

      Examples:
        | form     | zone             | monday     | tuesday    |
        | day      | Europe/Berlin    | 2026-12-07 | 2026-12-08 |
        | instants | Europe/Berlin    | 2026-12-07 | 2026-12-08 |
        | day      | Europe/Berlin    | 2027-07-05 | 2027-07-06 |
        | day      | America/New_York | 2026-12-07 | 2026-12-08 |
        | day      | Europe/Berlin    | 2028-02-28 | 2028-02-29 |

    Scenario Outline: From <from> to <to> in <zone> is another day in UTC, written by <form>
      Given court-1 has a lock in <zone>
      And the owner sets the rule of court-1 to
        | recurring key  | <form> |
        | grace, minutes | 5      |
      And Ada's booking of court-1 from <day> <from> to <day> <to> is confirmed
      When the time is <day> 00:00
      Then Ada's code opens court-1 at <day> <inside>
      And Ada's code does not open court-1 at <day> <outside>

      Examples:
        | form     | zone             | day        | from  | to    | inside | outside |
        | day      | Europe/Berlin    | 2026-12-08 | 00:30 | 00:50 | 00:40  | 12:00   |
        | day      | Europe/Berlin    | 2027-07-06 | 01:10 | 02:30 | 01:20  | 12:00   |
        | day      | America/New_York | 2026-12-07 | 20:00 | 22:00 | 21:00  | 22:30   |
        | instants | America/New_York | 2026-12-07 | 20:00 | 22:00 | 21:00  | 22:30   |
        | day      | Pacific/Auckland | 2026-12-07 | 20:00 | 22:00 | 21:00  | 22:30   |
        | instants | Pacific/Auckland | 2026-12-07 | 20:00 | 22:00 | 21:00  | 22:30   |

    @needs-api
    Scenario Outline: The schedule that the lock has is written by <form>
      Given court-1 has a lock in Europe/Berlin
      And the owner sets the rule of court-1 to
        | recurring key  | <form> |
        | grace, minutes | 5      |
      And Ada's booking of court-1 from 2027-07-06 19:00 to 2027-07-06 22:00 is confirmed
      When the time is 2027-07-06 00:00
      Then the vendor lists the code of court-1 with
        | allowedWeekDays  | <days>  |
        | allowedFromTime  | <from>  |
        | allowedUntilTime | <until> |
        | allowedFromDate  | <first> |
        | allowedUntilDate | <last>  |

      Examples:
        | form     | days | from | until | first                | last                 |
        | day      | 32   | 1135 | 1325  | 2027-07-06T00:00:00Z | 2027-07-06T23:59:00Z |
        | instants | 127  | 0    | 0     | 2027-07-06T16:55:00Z | 2027-07-06T20:05:00Z |

    Scenario Outline: In the hour that comes twice a booking opens once, written by <form>
      Given court-1 has a lock in Europe/Berlin
      And the owner sets the rule of court-1 to
        | recurring key  | <form> |
        | grace, minutes | 5      |
      And Ada's booking of court-1 from 2027-10-31 02:10+02:00 to 2027-10-31 02:40+02:00 is confirmed
      When the time is 2027-10-31 00:00
      Then Ada's code does not open court-1 at 2027-10-31 02:04+02:00
      And Ada's code opens court-1 at 2027-10-31 02:06+02:00
      And Ada's code opens court-1 at 2027-10-31 02:44+02:00
      And Ada's code does not open court-1 at 2027-10-31 02:30+01:00

      Examples:
        | form     |
        | day      |
        | instants |

    @needs-api
    Scenario: A customer who is named by an id keeps one key at another address
      Given court-1 has a lock in Europe/Berlin
      And the owner sets the rule of court-1 to
        | recurring key  | day |
        | grace, minutes | 5   |
      And the platform names Ada by an id
      And Ada's booking of court-1 from 2026-12-07 11:00 to 2026-12-07 12:00 is confirmed
      And Ada's address is corrected
      And Ada's booking of court-1 from 2026-12-08 19:00 to 2026-12-08 22:00 is confirmed
      When the time is 2026-12-08 00:00
      Then 1 code is stored at court-1
      And Ada's code opens court-1 at 2026-12-08 19:30

    @needs-api
    Scenario: Two customers who are named by ids have two keys, at one address too
      Given court-1 has a lock in Europe/Berlin
      And the owner sets the rule of court-1 to
        | recurring key  | day |
        | grace, minutes | 5   |
      And the platform names Ada by an id
      And the platform names Bo by an id, at Ada's address
      And Ada's booking of court-1 from 2026-12-07 11:00 to 2026-12-07 12:00 is confirmed
      And Bo's booking of court-1 from 2026-12-08 19:00 to 2026-12-08 22:00 is confirmed
      When the time is 2026-12-08 00:00
      Then 2 codes are stored at court-1

    Scenario: Nothing is pushed before the night, and the key is its customer's alone
      Given court-1 has a lock in Europe/Berlin
      And the owner sets the rule of court-1 to
        | recurring key  | day |
        | grace, minutes | 0   |
      And Ada's booking of court-1 from 2026-12-07 11:00 to 2026-12-07 12:00 is confirmed
      And Bo's booking of court-1 from 2026-12-07 19:00 to 2026-12-07 22:00 is confirmed
      When the time is 2026-12-06 20:00
      Then Ada has no code
      When the time is 2026-12-07 00:00
      Then Ada and Bo have different codes
      And Ada's code opens court-1 at 2026-12-07 11:30
      And Ada's code does not open court-1 at 2026-12-07 19:30
      And Bo's code opens court-1 at 2026-12-07 19:31

    Scenario Outline: A key's booking moved <when> its night opens at its new time, by <form>
      Given court-1 has a lock in Europe/Berlin
      And the owner sets the rule of court-1 to
        | recurring key  | <form> |
        | grace, minutes | 5      |
      And Ada's booking of court-1 from 2026-12-08 11:00 to 2026-12-08 12:00 is confirmed
      And the time is <now>
      When Ada's booking is moved to 2026-12-08 19:00 until 2026-12-08 22:00
      And the time is 2026-12-08 10:00
      Then 1 code is stored at court-1
      And Ada's code does not open court-1 at 2026-12-08 11:30
      And Ada's code opens court-1 at 2026-12-08 18:56
      And Ada's code does not open court-1 at 2026-12-08 22:06

      Examples:
        | form     | when   | now              |
        | day      | before | 2026-12-07 12:00 |
        | day      | after  | 2026-12-08 09:00 |
        | instants | before | 2026-12-07 12:00 |
        | instants | after  | 2026-12-08 09:00 |

    Scenario Outline: A key's booking cancelled <when> its night opens nothing, by <form>
      Given court-1 has a lock in Europe/Berlin
      And the owner sets the rule of court-1 to
        | recurring key  | <form> |
        | grace, minutes | 5      |
      And Ada's booking of court-1 from 2026-12-07 11:00 to 2026-12-07 12:00 is confirmed
      And Ada's booking of court-1 from 2026-12-08 19:00 to 2026-12-08 22:00 is confirmed
      And the time is 2026-12-07 10:00
      And Ada's code opens court-1 at 2026-12-07 11:30
      And the time is <now>
      When Ada's booking is cancelled
      And the time is 2026-12-08 18:00
      Then Ada's code does not open court-1 at 2026-12-08 19:30

      Examples:
        | form     | when   | now              |
        | day      | before | 2026-12-07 13:00 |
        | day      | after  | 2026-12-08 09:00 |
        | instants | before | 2026-12-07 13:00 |
        | instants | after  | 2026-12-08 09:00 |

  @NUK-11 @on-service @needs-clock
  Rule: A second booking of one day MUST NOT silently overwrite the key's first window
    Source: seed 004

    Scenario Outline: Both bookings of a day hold, written by <form>
      Given court-1 has a lock in Europe/Berlin
      And the owner sets the rule of court-1 to
        | recurring key  | <form> |
        | grace, minutes | 5      |
      And Ada's booking of court-1 from <first> is confirmed
      When Ada's booking of court-1 from <second> is confirmed
      And the time is 2026-12-07 08:00
      Then a code that Ada received opens court-1 at 2026-12-07 11:30, or she is told why not
      And a code that Ada received opens court-1 at 2026-12-07 19:30, or she is told why not

      Examples:
        | form     | first                                | second                               |
        | day      | 2026-12-07 11:00 to 2026-12-07 12:00 | 2026-12-07 19:00 to 2026-12-07 22:00 |
        | day      | 2026-12-07 19:00 to 2026-12-07 22:00 | 2026-12-07 11:00 to 2026-12-07 12:00 |
        | instants | 2026-12-07 11:00 to 2026-12-07 12:00 | 2026-12-07 19:00 to 2026-12-07 22:00 |

    Scenario: The day after, the one key is enough
      Given court-1 has a lock in Europe/Berlin
      And the owner sets the rule of court-1 to
        | recurring key  | day |
        | grace, minutes | 5   |
      And Ada's booking of court-1 from 2026-12-07 11:00 to 2026-12-07 12:00 is confirmed
      When Ada's booking of court-1 from 2026-12-08 19:00 to 2026-12-08 22:00 is confirmed
      And the time is 2026-12-08 08:00
      Then Ada has received 2 messages with one code
      And 1 code is stored at court-1
      And Ada's code opens court-1 at 2026-12-08 19:30
