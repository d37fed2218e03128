"""How a submission is confined: a level, a file, and what the strongest is made of."""
