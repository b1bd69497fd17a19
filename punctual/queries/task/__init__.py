"""Tasks as members of their project may see them: membership is part of every WHERE."""
