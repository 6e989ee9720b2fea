Feature: Bad input
  Every request gets a clear answer, and nothing is stored in part.

  @RES-05 @on-service
  Rule: A malformed event MUST be refused and change nothing
    Source: house
    What a sender may do by mistake and a receiver may well understand, such as a media
    type that is wrong, is no reason for a refusal: the booking has one code in the end.

    Background:
      Given court-1 has a lock in Europe/Stockholm
      And Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20

    Scenario Outline: An event <flaw> is refused
      When Ada's booking is confirmed by an event <flaw>
      Then the answer is a refusal
      And Ada has no code
      When Ada's booking is confirmed
      Then Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | flaw                              |
        | that is broken JSON               |
        | that is no object                 |
        | in Latin-1                        |
        | without a booking                 |
        | without a start                   |
        | whose start is a number           |
        | whose start is no date            |
        | whose end is before its start     |
        | whose end is its start            |

    Scenario: An event of an unknown type gives nobody a code
      When Ada's booking is confirmed by an event of an unknown type
      Then Ada has no code
      When Ada's booking is confirmed
      Then Ada's code opens court-1 at 2026-12-07 15:30

    Scenario Outline: An event <oddity> does no harm, whether it is taken or refused
      When Ada's booking is confirmed by an event <oddity>
      And Ada's booking is confirmed
      Then Ada has exactly 1 code at court-1
      And Ada has received 1 message
      And Ada's code opens court-1 for the booked time alone

      Examples:
        | oddity                    |
        | without its id            |
        | whose start has no offset |
        | padded to 65536 bytes     |
        | of 65 KiB                 |
        | that is called text       |

    Scenario: The id of one event with the content of another does no harm
      Given Ada's booking is confirmed
      And Bo booked court-1 from 2026-12-08 15:20 to 2026-12-08 17:20
      When Bo's booking is confirmed under the id of the last event
      And Bo's booking is confirmed
      Then Bo has exactly 1 code at court-1
      And Bo has received 1 message
      And Bo's code opens court-1 for the booked time alone
      And Ada has received 1 message

    @needs-api
    Scenario Outline: The owner's <mistake> is refused, and names what is wrong
      When the owner sends <mistake>
      Then the answer is a refusal
      And the answer says "<why>"

      Examples:
        | mistake                       | why        |
        | a rule for an unknown lock    | lock       |
        | a rule without a resource     | resource   |
        | a rule with an unknown field  | colour     |
        | an unknown channel            | channel    |
        | an unknown trigger            | trigger    |
        | an unknown time zone          | Mars       |
        | an unknown vendor             | vendor     |
        | broken JSON                   | JSON       |

  @RES-06 @on-service
  Rule: An event that the platform did not sign MUST be refused and change nothing
    Source: house; Standard Webhooks

    Background:
      Given court-1 has a lock in Europe/Stockholm
      And Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20

    Scenario Outline: A signature that is <flaw> is refused
      When Ada's booking is confirmed with a signature that is <flaw>
      Then the answer is a refusal
      And Ada has no code
      When Ada's booking is confirmed
      Then Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | flaw                        |
        | missing                     |
        | forged                      |
        | empty                       |
        | no base64                   |
        | without a version           |
        | of an unknown version       |
        | for another body            |
        | for another id              |
        | six minutes old             |
        | six minutes in the future   |
        | dated with a word           |
        | dated with a huge number    |
        | not ASCII                   |

    Scenario: One of several signatures is enough, as when a secret is changed
      When Ada's booking is confirmed with a signature that is right beside a wrong one
      Then the answer is a success
      And Ada's code opens court-1 at 2026-12-07 15:30

    Scenario: A replayed delivery changes nothing
      Given Ada's booking is confirmed
      When the last delivery is repeated as it was
      Then the answer is a success
      And Ada has exactly 1 code at court-1
      And Ada has received 1 message

    @needs-api @needs-clock
    Scenario: A secret that was replaced days ago signs nothing any more
      When the owner replaces the secret of the webhook
      And 120 hours pass
      And Ada's booking is confirmed with a signature that is by the secret before
      Then the answer is a refusal
      And Ada has no code
      When Ada's booking is confirmed
      Then Ada's code opens court-1 at 2026-12-07 15:30

  @RES-07 @on-service @needs-api @needs-clock
  Rule: A cancellation MUST be taken in any state of the connection
    Source: seed 000 (a cancelled booking ends the access); house

    Scenario Outline: While the connection is <state>, a cancelled code of <lock> is taken back
      Given court-1 has <lock> in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And Ada's code opens court-1 at 2026-12-07 15:30
      And the connection is <state>
      When Ada's booking is cancelled
      And 1 minute passes
      Then the answer is a success
      And Ada has 0 codes at court-1

      Examples:
        | lock             | state                           |
        | a Nuki lock      | switched off                    |
        | a Nuki lock      | switched on, terms not accepted |
        | a LivionKey lock | switched off                    |
        | an Exivo door    | switched off                    |

    Scenario: While it is switched off, a PIN that cannot be revoked is said to open on
      Given court-1 has an igloohome lock in Europe/Stockholm
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And the connection is switched off
      When Ada's booking is cancelled
      And 1 minute passes
      Then the answer is a success
      And Ada's access shows
        | cancelled at | given            |
        | works until  | 2026-12-07 18:00 |

    Scenario: While it is switched off nothing else is taken
      Given court-1 has a lock in Europe/Stockholm
      And the connection is switched off
      And Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      When Ada's booking is confirmed
      Then the answer is a refusal
      And Ada has no code
