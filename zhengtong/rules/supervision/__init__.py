"""Electronic supervision (电子监察) as pure functions: what a finding is, when a limit signals, how a card moves."""
