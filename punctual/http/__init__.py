"""One aiohttp application per service: check the shape, read, or hand a command over."""
