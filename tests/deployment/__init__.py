"""Compose files, image and manifests: what they promise, read from the files themselves."""
