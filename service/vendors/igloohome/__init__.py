"""igloohome: offline locks whose PINs carry their own window."""
