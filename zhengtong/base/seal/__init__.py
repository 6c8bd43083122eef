"""The seal (存证): committed entries get a global position, enter a public Merkle log, and are read in that order.

Who counts or watches reads sealed entries by position and keeps a cursor; it never sees a gap.
"""
