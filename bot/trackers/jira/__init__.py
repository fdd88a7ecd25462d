"""Jira, Cloud and Data Center: projects and boards, its own number fields for scores."""
