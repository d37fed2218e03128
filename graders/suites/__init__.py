"""All that is hidden of the katas: a folder a kata, by its slug. See CONTRIBUTING.md."""
