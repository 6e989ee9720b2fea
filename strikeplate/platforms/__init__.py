"""How booking platforms speak: event formats and signatures. A new one is one file."""
