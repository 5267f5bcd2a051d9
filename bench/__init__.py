"""How fast is it, measured against the least that Django could do? Run by make bench, never by a test."""
