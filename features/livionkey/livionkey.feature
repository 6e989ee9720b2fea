Feature: LivionKey cabinets
  The key is a thing: in its slot, or out. These rules stand in the register until the
  vendor and its cabinet are modelled.

  @LIV-01 @on-service @on-vendor @untested
  Rule: The contract's times set through the API MUST win over a default checkout time
    Source: seed 003
    Untested: no LivionKey vendor is modelled yet, neither its cloud nor a cabinet that holds keys.

  @LIV-02 @on-vendor @untested
  Rule: A code MUST be dead once its end has passed or the guest has checked out
    Source: seed 003
    Untested: no LivionKey vendor is modelled yet, neither its cloud nor a cabinet that holds keys.

  @LIV-03 @on-vendor @untested
  Rule: Within the grace period after the end, the same code MUST still take the key back
    Source: seed 003
    Untested: no LivionKey vendor is modelled yet, neither its cloud nor a cabinet that holds keys.

  @LIV-04 @on-vendor @untested
  Rule: A static return code MUST take its slot's key back at any time, and never give one out
    Source: seed 003
    Untested: no LivionKey vendor is modelled yet, neither its cloud nor a cabinet that holds keys.

  @LIV-05 @on-service @on-vendor @untested
  Rule: A key that was not returned MUST be reported with its slot and booking, when it is due
    Source: seed 003
    Untested: no LivionKey vendor is modelled yet, neither its cloud nor a cabinet that holds keys.

  @LIV-06 @on-service @on-vendor @untested
  Rule: A returned key MUST be reported as a checkout, the unit free for cleaning
    Source: seed 003
    Untested: no LivionKey vendor is modelled yet, neither its cloud nor a cabinet that holds keys.

  @LIV-07 @on-service @untested
  Rule: Each key's state, out or returned, MUST be visible at any time
    Source: seed 003
    Untested: no LivionKey vendor is modelled yet, neither its cloud nor a cabinet that holds keys.

  @LIV-08 @on-service @untested
  Rule: Each unit's message MUST carry its own slot's return code where these are in use
    Source: seed 003
    Untested: no LivionKey vendor is modelled yet, neither its cloud nor a cabinet that holds keys.

  @LIV-09 @on-service @untested
  Rule: A grace period SHOULD be preferred to static return codes where there is one
    Source: seed 003
    Untested: no LivionKey vendor is modelled yet, neither its cloud nor a cabinet that holds keys.
