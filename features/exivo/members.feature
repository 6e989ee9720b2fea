Feature: Access by community
  A community opens locks to its members. A membership has no planned end, and so the
  access has none either: it ends when the membership ends.

  @EXV-02 @on-service
  Rule: Members of a community MUST have access to its locks while they are members, no longer
    Source: seed 002; Exivo published by a booking platform

    Background:
      Given court-1 has an Exivo door in Europe/Zurich
      And the owner makes a rule that lets members of "gold" open court-1

    @needs-clock
    Scenario: A member has access until the membership ends
      Given Bo joins "gold"
      And Ada joins "gold"
      And Ada's code opens court-1 at 2027-06-01 12:00
      When Ada leaves "gold"
      Then Ada's code does not open court-1 at 2027-06-01 12:10
      And Bo's code opens court-1 at 2027-06-01 12:20

    @needs-clock
    Scenario: Who left and joins again has access again, until the next end
      Given Ada joins "gold"
      And 1 hour passes
      And Ada leaves "gold"
      And 1 hour passes
      When Ada joins "gold"
      Then Ada's code opens court-1 at 2026-12-07 12:00
      And Ada has exactly 1 code at court-1
      When Ada leaves "gold"
      Then Ada's code does not open court-1 at 2026-12-07 12:10

    @needs-api
    Scenario: A rule that is given to another community opens for its members alone
      Given Ada joins "gold"
      And Bo joins "silver"
      And Ada's code opens court-1 at 2026-12-07 12:00
      When the owner sets the rule of gold to
        | community | silver |
      Then Ada's code does not open court-1 at 2026-12-07 12:10
      And Bo's code opens court-1 at 2026-12-07 12:20

    @needs-api
    Scenario: A community opens all of its locks, as long as somebody belongs to it
      Given the account has a lock "Changing room"
      And court-2 has an Exivo door in Europe/Zurich
      And the owner sets the rule of gold to
        | locks | court-1, Changing room |
      When Ada joins "gold"
      Then Ada's code opens court-1 at 2026-12-07 12:00
      And Ada's code opens "Changing room" at 2026-12-07 12:01
      And Ada's code does not open court-2 at 2026-12-07 12:02
      When Ada leaves "gold"
      Then Ada's code does not open court-1 at 2026-12-07 12:10
      And Ada's code does not open "Changing room" at 2026-12-07 12:11

    @needs-api
    Scenario Outline: A community that is left with <left> opens that alone to who belongs to it
      Given the account has a lock "Changing room"
      And the owner sets the rule of gold to
        | locks | court-1, Changing room |
      And Ada joins "gold"
      When the owner sets the rule of gold to
        | locks | <left> |
      And 1 minute passes
      Then Ada's code does not open <gone> at 2026-12-07 12:10
      And Ada's code opens <door> at 2026-12-07 12:11

      Examples:
        | left          | door            | gone            |
        | court-1       | court-1         | "Changing room" |
        | Changing room | "Changing room" | court-1         |

    @needs-api
    Scenario: Who leaves one of two communities belongs to the other
      Given court-2 has an Exivo door in Europe/Zurich
      And the owner makes a rule that lets members of "silver" open court-2
      And Ada joins "gold"
      And Ada joins "silver"
      And one of Ada's codes opens court-2 at 2026-12-07 12:00
      When Ada leaves "gold"
      Then Ada's code opens court-2 at 2026-12-07 12:10
      And Ada has 1 code at court-2
      And Ada has 0 codes at court-1

    @needs-api
    Scenario Outline: A member is told by <channel> of no times, which a membership has not
      Given the owner sets the rule of gold to
        | channel | <channel> |
      When Ada joins "gold"
      Then Ada has received 1 message
      And Ada's message says "gold"
      And Ada's message does not say "09:00"
      And Ada's code opens court-1 at 2026-12-07 12:00

      Examples:
        | channel |
        | email   |
        | sms     |

    @needs-clock
    Scenario: Access is renewed as long as the membership lasts
      Given Ada joins "gold"
      And Ada's code opens court-1 at 2027-10-31 12:00
      When the time is 2027-12-24 12:00
      Then Ada's code opens court-1 at 2027-12-24 12:10
      And Ada's code opens court-1 at 2028-05-01 12:00

    @needs-clock
    Scenario Outline: <order> leaves <codes> code and <told> message
      When the events of Ada's membership of "gold" arrive as "<order>"
      And 10 minutes pass
      Then Ada has exactly <codes> code at court-1
      And Ada has received <told> message

      Examples:
        | order                     | codes | told |
        | started                   | 1     | 1    |
        | started, started          | 1     | 1    |
        | ended, started            | 0     | 0    |
        | started, ended            | 0     | 1    |
        | started, ended, started   | 0     | 1    |

    @needs-clock @needs-api
    Scenario: A membership that ends while the vendor is down ends when it is back
      Given Ada joins "gold"
      And Ada's code opens court-1 at 2026-12-07 12:00
      And every vendor call answers 503
      When Ada leaves "gold"
      And 1 hour passes
      Then Ada's membership is shown as ended, and its access as not yet
      And Ada's code opens court-1 at 2026-12-07 14:00
      When the vendor has recovered
      And 2 hours pass
      Then Ada's membership is shown as ended, and its access as removed
      And Ada's code does not open court-1 at 2026-12-07 17:00

    @needs-api
    Scenario: A community without a rule gives nobody access, and the answer says why
      When Ada joins "silver"
      Then the answer is a success
      And the answer says "no rule for community"
      And Ada has no code

    @needs-api
    Scenario: A vendor whose codes cannot be taken back refuses a rule by community
      Given court-2 has an igloohome lock in Europe/Zurich
      When the owner makes a rule that lets members of "gold" open court-2
      Then the answer is a refusal
      And the answer says "as long as a membership"
      When the owner makes a rule that lets members of "silver" open court-1
      Then the answer is a success

    @needs-api
    Scenario: A community that gets another lock opens it to who belongs to it already
      Given the account has a lock "Changing room"
      And Ada joins "gold"
      And Ada's code opens court-1 at 2026-12-07 12:00
      When the owner sets the rule of gold to
        | locks | court-1, Changing room |
      And 1 minute passes
      Then Ada's code opens "Changing room" at 2026-12-07 12:10
      And Ada's code opens court-1 at 2026-12-07 12:11
      When Ada leaves "gold"
      And 1 minute passes
      Then Ada has 0 codes at court-1

    @needs-api
    Scenario: A community's rule that is deleted ends what its members had
      Given Ada joins "gold"
      And Ada's code opens court-1 at 2026-12-07 12:00
      When the owner deletes the rule of gold
      And 1 minute passes
      Then Ada's code does not open court-1 at 2026-12-07 12:10

    @needs-restart @needs-clock
    Scenario: Who leaves just before the service stops has left after its start
      Given Ada joins "gold"
      And Bo joins "gold"
      And Ada's code opens court-1 at 2026-12-07 12:00
      And every vendor call answers 503
      When Ada leaves "gold"
      And the service is stopped and started
      And the vendor has recovered
      And 6 hours pass
      Then Ada's code does not open court-1 at 2026-12-07 19:00
      And Bo's code opens court-1 at 2026-12-07 19:10
