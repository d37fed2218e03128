"""Another process: the wire, the worker and its zygote, the isolation levels, the proxies."""
