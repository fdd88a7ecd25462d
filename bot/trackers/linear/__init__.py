"""Linear: teams that are followed, scores as an attachment, creates under our own id."""
