Feature: The message to the customer
  The code reaches the customer in a message made from a template.

  @MSG-01 @core @on-service
  Rule: The customer MUST get the code by the channel of the rule, in a text of the system
    Source: seed 000; seed 001

    Background:
      Given court-1 has a lock in Europe/Stockholm

    Scenario: The code comes by e-mail, to the customer alone
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada has received 1 message
      And Ada's message came by e-mail
      And 1 message with a code is sent in all
      And Ada's code opens court-1 at 2026-12-07 15:30

    Scenario: The code comes by SMS where the rule says so
      Given the owner sets the rule of court-1 to
        | channel | sms |
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada has received 1 message
      And Ada's message came by SMS
      And Ada's code opens court-1 at 2026-12-07 15:30

    Scenario Outline: The code comes in the customer's language, <language>
      Given Ada speaks "<language>"
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | language |
        | sv       |
        | en       |
        | tlh      |

    @needs-api
    Scenario Outline: Each is told in a language of their own by <channel>, which is <setting>
      Given the owner sets the rule of court-1 to
        | channel | <setting> |
      And the owner writes the text "Kod: {codes}. Hej då" for <channel> in "sv"
      And the owner writes the text "Code: {codes}. Farewell" for <channel> in "en"
      And Ada speaks "sv"
      And Bo speaks "en"
      And Cy speaks "sv-FI"
      And Di speaks "tlh"
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-08 15:20 to 2026-12-08 17:20 is confirmed
      And Cy's booking of court-1 from 2026-12-09 15:20 to 2026-12-09 17:20 is confirmed
      And Di's booking of court-1 from 2026-12-10 15:20 to 2026-12-10 17:20 is confirmed
      Then Ada's message says "Hej då"
      And Bo's message says "Farewell"
      And Cy's message says "Hej då"
      And Di's message says "Farewell"
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | channel | setting |
        | e-mail  | email   |
        | SMS     | sms     |

    @needs-api @needs-clock
    Scenario: A language that is corrected before the message goes out is the one it has
      Given the owner sets the rule of court-1 to
        | send hours before | 2 |
      And the owner writes the text "Kod: {codes}. Hej då" for e-mail in "sv"
      And the owner writes the text "Code: {codes}. Farewell" for e-mail in "en"
      And Ada speaks "en"
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada speaks "sv"
      When Ada's booking is moved to 2026-12-07 15:20 until 2026-12-07 17:20
      And the time is 2026-12-07 13:20
      Then Ada has received 1 message
      And Ada's message says "Hej då"
      And Ada's code opens court-1 at 2026-12-07 15:30

    @needs-api
    Scenario Outline: A customer whose address is corrected is told there, by <channel>
      Given the owner sets the rule of court-1 to
        | channel | <channel> |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When Ada's address is corrected
      Then Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | channel |
        | email   |
        | sms     |

    @needs-api
    Scenario Outline: An SMS reaches a number that its owner writes with "<way>"
      Given the owner sets the rule of court-1 to
        | channel | sms |
      And Ada writes her phone number with "<way>"
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | way            |
        | 0046           |
        | +46 (0)        |
        | +46 and spaces |
        | tel:           |
        | 0              |

    Scenario Outline: Codes of <lock> are told with all their digits, zeros too
      Given court-2 has <lock> in Europe/Stockholm
      When 30 bookings of court-2, an hour each, are confirmed
      Then each of the 30 codes opens court-2 in its hour, as it was told

      Examples:
        | lock              |
        | an igloohome lock |
        | a LivionKey lock  |
        | an Exivo door     |

    Scenario: A message that the mail server refuses is sent later, once
      Given the mail server refuses messages
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Ada has received 0 messages
      When the mail server accepts messages again
      And 6 hours pass
      Then Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:30

    @needs-clock
    Scenario Outline: A message that no server takes until <hour> is sent then, by <channel>
      Given the owner sets the rule of court-1 to
        | channel | <channel> |
      And the time is 2026-12-07 09:00
      And the mail server refuses messages
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-09 17:20 is confirmed
      And the time is <hour>
      And Ada has received 0 messages
      When the mail server accepts messages again
      And 6 hours pass
      Then Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-08 10:00
      And Ada's code opens court-1 at 2026-12-09 17:00

      Examples:
        | channel | hour             |
        | email   | 2026-12-07 15:00 |
        | email   | 2026-12-07 18:00 |
        | email   | 2026-12-08 03:00 |
        | sms     | 2026-12-07 18:00 |

    @needs-api
    Scenario Outline: Who meets two rules of <lock> is told both codes, by <one> and <other>
      Given court-2 has <lock> in Europe/Stockholm
      And court-3 has <lock> in Europe/Stockholm
      And the owner makes a rule that lets bookings of hall-1 open court-2
      And the owner sets the rule of hall-1 to
        | channel | <one> |
      And the owner makes a rule that lets bookings of hall-1 open court-3
      And the owner sets the rule of hall-1 to
        | channel | <other> |
      When Ada's booking of hall-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then one of all Ada's codes opens court-2 at 2026-12-07 15:30
      And one of all Ada's codes opens court-3 at 2026-12-07 15:31

      Examples:
        | lock              | one   | other |
        | an igloohome lock | email | email |
        | an igloohome lock | email | sms   |
        | a Nuki lock       | sms   | email |
        | a LivionKey lock  | email | email |
        | an Exivo door     | email | sms   |

    Scenario: The code stands in the message's text and nowhere else in it
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada has received 1 message
      And the code stands in the text of Ada's message alone

  @MSG-02 @on-service
  Rule: The message MUST be sent at once, or the set number of hours before the start
    Source: seed 001

    Background:
      Given court-1 has a lock in Europe/Stockholm

    Scenario: At once
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada has received 1 message

    @needs-clock
    Scenario Outline: <hours> hours before the start
      Given the owner sets the rule of court-1 to
        | send hours before | <hours> |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When the time is <before>
      Then Ada has received 0 messages
      When the time is <at>
      Then Ada has received 1 message
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | hours | before              | at               |
        | 2     | 2026-12-07 13:19:59 | 2026-12-07 13:20 |
        | 24    | 2026-12-06 15:19:59 | 2026-12-06 15:20 |
        | 0     | 2026-12-07 15:19:59 | 2026-12-07 15:20 |

    @needs-clock
    Scenario: A booking made later than that is told at once
      Given the owner sets the rule of court-1 to
        | send hours before | 24 |
      And the time is 2026-12-07 14:00
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada has received 1 message

    @needs-clock
    Scenario: A booking that moves before its message was sent is told once, for its new time
      Given the owner sets the rule of court-1 to
        | send hours before | 2 |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When Ada's booking is moved to 2026-12-08 10:00 until 2026-12-08 11:00
      And the time is 2026-12-08 07:59:59
      Then Ada has received 0 messages
      When the time is 2026-12-08 08:00
      Then Ada has received 1 message
      And Ada's message says "10:00" and "11:00"

    @needs-clock
    Scenario Outline: Who moves after the message is told again the set hours before, by <channel>
      Given the owner sets the rule of court-1 to
        | send hours before | 2         |
        | channel           | <channel> |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And the time is 2026-12-07 13:30
      And Ada has received 1 message
      When Ada's booking is moved to 2026-12-08 10:00 until 2026-12-08 11:00
      And the time is 2026-12-08 07:59:59
      Then Ada has received 1 message
      When the time is 2026-12-08 08:00
      Then Ada has received 2 messages
      And Ada's message says "10:00" and "11:00"
      And Ada's code opens court-1 for the booked time alone

      Examples:
        | channel |
        | email   |
        | sms     |

    @needs-clock @needs-restart
    Scenario: A message that waits for its hour goes out once, across two stops
      Given the owner sets the rule of court-1 to
        | send hours before | 2 |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When the service is stopped and started
      And the time is 2026-12-07 13:19:59
      Then Ada has received 0 messages
      When the time is 2026-12-07 13:20
      And the service is stopped and started
      Then Ada has received 1 message

  @MSG-03 @on-service
  Rule: The text of the message MUST be open to change and preview, with copies for the owner
    Source: seed 001

    Background:
      Given court-1 has a lock in Europe/Stockholm

    @needs-api
    Scenario: A changed text goes out
      Given the owner writes the text "Hej {customer}, din kod: {codes}. Hälsningar, Hallen"
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's message says "Hälsningar, Hallen"
      And Ada's code opens court-1 at 2026-12-07 15:30

    @needs-api
    Scenario: A text in a language that only the owner has reaches who speaks it alone
      Given the owner writes the text "Koodi: {codes}. Tervetuloa" for e-mail in "fi"
      And Ada speaks "fi"
      And Bo speaks "en"
      And Cy speaks "fi-FI"
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-08 15:20 to 2026-12-08 17:20 is confirmed
      And Cy's booking of court-1 from 2026-12-09 15:20 to 2026-12-09 17:20 is confirmed
      Then Ada's message says "Tervetuloa"
      And Ada's code opens court-1 at 2026-12-07 15:30
      And Bo's message does not say "Tervetuloa"
      And Bo's code opens court-1 at 2026-12-08 15:30
      And Cy's message says "Tervetuloa"

    @needs-api
    Scenario: A preview shows the text filled in, and sends nothing
      When the owner previews the text "Dear {customer}, from {start} to {end}: {codes}"
      Then the answer is a success
      And the answer shows
        | field | holds   | lacks |
        | body  | "Dear " | {     |
      And 0 messages with a code are sent in all

    @needs-api
    Scenario: A placeholder that does not exist is refused, and the old text stays
      When the owner writes the text "Your code is {cods}"
      Then the answer is a refusal
      And the answer says "cods"
      And the answer says "codes"
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code opens court-1 at 2026-12-07 15:30

    Scenario: The owner gets a copy of every message where the rule says so
      Given the owner sets the rule of court-1 to
        | copy to the owner | yes |
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada has received 1 message
      And the owner has received 1 message

    @needs-api
    Scenario Outline: The owner's copy tells what <lock>'s customer is told by <channel>
      Given court-2 has <lock> in Europe/Stockholm
      And the owner sets the rule of court-2 to
        | copy to the owner | yes       |
        | channel           | <channel> |
      When Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then the owner's message says "15:20" and "17:20"
      And the owner's code opens court-2 at 2026-12-07 15:30
      When Ada's booking is moved to 2026-12-08 10:20 until 2026-12-08 11:20
      Then the owner's message says "10:20" and "11:20"
      And the owner's code opens court-2 at 2026-12-08 10:30

      Examples:
        | lock              | channel |
        | an igloohome lock | email   |
        | a Nuki lock       | sms     |
        | a LivionKey lock  | email   |
        | an Exivo door     | email   |
        | an Exivo door     | sms     |

    Scenario: Without that wish the owner gets none
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada has received 1 message
      And the owner has received 0 messages

    @needs-api @needs-clock
    Scenario Outline: A text that is changed while a message waits is the one it has, by <channel>
      Given the owner sets the rule of court-1 to
        | send hours before | 2         |
        | channel           | <setting> |
      And the owner writes the text "Old words: {codes}" for <channel> in "en"
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And 1 minute passes
      When the owner writes the text "New words: {codes}" for <channel> in "en"
      And the time is 2026-12-07 13:21
      Then Ada's message says "New words"
      And Ada's code opens court-1 at 2026-12-07 15:30

      Examples:
        | channel | setting |
        | e-mail  | email   |
        | SMS     | sms     |

    @needs-clock
    Scenario: The owner's copy waits for its hour as the message does
      Given the owner sets the rule of court-1 to
        | send hours before | 2   |
        | copy to the owner | yes |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When the time is 2026-12-07 13:19:59
      Then the owner has received 0 messages
      When the time is 2026-12-07 13:20
      Then the owner has received 1 message

  @MSG-04 @core @on-service
  Rule: The customer MUST see the booking's own start and end, never the rounded ones
    Source: seed 001

    Scenario: The message names the booking's own start and end
      Given court-1 has a lock in Europe/Stockholm
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's message says "15:20" and "17:20"
      And Ada's message does not say "15:00" or "18:00"
      And Ada's code opens court-1 for the booked time alone

    Scenario: The message names 15:20 and 17:20 though the code opens from 15:00
      Given court-2 has an igloohome lock in Europe/Stockholm
      When Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's message says "15:20" and "17:20"
      And Ada's message does not say "15:00" or "18:00"
      And Ada's code opens court-2 at 2026-12-07 15:00

    @needs-api
    Scenario: What the customer can look up names the booking's own times
      Given court-1 has a lock in Europe/Stockholm
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then the customer's view names the booking's own times, and not 15:00 or 18:00

    @needs-api
    Scenario: An SMS and the owner's copy name no rounded times either
      Given court-2 has an igloohome lock in Europe/Stockholm
      And the owner sets the rule of court-2 to
        | channel           | sms |
        | copy to the owner | yes |
      When Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's message says "15:20" and "17:20"
      And Ada's message does not say "15:00" or "18:00"
      And the owner's message says "15:20" and "17:20"
      And the owner's message does not say "15:00" or "18:00"

    Scenario Outline: On <day> in <zone>, the message names the times of that day's clock
      Given court-1 has a lock in <zone>
      When Ada's booking of court-1 from <day> <start> to <day> <end> is confirmed
      Then Ada's message says "<start>" and "<end>"

      Examples:
        | zone                | day        | start | end   |
        | Europe/Stockholm    | 2027-07-05 | 15:20 | 17:40 |
        | Europe/Lisbon       | 2027-07-05 | 15:20 | 17:40 |
        | Europe/Stockholm    | 2027-03-28 | 00:20 | 04:40 |
        | Europe/Stockholm    | 2027-10-31 | 00:20 | 04:40 |
        | America/New_York    | 2026-12-07 | 19:20 | 23:40 |
        | America/New_York    | 2027-07-05 | 19:20 | 23:40 |
        | Asia/Kolkata        | 2026-12-07 | 00:20 | 02:40 |

    Scenario Outline: Who stays longer, or leaves earlier, at <lock> is told the new end
      Given court-2 has <lock> in Europe/Stockholm
      And Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      When Ada's booking is moved to 2026-12-07 15:20 until 2026-12-07 <end>
      Then Ada's message says "15:20" and "<end>"
      And Ada's message does not say "17:20"

      Examples:
        | lock              | end   |
        | an igloohome lock | 18:40 |
        | a Nuki lock       | 18:40 |
        | a LivionKey lock  | 18:40 |
        | an Exivo door     | 18:40 |
        | a Nuki lock       | 16:50 |

    @needs-api
    Scenario Outline: In <language> by <channel>, the message names the booking's own times, moved too
      Given court-2 has an igloohome lock in Europe/Stockholm
      And the owner sets the rule of court-2 to
        | channel | <channel> |
      And Ada speaks "<language>"
      When Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's message says "15:20" and "17:20"
      And Ada's message does not say "15:00" or "18:00"
      When Ada's booking is moved to 2027-07-05 10:20 until 2027-07-05 11:40
      Then Ada's message says "10:20" and "11:40"
      And Ada's message does not say "10:00" or "12:00"
      And Ada's code opens court-2 at 2027-07-05 10:30

      Examples:
        | language | channel |
        | en       | email   |
        | en       | sms     |
        | sv       | email   |
        | de       | sms     |
        | cs       | email   |

  @MSG-05 @on-service
  Rule: A message about an Exivo access MUST carry its link and its PIN
    Source: seed 002

    Scenario: A mail carries the link and the PIN, which open the door together
      Given court-2 has an Exivo door in Europe/Zurich
      When Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada has received 1 message
      And Ada's message brings a link
      And Ada's code opens court-2 at 2026-12-07 15:30

    Scenario: An SMS carries both as well
      Given court-2 has an Exivo door in Europe/Zurich
      And the owner sets the rule of court-2 to
        | channel | sms |
      When Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's message brings a link
      And Ada's code opens court-2 at 2026-12-07 15:30

    @needs-clock @needs-api
    Scenario: A text of the owner's that forgets the link carries it all the same
      Given court-2 has an Exivo door in Europe/Zurich
      And the owner writes the text "Type {codes}."
      When Ada's booking of court-2 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's message brings a link
      And Ada's code opens court-2 at 2026-12-07 15:30

    @needs-api @needs-clock
    Scenario Outline: A message of two visits brings the link of each, by <channel>
      Given court-1 has an Exivo door in Europe/Zurich
      And court-2 has an Exivo door in Europe/Zurich
      And the owner makes a rule that lets bookings of hall-1 open court-1
      And the owner makes a rule that lets bookings of hall-1 open court-2
      And the owner sets the rule of hall-1 to
        | locks             | court-1, court-2 |
        | channel           | <channel>        |
        | send hours before | 1                |
      When Ada's booking of hall-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And the time is 2026-12-07 14:21
      Then one of Ada's codes opens court-1 at 2026-12-07 15:30
      And one of Ada's codes opens court-2 at 2026-12-07 15:40

      Examples:
        | channel |
        | email   |
        | sms     |

  @MSG-06 @on-service
  Rule: A cancelled booking whose message has not gone out MUST NOT send a code
    Source: seed 000; seed 001

    Background:
      Given court-1 has a lock in Europe/Stockholm

    @needs-clock
    Scenario: Cancelled before the hour of sending, no message goes out
      Given the owner sets the rule of court-1 to
        | send hours before | 2 |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-07 13:20 to 2026-12-07 14:20 is confirmed
      When Ada's booking is cancelled
      And the time is 2026-12-07 15:20
      Then Ada has received 0 messages
      And Bo has received 1 message

    @needs-clock
    Scenario: Cancelled before the hour of sending, no copy goes to the owner
      Given the owner sets the rule of court-1 to
        | send hours before | 2   |
        | copy to the owner | yes |
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-07 13:20 to 2026-12-07 14:20 is confirmed
      When Ada's booking is cancelled
      And the time is 2026-12-07 15:20
      Then 2 messages with a code are sent in all
      And Ada has received 0 messages
      And Bo has received 1 message

    Scenario: Cancelled while the mail server is down, no message goes out
      Given the mail server refuses messages
      And Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo's booking of court-1 from 2026-12-07 13:20 to 2026-12-07 14:20 is confirmed
      When Ada's booking is cancelled
      And the mail server accepts messages again
      And 6 hours pass
      Then Ada has received 0 messages
      And Bo has received 1 message
