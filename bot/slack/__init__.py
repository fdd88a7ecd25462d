"""Slack: the only folder that knows Bolt, Block Kit and Slack's Web API."""
