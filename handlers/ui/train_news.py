"""Tell the other teams of a train what became the item of all: once, in each one's channel."""

from __future__ import annotations

from bot.turn import Post
from handlers.ui.views import TrainNewsView
from storage import Store


async def tell_train(store: Store, train_id: int, number: int, own: int) -> tuple[Post, ...]:
    """Return a post for each team of the train but `own` that has a channel."""
    posts = []
    for team in await store.teams.in_train(train_id):
        channels = await store.channels.of_team(team.id) if team.id != own else ()
        if channels:
            view = TrainNewsView(number, team.id)
            posts.append(Post(view, channel=channels[0].id, can_wait=True))
    return tuple(posts)
