"""GitLab: groups and projects, weights for points, a score as one comment, edited in place."""
