Feature: Codes of a key cabinet
  A contract gives a guest the right to a key. Its code takes the key out and puts it
  back, from the start of the contract to its end and through the grace period, if any.

  @LIV-01 @core @on-service @on-vendor
  Rule: The contract's times set through the API MUST win over a default checkout time
    Source: seed 003; LivionKey documented

    @on-service
    Scenario: A code is good for the whole booking, whatever the default checkout says
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And the organisation has set "default_checkout_time 11:00"
      When Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 14:00 is confirmed
      Then the door of flat-1 answers Ada's code
        | at                  | door |
        | 2026-12-07 14:59:59 | shut |
        | 2026-12-07 15:00:00 | open |
        | 2026-12-08 11:00:01 | open |
        | 2026-12-08 13:59:59 | open |
        | 2026-12-08 14:00:00 | shut |

    @on-service
    Scenario: A booking that ends before the default checkout ends its code with it
      Given flat-1 and flat-2 have keys in one cabinet in Europe/Helsinki
      And the organisation has set "default_checkout_time 11:00"
      When Ada's booking of flat-1 from 2026-12-07 15:00 to 2026-12-08 09:30 is confirmed
      Then the door of flat-1 answers Ada's code
        | at                  | door |
        | 2026-12-08 09:29:59 | open |
        | 2026-12-08 09:30:00 | shut |

    @on-service
    Scenario Outline: A key from <from> to <to>, at a change of the clocks, is for that time
      Given court-1 has a LivionKey lock in Europe/Helsinki
      When Ada's booking of court-1 from <from> to <to> is confirmed
      And 1 minute passes
      Then Ada's code opens court-1 for the booked time alone

      Examples:
        | from             | to               |
        | 2027-03-28 02:30 | 2027-03-28 04:30 |
        | 2027-10-31 02:30 | 2027-10-31 04:30 |

    @on-vendor @needs-clock
    Scenario Outline: A contract until <end> is good until then, not until the checkout
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the organisation has set "default_checkout_time 11:00"
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 <end>
      Then the contract's code does not open "Lobby" at 2026-12-07 14:59
      And the contract's code opens "Lobby" at 2026-12-07 15:00
      And the contract's code opens "Lobby" at 2026-12-08 <last>
      And the contract's code does not open "Lobby" at 2026-12-08 <end>

      Examples:
        | end   | last     |
        | 14:00 | 13:59:59 |
        | 09:30 | 09:29:59 |

    @on-vendor @needs-clock
    Scenario Outline: A contract whose <what> changes keeps its end, whatever the checkout
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the organisation has set "default_checkout_time 11:00"
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 14:00
      When the vendor is asked to move the contract's <what> to <to>
      Then the contract's code does not open "Lobby" at 2026-12-07 14:59
      And the contract's code opens "Lobby" at 2026-12-08 <last>
      And the contract's code does not open "Lobby" at 2026-12-08 <end>

      Examples:
        | what   | to               | last     | end      |
        | person | "Ada"            | 13:59:59 | 14:00:00 |
        | end    | 2026-12-08 13:00 | 12:59:59 | 13:00:00 |
        | end    | 2026-12-08 09:30 | 09:29:59 | 09:30:00 |

  @LIV-02 @on-vendor @needs-clock
  Rule: A code MUST be dead once its end has passed or the guest has checked out
    Source: seed 003

    Background:
      Given the account has a key cabinet "Lobby" in Europe/Helsinki

    Scenario: Without grace a code takes no key back once its end is there
      Given the vendor is asked for a contract for "flat-2" from 2026-12-07 15:00 to 2026-12-09 11:00
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      And the contract's code returns "flat-1" at 2026-12-08 10:59
      And the contract's code takes "flat-1" at 2026-12-08 10:59:59
      Then the contract's code does not open "Lobby" at 2026-12-08 11:00
      And the contract's code does not open "Lobby" at 2026-12-08 12:00
      And the code of "flat-2" opens "Lobby" at 2026-12-08 12:01

    Scenario: A guest who is checked out early has a dead code from then on, another goes on
      Given the vendor is asked for a contract for "flat-2" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      And the contract's code returns "flat-1" at 2026-12-07 17:00
      When the vendor is asked to revoke the code
      Then the contract's code does not open "Lobby" at 2026-12-07 17:01
      And the code of "flat-2" opens "Lobby" at 2026-12-07 17:02

    Scenario: A contract that moves to another cabinet is good there, and here no more
      Given the account has a LivionKey lock "Studio"
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-09 11:00
      And the contract's code opens "Lobby" at 2026-12-07 16:00
      When the vendor is asked to move the contract's key to "Studio"
      Then the contract's code does not open "Lobby" at 2026-12-07 17:00
      And the contract's code opens "Studio" at 2026-12-07 17:01

  @LIV-03 @on-vendor @needs-clock
  Rule: Within the grace period after the end, the same code MUST still take the key back
    Source: seed 003

    Scenario Outline: With <grace> minutes of grace a code takes its key back until <last>
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the organisation has set "return_grace_minutes <grace>"
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      Then the contract's code returns "flat-1" at <last>

      Examples:
        | grace | last                |
        | 60    | 2026-12-08 11:00:00 |
        | 60    | 2026-12-08 11:59:59 |
        | 720   | 2026-12-08 22:59:59 |
        | 1440  | 2026-12-09 10:59:59 |

    Scenario Outline: After <grace> minutes of grace a code takes nothing back
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the organisation has set "return_grace_minutes <grace>"
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      Then the contract's code does not open "Lobby" at <over>

      Examples:
        | grace | over                |
        | 60    | 2026-12-08 12:00:00 |
        | 720   | 2026-12-08 23:00:00 |
        | 1440  | 2026-12-09 11:00:00 |

    Scenario Outline: Grace that changes from <before> to <after> minutes holds for a key that is out
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the organisation has set "return_grace_minutes <before>"
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      And the organisation has set "return_grace_minutes <after>"
      Then the contract's code <does> "Lobby" at 2026-12-08 11:30
      And the static code "*7001" returns "flat-1" at 2026-12-08 13:00

      Examples:
        | before | after | does          |
        | 0      | 60    | opens         |
        | 60     | 0     | does not open |

    Scenario Outline: Within <grace> minutes of grace a code gives no key out, <taken>
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the organisation has set "return_grace_minutes <grace>"
      And the vendor is asked for a contract for "flat-2" from 2026-12-07 15:00 to 2026-12-10 11:00
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 11:00
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      And the contract's code returns "flat-1" at <back>
      Then the contract's code does not open "Lobby" at <again>
      And the code of "flat-2" opens "Lobby" at 2026-12-09 12:00

      Examples:
        | grace | taken                 | back                | again               |
        | 60    | given back before     | 2026-12-07 17:00:00 | 2026-12-08 11:00:00 |
        | 60    | given back within it  | 2026-12-08 11:10:00 | 2026-12-08 11:30:00 |
        | 1440  | given back within it  | 2026-12-08 23:10:00 | 2026-12-08 23:11:00 |

  @LIV-04 @on-vendor @needs-clock
  Rule: A static return code MUST take its slot's key back at any time, and never give one out
    Source: seed 003; LivionKey published

    Background:
      Given the account has a key cabinet "Lobby" in Europe/Helsinki
      And the vendor is asked for a contract for "flat-1" from 2026-12-07 15:00 to 2026-12-08 11:00

    Scenario Outline: The static code takes the key back <when>
      Given the contract's code takes "flat-1" at 2026-12-07 16:00
      Then the static code "*7001" returns "flat-1" at <at>

      Examples:
        | when                     | at               |
        | within the contract      | 2026-12-07 17:00 |
        | an hour after its end    | 2026-12-08 12:00 |
        | a week after its end     | 2026-12-15 11:00 |

    Scenario: Another slot's static code takes nothing back
      Given the contract's code takes "flat-1" at 2026-12-07 16:00
      Then the static code "*7002" does not open "Lobby" at 2026-12-08 12:00
      And the static code "*7001" returns "flat-1" at 2026-12-08 12:01

    Scenario: A static code gives no key out, neither before nor after it took one back
      Then the static code "*7001" does not open "Lobby" at 2026-12-07 15:30
      And the contract's code takes "flat-1" at 2026-12-07 16:00
      And the static code "*7001" returns "flat-1" at 2026-12-07 17:00
      And the static code "*7001" does not open "Lobby" at 2026-12-07 17:01
      And the contract's code takes "flat-1" at 2026-12-07 18:00

    Scenario: It is the same for the next guest
      Given the contract's code takes "flat-1" at 2026-12-07 16:00
      And the static code "*7001" returns "flat-1" at 2026-12-08 12:00
      And the vendor is asked for a contract for "flat-1" from 2026-12-08 15:00 to 2026-12-09 11:00
      And the contract's code takes "flat-1" at 2026-12-08 16:00
      Then the static code "*7001" returns "flat-1" at 2026-12-09 12:00

    Scenario: A key that gets another name keeps its static code
      Given the contract's code takes "flat-1" at 2026-12-07 16:00
      When the vendor is asked to give "flat-1" the name "Garden flat"
      Then the static code "*7001" returns "flat-1" at 2026-12-08 12:00
