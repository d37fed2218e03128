"""The forms of a score card, one file for each."""
