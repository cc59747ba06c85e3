"""What an operator can set, read from the environment and from `.env`; `.env.example` states every one."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """All settings, built once at start and handed down."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True)

    niangjia_home: Path = Field(Path("data"), description="Folder of the index, the database and the files.")
    host: str = Field("127.0.0.1", description="Address that the web pages are served at.")
    port: int = Field(8000, ge=0, le=65535, description="Port that the web pages are served at.")
    public_url: str | None = Field(
        None, description="Address that workers reach us at, such as https://bot.example.org."
    )
    forwarded_allow_ips: str = Field(
        "127.0.0.1,::1", description="Proxies, by address or network, that may say for whom they ask and over HTTPS."
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")

    embedding_model: str | None = Field(
        None,
        description="A sentence-transformers model or folder; the built-in encoder if empty. Then `niangjia ingest`.",
    )
    reranker_model: str | None = Field(
        None,
        description="A sentence-transformers CrossEncoder or folder that orders the best 20 passages; none if empty.",
    )

    llm_base_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="Address of a service that speaks OpenAI's protocol; answers are worded without one if empty.",
    )
    llm_model: str | None = Field(None, description="The name of its chat model; set it together with LLM_BASE_URL.")
    llm_place: Literal["in-house", "in-china", "abroad"] | None = Field(
        None, description="Where it stands, as workers are told; if empty, in-house for a private address, else open."
    )
    llm_api_key: SecretStr | None = Field(None, description="The service's key; empty for one that asks for none.")

    database_url: str | None = Field(None, description="SQLAlchemy URL; HOME/niangjia.db if empty.")
    secret_key: SecretStr | None = Field(
        None,
        description="Seals what people write; HOME/secret.key is made if empty. Lose it and the sealed text is lost.",
    )
    secret_key_old: SecretStr | None = Field(
        None, description="The secret before, from changing SECRET_KEY until `niangjia rekey` is done."
    )
    retention_days: int = Field(
        30, ge=1, description="Days after which the words of a finished conversation are blanked."
    )
    case_retention_days: int = Field(
        365, ge=30, description="Days after its end that a case, its evidence and its claimants are kept."
    )

    smtp_host: str | None = Field(
        None, description="Mail server by which staff are told; no mail is sent if empty. Needs SMTP_FROM."
    )
    smtp_port: int | None = Field(None, ge=1, le=65535, description="Its port; 587, 465 or 25 by SMTP_TLS if empty.")
    smtp_username: str | None = Field(None, description="Account at the mail server, if it asks for one.")
    smtp_password: SecretStr | None = Field(None, description="Its password.")
    smtp_from: str | None = Field(None, description="Whom the mail is from, such as bot@example.org.")
    smtp_tls: Literal["starttls", "ssl", "none"] = Field(
        "starttls", description="How mail is kept secret on its way; none only within your own house."
    )

    metrics_token: SecretStr | None = Field(
        None, description="Who reads /metrics must bring it; without it only this machine may."
    )

    oidc_issuer: str | None = Field(
        None,
        pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])",
        description="OpenID Connect provider by which staff may log in; none if empty. Needs OIDC_CLIENT_ID.",
    )
    oidc_client_id: str | None = Field(None, description="What the provider calls this application.")
    oidc_client_secret: SecretStr | None = Field(None, description="Its secret; empty for a public client.")
    oidc_label: str = Field("单位账号", description="What the login page calls the provider.")
    oidc_second_factor: str = Field(
        "",
        description="Values of `amr` or `acr`, parted by commas, that spare people our second factor.",
    )

    telegram_bot_token: SecretStr | None = Field(
        None, description="From @BotFather; Telegram is served as soon as it is set."
    )
    telegram_api_base: str = Field(
        "https://api.telegram.org", description="A Bot API server of your own, if you run one."
    )
    telegram_webhook_secret: SecretStr | None = Field(
        None, description="Set it together with PUBLIC_URL to be called by Telegram instead of polling."
    )

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        level = value.upper()
        if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("use DEBUG, INFO, WARNING or ERROR")
        return level

    @property
    def database(self) -> str:
        """Return the database's URL."""
        return self.database_url or f"sqlite:///{(self.niangjia_home / 'niangjia.db').resolve()}"

    @property
    def telegram_webhook(self) -> bool:
        """Tell whether Telegram calls us instead of being polled."""
        return bool(self.public_url and self.telegram_webhook_secret)
