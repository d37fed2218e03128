"""All that is hidden of the kata connection_pool."""
