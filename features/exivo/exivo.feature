Feature: dormakaba Exivo
  A booking yields a link and a PIN. These rules stand in the register until the vendor
  and the page behind its link are modelled.

  @EXV-01 @on-service @untested
  Rule: A booking MUST give access to the locks of its resource, with the set lead and lag
    Source: seed 002
    Untested: no Exivo vendor is modelled yet, neither its cloud nor the page behind a visit's link.

  @EXV-02 @on-service @untested
  Rule: Members of a community MUST have access to its locks while they are members, no longer
    Source: seed 002
    Untested: no Exivo vendor is modelled yet, neither its cloud nor the page behind a visit's link.

  @EXV-03 @on-service @on-vendor @untested
  Rule: A booking MUST yield a link and a PIN for the booked room and time
    Source: seed 002
    Untested: no Exivo vendor is modelled yet, neither its cloud nor the page behind a visit's link.

  @EXV-04 @on-vendor @untested
  Rule: The link MUST show the accesses only with its PIN and within its time
    Source: seed 002
    Untested: no Exivo vendor is modelled yet, neither its cloud nor the page behind a visit's link.

  @EXV-05 @on-service @untested
  Rule: A rule MAY add an invitation in the lock system's app or a code for a PIN pad
    Source: seed 002
    Untested: no Exivo vendor is modelled yet, neither its cloud nor the page behind a visit's link.

  @EXV-06 @on-vendor @untested
  Rule: An access that was revoked or is over MUST NOT open anything though its link exists
    Source: seed 002
    Untested: no Exivo vendor is modelled yet, neither its cloud nor the page behind a visit's link.
