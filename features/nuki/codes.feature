Feature: Codes that live in the lock
  The service orders a code from the cloud. The lock receives it by radio, seconds later
  or when it is online again. Until then a new code does not open and a deleted one still may.

  @NUK-01 @on-service @on-vendor
  Rule: A lock without a keypad or a connection MUST be called unusable when the rule is made
    Source: seed 000; Nuki documented (keypad), observed (the 400)

    @on-service @needs-api
    Scenario Outline: A rule that names <lock> is refused, and the reason told
      Given the account has a lock "Front door"
      And the account has <lock> "Cellar"
      And the owner has linked the account
      When the owner makes a rule that lets bookings of room open "Cellar"
      Then the answer is a refusal
      And the answer says "<why>"
      And the lock "Cellar" cannot be chosen, with a reason
      When the owner makes a rule that lets bookings of room open "Front door"
      Then the answer is a success

      Examples:
        | lock                         | why       |
        | a Nuki lock without a keypad | keypad    |
        | a Nuki lock on Bluetooth     | Bluetooth |

    @on-service @needs-api
    Scenario Outline: A rule that is edited to name <lock> is refused, and stays as it was
      Given court-1 has a lock in Europe/Berlin
      And the account has <lock> "Cellar"
      And the owner refreshes the list of locks
      When the owner sets the rule of court-1 to
        | locks | <locks> |
      Then the answer is a refusal
      And the answer says "<why>"
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      Then Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | lock                         | locks           | why       |
        | a Nuki lock without a keypad | Cellar          | keypad    |
        | a Nuki lock without a keypad | court-1, Cellar | keypad    |
        | a Nuki lock on Bluetooth     | Cellar          | Bluetooth |

    @on-service @needs-api
    Scenario: A lock that gets a keypad can be chosen from the next look on
      Given the account has a lock "Front door"
      And the account has a Nuki lock without a keypad "Cellar"
      And the owner has linked the account
      When "Cellar" gets a keypad
      And the owner refreshes the list of locks
      Then the lock "Cellar" can be chosen

    @on-vendor
    Scenario: The vendor takes no keypad code for a lock without a keypad
      Given the account has a Nuki lock "Gate" in Europe/Berlin
      And the account has a Nuki lock without a keypad "Cellar" in Europe/Berlin
      When the vendor is asked for a keypad code at "Cellar"
      Then the vendor's answer is 400
      When the vendor is asked for a keypad code at "Gate"
      Then the vendor's answer is 204
      And the keypad code opens "Gate" at 2026-12-07 12:00

    @on-vendor
    Scenario: A code for a lock that only phones reach never opens it
      Given the account has a Nuki lock "Gate" in Europe/Berlin
      And the account has a Nuki lock on Bluetooth "Cellar" in Europe/Berlin
      When the vendor is asked for a keypad code at "Cellar"
      Then the keypad code does not open "Cellar" at 2026-12-07 12:00
      When the vendor is asked for a keypad code at "Gate"
      Then the keypad code opens "Gate" at 2026-12-07 12:30

  @NUK-02 @on-service
  Rule: A code MUST be called created only after the lock system has confirmed it
    Source: seed 000; seed 002; Nuki documented

    Background:
      Given court-1 has a lock in Europe/Berlin

    @needs-api @needs-clock
    Scenario: An ordered code is in progress and told to nobody until the lock has it
      Given the lock of court-1 is offline
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's access is in progress
      And Ada has received 0 messages
      When the lock of court-1 is back online
      And 1 minute passes
      Then Ada's access is created
      And Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:20

    Scenario Outline: The code in <month> is one that a keypad takes, for exactly the booked time
      When Ada's booking of court-1 from <day> 15:20 to <day> 17:20 is confirmed
      And 1 minute passes
      Then Ada's code has six digits from 1 to 9 and does not begin with 12
      And the door of court-1 answers Ada's code
        | at             | door |
        | <day> 15:19:59 | shut |
        | <day> 15:20:00 | open |
        | <day> 17:19:59 | open |
        | <day> 17:20:01 | shut |

      Examples:
        | month    | day        |
        | December | 2026-12-07 |
        | July     | 2027-07-05 |

    Scenario Outline: A code from <from> to <to>, at a change of the clocks, is for that time
      When Ada's booking of court-1 from <from> to <to> is confirmed
      And 1 minute passes
      Then Ada's code opens court-1 for the booked time alone

      Examples:
        | from             | to               |
        | 2027-03-28 01:30 | 2027-03-28 03:30 |
        | 2027-10-31 01:30 | 2027-10-31 03:30 |

    Scenario Outline: A code from <from> to <to> is good on every day and night of it
      When Ada's booking of court-1 from <from> to <to> is confirmed
      And 1 minute passes
      Then Ada's code opens court-1 for the booked time alone

      Examples:
        | from             | to               |
        | 2026-12-07 15:00 | 2026-12-10 11:00 |
        | 2026-12-12 22:00 | 2026-12-13 06:00 |

    @needs-clock
    Scenario: A time that is changed is told with its code only once the lock has it
      Given Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And Ada has received 1 message
      And the lock of court-1 is offline
      When Ada's booking is moved to 2026-12-07 18:20 until 2026-12-07 20:20
      And 5 minutes pass
      Then Ada has received 1 message
      When the lock of court-1 is back online
      And 2 hours pass
      Then Ada has received 2 messages
      And 1 code is stored at court-1
      And Ada's code opens court-1 at 2026-12-07 18:30

    @needs-api @needs-clock
    Scenario Outline: A lock that is away for <time> has one code once it is back: <habit>
      Given the vendor's "offline" is "<habit>"
      And the lock of court-1 is offline
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And <time> pass
      Then Ada has received 0 messages
      And Ada's access is in progress
      When the lock of court-1 is back online
      And 2 hours pass
      Then Ada's access is created
      And Ada has received 1 message
      And 1 code is stored at court-1
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | time       | habit |
        | 24 hours   | queue |
        | 60 minutes | drop  |

    @needs-clock
    Scenario Outline: A code is told to nobody while the lock is away for <time>: <habit>
      Given the vendor's "offline" is "<habit>"
      And the lock of court-1 is offline
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When <time> pass
      Then Ada has received 0 messages
      When the lock of court-1 is back online
      And 2 hours pass
      Then Ada has received 1 message
      And 1 code is stored at court-1
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | time       | habit |
        | 24 hours   | queue |
        | 60 minutes | drop  |

    @needs-api @needs-clock
    Scenario: A code that is listed, and that no lock has confirmed, is not called created
      Given the vendor's "offline" is "ghost"
      And the lock of court-1 is offline
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 20 minutes pass
      Then Ada's access is in progress
      And Ada's access shows
        | reason   | given         |
        | next try | in the future |
      And 0 codes are stored at court-1
      And Ada has received 0 messages

    @needs-api @needs-clock
    Scenario: A changed code is in progress until the lock has it, and is told only then
      Given Ada's booking of court-1 from 2026-12-10 15:20 to 2026-12-10 17:20 is confirmed
      And 1 minute passes
      And Ada has received 1 message
      And the lock of court-1 is offline
      When Ada's booking is moved to 2026-12-11 10:20 until 2026-12-11 11:20
      And 10 minutes pass
      Then Ada's access is in progress
      And Ada has received 1 message
      When the lock of court-1 is back online
      And 12 hours pass
      Then Ada's access is created
      And Ada has received 2 messages
      And Ada has exactly 1 code at court-1
      And Ada's code opens court-1 for the booked time alone

  @NUK-03 @core @on-service @on-vendor
  Rule: A cancelled booking's code MUST be deleted from the lock and open nothing from then on
    Source: seed 000; Nuki documented

    @on-service
    Scenario: A cancelled booking's code opens nothing, and its neighbour's goes on
      Given court-1 has a lock in Europe/Berlin
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And Ada's code opens court-1 at 2026-12-07 15:30
      When Ada's booking is cancelled
      And 1 minute passes
      Then Ada's code does not open court-1 at 2026-12-07 15:35
      And Bo's code opens court-1 at 2026-12-07 15:36

    @on-service @needs-api @needs-clock
    Scenario: Cancelled while the lock is away, the code is dead once it is back
      Given court-1 has a lock in Europe/Berlin
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      And the lock of court-1 is offline
      When Ada's booking is cancelled
      And 2 hours pass
      Then Ada's access is not removed
      When the lock of court-1 is back online
      And 1 hour passes
      Then Ada's access is removed
      And Ada's code does not open court-1 at 2026-12-07 15:30
      And Bo's code opens court-1 at 2026-12-07 15:31

    @on-service @needs-api @needs-clock
    Scenario: A code that was still on its way when its booking was cancelled never opens
      Given court-1 has a lock in Europe/Berlin
      And the lock of court-1 is offline
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When Ada's booking is cancelled
      And 2 hours pass
      And the lock of court-1 is back online
      And 2 hours pass
      Then 0 codes are stored at court-1
      And Ada's access is removed
      And Ada has received 0 messages
      When Bo's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      Then Bo's code opens court-1 at 2026-12-07 15:30

    @on-vendor
    Scenario: A deleted code opens nothing from then on, the others go on
      Given the account has a Nuki lock "Gate" in Europe/Berlin
      And the vendor is asked for a keypad code at "Gate"
      And the keypad code opens "Gate" at 2026-12-07 12:00
      When the vendor is asked to revoke the code
      Then the vendor's answer is 204
      And the keypad code does not open "Gate" at 2026-12-07 12:01
      When the vendor is asked for a keypad code at "Gate"
      Then the keypad code opens "Gate" at 2026-12-07 12:30

    @on-vendor
    Scenario: Two codes that one call deletes open nothing from then on
      Given the account has a Nuki lock "Gate" in Europe/Berlin
      And the vendor is asked for a keypad code at "Gate"
      And the vendor is asked for a keypad code at "Gate"
      And the second keypad code opens "Gate" at 2026-12-07 12:00
      When the vendor is asked to delete in bulk every keypad code with the account's token
      Then the first keypad code does not open "Gate" at 2026-12-07 12:10
      And the second keypad code does not open "Gate" at 2026-12-07 12:11
      When the vendor is asked for a keypad code at "Gate"
      Then the keypad code opens "Gate" at 2026-12-07 12:30

    @on-vendor
    Scenario: A code deleted while the lock is away is dead once it is back
      Given the account has a Nuki lock "Gate" in Europe/Berlin
      And the vendor is asked for a keypad code at "Gate"
      And the keypad code opens "Gate" at 2026-12-07 12:00
      And "Gate" is offline
      When the vendor is asked to revoke the code
      And 24 hours pass
      And "Gate" is back online
      Then the keypad code does not open "Gate" at 2026-12-08 12:01

    @on-vendor
    Scenario: What is deleted is no longer listed, what is not stays listed
      Given the account has a Nuki lock "Gate" in Europe/Berlin
      And the vendor is asked for a keypad code at "Gate"
      When the vendor is asked to list the codes of "Gate"
      Then the keypad code is listed
      When 1 minute passes
      And the vendor is asked to revoke the code
      And 1 minute passes
      And the vendor is asked to list the codes of "Gate"
      Then the keypad code is not listed
