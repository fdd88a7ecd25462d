"""A backlog out of another tool, and into one: CSV or JSON, all of it or nothing."""
