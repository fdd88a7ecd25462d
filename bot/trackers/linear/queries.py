"""What Hone asks Linear's GraphQL API: https://linear.app/developers/graphql.

Only what is read is asked for: a query costs by the fields it names, in points of an hour.
"""

from __future__ import annotations

from typing import Final

ISSUE: Final = """
fragment Told on Issue {
  id identifier title description url priorityLabel estimate dueDate sortOrder trashed
  createdAt updatedAt completedAt canceledAt archivedAt
  state { id name type }
  assignee { id name }
  parent { id }
  cycle { name number }
  team { id private }
  labels(first: 50) { nodes { name } }
  attachments(first: 10) { nodes { metadata } }
  relations(first: 25) { nodes { type relatedIssue { id } } }
  inverseRelations(first: 25) { nodes { type issue { id } } }
  history(first: 50) { nodes { createdAt fromState { name } toState { name } } }
}
"""

VIEWER: Final = "query Viewer { viewer { id name } organization { name urlKey } }"

TEAMS: Final = """
query Teams($after: String) {
  teams(first: 100, after: $after) {
    nodes { id name private }
    pageInfo { hasNextPage endCursor }
  }
}
"""

TEAM: Final = """
query Team($id: String!) {
  team(id: $id) {
    id private issueEstimationType
    states(first: 100) { nodes { id name type } }
    labels(first: 250) { nodes { id name } }
  }
}
"""

PAGE: Final = (
    """
query Page($team: ID!, $since: DateTimeOrDuration!, $after: String) {
  issues(
    filter: { team: { id: { eq: $team } }, updatedAt: { gte: $since } }
    orderBy: updatedAt, first: 50, after: $after, includeArchived: true
  ) {
    nodes { ...Told }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + ISSUE
)

ONE: Final = "query One($id: String!) { issue(id: $id) { ...Told } }" + ISSUE

IDS: Final = """
query Ids($team: ID!, $after: String) {
  issues(filter: { team: { id: { eq: $team } } }, first: 250, after: $after) {
    nodes { id trashed }
    pageInfo { hasNextPage endCursor }
  }
}
"""

CREATE: Final = (
    """
mutation Create($input: IssueCreateInput!) {
  issueCreate(input: $input) { success issue { ...Told } }
}
"""
    + ISSUE
)

UPDATE: Final = (
    """
mutation Update($id: String!, $input: IssueUpdateInput!) {
  issueUpdate(id: $id, input: $input) { success issue { ...Told } }
}
"""
    + ISSUE
)

ATTACH: Final = """
mutation Attach($input: AttachmentCreateInput!) {
  attachmentCreate(input: $input) { success attachment { id } }
}
"""

NEW_LABEL: Final = """
mutation NewLabel($input: IssueLabelCreateInput!) {
  issueLabelCreate(input: $input) { success issueLabel { id name } }
}
"""

ALL: Final = (VIEWER, TEAMS, TEAM, PAGE, ONE, IDS, CREATE, UPDATE, ATTACH, NEW_LABEL)
"""What a judge validates against Linear's own schema."""
