"""The contract of every kata, with advice for authors: run by `kata check` and `tests/test_catalogue.py`."""
