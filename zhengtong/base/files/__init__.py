"""Files that people send: sniffed, measured, hashed, kept once under their hash, and handed out safely."""
