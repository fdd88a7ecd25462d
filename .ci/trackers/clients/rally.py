"""Broadcom's own client at work: it signs in, asks, creates, changes. Run by its own Python.

python rally.py HOST TOKEN
"""

import sys
import warnings

from pyral import Rally

warnings.filterwarnings("ignore")


def main(host, token):
    rally = Rally(
        server=host,
        apikey=token,
        workspace="Acme",
        project="Payments",
        verify_ssl_cert=False,
    )
    print("  pyral signed in and read the schema of the workspace")
    found = rally.get(
        "HierarchicalRequirement", fetch="Name,FormattedID,PlanEstimate", query='Name = "Refunds"'
    )
    assert not found.errors, found.errors
    story = found.next()
    assert (story.Name, story.PlanEstimate) == ("Refunds", 3), vars(story)
    made = rally.create("HierarchicalRequirement", {"Name": "By pyral", "Description": "x"})
    assert made.Name == "By pyral"
    changed = rally.update(
        "HierarchicalRequirement", {"FormattedID": made.FormattedID, "PlanEstimate": 5}
    )
    assert changed.PlanEstimate == 5
    again = rally.get(
        "HierarchicalRequirement", fetch=True, query=f'FormattedID = "{made.FormattedID}"'
    )
    assert again.next().PlanEstimate == 5
    print(f"  pyral found a story, created {made.FormattedID} and changed it")


if __name__ == "__main__":
    main(*sys.argv[1:])
