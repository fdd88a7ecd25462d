"""Trackers: the tools a company keeps its work in, followed and written to; one folder each."""
