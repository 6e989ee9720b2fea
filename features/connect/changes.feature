Feature: Changes, cancellations, repetitions
  Events may arrive more than once, late or out of order. The customer ends with one code,
  for the booking as it is now.

  @CON-10 @core @on-service
  Rule: A cancelled booking MUST end its access in the same step wherever that is possible
    Source: seed 000; seed 002
    An access that still waits for its code gets none. A code that was made is revoked at
    every vendor that can revoke one.

    Background:
      Given court-1 has a lock in Europe/Stockholm

    Scenario: A booking cancelled while its code is being made gets none
      Given every vendor call answers 503
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When Ada's booking is cancelled
      And the vendor has recovered
      And 6 hours pass
      Then Ada has no code
      And Bo's code opens court-1 at 2026-12-07 15:30

    @needs-api @needs-clock
    Scenario: The access of a booking cancelled in time is removed
      Given every vendor call answers 429
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada's access is in progress
      When Ada's booking is cancelled
      Then Ada's access is removed

    @needs-api @needs-clock
    Scenario: An access whose order may have been carried out is not called removed
      Given court-2 has an igloohome lock in Europe/Stockholm
      And the answer to "create code" is lost after the vendor acted
      And Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada's access is in progress
      When Ada's booking is cancelled
      Then Ada's access is not removed
      And Ada's access shows
        | cancelled at | given            |
        | notice       | given            |
        | works until  | 2026-12-07 18:00 |
      And Ada has received 0 messages

    Scenario Outline: A cancelled booking's code at <lock> is taken back, another's goes on
      Given court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-2 from 2026-12-08 15:20 to 2026-12-08 17:20 is confirmed
      And 1 minute passes
      And Ada's code opens court-2 at 2026-12-07 15:30
      When Ada's booking is cancelled
      And 1 minute passes
      Then Ada's code does not open court-2 at 2026-12-07 15:40
      And Bo's code opens court-2 at 2026-12-08 15:30

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    @needs-api @needs-clock
    Scenario Outline: An answer of <lock> to <call> that is <fault> only delays the end
      Given court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And the answer to <call> is <fault>
      When Ada's booking is cancelled
      And 1 hour passes
      Then Ada's access is not removed
      When the vendor has recovered
      And 2 hours pass
      Then Ada's access is removed
      And Ada's code does not open court-2 at 2026-12-07 15:30

      Examples:
        | lock             | fault | call          |
        | a Nuki lock      | 423   | "delete code" |
        | a Nuki lock      | lost  | every call    |
        | a LivionKey lock | 500   | "delete code" |
        | a LivionKey lock | lost  | every call    |
        | an Exivo door    | 503   | "delete code" |
        | an Exivo door    | lost  | every call    |

    @needs-api @needs-clock
    Scenario Outline: A code of <lock> that was made unheard ends though it is listed late
      Given court-2 has <lock> in Europe/Stockholm
      And the answer to "create code" is lost after the vendor acted
      And Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada's access is in progress
      And the next answer to "list codes" is an empty list
      When Ada's booking is cancelled
      And 1 hour passes
      Then Ada has 0 codes at court-2
      And Ada's access is removed

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    Scenario Outline: A code of <lock> ends though an answer to <call> is <fault>
      Given court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-2 from 2026-12-08 15:20 to 2026-12-08 17:20 is confirmed
      And 1 minute passes
      And the next answer to <call> is <fault>
      When Ada's booking is cancelled
      And the vendor has recovered
      And 2 hours pass
      Then Ada's code does not open court-2 at 2026-12-07 15:30
      And Bo's code opens court-2 at 2026-12-08 15:30

      Examples:
        | lock             | fault | call          |
        | a Nuki lock      | 423   | "delete code" |
        | a Nuki lock      | lost  | "delete code" |
        | a LivionKey lock | 500   | "delete code" |
        | a LivionKey lock | lost  | "delete code" |
        | an Exivo door    | 503   | "delete code" |
        | an Exivo door    | lost  | "delete code" |

    @needs-clock
    Scenario Outline: A code of <lock> ends though the vendor is down for <time>
      Given court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-2 from 2026-12-08 15:20 to 2026-12-08 17:20 is confirmed
      And 1 minute passes
      And every vendor call answers 503
      When Ada's booking is cancelled
      And <time> pass
      And the vendor has recovered
      And 2 hours pass
      Then Ada's code does not open court-2 at 2026-12-07 15:30
      And Bo's code opens court-2 at 2026-12-08 15:30

      Examples:
        | lock             | time     |
        | a Nuki lock      | 26 hours |
        | a LivionKey lock | 26 hours |
        | an Exivo door    | 26 hours |

    @needs-clock
    Scenario: A booking that is cancelled while its key is out gives the key out no more
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-09 11:00 is confirmed
      And Bo's booking of flat-2 from 2026-12-07 15:00 to 2026-12-09 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      When Ada's booking is cancelled
      And 1 minute passes
      Then the static code "*7001" returns "flat-1" at 2026-12-07 17:00
      And Ada's code does not open flat-1 at 2026-12-07 17:10
      And Bo's code takes "flat-2" at 2026-12-07 17:20

  @CON-11 @core @on-service
  Rule: A changed booking MUST leave exactly one current access, for what it is now
    Source: seed 000; seed 002; seed 003

    Background:
      Given court-1 has a lock in Europe/Stockholm
      And court-2 has a lock in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada has received 1 message

    Scenario: A booking moved to another day has a code for that day
      When Ada's booking is moved to 2026-12-08 10:00 until 2026-12-08 11:30
      Then Ada has received 2 messages
      And Ada's code does not open court-1 at 2026-12-07 15:30
      And Ada's code opens court-1 for the booked time alone

    Scenario: A booking moved to another court has a code for that court
      When Ada's booking is moved to court-2
      Then Ada's code opens court-2 at 2026-12-07 15:30
      And Ada's code does not open court-1 at 2026-12-07 15:30

    Scenario: A booking moved by minutes has a code for the new time
      When Ada's booking is moved to 2026-12-07 15:10 until 2026-12-07 17:40
      Then Ada has received 2 messages
      And Ada's message says "15:10" and "17:40"
      And Ada's code opens court-1 for the booked time alone

    Scenario: A booking moved within the same whole hours keeps its code
      Given court-3 has an igloohome lock in Europe/Stockholm
      And Bo's booking of court-3 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When Bo's booking is moved to 2026-12-07 15:10 until 2026-12-07 17:40
      Then Bo has received 2 messages with one code
      And Bo's message says "15:10" and "17:40"
      And Bo's code opens court-3 for the booked time alone

    @needs-api
    Scenario Outline: However often it moves, one access is current
      When Ada's booking is moved to <first>
      And Ada's booking is moved to <then>
      Then Ada has 1 active access
      And Ada's code opens court-1 at <inside>

      Examples:
        | first                                      | then                                       | inside           |
        | 2026-12-08 10:00 until 2026-12-08 11:00    | 2026-12-09 10:00 until 2026-12-09 11:00    | 2026-12-09 10:30 |
        | 2026-12-08 10:00 until 2026-12-08 11:00    | 2026-12-07 15:20 until 2026-12-07 17:20    | 2026-12-07 15:30 |
        | 2026-12-07 15:10 until 2026-12-07 17:10    | 2026-12-07 16:10 until 2026-12-07 18:10    | 2026-12-07 16:30 |

    Scenario: A booking moved before its code was made has one code, for the new time
      Given every vendor call answers 503
      And Bo's booking of court-1 from 2026-12-09 09:20 to 2026-12-09 10:20 is confirmed
      When Bo's booking is moved to 2026-12-10 09:20 until 2026-12-10 10:20
      And the vendor has recovered
      And 6 hours pass
      Then Bo has exactly 1 code at court-1
      And Bo has received 1 message
      And Bo's code opens court-1 for the booked time alone

    Scenario Outline: A booking of <lock> moved to <moved> has one code, for then
      Given court-3 has <lock> in Europe/Stockholm
      And Bo's booking of court-3 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When Bo's booking is moved to <moved>
      And 1 minute passes
      Then Bo has exactly 1 code at court-3
      And Bo's code does not open court-3 at <before>
      And Bo's code opens court-3 at <inside>

      Examples:
        | lock             | moved                                   | before           | inside           |
        | a Nuki lock      | 2026-12-08 10:00 until 2026-12-08 11:30 | 2026-12-07 15:30 | 2026-12-08 10:30 |
        | a Nuki lock      | 2026-12-07 16:20 until 2026-12-07 18:20 | 2026-12-07 15:30 | 2026-12-07 18:10 |
        | a LivionKey lock | 2026-12-08 10:00 until 2026-12-08 11:30 | 2026-12-07 15:30 | 2026-12-08 10:30 |
        | a LivionKey lock | 2026-12-07 16:20 until 2026-12-07 18:20 | 2026-12-07 15:30 | 2026-12-07 18:10 |
        | an Exivo door    | 2026-12-08 10:00 until 2026-12-08 11:30 | 2026-12-07 15:30 | 2026-12-08 10:30 |
        | an Exivo door    | 2026-12-07 16:20 until 2026-12-07 18:20 | 2026-12-07 15:30 | 2026-12-07 18:10 |

    Scenario Outline: A booking of <lock> moved to <moved> is good for that alone
      Given court-3 has <lock> in Europe/Stockholm
      And Bo's booking of court-3 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When Bo's booking is moved to <moved>
      And 1 minute passes
      Then Bo has exactly 1 code at court-3
      And Bo's code opens court-3 for the booked time alone

      Examples:
        | lock             | moved                                   |
        | a Nuki lock      | 2026-12-07 11:10 until 2026-12-07 17:20 |
        | a LivionKey lock | 2026-12-07 11:10 until 2026-12-07 17:20 |
        | an Exivo door    | 2026-12-07 11:10 until 2026-12-07 17:20 |
        | a Nuki lock      | 2026-12-07 16:20 until 2026-12-07 17:20 |
        | a LivionKey lock | 2026-12-07 16:20 until 2026-12-07 17:20 |
        | an Exivo door    | 2026-12-07 16:20 until 2026-12-07 17:20 |
        | a Nuki lock      | 2026-12-06 23:10 until 2026-12-07 00:50 |
        | a Nuki lock      | 2027-03-28 01:30 until 2027-03-28 03:30 |
        | a Nuki lock      | 2027-10-31 01:30 until 2027-10-31 03:30 |
        | a LivionKey lock | 2027-03-28 01:30 until 2027-03-28 03:30 |
        | an Exivo door    | 2027-10-31 01:30 until 2027-10-31 03:30 |

    @needs-clock
    Scenario Outline: A booking of <lock> <changed> while it is under way ends then
      Given court-3 has <lock> in Europe/Stockholm
      And Bo's booking of court-3 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And Bo's code opens court-3 at 2026-12-07 16:00
      When Bo's booking is moved to 2026-12-07 15:20 until <end>
      And 1 minute passes
      Then Bo's code opens court-3 at <last>
      And Bo's code does not open court-3 at <over>

      Examples:
        | lock              | changed   | end              | last             | over             |
        | an igloohome lock | extended  | 2026-12-07 19:20 | 2026-12-07 19:10 | 2026-12-07 20:01 |
        | a Nuki lock       | extended  | 2026-12-07 19:20 | 2026-12-07 19:10 | 2026-12-07 19:21 |
        | a LivionKey lock  | extended  | 2026-12-07 19:20 | 2026-12-07 19:10 | 2026-12-07 19:21 |
        | an Exivo door     | extended  | 2026-12-07 19:20 | 2026-12-07 19:10 | 2026-12-07 19:21 |
        | a Nuki lock       | shortened | 2026-12-07 16:40 | 2026-12-07 16:30 | 2026-12-07 16:41 |
        | a LivionKey lock  | shortened | 2026-12-07 16:40 | 2026-12-07 16:30 | 2026-12-07 16:41 |
        | an Exivo door     | shortened | 2026-12-07 16:40 | 2026-12-07 16:30 | 2026-12-07 16:41 |

    @needs-clock
    Scenario Outline: A stay at <lock> that is extended twice while under way lasts to its new end
      Given court-3 has <lock> in Europe/Stockholm
      And Bo's booking of court-3 from 2026-12-07 15:20 to 2026-12-09 17:20 is confirmed
      And 1 minute passes
      And Bo's code opens court-3 at 2026-12-07 16:00
      And the time is 2026-12-09 12:00
      When Bo's booking is moved to 2026-12-07 15:20 until 2026-12-11 17:20
      And 1 minute passes
      Then Bo's code opens court-3 at 2026-12-09 19:00
      When the time is 2026-12-11 12:00
      And Bo's booking is moved to 2026-12-07 15:20 until 2026-12-13 17:20
      And 1 minute passes
      Then Bo's code opens court-3 at 2026-12-11 18:30
      And Bo's code opens court-3 at 2026-12-13 17:00
      And Bo's code does not open court-3 at 2026-12-13 18:01

      Examples:
        | lock              |
        | an igloohome lock |
        | a Nuki lock       |
        | a LivionKey lock  |
        | an Exivo door     |

    Scenario Outline: A booking moved from one lock to <lock> leaves no code behind
      Given court-3 has <lock> in Europe/Stockholm
      And court-4 has <lock> in Europe/Stockholm
      And Bo's booking of court-3 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And Bo's code opens court-3 at 2026-12-07 15:30
      When Bo's booking is moved to court-4
      And 1 minute passes
      Then Bo's code opens court-4 at 2026-12-07 15:40
      And Bo's code does not open court-3 at 2026-12-07 15:40
      And Bo has 0 codes at court-3

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    Scenario Outline: A booking of <lock> moved to <first> and then to <then> is good for that alone
      Given court-3 has <lock> in Europe/Stockholm
      And court-4 has <lock> in Europe/Stockholm
      And Bo's booking of court-3 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When Bo's booking is moved to <first>
      And 1 minute passes
      And Bo's booking is moved to <then>
      And 1 minute passes
      Then Bo has exactly 1 code at court-3
      And Bo has 0 codes at court-4
      And Bo's code opens court-3 for the booked time alone

      Examples:
        | lock             | first                                   | then                                    |
        | a Nuki lock      | court-4                                 | court-3                                 |
        | a LivionKey lock | court-4                                 | court-3                                 |
        | an Exivo door    | court-4                                 | court-3                                 |
        | a Nuki lock      | 2026-12-08 15:20 until 2026-12-08 17:20 | 2026-12-07 15:20 until 2026-12-07 17:20 |
        | a LivionKey lock | 2026-12-08 15:20 until 2026-12-08 17:20 | 2026-12-07 15:20 until 2026-12-07 17:20 |
        | an Exivo door    | 2026-12-08 15:20 until 2026-12-08 17:20 | 2026-12-07 15:20 until 2026-12-07 17:20 |

    @needs-clock
    Scenario Outline: A booking of <lock> moved to <moved> before the hour of its message has one code
      Given court-3 has <lock> in Europe/Stockholm
      And court-4 has <lock> in Europe/Stockholm
      And the owner sets the rule of court-3 to
        | send hours before | 2 |
      And the owner sets the rule of court-4 to
        | send hours before | 2 |
      And Bo's booking of court-3 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When Bo's booking is moved to <moved>
      And 1 minute passes
      Then 1 code is made for <door>
      And <left> codes are made for court-3
      When the time is <told>
      Then Bo has received 1 message
      And Bo's code opens <door> for the booked time alone

      Examples:
        | lock             | moved                                   | door    | left | told             |
        | a Nuki lock      | 2026-12-08 10:00 until 2026-12-08 11:30 | court-3 | 1    | 2026-12-08 08:01 |
        | a LivionKey lock | 2026-12-08 10:00 until 2026-12-08 11:30 | court-3 | 1    | 2026-12-08 08:01 |
        | an Exivo door    | 2026-12-08 10:00 until 2026-12-08 11:30 | court-3 | 1    | 2026-12-08 08:01 |
        | a Nuki lock      | 2026-12-07 15:20 until 2026-12-07 19:20 | court-3 | 1    | 2026-12-07 13:21 |
        | a LivionKey lock | 2026-12-07 15:20 until 2026-12-07 16:20 | court-3 | 1    | 2026-12-07 13:21 |
        | an Exivo door    | 2026-12-07 15:20 until 2026-12-07 19:20 | court-3 | 1    | 2026-12-07 13:21 |
        | a Nuki lock      | court-4                                 | court-4 | 0    | 2026-12-07 13:21 |
        | a LivionKey lock | court-4                                 | court-4 | 0    | 2026-12-07 13:21 |
        | an Exivo door    | court-4                                 | court-4 | 0    | 2026-12-07 13:21 |

    @needs-clock
    Scenario Outline: Who moves to another of <lock> while under way leaves the first one
      Given court-3 has <lock> in Europe/Stockholm
      And court-4 has <lock> in Europe/Stockholm
      And Bo's booking of court-3 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And Bo's code opens court-3 at 2026-12-07 16:00
      When Bo's booking is moved to court-4
      And 1 minute passes
      Then Bo's code opens court-4 at 2026-12-07 16:10
      And Bo has <left> codes at court-3
      And Bo's code does not open court-4 at 2026-12-07 18:01

      Examples:
        | lock              | left      |
        | an igloohome lock | exactly 1 |
        | a Nuki lock       | exactly 0 |
        | a LivionKey lock  | exactly 0 |
        | an Exivo door     | exactly 0 |

    @needs-clock
    Scenario: Who moves to another key while one is out gets the first one no more
      Given court-3 has a LivionKey lock in Europe/Stockholm
      And court-4 has a LivionKey lock in Europe/Stockholm
      And the organisation has set "return_grace_minutes 1440"
      And Bo's booking of court-3 from 2026-12-07 15:20 to 2026-12-09 17:20 is confirmed
      And 1 minute passes
      And Bo's code takes "court-3" at 2026-12-07 16:00
      When Bo's booking is moved to court-4
      And 1 minute passes
      Then Bo's first code returns "court-3" at 2026-12-07 16:30
      And Bo's first code does not open court-3 at 2026-12-07 16:40
      And Bo's code takes "court-4" at 2026-12-07 16:50

    @needs-clock
    Scenario: Who moves to another day while a key is out gets it then alone
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And Bo's booking of flat-1 from 2026-12-07 15:00 to 2026-12-09 11:00 is confirmed
      And Bo's code takes "flat-1" at 2026-12-07 16:00
      When Bo's booking is moved to 2026-12-10 15:00 until 2026-12-11 11:00
      And 30 minutes pass
      Then the static code "*7001" returns "flat-1" at 2026-12-07 17:00
      And Bo's code does not open flat-1 at 2026-12-07 17:10
      And Bo's code takes "flat-1" at 2026-12-10 16:00

    @needs-clock
    Scenario Outline: A booking of <lock> keeps the margins of its rule when it is moved
      Given court-3 has <lock> in Europe/Stockholm
      And the owner sets the rule of court-3 to
        | margin before, hours | 1 |
        | margin after, hours  | 2 |
      And Bo's booking of court-3 from 2026-12-07 15:00 to 2026-12-07 17:00 is confirmed
      And 1 minute passes
      When Bo's booking is moved to 2026-12-08 10:00 until 2026-12-08 11:00
      And 1 minute passes
      Then Bo's code does not open court-3 at 2026-12-08 08:59
      And Bo's code opens court-3 at 2026-12-08 09:01
      And Bo's code opens court-3 at 2026-12-08 12:59
      And Bo's code does not open court-3 at 2026-12-08 13:01

      Examples:
        | lock              |
        | an igloohome lock |
        | a Nuki lock       |
        | a LivionKey lock  |
        | an Exivo door     |

    @needs-api @needs-clock
    Scenario Outline: Who is moved has a code at <lock> though somebody took the one before away
      Given court-3 has <lock> in Europe/Stockholm
      And Bo's booking of court-3 from 2026-12-17 15:20 to 2026-12-17 17:20 is confirmed
      And 1 minute passes
      And Bo's code opens court-3 at 2026-12-17 15:30
      When the owner deletes Bo's access
      And 1 minute passes
      And Bo's booking is moved to 2026-12-18 10:00 until 2026-12-18 11:00
      And 1 minute passes
      Then Bo has exactly 1 code at court-3
      And Bo's code opens court-3 for the booked time alone

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

  @CON-12 @core @on-service
  Rule: Events repeated, late or out of order MUST leave what they leave once and in order
    Source: seed 000

    Background:
      Given court-1 has a lock in Europe/Stockholm

    Scenario Outline: <order> leaves one code and one message
      Given Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      When the events of Ada's booking arrive as "<order>"
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message
      And Ada's code opens court-1 for the booked time alone

      Examples:
        | order                                     |
        | confirmed                                 |
        | confirmed, confirmed                      |
        | confirmed, paid                           |
        | paid, confirmed                           |
        | confirmed, confirmed, paid, confirmed     |
        | confirmed, starting, starting, paid       |

    Scenario Outline: <order> leaves the changed times
      Given Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      And a change to 2026-12-08 10:20 until 2026-12-08 11:20 is on its way
      When the events of Ada's booking arrive as "<order>"
      Then Ada's code opens court-1 for the booked time alone

      Examples:
        | order                                     |
        | confirmed, changed                        |
        | changed, confirmed                        |
        | confirmed, changed, confirmed             |
        | changed, confirmed, changed               |

    Scenario Outline: A change <soon> as the confirmation counts
      Given Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When Ada's booking is moved to 2026-12-08 10:20 until 2026-12-08 11:20 <soon>
      Then Ada's code opens court-1 for the booked time alone
      When Ada's booking is moved to 2026-12-09 10:20 until 2026-12-09 11:20 <soon>
      Then Ada's code opens court-1 for the booked time alone

      Examples:
        | soon                   |
        | within the same second |
        | at the same instant    |

    Scenario Outline: A change at the same instant as the confirmation counts, as <order>
      Given Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      And a change at the same instant to 2026-12-08 10:20 until 2026-12-08 11:20 is on its way
      When the events of Ada's booking arrive as "<order>"
      Then Ada's code opens court-1 for the booked time alone

      Examples:
        | order                         |
        | changed, confirmed            |
        | confirmed, changed, confirmed |

    @needs-clock
    Scenario Outline: What is said again while a code at <lock> is in use leaves it alone
      Given court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-09 17:20 is confirmed
      And Ada's code opens court-2 at 2026-12-07 15:30
      And the time is 2026-12-07 18:30
      When Ada's booking is moved to 2026-12-07 15:20 until 2026-12-09 17:20
      And 6 hours pass
      Then Ada has received 1 message
      And Ada has exactly 1 code at court-2
      And Ada's code opens court-2 at 2026-12-09 17:00

      Examples:
        | lock              |
        | an igloohome lock |
        | a Nuki lock       |
        | a LivionKey lock  |
        | an Exivo door     |

    Scenario Outline: A cancellation <soon> as the confirmation counts
      Given court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When Ada's booking is cancelled <soon>
      And 1 minute passes
      Then Ada has 0 codes at court-2

      Examples:
        | soon                   | lock             |
        | within the same second | a Nuki lock      |
        | at the same instant    | a Nuki lock      |
        | within the same second | a LivionKey lock |
        | within the same second | an Exivo door    |

    Scenario Outline: A booking that has <ref> is one booking, however often it is told
      Given Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      And Ada's booking has <ref>
      When the events of Ada's booking arrive as "confirmed, confirmed, paid"
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message
      When Ada's booking is moved to 2026-12-08 10:20 until 2026-12-08 11:20
      Then Ada's code opens court-1 for the booked time alone

      Examples:
        | ref                      |
        | an id of 120 letters     |
        | the id "Bokning nr. 7/Ö" |

    Scenario: An event with a long id is taken once
      Given Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      When Ada's booking is confirmed under an id of 120 letters
      And the last delivery is repeated as it was
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message

    Scenario Outline: <order> leaves no code, since the cancellation wins
      Given Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      And Bo's booking of court-1 from 2026-12-07 09:00 to 2026-12-07 10:00 is confirmed
      When the events of Ada's booking arrive as "<order>"
      Then Ada has no code
      And Bo's code opens court-1 at 2026-12-07 09:30

      Examples:
        | order                                      |
        | cancelled, confirmed                       |
        | cancelled, paid, confirmed                 |
        | cancelled, changed, confirmed              |
        | cancelled, confirmed, cancelled, confirmed |

    Scenario Outline: A change at <lock> that follows on a cancellation brings nothing back
      Given court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-2 from 2026-12-08 15:20 to 2026-12-08 17:20 is confirmed
      And 1 minute passes
      When Ada's booking is cancelled
      And 1 minute passes
      And Ada's booking is changed, and was cancelled before
      And 1 minute passes
      Then Ada has 0 codes at court-2
      And Bo's code opens court-2 at 2026-12-08 15:30

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    @needs-api
    Scenario Outline: <order> leaves no active access
      Given Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      When the events of Ada's booking arrive as "<order>"
      Then Ada has 0 active accesses
      And Ada has received at most 1 message

      Examples:
        | order                                     |
        | confirmed, cancelled                      |
        | confirmed, cancelled, confirmed           |
        | confirmed, paid, cancelled, changed       |

    Scenario: The same event ten times from four senders at once
      Given Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      When the events of Ada's booking arrive as "confirmed", 10 times from 4 senders at once
      Then every answer is a success
      And Ada has exactly 1 code at court-1
      And Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:30

    Scenario: The same event ten times, mixed with its cancellation, from four senders
      Given Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      And Bo's booking of court-1 from 2026-12-08 15:20 to 2026-12-08 17:20 is confirmed
      When the events of Ada's booking arrive as "confirmed, cancelled", 10 times from 4 senders at once
      Then every answer is a success
      And Ada has at most 1 code at court-1
      And Ada has received at most 1 message
      And Bo's code opens court-1 at 2026-12-08 15:30

    Scenario Outline: <order> leaves <codes> code and <told> message at <lock>
      Given court-2 has <lock> in Europe/Stockholm
      And Ada booked court-2 from 2026-12-07 15:20 to 2026-12-07 17:20
      When the events of Ada's booking arrive as "<order>", without a pause
      And 10 minutes pass
      Then Ada has exactly <codes> code at court-2
      And Ada has received <told> message

      Examples:
        | lock             | order                           | codes | told |
        | a Nuki lock      | confirmed, confirmed, paid      | 1     | 1    |
        | a Nuki lock      | cancelled, confirmed, confirmed | 0     | 0    |
        | a Nuki lock      | confirmed, cancelled, confirmed | 0     | 0    |
        | a LivionKey lock | confirmed, confirmed, paid      | 1     | 1    |
        | a LivionKey lock | cancelled, confirmed, confirmed | 0     | 0    |
        | an Exivo door    | confirmed, confirmed, paid      | 1     | 1    |
        | an Exivo door    | cancelled, confirmed, confirmed | 0     | 0    |
        | an Exivo door    | confirmed, cancelled, confirmed | 0     | 1    |

    Scenario Outline: Where a rule waits for paid, <order> leaves the changed times
      Given the owner sets the rule of court-1 to
        | trigger | paid |
      And Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      And a change to 2026-12-08 10:20 until 2026-12-08 11:20 is on its way
      When the events of Ada's booking arrive as "<order>"
      Then Ada's code opens court-1 for the booked time alone

      Examples:
        | order                    |
        | confirmed, paid, changed |
        | confirmed, changed, paid |
        | paid, changed, confirmed |
        | changed, paid, confirmed |
        | paid, changed            |

    @needs-clock
    Scenario Outline: Where a rule waits for paid, <order> leaves no code
      Given the owner sets the rule of court-1 to
        | trigger | paid |
      And Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      When the events of Ada's booking arrive as "<order>"
      Then Ada has no code

      Examples:
        | order                      |
        | cancelled, paid            |
        | cancelled, confirmed, paid |
        | confirmed, cancelled, paid |

