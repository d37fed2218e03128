"""All that is hidden of the kata supervisor_config."""
