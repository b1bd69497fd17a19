"""docker-compose.yml in earnest: a real engine, real containers, real faults."""
