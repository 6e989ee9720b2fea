Feature: Nuki locks
  The code lives in the lock, which must be online to learn of it. These rules stand in
  the register until the vendor and its lock are modelled.

  @NUK-01 @on-service @on-vendor @untested
  Rule: A lock without a keypad or a connection MUST be called unusable when the rule is made
    Source: seed 000
    Untested: no Nuki vendor is modelled yet, neither its cloud nor a lock that must be told of its codes.

  @NUK-02 @on-service @untested
  Rule: A code MUST be called created only after the lock system has confirmed it
    Source: seed 000; seed 002
    Untested: no Nuki vendor is modelled yet, neither its cloud nor a lock that must be told of its codes.

  @NUK-03 @on-service @on-vendor @untested
  Rule: A cancelled booking's code MUST be deleted from the lock and open nothing from then on
    Source: seed 000
    Untested: no Nuki vendor is modelled yet, neither its cloud nor a lock that must be told of its codes.

  @NUK-04 @on-vendor @untested
  Rule: Dates MUST be taken as YYYY-MM-DDTHH:MM:SSZ, with or without seconds
    Source: seed 004
    Untested: no Nuki vendor is modelled yet, neither its cloud nor a lock that must be told of its codes.

  @NUK-05 @on-vendor @untested
  Rule: Weekdays MUST be read as a bit mask from Monday 64 to Sunday 1, no value as every day
    Source: seed 004
    Untested: no Nuki vendor is modelled yet, neither its cloud nor a lock that must be told of its codes.

  @NUK-06 @on-vendor @untested
  Rule: Times of day MUST be read as minutes from midnight and hold on each allowed day
    Source: seed 004
    Untested: no Nuki vendor is modelled yet, neither its cloud nor a lock that must be told of its codes.

  @NUK-07 @on-service @on-vendor @untested
  Rule: A daily window MUST restrict nothing unless a first day is set with it
    Source: seed 004
    Untested: no Nuki vendor is modelled yet, neither its cloud nor a lock that must be told of its codes.

  @NUK-08 @on-vendor @untested
  Rule: An update MUST overwrite the schedule of the key, and nothing else removes an old key
    Source: seed 004
    Untested: no Nuki vendor is modelled yet, neither its cloud nor a lock that must be told of its codes.

  @NUK-09 @on-service @untested
  Rule: A fixed weekly booking MUST be one key that is set once, with its minutes of grace
    Source: seed 004
    Untested: no Nuki vendor is modelled yet, neither its cloud nor a lock that must be told of its codes.

  @NUK-10 @on-service @untested
  Rule: A returning customer MUST keep one key, onto which each next day's booking is pushed
    Source: seed 004
    Untested: no Nuki vendor is modelled yet, neither its cloud nor a lock that must be told of its codes.

  @NUK-11 @on-service @untested
  Rule: A second booking of one day MUST NOT silently overwrite the key's first window
    Source: seed 004
    Untested: no Nuki vendor is modelled yet, neither its cloud nor a lock that must be told of its codes.

  @NUK-12 @on-vendor @untested
  Rule: A call without a bearer token that has the needed permission MUST be refused
    Source: seed 000; seed 004
    Untested: no Nuki vendor is modelled yet, neither its cloud nor a lock that must be told of its codes.
