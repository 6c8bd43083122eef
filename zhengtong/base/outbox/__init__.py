"""What leaves the house is a row written in the transaction and delivered later (outbox)."""
