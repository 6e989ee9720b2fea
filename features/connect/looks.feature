Feature: What must exist is looked at again
  What must exist follows from bookings, rules and locks as they are now. So what has
  failed, what was taken away and what the owner changes is looked at again, as long as
  it can matter.

  @CON-13 @on-service @needs-api @needs-clock
  Rule: A code that somebody took away at the vendor MUST be noticed
    Source: seed 002 (removed: the system or an admin took it away)

    Scenario Outline: The access of a code of <lock> that was deleted in its app is removed
      Given court-1 has <lock> in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-08 15:20 to 2026-12-08 17:20 is confirmed
      And 1 minute passes
      When Ada's code is deleted at court-1
      And 24 hours pass
      And 24 hours pass
      And 24 hours pass
      Then Ada's access is removed
      And Bo's access is created
      And Bo's code opens court-1 at 2026-12-08 15:30
      And the owner is notified of Ada's booking, "no code" and "took the code away"

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    Scenario Outline: A code of <lock> is made anew where the rule says so, and again
      Given court-1 has <lock> in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And the owner sets the rule of court-1 to
        | make codes anew | yes |
      When Ada's code is deleted at court-1
      And 24 hours pass
      And 24 hours pass
      Then Ada has received 2 messages
      And Ada has exactly 1 code at court-1
      When Ada's code is deleted at court-1
      And 24 hours pass
      And 24 hours pass
      Then Ada has received 3 messages
      And Ada's code opens court-1 for the booked time alone

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    Scenario Outline: One empty list of <lock> is no proof that a code is gone
      Given court-1 has <lock> in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And the next answer to "list codes" is an empty list
      When 48 hours pass
      Then Ada's access is created
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    Scenario Outline: Nor are two empty lists of <lock> with a full one between them
      Given court-1 has <lock> in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And the next answer to "list codes" is an empty list
      And 48 hours pass
      And the next answer to "list codes" is an empty list
      When 48 hours pass
      Then Ada's access is created
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

  @CON-14 @on-service @needs-api @needs-clock
  Rule: What has failed SHOULD be tried again while it can matter
    Source: house

    Scenario: A key that was another's is given once the other booking is cancelled
      Given court-1 has a LivionKey lock in Europe/Stockholm
      And Bo's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada's access is failed
      When Bo's booking is cancelled
      And 30 minutes pass
      Then Ada's code opens court-1 at 2026-12-07 15:30
      And Bo has 0 codes at court-1

    Scenario: Margins around bookings of one key, back to back, give way to the bookings
      Given court-1 has a LivionKey lock in Europe/Stockholm
      And the owner sets the rule of court-1 to
        | margin before, minutes | 15 |
        | margin after, minutes  | 15 |
      And Bo's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 16:20 is confirmed
      And 1 minute passes
      When Ada's booking of court-1 from 2026-12-07 16:20 to 2026-12-07 17:20 is confirmed
      And 30 minutes pass
      Then Bo's code opens court-1 at 2026-12-07 16:10
      And Ada's code opens court-1 at 2026-12-07 16:25
      And Bo has received 1 message
      And Ada has received 1 message

    Scenario Outline: An answer of <lock> that asks for half an hour is not asked again before
      Given court-1 has <lock> in Europe/Stockholm
      And the next answer to "create code" is 429 for 30 minutes
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When 29 minutes pass
      Then "create code" was called 1 time
      When 30 minutes pass
      Then Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | lock              |
        | an igloohome lock |
        | a Nuki lock       |
        | a LivionKey lock  |
        | an Exivo door     |

    Scenario: A refusal that has passed leaves one code and one message
      Given court-1 has a lock in Europe/Stockholm
      And the answer to "create code" is 400
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada's access is failed
      When the vendor has recovered
      And 2 hours pass
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message
      And Ada's code opens court-1 for the booked time alone

    Scenario Outline: One list without <lock> harms nobody who <what> meanwhile
      Given court-1 has <lock> in Europe/Stockholm
      And Bo's booking of court-1 from 2026-12-09 15:20 to 2026-12-09 17:20 is confirmed
      And 1 minute passes
      And the next answer to "list locks" is an empty list
      And the owner refreshes the list of locks
      And <event>
      When the owner refreshes the list of locks
      And 2 hours pass
      Then Ada's code opens court-1 at 2026-12-07 15:30
      And Bo's code opens court-1 at 2026-12-09 15:30
      And Bo has received 1 message

      Examples:
        | lock             | what  | event                                                                        |
        | a Nuki lock      | books | Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed |
        | a LivionKey lock | books | Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed |
        | an Exivo door    | books | Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed |

  @CON-15 @on-service @needs-api @needs-clock
  Rule: Owner and customer SHOULD be told in time of what is missing or will not open
    Source: house

    Scenario: A code that cannot be made is told to the owner once
      Given court-1 has a lock in Europe/Stockholm
      And the answer to "create code" is 400
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When 24 hours pass
      Then the owner is notified of Ada's booking, "no code" and "Why"
      And the owner has received 1 message
      And Ada has no code

    Scenario: What has come within the hour is told to nobody else
      Given court-1 has a lock in Europe/Stockholm
      And the answer to "create code" is 400
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When the vendor has recovered
      And 30 minutes pass
      And 24 hours pass
      Then Ada has received 1 message
      And the owner has received 0 messages

    Scenario: What has come before the owner's mail could go out is told to nobody else
      Given court-1 has a lock in Europe/Stockholm
      And the mail server refuses messages
      And the answer to "create code" is 400
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 3 hours pass
      When the vendor has recovered
      And 24 hours pass
      And the mail server accepts messages again
      And 6 hours pass
      Then Ada has received 1 message
      And the owner has received 0 messages

    Scenario: A late key that is back before the owner's mail could go out is told to nobody
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      And Bo's booking of flat-2 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      And Bo's code takes "flat-2" at 2026-12-07 16:01
      And the mail server refuses messages
      And the time is 2026-12-08 11:30
      And the static code "*7001" returns "flat-1" at 2026-12-08 12:00
      And the owner refreshes the list of keys
      When the mail server accepts messages again
      And 6 hours pass
      Then the owner has received 1 message
      And the owner is notified of Bo's booking, "Flat 2" and "slot 1"

    Scenario: A late key whose stay is extended before the mail could go out is told to nobody
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      And the mail server refuses messages
      And the time is 2026-12-08 11:30
      When Ada's booking is moved to 2026-12-07 15:00 until 2026-12-09 11:00
      And 1 minute passes
      And the mail server accepts messages again
      And 6 hours pass
      Then the owner has received 0 messages
      When the time is 2026-12-09 11:30
      Then the owner has received 1 message
      And the owner is notified of Ada's booking, "Flat 1" and "slot 0"

    Scenario: Credentials that are taken again before the mail could go out are told to nobody
      Given court-1 has a Nuki lock in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And the mail server refuses messages
      And every vendor call answers 401
      And 24 hours pass
      When the vendor has recovered
      And 24 hours pass
      And the mail server accepts messages again
      And 6 hours pass
      Then the owner has received 0 messages
      And Ada's code opens court-1 at 2026-12-07 15:30

    Scenario Outline: Whose code dies unused is told until when to use it, by <channel> in <language>
      Given court-1 has an igloohome lock in Europe/Stockholm
      And the owner sets the rule of court-1 to
        | channel           | <channel> |
        | copy to the owner | yes       |
      And Ada speaks "<language>"
      And Bo speaks "<language>"
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-10 17:40 is confirmed
      And Bo's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:40 is confirmed
      Then Ada's message says "15:00" and "15:20" and "17:40"
      And Bo's message does not say "15:00"
      And Bo's code opens court-1 at 2026-12-07 17:30
      And Ada's code does not open court-1 at 2026-12-08 15:01

      Examples:
        | channel | language |
        | email   | en       |
        | email   | de       |
        | sms     | sv       |
        | sms     | cs       |

    Scenario: Who has two doors with such codes is told the earlier of both deadlines
      Given court-1 has an igloohome lock in Europe/Stockholm
      And court-2 has an igloohome lock in Europe/Stockholm
      And the owner makes a rule that lets bookings of hall-1 open court-1
      And the owner sets the rule of hall-1 to
        | margin before, hours | 5 |
      And the owner makes a rule that lets bookings of hall-1 open court-2
      And the owner sets the rule of hall-1 to
        | locks             | court-1, court-2 |
        | send hours before | 1                |
      When Ada's booking of hall-1 from 2026-12-07 15:20 to 2026-12-10 17:40 is confirmed
      And the time is 2026-12-07 14:21
      Then Ada's message says "10:00" and "15:20"
      And Ada's message does not say "15:00"
      And one of Ada's codes opens court-2 at 2026-12-07 16:00
      And one of Ada's codes opens court-2 at 2026-12-08 15:30

    Scenario: Who stays longer is told from when a code that follows opens
      Given court-1 has an igloohome lock in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:40 is confirmed
      And Ada's code opens court-1 at 2026-12-07 16:00
      When Ada's booking is moved to 2026-12-07 15:20 until 2026-12-07 19:40
      Then Ada's message says "18:00" and "19:40"
      And Ada's code does not open court-1 at 2026-12-07 17:50
      And Ada's code opens court-1 at 2026-12-07 18:10

    Scenario Outline: A change to <lock> that is refused is told to the owner, and another is not
      Given court-1 has <lock> in Europe/Stockholm
      And Bo's booking of court-1 from 2026-12-12 15:20 to 2026-12-12 17:20 is confirmed
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When Bo's booking is moved to 2026-12-12 15:20 until 2026-12-12 19:20
      And 2 hours pass
      Then the owner has received 0 messages
      When the answer to <call> is 400
      And Ada's booking is moved to <moved>
      And 24 hours pass
      Then the owner is notified of Ada's booking, "Why" and "court-1"
      And the owner has received 1 message

      Examples:
        | lock              | call          | moved                                   |
        | an igloohome lock | "create code" | 2026-12-07 15:20 until 2026-12-07 19:40 |
        | a Nuki lock       | "change code" | 2026-12-07 15:20 until 2026-12-07 19:40 |
        | a LivionKey lock  | "change code" | 2026-12-07 15:20 until 2026-12-07 19:40 |
        | an Exivo door     | "create code" | 2026-12-07 15:20 until 2026-12-07 19:40 |
        | a Nuki lock       | "change code" | 2026-12-08 10:10 until 2026-12-08 11:50 |
        | a LivionKey lock  | "change code" | 2026-12-08 10:10 until 2026-12-08 11:50 |
        | an Exivo door     | "create code" | 2026-12-08 10:10 until 2026-12-08 11:50 |

    Scenario: Who would stay into the next guest's time keeps the old code, as is told
      Given court-1 has a LivionKey lock in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:00 to 2026-12-08 11:00 is confirmed
      And Bo's booking of court-1 from 2026-12-08 11:00 to 2026-12-09 11:00 is confirmed
      And 1 minute passes
      When Ada's booking is moved to 2026-12-07 15:00 until 2026-12-08 13:40
      And 24 hours pass
      Then the owner is notified of Ada's booking, "Why" and "court-1"
      And Ada's code opens court-1 at 2026-12-08 10:50
      And Bo's code opens court-1 at 2026-12-08 11:10

  @CON-16 @on-service @needs-api @needs-clock
  Rule: What the owner changes SHOULD reach what is booked already
    Source: house; seed 002 for communities

    Scenario Outline: A rule that is deleted takes its codes along at <lock>
      Given court-1 has <lock> in Europe/Stockholm
      And court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When the owner deletes the rule of court-1
      And 1 minute passes
      Then Ada has 0 codes at court-1
      And Bo's code opens court-2 at 2026-12-07 15:30

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    Scenario Outline: A rule that is given to another resource opens for that alone at <lock>
      Given court-1 has <lock> in Europe/Stockholm
      And court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When the owner sets the rule of court-1 to
        | resource | hall-1 |
      And 1 minute passes
      Then Ada has 0 codes at court-1
      And Bo's code opens court-2 at 2026-12-07 15:30

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    Scenario Outline: A rule that is given to a resource opens <lock> for what is booked of it
      Given court-1 has <lock> in Europe/Stockholm
      And court-2 has <lock> in Europe/Stockholm
      And Ada's booking of hall-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When the owner sets the rule of court-1 to
        | resource | hall-1 |
      And 1 minute passes
      Then Ada's code opens court-1 at 2026-12-07 15:30
      And Bo's code opens court-2 at 2026-12-07 15:30

      Examples:
        | lock              |
        | an igloohome lock |
        | a Nuki lock       |
        | a LivionKey lock  |
        | an Exivo door     |

    Scenario Outline: A message that waits for <before> hours goes out at those set since
      Given court-1 has a lock in Europe/Stockholm
      And the owner sets the rule of court-1 to
        | channel           | <channel> |
        | send hours before | <before>  |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When the owner sets the rule of court-1 to
        | send hours before | <after> |
      And 1 minute passes
      And the time is <early>
      Then Ada has received 0 messages
      When the time is <due>
      Then Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | channel | before | after | early            | due              |
        | email   | 2      | 24    | 2026-12-06 15:18 | 2026-12-06 15:21 |
        | email   | 24     | 2     | 2026-12-07 13:18 | 2026-12-07 13:21 |
        | sms     | 24     | 2     | 2026-12-07 13:18 | 2026-12-07 13:21 |

    Scenario Outline: A rule of two of <lock> that is left with <left> opens that alone
      Given court-1 has <lock> in Europe/Stockholm
      And court-2 has <lock> in Europe/Stockholm
      And the owner sets the rule of court-1 to
        | locks | court-1, court-2 |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When the owner sets the rule of court-1 to
        | locks | <left> |
      And 1 minute passes
      Then Ada's code opens <left> at 2026-12-07 15:30
      And Ada's code does not open <gone> at 2026-12-07 15:40

      Examples:
        | lock             | left    | gone    |
        | a Nuki lock      | court-1 | court-2 |
        | a Nuki lock      | court-2 | court-1 |
        | a LivionKey lock | court-1 | court-2 |
        | an Exivo door    | court-1 | court-2 |
        | an Exivo door    | court-2 | court-1 |

    Scenario Outline: A margin that is set counts for the code that is made at <lock>
      Given court-1 has <lock> in Europe/Stockholm
      And court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When the owner sets the rule of court-1 to
        | margin before, hours | 1 |
      And 1 minute passes
      Then Ada's code opens court-1 at 2026-12-07 14:30
      And Bo's code does not open court-2 at 2026-12-07 14:30

      Examples:
        | lock              |
        | a Nuki lock       |
        | a LivionKey lock  |
        | an Exivo door     |
        | an igloohome lock |

    Scenario Outline: A rule that is given another of <lock> opens that, also for who is under way
      Given court-1 has <lock> in Europe/Stockholm
      And court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-08 15:20 to 2026-12-08 17:20 is confirmed
      And 1 minute passes
      And Ada's code opens court-1 at 2026-12-07 16:00
      When the owner sets the rule of court-1 to
        | locks | court-2 |
      And 1 minute passes
      Then Ada's code opens court-2 at 2026-12-07 16:10
      And Ada's code does not open court-2 at 2026-12-07 18:01
      And Bo's code opens court-2 at 2026-12-08 15:30

      Examples:
        | lock              |
        | an igloohome lock |
        | a Nuki lock       |
        | a LivionKey lock  |
        | an Exivo door     |

    Scenario Outline: A rule of <lock> that is left to nobody ends also what is under way
      Given court-1 has <lock> in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And Ada's code opens court-1 at 2026-12-07 16:00
      When the owner deletes the rule of court-1
      And 1 minute passes
      Then Ada has 0 codes at court-1

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    Scenario Outline: A rule of <lock> that gets a second one opens both for what is booked
      Given court-1 has <lock> in Europe/Stockholm
      And court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When the owner sets the rule of court-1 to
        | locks | court-1, court-2 |
      And 1 minute passes
      Then one of Ada's codes opens court-2 at 2026-12-07 15:30
      And one of Ada's codes opens court-1 at 2026-12-07 15:40

      Examples:
        | lock              |
        | an igloohome lock |
        | a Nuki lock       |
        | a LivionKey lock  |
        | an Exivo door     |

    Scenario Outline: A margin after <lock> that is set or taken away counts for who is under way
      Given court-1 has <lock> in Europe/Stockholm
      And the owner sets the rule of court-1 to
        | margin after, minutes | <before> |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And Ada's code opens court-1 at 2026-12-07 16:00
      When the owner sets the rule of court-1 to
        | margin after, minutes | <after> |
      And 1 minute passes
      Then Ada's code <then> court-1 at 2026-12-07 17:50

      Examples:
        | lock             | before | after | then          |
        | a Nuki lock      | 0      | 60    | opens         |
        | a LivionKey lock | 0      | 60    | opens         |
        | an Exivo door    | 0      | 60    | opens         |
        | a Nuki lock      | 60     | 0     | does not open |
        | a LivionKey lock | 60     | 0     | does not open |
        | an Exivo door    | 60     | 0     | does not open |

    Scenario Outline: A message that waits goes out by what the rule says since: <setting> <since>
      Given court-1 has a lock in Europe/Stockholm
      And the owner sets the rule of court-1 to
        | send hours before | 2        |
        | <setting>         | <before> |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When the owner sets the rule of court-1 to
        | <setting> | <since> |
      And 1 minute passes
      And the time is 2026-12-07 13:21
      Then Ada has received 1 message
      And Ada's message came by <way>
      And the owner has received <copies> message

      Examples:
        | setting           | before | since | way    | copies |
        | channel           | email  | sms   | SMS    | 0      |
        | channel           | sms    | email | e-mail | 0      |
        | copy to the owner | no     | yes   | e-mail | 1      |
        | copy to the owner | yes    | no    | e-mail | 0      |

    Scenario Outline: A rule that waits for <before> and then for <since> makes the code at <since>
      Given court-1 has a lock in Europe/Stockholm
      And the owner sets the rule of court-1 to
        | trigger | <before> |
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is <since>
      Then Ada has no code
      When the owner sets the rule of court-1 to
        | trigger | <since> |
      And 1 minute passes
      Then Ada's code opens court-1 for the booked time alone

      Examples:
        | before   | since     |
        | paid     | confirmed |
        | starting | paid      |

  @CON-17 @on-service @needs-clock
  Rule: A check-out MUST end the access as the end of its time does
    Source: seed 003 (dead once the guest has checked out)

    Scenario: A guest who has checked out takes no key any more, another does
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-09 11:00 is confirmed
      And Bo's booking of flat-2 from 2026-12-07 15:00 to 2026-12-09 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      And Ada's code returns "flat-1" at 2026-12-08 09:00
      When Ada's booking is checked out
      And 1 minute passes
      Then Ada's code does not open flat-1 at 2026-12-08 09:10
      And Bo's code takes "flat-2" at 2026-12-08 09:11

    Scenario: A guest who checks out while the key is out takes it no more once it is back
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-09 11:00 is confirmed
      And Bo's booking of flat-2 from 2026-12-07 15:00 to 2026-12-09 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      When Ada's booking is checked out
      And 1 minute passes
      Then the static code "*7001" returns "flat-1" at 2026-12-08 09:00
      And Ada's code does not open flat-1 at 2026-12-08 09:10
      And Bo's code takes "flat-2" at 2026-12-08 09:11

    Scenario: Who has checked out twice is out, and who checks in next gets the key
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-09 11:00 is confirmed
      And 1 minute passes
      When Ada's booking is checked out
      And Ada's booking is checked out
      And Bo's booking of flat-1 from 2026-12-07 16:00 to 2026-12-09 11:00 is confirmed
      And 30 minutes pass
      Then Bo's code takes "flat-1" at 2026-12-07 16:30
      And Ada has 0 codes at flat-1

    @needs-api
    Scenario: A key that is still out after its guest has checked out is reported
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-09 11:00 is confirmed
      And Ada's code takes "flat-1" at 2026-12-07 16:00
      When the time is 2026-12-08 09:00
      And Ada's booking is checked out
      And 2 hours pass
      Then the owner is notified of Ada's booking, "Flat 1" and "slot 0"
      And the key of flat-1 is overdue with Ada's booking
