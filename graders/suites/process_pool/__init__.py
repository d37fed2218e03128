"""All that is hidden of the kata process_pool."""
