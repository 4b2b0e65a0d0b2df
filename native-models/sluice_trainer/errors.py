"""Errors that the command line reports without a traceback."""


class DataError(Exception):
    """The feature matrix cannot be trained on. The message states why, and what to do next."""


class JobError(Exception):
    """The process of a job failed or was killed, as by the system when memory runs out. The message names the job."""
