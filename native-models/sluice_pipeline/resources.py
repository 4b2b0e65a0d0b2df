"""
Where the pipeline works: the installation of Sluice, the database, the model store, and the folder for what passes between assets.

Databases and model stores are settings of Sluice, which validates them and has their clients. What is left out here is as the
settings file and the environment of `npm run pipeline` have it. Passwords and keys are named by a file, or are in that environment,
so that Dagster stores none of them with a run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

import dagster as dg
from pydantic import Field

from .command import RETRIED, CommandError, SluiceCommand

Settings = dict[str, str]


def _settings(**values: str | int | None) -> Settings:
    """Return the environment variables of those values that are there: `STORE__KIND` is `SLUICE_STORE__KIND`."""
    return {f"SLUICE_{name}": str(value) for name, value in values.items() if value is not None and value != ""}


class DatabaseKind(Enum):
    """Kinds of databases, as the setting `store.kind` has them."""

    AS_CONFIGURED = "as configured"
    LIBSQL = "libsql"
    MYSQL = "mysql"


class Database(dg.ConfigurableResource[None]):
    """
    The database with what people decided, and with the record of models.

    Attributes
    ----------
    kind : DatabaseKind
        An embedded file, or a MySQL or MariaDB server.
    path : str, optional
        File of the embedded database.
    host, port, database, user : optional
        Of the server.
    password_file : str, optional
        A file with the password; otherwise it is in `SLUICE_STORE__MYSQL__PASSWORD`, if there is one.
    training_table : str, optional
        Table of labeled messages.
    """

    kind: DatabaseKind = DatabaseKind.AS_CONFIGURED
    path: str | None = None
    host: str | None = None
    port: int | None = None
    database: str | None = None
    user: str | None = None
    password_file: str | None = None
    training_table: str | None = None

    def settings(self) -> Settings:
        """Return the settings of Sluice that say the same."""
        return _settings(
            STORE__KIND=None if self.kind is DatabaseKind.AS_CONFIGURED else self.kind.value,
            STORE__LIBSQL__PATH=self.path,
            STORE__MYSQL__HOST=self.host,
            STORE__MYSQL__PORT=self.port,
            STORE__MYSQL__DATABASE=self.database,
            STORE__MYSQL__USER=self.user,
            STORE__MYSQL__PASSWORD_FILE=self.password_file,
            STORE__MYSQL__TRAINING_TABLE=self.training_table,
        )


class ModelStoreKind(Enum):
    """Kinds of model stores, as the setting `model.store` has them."""

    AS_CONFIGURED = "as configured"
    FOLDER = "folder"
    HDFS = "hdfs"
    S3 = "s3"


class ModelStore(dg.ConfigurableResource[None]):
    """
    Where models are stored, and from where daemons get them.

    Attributes
    ----------
    kind : ModelStoreKind
        A folder, HDFS, or an S3-compatible object store.
    local_path : str, optional
        The folder; of the other kinds, the folder for local copies.
    hdfs_url, hdfs_path, hdfs_user : str, optional
        Address of the NameNode, folder of models, user name.
    s3_endpoint, s3_region, s3_bucket, s3_prefix : str, optional
        Address of the service, its region, bucket, and the beginning of the names of all objects.
    s3_access_key_id : str, optional
        Name of the access key.
    s3_secret_access_key_file : str, optional
        A file with the secret key; otherwise it is in the environment.
    """

    kind: ModelStoreKind = ModelStoreKind.AS_CONFIGURED
    local_path: str | None = None
    hdfs_url: str | None = None
    hdfs_path: str | None = None
    hdfs_user: str | None = None
    s3_endpoint: str | None = None
    s3_region: str | None = None
    s3_bucket: str | None = None
    s3_prefix: str | None = None
    s3_access_key_id: str | None = None
    s3_secret_access_key_file: str | None = None

    def settings(self) -> Settings:
        """Return the settings of Sluice that say the same."""
        return _settings(
            MODEL__STORE=None if self.kind is ModelStoreKind.AS_CONFIGURED else self.kind.value,
            MODEL__LOCAL_PATH=self.local_path,
            MODEL__HDFS__URL=self.hdfs_url,
            MODEL__HDFS__PATH=self.hdfs_path,
            MODEL__HDFS__USER=self.hdfs_user,
            MODEL__S3__ENDPOINT=self.s3_endpoint,
            MODEL__S3__REGION=self.s3_region,
            MODEL__S3__BUCKET=self.s3_bucket,
            MODEL__S3__PREFIX=self.s3_prefix,
            MODEL__S3__ACCESS_KEY_ID=self.s3_access_key_id,
            MODEL__S3__SECRET_ACCESS_KEY_FILE=self.s3_secret_access_key_file,
        )


class Installation(dg.ConfigurableResource[None]):
    """
    The installation of Sluice whose commands are run.

    Attributes
    ----------
    program : list of str
        The program and its first arguments.
    options : list of str
        Options of every command: the settings file of `npm run pipeline`, and what it was started with.
    directory : str, optional
        The folder that commands run in, to which paths of the settings are relative.
    retries : int
        How often an asset is tried again when a service is unavailable, or when another retraining runs.
    retry_seconds : int
        How long it waits before that.
    """

    program: list[str]
    options: list[str] = Field(default_factory=list)
    directory: str | None = None
    retries: int = 3
    retry_seconds: int = 120

    def command(self, say: Callable[[str], object], *settings: Settings) -> SluiceCommand:
        """Return the command with these settings."""
        merged = {name: value for each in settings for name, value in each.items()}
        return SluiceCommand(tuple(self.program), tuple(self.options), merged, lambda line: void(say(line)), self.directory)

    @contextmanager
    def failures(self) -> Iterator[None]:
        """
        Turn a failed command into what Dagster shows.

        Raises
        ------
        dagster.RetryRequested
            If the command may succeed later.
        dagster.Failure
            If it failed, with what it printed. Nothing has changed then, and it can be run again.
        """
        try:
            yield
        except CommandError as error:
            if error.code in RETRIED:
                raise dg.RetryRequested(self.retries, self.retry_seconds) from error
            raise dg.Failure(str(error), metadata={"exit code": error.code}, allow_retries=False) from error


def void(_: object) -> None:
    """Drop a value."""


class ProfileName(Enum):
    """Models that can be trained, as `sluice train --profile` has them."""

    ENSEMBLE = "default"
    BAG_OF_WORDS = "bag-of-words"
    REFERENCE = "reference"
    QUICK = "quick"


class Training(dg.ConfigurableResource[None]):
    """
    What is trained.

    Attributes
    ----------
    profile : ProfileName
        `default`: the ensemble of eight base models. `bag-of-words`: naive Bayes over the words that both classes have.
    jobs : int
        Base models that are trained at once; does not change the result.
    """

    profile: ProfileName = ProfileName.ENSEMBLE
    jobs: int = 1


class Workspace(dg.ConfigurableResource[None]):
    """
    The folder for what passes between assets; only this user can read it.

    Attributes
    ----------
    path : str
        The folder. One run at a time works in it; `npm run pipeline` sees to that.
    """

    path: str

    def at(self, *names: str) -> Path:
        """Return a path in it, and create its folder."""
        path = Path(self.path).joinpath(*names)
        Path(self.path).mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def needed(self, asset: str, *names: str) -> Path:
        """
        Return a path that an asset has written.

        Raises
        ------
        dagster.Failure
            If it is not there.
        """
        path = self.at(*names)
        if not path.exists():
            raise dg.Failure(
                f"What {asset} wrote is not there: the data set is removed at the end of a retraining, for its texts are people's. "
                f"Materialize {asset} and what depends on it.",
                allow_retries=False,
            )
        return path
