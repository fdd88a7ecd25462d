"""Redmine: projects, their issues with their journals, custom fields for scores."""
