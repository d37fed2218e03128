"""The oracles that are programs of others: what the suites compare a submission with."""
