"""What tests share: running services, people with tokens, waiting for what comes about."""
