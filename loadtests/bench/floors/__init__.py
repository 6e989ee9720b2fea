"""The floors: small programs that do the least there is to do, to measure against."""
