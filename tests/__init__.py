"""The tests of the graders; `test_catalogue` holds every kata to its contract."""
