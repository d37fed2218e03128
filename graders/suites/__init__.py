"""The hidden suites: one file a kata, by its slug. See CONTRIBUTING.md."""
