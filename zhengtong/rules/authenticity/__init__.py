"""Knows when recorded work does not look like work that was done (做数据、凑报表); refuses to call anybody guilty.

Domain-rules §5.4, D-01 to D-14: every detector is a pure function over values and gives suspicions with their
evidence. A suspicion becomes a lead (线索); only a person makes a card of it.
"""
