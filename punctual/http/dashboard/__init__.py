"""The dashboard: pages for people, rendered on the server.

It holds no data and no rules: it calls the services as whoever is signed in.
"""
