"""All that is hidden of the kata thread_pool."""
