"""Templates that a connection has set in place of the built-in ones (MSG-03)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from service.domain.messages import Template
from service.store import schema
from service.store.database import record
from service.store.table_gateway import TableGateway

if TYPE_CHECKING:
    from service.store.database import Tx


@record
class StoredTemplate:
    """The text that a connection's messages of one channel and language have."""

    connection_id: str
    channel: str
    language: str
    subject: str
    body: str

    @property
    def template(self) -> Template:
        """Return the template as the domain knows it."""
        return Template(self.subject, self.body)


GATEWAY: Final = TableGateway(schema.templates, StoredTemplate)


def of_channel(tx: Tx, connection_id: str, channel: str) -> list[StoredTemplate]:
    """Return the channel's templates, in order of language."""
    return GATEWAY.all(tx, connection_id=connection_id, channel=channel)


def find(
    tx: Tx, connection_id: str, channel: str, language: str
) -> StoredTemplate | None:
    """Return the template, or None where the built-in one holds."""
    return GATEWAY.find(tx, **_this(connection_id, channel, language))


def put(tx: Tx, template: StoredTemplate) -> None:
    """Store the template in place of the one before."""
    remove(tx, template.connection_id, template.channel, template.language)
    GATEWAY.add(tx, template)


def remove(tx: Tx, connection_id: str, channel: str, language: str) -> bool:
    """Tell whether there was such a template; the built-in one holds again."""
    return GATEWAY.remove(tx, **_this(connection_id, channel, language)) == 1


def _this(connection_id: str, channel: str, language: str) -> dict[str, str]:
    return {
        "connection_id": connection_id,
        "channel": channel,
        "language": language,
    }
