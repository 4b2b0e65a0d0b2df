"""The one way in which the trainer says that its input cannot be used."""


class DataError(Exception):
    """The matrix cannot be trained on; the message says why and what to do next."""
