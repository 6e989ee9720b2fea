Feature: Trouble on the way
  Vendors answer late, twice, wrongly or not at all. The booking ends with one code or
  with a clear failure, and nobody else's waits for it.

  @RES-01 @on-service @needs-clock
  Rule: One fault at any vendor call MUST leave one working code, never two and never none
    Source: house

    Scenario Outline: <fault> at <call> ends with one working code
      Given court-1 has a lock in Europe/Stockholm
      And 48 hours pass
      And "<fault>" befalls <call> once
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 6 hours pass
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message
      And Ada's code opens court-1 from 2026-12-07 15:00 until 2026-12-07 18:00

      Examples:
        | fault                    | call            |
        | 500                      | the token call  |
        | 503                      | the token call  |
        | 429                      | the token call  |
        | nonsense                 | the token call  |
        | no answer                | the token call  |
        | no answer after the deed | the token call  |
        | too late an answer       | the token call  |
        | 500                      | making a code   |
        | 502                      | making a code   |
        | 503                      | making a code   |
        | 429                      | making a code   |
        | 401                      | making a code   |
        | 500 after the deed       | making a code   |
        | nonsense                 | making a code   |
        | nonsense after the deed  | making a code   |
        | empty                    | making a code   |
        | no answer                | making a code   |
        | no answer after the deed | making a code   |
        | too late an answer       | making a code   |

    @needs-api
    Scenario Outline: <fault> at <call> while linking links nothing, and then all
      Given an account at the vendor with the lock "Front door"
      And "<fault>" befalls <call> once
      When the owner connects with the vendor's own credentials, twice if need be
      Then the connection is linked
      And the lock "Front door" can be chosen

      Examples:
        | fault                    | call              |
        | 500                      | the token call    |
        | 429                      | the token call    |
        | nonsense                 | the token call    |
        | no answer after the deed | the token call    |
        | 500                      | listing the locks |
        | 429                      | listing the locks |
        | nonsense                 | listing the locks |
        | empty                    | listing the locks |
        | no answer                | listing the locks |
        | too late an answer       | listing the locks |

    Scenario Outline: <fault> at every call for an hour ends with one working code
      Given court-1 has a lock in Europe/Stockholm
      And "<fault>" befalls every call
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When 1 hour passes
      And the vendor is well again
      And 6 hours pass
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message
      And Ada's code opens court-1 from 2026-12-07 15:00 until 2026-12-07 18:00

      Examples:
        | fault                    |
        | 503                      |
        | 429                      |
        | no answer                |
        | no answer after the deed |

    Scenario Outline: <fault> at <call> of <lock> ends with one working code
      Given court-1 has <lock> in Europe/Berlin
      And "<fault>" befalls <call> once
      When Ada's booking of court-1 from 2026-12-07 15:00 to 2026-12-07 17:00 is confirmed
      And 1 hour passes
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:30
      And Ada's code does not open court-1 at 2026-12-07 18:30

      Examples:
        | lock             | fault                    | call              |
        | a Nuki lock      | 500                      | making a code     |
        | a Nuki lock      | 423                      | making a code     |
        | a Nuki lock      | 429                      | making a code     |
        | a Nuki lock      | 500 after the deed       | making a code     |
        | a Nuki lock      | nonsense                 | making a code     |
        | a Nuki lock      | no answer                | making a code     |
        | a Nuki lock      | no answer after the deed | making a code     |
        | a Nuki lock      | 429                      | listing the codes |
        | a Nuki lock      | nonsense                 | listing the codes |
        | a Nuki lock      | empty                    | listing the codes |
        | a Nuki lock      | no answer                | listing the codes |
        | a LivionKey lock | 500                      | making a code     |
        | a LivionKey lock | 500 after the deed       | making a code     |
        | a LivionKey lock | nonsense                 | making a code     |
        | a LivionKey lock | no answer after the deed | making a code     |
        | a LivionKey lock | 401                      | making a code     |
        | an Exivo door    | 500                      | making a code     |
        | an Exivo door    | 429                      | making a code     |
        | an Exivo door    | 500 after the deed       | making a code     |
        | an Exivo door    | nonsense                 | making a code     |
        | an Exivo door    | no answer                | making a code     |
        | an Exivo door    | no answer after the deed | making a code     |

    Scenario Outline: <fault> at every call of <lock> for an hour ends with one working code
      Given court-1 has <lock> in Europe/Berlin
      And "<fault>" befalls every call
      And Ada's booking of court-1 from 2026-12-07 15:00 to 2026-12-07 17:00 is confirmed
      When 1 hour passes
      And the vendor is well again
      And 2 hours pass
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | lock          | fault                    |
        | a Nuki lock   | 423                      |
        | a Nuki lock   | 429                      |
        | a Nuki lock   | 503                      |
        | a Nuki lock   | no answer after the deed |
        | an Exivo door | 503                      |
        | an Exivo door | no answer after the deed |

    Scenario Outline: <fault> while <lock> changes a code leaves one code, for the new time
      Given court-1 has <lock> in Europe/Berlin
      And Ada's booking of court-1 from 2026-12-07 15:00 to 2026-12-07 17:00 is confirmed
      And 1 minute passes
      And "<fault>" befalls <call> once
      When Ada's booking is moved to 2026-12-08 10:00 until 2026-12-08 11:00
      And 1 hour passes
      Then Ada has exactly 1 code at court-1
      And Ada's code does not open court-1 at 2026-12-07 15:30
      And Ada's code opens court-1 at 2026-12-08 10:30

      Examples:
        | lock             | fault                    | call            |
        | a Nuki lock      | 423                      | changing a code |
        | a Nuki lock      | no answer after the deed | changing a code |
        | a LivionKey lock | no answer after the deed | changing a code |
        | a LivionKey lock | 500                      | changing a code |
        | an Exivo door    | no answer after the deed | making a code   |
        | an Exivo door    | no answer after the deed | deleting a code |

  @RES-02 @on-service @needs-api
  Rule: A vendor's final refusal MUST end in a clear failure, with no code and no message
    Source: house

    Scenario Outline: A code refused with <status> is failed, with the reason
      Given court-1 has a lock in Europe/Stockholm
      And "<status>" befalls making a code
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's access is failed
      And Ada's access tells why
      And Ada has no code

      Examples:
        | status |
        | 400    |
        | 404    |

    @needs-clock
    Scenario: The next booking has its code once the vendor is well again
      Given court-1 has a lock in Europe/Stockholm
      And "400" befalls making a code
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada's access is failed
      When the vendor is well again
      And Bo's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Bo's code opens court-1 at 2026-12-07 15:30

  @RES-03 @on-service @needs-api
  Rule: A vendor that is down MUST NOT hold up the bookings of another connection
    Source: house

    Scenario: One account is down, the other's customers have their codes at once
      Given court-1 has a lock in Europe/Stockholm
      And court-2 has a lock at another connection
      And "no answer" befalls every call of court-1's account
      When Ada's booking of court-1 from 2026-12-01 10:20 to 2026-12-01 11:20 is confirmed
      And Bo's booking of court-2 from 2026-12-01 10:20 to 2026-12-01 11:20 is confirmed
      Then Ada has no code
      And Bo has received 1 message
      And Bo's code opens court-2 at 2026-12-01 10:30

  @RES-04 @on-service
  Rule: An event that was taken MUST survive a stop of the service
    Source: house

    @needs-restart @needs-clock
    Scenario: Stopped before the code was made, it makes it after the next start
      Given court-1 has a lock in Europe/Stockholm
      And "503" befalls every call
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When the service is stopped and started
      And the vendor is well again
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
      And "confirmed" of Ada's booking arrives 2 times from 1 senders at once
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message
