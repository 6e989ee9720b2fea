Feature: Vendor faults
  Vendors answer late, wrongly or not at all. The booking ends with one code or with a
  clear failure, and no other booking has to wait.

  @RES-01 @core @on-service
  Rule: One fault at any vendor call MUST leave one working code, never two and never none
    Source: house

    Scenario Outline: An answer to <call> that is <fault> ends with one working code
      Given court-1 has a lock in Europe/Stockholm
      And 48 hours pass
      And the next answer to "<call>" is <fault>
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 6 hours pass
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message
      And Ada's code opens court-1 for the booked time alone

      Examples:
        | fault                           | call        |
        | 500                             | get token   |
        | 503                             | get token   |
        | 429                             | get token   |
        | nonsense                        | get token   |
        | lost                            | get token   |
        | lost after the vendor acted     | get token   |
        | too late                        | get token   |
        | 500                             | create code |
        | 502                             | create code |
        | 503                             | create code |
        | 429                             | create code |
        | 401                             | create code |
        | 500 after the vendor acted      | create code |
        | nonsense                        | create code |
        | nonsense after the vendor acted | create code |
        | empty                           | create code |
        | lost                            | create code |
        | lost after the vendor acted     | create code |
        | too late                        | create code |

    @needs-api
    Scenario Outline: While linking, an answer to <call> that is <fault> links nothing, then all
      Given the account has a lock "Front door"
      And the next answer to "<call>" is <fault>
      When the owner connects with the vendor's own credentials, twice if need be
      Then the connection is linked
      And the lock "Front door" can be chosen

      Examples:
        | fault                       | call       |
        | 500                         | get token  |
        | 429                         | get token  |
        | nonsense                    | get token  |
        | lost after the vendor acted | get token  |
        | 500                         | list locks |
        | 429                         | list locks |
        | nonsense                    | list locks |
        | empty                       | list locks |
        | lost                        | list locks |
        | too late                    | list locks |

    Scenario Outline: An hour of answers that are <fault> ends with one working code
      Given court-1 has a lock in Europe/Stockholm
      And the answer to every call is <fault>
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When 1 hour passes
      And the vendor has recovered
      And 6 hours pass
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message
      And Ada's code opens court-1 for the booked time alone

      Examples:
        | fault                       |
        | 503                         |
        | 429                         |
        | lost                        |
        | lost after the vendor acted |

    Scenario Outline: An answer of <lock> to <call> that is <fault> ends with one working code
      Given court-1 has <lock> in Europe/Berlin
      And the next answer to "<call>" is <fault>
      When Ada's booking of court-1 from 2026-12-07 15:00 to 2026-12-07 17:00 is confirmed
      And 1 hour passes
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:30
      And Ada's code does not open court-1 at 2026-12-07 18:30

      Examples:
        | lock             | fault                       | call        |
        | a Nuki lock      | 500                         | create code |
        | a Nuki lock      | 423                         | create code |
        | a Nuki lock      | 429                         | create code |
        | a Nuki lock      | 500 after the vendor acted  | create code |
        | a Nuki lock      | nonsense                    | create code |
        | a Nuki lock      | lost                        | create code |
        | a Nuki lock      | lost after the vendor acted | create code |
        | a Nuki lock      | 429                         | list codes  |
        | a Nuki lock      | nonsense                    | list codes  |
        | a Nuki lock      | empty                       | list codes  |
        | a Nuki lock      | lost                        | list codes  |
        | a LivionKey lock | 500                         | create code |
        | a LivionKey lock | 500 after the vendor acted  | create code |
        | a LivionKey lock | nonsense                    | create code |
        | a LivionKey lock | lost after the vendor acted | create code |
        | a LivionKey lock | 401                         | create code |
        | an Exivo door    | 500                         | create code |
        | an Exivo door    | 429                         | create code |
        | an Exivo door    | 500 after the vendor acted  | create code |
        | an Exivo door    | nonsense                    | create code |
        | an Exivo door    | lost                        | create code |
        | an Exivo door    | lost after the vendor acted | create code |

    @needs-clock
    Scenario: An answer lost at a site of many visits leaves none once it is cancelled
      Given court-1 has an Exivo door in Europe/Berlin
      And court-2 has an Exivo door in Europe/Berlin
      And the site has 120 visits of others, of court-2
      And the next answer to "create code" is lost after the vendor acted
      And Ada's booking of court-1 from 2026-12-07 15:00 to 2026-12-07 17:00 is confirmed
      And 1 hour passes
      And Ada's code opens court-1 at 2026-12-07 15:30
      When Ada's booking is cancelled
      And 1 minute passes
      Then Ada has received 1 message
      And Ada has 0 codes at court-1

    Scenario Outline: An hour of answers of <lock> that are <fault> ends with one working code
      Given court-1 has <lock> in Europe/Berlin
      And the answer to every call is <fault>
      And Ada's booking of court-1 from 2026-12-07 15:00 to 2026-12-07 17:00 is confirmed
      When 1 hour passes
      And the vendor has recovered
      And 2 hours pass
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | lock          | fault                       |
        | a Nuki lock   | 423                         |
        | a Nuki lock   | 429                         |
        | a Nuki lock   | 503                         |
        | a Nuki lock   | lost after the vendor acted |
        | an Exivo door | 503                         |
        | an Exivo door | lost after the vendor acted |

    Scenario Outline: An answer that is <fault> while <lock> changes a code leaves one code
      Given court-1 has <lock> in Europe/Berlin
      And Ada's booking of court-1 from 2026-12-07 15:00 to 2026-12-07 17:00 is confirmed
      And 1 minute passes
      And the next answer to "<call>" is <fault>
      When Ada's booking is moved to 2026-12-08 10:00 until 2026-12-08 11:00
      And 1 hour passes
      Then Ada has exactly 1 code at court-1
      And Ada's code does not open court-1 at 2026-12-07 15:30
      And Ada's code opens court-1 at 2026-12-08 10:30

      Examples:
        | lock             | fault                       | call        |
        | a Nuki lock      | 423                         | change code |
        | a Nuki lock      | lost after the vendor acted | change code |
        | a LivionKey lock | lost after the vendor acted | change code |
        | a LivionKey lock | 500                         | change code |
        | an Exivo door    | lost after the vendor acted | create code |
        | an Exivo door    | lost after the vendor acted | delete code |

    @needs-clock
    Scenario Outline: Who is at <lock> has a way in while a change to <end> is <fault>
      Given court-1 has <lock> in Europe/Berlin
      And Ada's booking of court-1 from 2026-12-07 15:00 to 2026-12-07 17:00 is confirmed
      And 1 minute passes
      And Ada's code opens court-1 at 2026-12-07 15:30
      And the answer to "<call>" is <fault>
      When Ada's booking is moved to 2026-12-07 15:00 until <end>
      And 10 minutes pass
      Then Ada's code opens court-1 at 2026-12-07 15:50
      When the vendor has recovered
      And 30 minutes pass
      Then Ada has exactly 1 code at court-1
      And Ada's code opens court-1 at <last>
      And Ada's code does not open court-1 at <over>

      Examples:
        | lock             | call        | fault | end              | last             | over             |
        | a Nuki lock      | change code | 503   | 2026-12-07 19:00 | 2026-12-07 18:50 | 2026-12-07 19:01 |
        | a LivionKey lock | change code | 503   | 2026-12-07 19:00 | 2026-12-07 18:50 | 2026-12-07 19:01 |
        | an Exivo door    | create code | 503   | 2026-12-07 19:00 | 2026-12-07 18:50 | 2026-12-07 19:01 |
        | an Exivo door    | create code | lost  | 2026-12-07 19:00 | 2026-12-07 18:50 | 2026-12-07 19:01 |
        | an Exivo door    | create code | 429   | 2026-12-07 16:40 | 2026-12-07 16:35 | 2026-12-07 16:41 |

    Scenario Outline: A booking of <lock> whose answer was lost leaves no code once cancelled
      Given court-1 has <lock> in Europe/Berlin
      And the next answer to "create code" is lost after the vendor acted
      When Ada's booking of court-1 from 2026-12-07 15:00 to 2026-12-07 17:00 is confirmed
      And 1 hour passes
      And Ada's booking is cancelled
      And 1 minute passes
      Then Ada has 0 codes at court-1

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    Scenario Outline: A booking of <lock> whose answers are lost until it moves has a code there
      Given court-1 has <lock> in Europe/Berlin
      And court-2 has <lock> in Europe/Berlin
      And Bo's booking of court-2 from 2026-12-08 15:00 to 2026-12-08 17:00 is confirmed
      And 1 minute passes
      And the answer to every call is lost after the vendor acted
      And Ada's booking of court-1 from 2026-12-07 15:00 to 2026-12-07 17:00 is confirmed
      And 5 minutes pass
      When Ada's booking is moved to court-2
      And 5 minutes pass
      And the vendor has recovered
      And 2 hours pass
      Then Ada has exactly 1 code at court-2
      And Ada's code opens court-2 at 2026-12-07 15:30
      And Ada has 0 codes at court-1

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

  @RES-02 @on-service
  Rule: A vendor's final refusal MUST end in a clear failure, with no code and no message
    Source: house

    @needs-api
    Scenario Outline: A code refused with <status> is failed, with the reason
      Given court-1 has a lock in Europe/Stockholm
      And the answer to "create code" is <status>
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's access is failed
      And Ada's access shows
        | reason | given |
      And Ada has no code

      Examples:
        | status |
        | 400    |
        | 404    |

    @needs-clock @needs-api
    Scenario: The next booking has its code once the vendor has recovered
      Given court-1 has a lock in Europe/Stockholm
      And the answer to "create code" is 400
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada's access is failed
      When the vendor has recovered
      And Bo's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Bo's code opens court-1 at 2026-12-07 15:30

    Scenario Outline: A code refused with <status> sends nothing, and the next is made
      Given court-1 has a lock in Europe/Stockholm
      And the answer to "create code" is <status>
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada has no code
      When the vendor has recovered
      And Bo's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Bo's code opens court-1 at 2026-12-07 15:30

      Examples:
        | status |
        | 400    |
        | 404    |

  @RES-03 @on-service @needs-api
  Rule: A vendor that is down MUST NOT hold up the bookings of another connection
    Source: house

    Scenario: One account is down, the other's customers have their codes at once
      Given court-1 has a lock in Europe/Stockholm
      And court-2 has a lock at another connection
      And the answer to every call of court-1's account is lost
      When Ada's booking of court-1 from 2026-12-01 10:20 to 2026-12-01 11:20 is confirmed
      And Bo's booking of court-2 from 2026-12-01 10:20 to 2026-12-01 11:20 is confirmed
      Then Ada has no code
      And Bo has received 1 message
      And Bo's code opens court-2 at 2026-12-01 10:30

  @RES-04 @on-service
  Rule: An event that was taken MUST survive a stop of the service
    Source: house

    @needs-restart
    Scenario: Stopped before the code was made, it makes it after the next start
      Given court-1 has a lock in Europe/Stockholm
      And every vendor call answers 503
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When the service is stopped and started
      And the vendor has recovered
      And 6 hours pass
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:30

    @needs-restart
    Scenario: Stopped after the code was made, it sends no second message
      Given court-1 has a lock in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada has received 1 message
      When the service is stopped and started
      And the events of Ada's booking arrive as "confirmed", 2 times from 1 sender at once
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message

    @needs-restart @needs-clock
    Scenario Outline: Stopped before a booking of <lock> was <changed> there, it is after the start
      Given court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-2 from 2026-12-09 15:20 to 2026-12-09 17:20 is confirmed
      And 1 minute passes
      And every vendor call answers 503
      When <what>
      And the service is stopped and started
      And the vendor has recovered
      And 6 hours pass
      Then Ada has exactly <codes> code at court-2
      And Bo's code opens court-2 at 2026-12-09 15:30
      And Bo has received 1 message

      Examples:
        | lock             | changed   | codes | what                                                                   |
        | a Nuki lock      | moved     | 1     | Ada's booking is moved to 2026-12-08 10:00 until 2026-12-08 11:00      |
        | a LivionKey lock | moved     | 1     | Ada's booking is moved to 2026-12-08 10:00 until 2026-12-08 11:00      |
        | an Exivo door    | moved     | 1     | Ada's booking is moved to 2026-12-08 10:00 until 2026-12-08 11:00      |
        | a Nuki lock      | cancelled | 0     | Ada's booking is cancelled                                             |
        | a LivionKey lock | cancelled | 0     | Ada's booking is cancelled                                             |
        | an Exivo door    | cancelled | 0     | Ada's booking is cancelled                                             |
