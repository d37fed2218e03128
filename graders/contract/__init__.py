"""What every kata keeps, and what its author is told where it does not: `kata check`, and `tests/test_catalogue.py`."""
