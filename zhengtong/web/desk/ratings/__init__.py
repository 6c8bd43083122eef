"""好差评 inside: a rating told by phone or on paper, words looked through before they are published, one's own figures."""
