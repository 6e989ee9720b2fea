"""The newer interface: signed calls, pages, one contact a contract; the same store."""
