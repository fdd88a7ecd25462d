"""Jira Align: a program's epics, capabilities and features, where the train plans."""
