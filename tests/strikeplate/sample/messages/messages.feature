Feature: Messages
  The ways that are not the subject's fault, and those that are expected.

  @MSG-01 @on-service
  Rule: A message MUST carry the code
    Source: house

    Scenario: The message holds the code
      Given a door
      Then the message holds the code

  @MSG-02 @on-service
  Rule: A message MUST arrive
    Source: house

    Scenario: The mail arrives
      Given a door
      Then the harness breaks

    Scenario: The text arrives
      Given a door
      Then the step skips

  @MSG-03 @on-service @provisional
  Rule: A message MUST be short
    Source: guessed

    Scenario: The message is short
      Given a door
      Then the door greets

  @MSG-04 @on-vendor
  Rule: A vendor MUST answer
    Source: house

    Scenario: The vendor answers
      Given a door
      Then the door opens

    @needs-bridge
    Scenario: The vendor answers through the bridge
      Given a door
      Then the door opens

  @MSG-05 @on-service
  Rule: A message MUST NOT be sent twice
    Source: house

    Scenario: Sending crashes
      Given a door
      When sending crashes
      Then the door opens

    Scenario: Sending does not concern this subject
      Given a door
      When sending does not apply
      Then the door opens
