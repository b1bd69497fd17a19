"""marshmallow shapes: what goes in and out over HTTP, and the catalogue of events."""
