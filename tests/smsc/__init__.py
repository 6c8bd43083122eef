"""A message centre for tests: SMPP 3.4 over a loopback socket, written apart from the product's own client."""
