"""The only public door: routing, token validation, limits, timeouts and retries. No data, no rules."""
