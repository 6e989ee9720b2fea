Feature: Connections
  The owner links an account at a lock vendor once, with the vendor's own credentials.
  The connection then has a webhook URL and a list of locks, and can be switched on and off.

  @CON-01 @on-service @needs-api
  Rule: A connection MUST be linked only with credentials that the vendor accepts
    Source: seed 000; seed 002; seed 003

    Background:
      Given the account has a lock "Front door"

    Scenario: The vendor's own credentials link the account
      When the owner connects with the vendor's own credentials
      Then the connection is linked
      And the lock "Front door" can be chosen

    Scenario Outline: Credentials that are <flaw> link nothing, and the reason is told
      When the owner connects with <flaw> credentials
      Then the answer is a refusal
      And the answer says "credentials"
      And nothing is linked

      Examples:
        | flaw       |
        | wrong      |
        | incomplete |

    Scenario: A vendor that does not answer links nothing
      Given the answer to every call is lost
      When the owner connects with the vendor's own credentials
      Then the answer is 502 or 503
      And nothing is linked

    Scenario: A refused owner links the account with the right credentials afterwards
      Given the owner connects with wrong credentials
      And the answer is a refusal
      When the owner connects with the vendor's own credentials
      Then the connection is linked

    Scenario Outline: An account with <lock> is linked by its own credentials alone
      Given the account has <lock> "Studio"
      When the owner connects with wrong credentials
      Then the answer is a refusal
      And the answer says "credentials"
      And nothing is linked
      When the owner connects with the vendor's own credentials
      Then the connection is linked
      And the lock "Studio" can be chosen

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    Scenario Outline: A Nuki token that may only "<scopes>" links nothing
      Given the account has a Nuki lock "Gate"
      When the owner connects with a token that may only "<scopes>"
      Then the answer is a refusal
      And nothing is linked

      Examples:
        | scopes             |
        | smartlock.readOnly |
        | smartlock          |
        | smartlock.auth     |

    Scenario: A Nuki token that may list locks and write codes is linked
      Given the account has a Nuki lock "Gate"
      When the owner connects with a token that may only "smartlock.readOnly smartlock.auth"
      Then the connection is linked
      And the lock "Gate" can be chosen

    Scenario Outline: Wrong credentials replace none of an account with <lock>
      Given court-1 has <lock> in Europe/Berlin
      When the owner replaces the credentials by wrong credentials
      Then the answer is a refusal
      And the answer says "credentials"
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code opens court-1 for the booked time alone
      When the owner replaces the credentials by the vendor's own credentials
      Then the answer is a success

      Examples:
        | lock              |
        | an igloohome lock |
        | a Nuki lock       |
        | a LivionKey lock  |
        | an Exivo door     |

    Scenario: A Nuki token that may not write codes replaces none, one that may does
      Given court-1 has a Nuki lock in Europe/Berlin
      When the owner replaces the token by one that may only "smartlock.readOnly"
      Then the answer is a refusal
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code opens court-1 for the booked time alone
      When the owner replaces the token by one that may only "smartlock.readOnly smartlock.auth"
      Then the answer is a success

    Scenario Outline: Of a LivionKey account, <part> alone can be chosen, then and later
      Given the account has a key cabinet "Lobby"
      And the account has a LivionKey lock "Studio"
      When the owner connects for <part> alone
      Then the connection is linked
      And <number> locks can be chosen
      When the owner refreshes the list of locks
      Then <number> locks can be chosen
      When the owner replaces the credentials by the vendor's own credentials
      Then the answer is a success
      And <number> locks can be chosen

      Examples:
        | part            | number |
        | device "Lobby"  | 2      |
        | device "Studio" | 1      |
        | key "flat-2"    | 1      |

    Scenario: A LivionKey account whose own device is not named right is not linked
      Given the account has a key cabinet "Lobby"
      When the owner connects for key "flat-9" alone
      Then the answer is a refusal
      And the answer says "flat-9"
      And nothing is linked

  @CON-02 @on-service @needs-api
  Rule: A webhook URL MUST be unguessable and belong to one linked connection alone
    Source: seed 000

    Background:
      Given court-1 has a lock in Europe/Stockholm
      And court-2 has a lock at another connection

    Scenario: Two connections have long webhook URLs that share nothing
      Then the webhook URLs of court-1 and court-2 differ and cannot be guessed

    Scenario: A booking sent to a URL nobody has is refused, to its own it is taken
      Given Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      When Ada's booking is confirmed at a guessed URL
      Then the answer is a refusal
      And Ada has no code
      When Ada's booking is confirmed
      Then Ada's code opens court-1 at 2026-12-07 15:30

    Scenario: A booking sent to another connection makes no code at either
      Given Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      When Ada's booking is confirmed at the URL of court-2
      Then the answer is a refusal
      And Ada has no code
      And 0 codes are made for court-1
      And 0 codes are made for court-2

    Scenario: The id of an event counts for its own connection alone
      Given Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo booked court-2 from 2026-12-07 15:20 to 2026-12-07 17:20
      When Bo's booking is confirmed under the id of the last event
      Then Bo's code opens court-2 at 2026-12-07 15:30
      And Ada's code opens court-1 at 2026-12-07 15:31

    Scenario: The id of a booking counts for its own connection alone
      Given Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      And Bo booked court-2 from 2026-12-07 15:20 to 2026-12-07 17:20
      And Bo's booking has the id of Ada's
      When Bo's booking is confirmed
      And Bo's booking is cancelled
      Then Ada's code opens court-1 at 2026-12-07 15:30
      And Ada has 1 active access

    Scenario: The URL of a removed connection is dead
      Given Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20
      And Bo's booking of court-1 from 2026-12-07 09:00 to 2026-12-07 10:00 is confirmed
      And Bo's code opens court-1 at 2026-12-07 09:30
      When the owner deletes the connection
      And Ada's booking is confirmed
      Then the answer is a refusal
      And Ada has no code

  @CON-05 @on-service @needs-api
  Rule: Locks to choose from MUST be read from the vendor again on demand
    Source: seed 001; seed 003

    Background:
      Given the account has a lock "Front door"
      And the owner has linked the account

    Scenario: A lock bought later appears without new credentials
      Given the account has a lock "Side door"
      When the owner refreshes the list of locks
      Then the lock "Side door" can be chosen
      And the lock "Front door" can be chosen

    Scenario: A device of the account that takes no codes cannot be chosen, and says why
      Given the account has a device that takes no codes "Bridge"
      When the owner refreshes the list of locks
      Then the lock "Bridge" cannot be chosen, with a reason
      And the lock "Front door" can be chosen

    Scenario Outline: <lock> that one list lacked can be chosen again at the next
      Given the account has <lock> "Back door"
      And the owner refreshes the list of locks
      And the next answer to "list locks" is an empty list
      And the owner refreshes the list of locks
      When the owner refreshes the list of locks
      Then the lock "Back door" can be chosen

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    Scenario: Forty locks are all there
      Given 40 locks are added to the account
      When the owner refreshes the list of locks
      Then 41 locks can be chosen

  @CON-06 @on-service
  Rule: A secret MUST NOT be shown again or stored as it is
    Source: seed 000

    @needs-api
    Scenario: No answer shows the vendor's secret again
      Given the account has a lock "Front door"
      When the owner connects with the vendor's own credentials
      Then the connection is linked
      And no answer about the connection shows a secret of the vendor
      And the connection names the secrets it holds

    @needs-api
    Scenario Outline: No answer shows the secret of an account with <lock> again
      Given the account has <lock> "Studio"
      When the owner connects with the vendor's own credentials
      Then the connection is linked
      And no answer about the connection shows a secret of the vendor
      And the connection names the secrets it holds

      Examples:
        | lock             |
        | a Nuki lock      |
        | a LivionKey lock |
        | an Exivo door    |

    @needs-api
    Scenario: The webhook's secret is shown when the connection is made, and never again
      Given the account has a lock "Front door"
      When the owner connects with the vendor's own credentials
      Then the answer shows
        | field          | begins with |
        | webhook_secret | whsec_      |
      And no answer about the connection shows the secret of the webhook

    @needs-storage
    Scenario: What is stored holds no secret in the clear
      Given court-1 has a lock in Europe/Stockholm
      When Ada's booking of court-1 from 2026-12-07 15:20 to 2026-12-07 17:20 is confirmed
      Then Ada's code opens court-1 at 2026-12-07 15:30
      And what is stored holds no secret in the clear

  @CON-07 @on-service
  Rule: An inactive integration MUST refuse events with a clear reason
    Source: seed 000; seed 001

    Background:
      Given court-1 has a lock in Europe/Stockholm
      And Ada booked court-1 from 2026-12-07 15:20 to 2026-12-07 17:20

    Scenario: A resource whose connection is switched off gets no code
      Given the connection of court-1 is inactive
      When Ada's booking is confirmed
      Then the answer is a refusal
      And Ada has no code

    @needs-api
    Scenario Outline: A connection that is <state> refuses
      Given the connection is <state>
      When Ada's booking is confirmed
      Then the answer is a refusal
      And the answer says "<why>"
      And Ada has no code

      Examples:
        | state                            | why    |
        | switched off                     | active |
        | switched on, terms not accepted  | terms  |
        | switched off, terms not accepted | active |

    @needs-api
    Scenario: Switched on again, it takes the event it refused
      Given the connection is switched off
      And Ada's booking is confirmed
      And the answer is a refusal
      When the connection is switched on
      And Ada's booking is confirmed
      Then the answer is a success
      And Ada's code opens court-1 at 2026-12-07 15:30
