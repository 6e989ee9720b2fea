"""An Exivo site as one connection knows it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from service.ports import CredentialField, Credentials, CredentialsRefused
from service.secret import Secret, reveal

SITE_ID: Final = CredentialField("site_id", "Site ID")
API_KEY: Final = CredentialField("api_key", "API key")
API_SECRET: Final = CredentialField("api_secret", "API secret", secret=True)
API_URL: Final = CredentialField(
    "api_url", "API URL", default="https://api.exivo.io/v1"
)
MOBILE_APP_ID: Final = CredentialField(
    "mobile_app_id", "Id of the mobile app, for invitations in it", optional=True
)
FIELDS: Final = (SITE_ID, API_KEY, API_SECRET, API_URL, MOBILE_APP_ID)


@dataclass(frozen=True, slots=True)
class Account:
    """Whose doors are meant, and where they are asked for."""

    site_id: str
    api_key: str
    api_secret: Secret
    api_url: str
    mobile_app_id: str = ""

    @property
    def url(self) -> str:
        """Return what every path of the site begins with."""
        return f"{self.api_url}/{quote(self.site_id, safe='')}"

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of a call: HTTP Basic, and nothing else."""
        pair = f"{self.api_key}:{self.api_secret.reveal()}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}


def account_of(credentials: Credentials) -> Account:
    """Return the account of a connection's credentials; defaults fill the gaps."""
    given = {name: reveal(value).strip() for name, value in credentials.items()}
    for field in (SITE_ID, API_KEY, API_SECRET):
        if not given.get(field.name):
            raise CredentialsRefused(
                f"{field.name} is missing; the Exivo app shows it when an API key is "
                "made"
            )
    url = given.get("api_url") or str(API_URL.default)
    if not url.startswith(("https://", "http://")):
        raise CredentialsRefused(f"api_url is {url!r}; it starts with https://")
    return Account(
        site_id=given["site_id"],
        api_key=given["api_key"],
        api_secret=Secret(given["api_secret"]),
        api_url=url.rstrip("/"),
        mobile_app_id=given.get("mobile_app_id", ""),
    )
