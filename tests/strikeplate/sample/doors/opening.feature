Feature: Opening
  One rule for each way in which a judgement can end.

  @DOR-01 @on-service
  Rule: A code MUST open the door inside its window
    Source: house

    Background:
      Given a door

    Scenario: A code opens the door
      When the code is typed at 15:30
      Then the door opens

    Scenario Outline: A code opens the door at <edge> of its window
      When the code is typed at <time>
      Then the door opens

      Examples:
        | edge     | time     |
        | the start | 15:00    |
        | the end   | 17:59:59 |

  @DOR-02 @on-service
  Rule: A code MUST NOT open the door outside its window
    Source: house

    Scenario: A code does not open the door after its window
      Given a door
      And the code is typed at 17:00
      When the code is typed at 18:30
      Then the door stays shut

    Scenario: A code does not open the door before its window
      Given a door
      When the code is typed at 14:59
      Then the door stays shut though nobody answers

  @DOR-03 @on-service
  Rule: A door SHOULD say why it stays shut
    Source: house

    Scenario: The door tells the reason
      Given a door
      When the code is typed at 14:00
      Then the reason is told

  @DOR-04 @on-service
  Rule: A door MUST be opened by nobody without a code
    Source: house

    Scenario: A door without codes stays shut
      Given a door that cannot be set up
      Then the door stays shut

    Scenario: A door that is left alone stays shut
      Given a door
      When the clock cannot be turned
      Then the door stays shut

  @DOR-05 @on-service @needs-bridge
  Rule: A door MUST be reached through its bridge
    Source: house

    Scenario: A bridge reaches the door
      Given a door
      Then the door opens

  @DOR-06 @on-vendor @untested
  Rule: A door MUST outlive its battery
    Source: house
    Untested: no battery is
      simulated yet

  @DOR-07 @on-service
  Rule: A door MAY greet whoever comes
    Source: house

    Scenario: The door greets
      Given a door
      Then the door greets
