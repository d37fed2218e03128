"""How a submission is confined: a file for each level, and the parts of the strongest."""
