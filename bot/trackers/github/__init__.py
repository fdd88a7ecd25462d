"""GitHub: repositories, fields of the organisation for scores, the status of its projects."""
