"""All that is hidden of the kata hashing."""
