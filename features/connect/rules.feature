Feature: Rules and triggers
  A rule says which locks a resource opens, which event makes the code, and by which
  channel the customer gets it.

  @CON-03 @core @on-service
  Rule: A booked resource MUST open the locks that its rules name, and no others
    Source: seed 000; seed 002

    Scenario: The code opens the lock of the booked court and of no other
      Given court-1 has a lock in Europe/Stockholm
      And court-2 has a lock in Europe/Stockholm
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code opens court-1 at 2026-12-07 15:30
      And Ada's code does not open court-2 at 2026-12-07 15:30

    Scenario: A code for the second court opens that court and not the first
      Given court-1 has a lock in Europe/Stockholm
      And court-2 has a lock in Europe/Stockholm
      When Bo's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Bo's code opens court-2 at 2026-12-07 15:30
      And Bo's code does not open court-1 at 2026-12-07 15:30

    Scenario: One court with two doors gives one message with a code for each
      Given court-1 has a lock in Europe/Stockholm
      And the account has a lock "Side door"
      And the owner sets the rule of court-1 to
        | locks | court-1, Side door |
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada has received 1 message
      And one of Ada's codes opens court-1 at 2026-12-07 15:30
      And one of Ada's codes opens "Side door" at 2026-12-07 15:31

    Scenario: One lock serves two courts
      Given court-1 has a lock in Europe/Stockholm
      And the owner makes a rule that lets bookings of court-2 open court-1
      When Ada's booking of court-1 from 2026-12-07 15:00 to 2026-12-07 16:00 is confirmed
      And Bo's booking of court-2 from 2026-12-07 16:00 to 2026-12-07 17:00 is confirmed
      Then Ada's code opens court-1 at 2026-12-07 15:30
      And Bo's code opens court-2 at 2026-12-07 16:30

    @needs-api
    Scenario: An edited rule holds for the next booking
      Given court-1 has a lock in Europe/Stockholm
      And court-2 has a lock in Europe/Stockholm
      When the owner sets the rule of court-1 to
        | locks | court-2 |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code opens court-2 at 2026-12-07 15:30
      And Ada's code does not open court-1 at 2026-12-07 15:30

    @needs-api
    Scenario: A deleted rule makes no more codes
      Given court-1 has a lock in Europe/Stockholm
      And Bo's booking of court-1 from 2026-12-07 09:00 to 2026-12-07 10:00 is confirmed
      And Bo's code opens court-1 at 2026-12-07 09:30
      When the owner deletes the rule of court-1
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada has no code

    @needs-api
    Scenario Outline: Two of <lock> with one name are two, and each opens for its own court
      Given court-1 has <lock> in Europe/Stockholm
      And court-2 has <lock> in Europe/Stockholm
      And the lock of court-1 is called "Door"
      And the lock of court-2 is called "Door"
      When the owner refreshes the list of locks
      Then 2 locks can be chosen
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code opens court-1 at 2026-12-07 15:30
      And Bo's code opens court-2 at 2026-12-07 15:30
      And Ada's code does not open court-2 at 2026-12-07 15:31

      Examples:
        | lock              |
        | an igloohome lock |
        | a Nuki lock       |
        | a LivionKey lock  |
        | an Exivo door     |

  @CON-04 @core @on-service
  Rule: A code MUST be made when the chosen event arrives, and not before
    Source: seed 000

    Scenario: A resource without a rule gets no code, and the answer says why
      Given court-1 has a lock in Europe/Stockholm
      When Ada's booking of attic from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then the answer says why
      And Ada has no code
      When Bo's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Bo's code opens court-1 at 2026-12-07 15:30

    Scenario: A booking that is changed and was never confirmed gets no code
      Given court-1 has a lock in Europe/Stockholm
      And Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      When Ada's booking is changed, and was never confirmed
      Then Ada has no code
      When Ada's booking is confirmed
      Then Ada's code opens court-1 at 2026-12-07 15:30

    Scenario Outline: A rule that waits for <event> makes the code at <event>
      Given court-1 has a lock in Europe/Stockholm
      And the owner sets the rule of court-1 to
        | trigger | <event> |
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is <other>
      Then the answer is a success
      And the answer says why
      And Ada has no code
      When Ada's booking is <event>
      Then Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | event     | other     |
        | confirmed | paid      |
        | paid      | confirmed |
        | starting  | confirmed |

    @needs-clock
    Scenario: A booking whose event never comes stays without a code
      Given court-1 has a lock in Europe/Stockholm
      And the owner sets the rule of court-1 to
        | trigger | paid |
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And the time is 2026-12-07 17:30
      Then Ada has no code

    @needs-clock
    Scenario Outline: A booking of <lock> that has begun <since> has a code for what is left
      Given court-2 has <lock> in Europe/Stockholm
      And the time is <now>
      When Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      Then Ada has received 1 message
      And Ada's code opens court-2 at 2026-12-07 17:10
      And Ada's code does not open court-2 at 2026-12-07 18:01

      Examples:
        | lock              | since           | now                 |
        | an igloohome lock | just now        | 2026-12-07 15:20:01 |
        | a Nuki lock       | just now        | 2026-12-07 15:20:01 |
        | a LivionKey lock  | just now        | 2026-12-07 15:20:01 |
        | an Exivo door     | just now        | 2026-12-07 15:20:01 |
        | an igloohome lock | an hour before  | 2026-12-07 16:20:00 |
        | a Nuki lock       | an hour before  | 2026-12-07 16:20:00 |
        | a LivionKey lock  | an hour before  | 2026-12-07 16:20:00 |
        | an Exivo door     | an hour before  | 2026-12-07 16:20:00 |

    @needs-api
    Scenario: An event that came before its rule can be replayed
      Given court-1 has a lock in Europe/Stockholm
      And Ada's booking of attic from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And the owner makes a rule that lets bookings of attic open court-1
      When the owner replays the last event
      Then Ada's code opens attic at 2026-12-07 15:30

    Scenario Outline: Who was <event> and moves to <moved> need not be <event> again
      Given court-1 has a lock in Europe/Stockholm
      And court-2 has a lock in Europe/Stockholm
      And the owner sets the rule of court-1 to
        | trigger | <event> |
      And the owner sets the rule of court-2 to
        | trigger | <event> |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada's booking is <event>
      When Ada's booking is moved to <moved>
      Then Ada's code opens <door> for the booked time alone

      Examples:
        | event    | moved                                   | door    |
        | paid     | 2026-12-08 10:20 until 2026-12-08 11:20 | court-1 |
        | paid     | court-2                                 | court-2 |
        | starting | 2026-12-08 10:20 until 2026-12-08 11:20 | court-1 |
        | starting | court-2                                 | court-2 |

    Scenario Outline: Who moves to <moved> before being <event> has a code once that has come
      Given court-1 has a lock in Europe/Stockholm
      And court-2 has a lock in Europe/Stockholm
      And the owner sets the rule of court-1 to
        | trigger | <event> |
      And the owner sets the rule of court-2 to
        | trigger | <event> |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When Ada's booking is moved to <moved>
      Then Ada has no code
      When Ada's booking is <event>
      Then Ada's code opens <door> for the booked time alone

      Examples:
        | event    | moved                                   | door    |
        | paid     | 2026-12-08 10:20 until 2026-12-08 11:20 | court-1 |
        | paid     | court-2                                 | court-2 |
        | starting | 2026-12-08 10:20 until 2026-12-08 11:20 | court-1 |
