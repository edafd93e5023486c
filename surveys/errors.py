"""What can go wrong with what a person gave us, said so that they can mend it."""


class PsafetyError(Exception):
    """A problem the person at the keyboard can mend: what it is, where it is, what to try.

    The three parts are kept apart, so that the command line can lay them out and a test can ask for one of them.
    Never put the text of a free answer into any of them.
    """

    def __init__(self, problem: str, *, where: str = "", hint: str = "") -> None:
        self.problem = problem
        self.where = where
        self.hint = hint
        super().__init__(": ".join(part for part in (where, problem) if part) + (f" {hint}" if hint else ""))


class FileError(PsafetyError):
    """The file cannot be read as a table at all: missing, empty, of another kind, locked by a password."""


class TableError(PsafetyError):
    """The file is a table, but its rows or its header do not hold together."""


class MappingError(PsafetyError):
    """It is not clear which column is what, and guessing would be wrong."""


class AnswerError(PsafetyError):
    """An answer does not belong to the response scale of its item."""


class KeyingError(PsafetyError):
    """Answers run against those to the other statements: which way round they are read must be said."""


class InstrumentError(PsafetyError):
    """An instrument file does not say what an instrument must say."""


class ConfigError(PsafetyError):
    """A setting in psafety.toml or on the command line is not one we know, or does not fit the others."""


class OutputError(PsafetyError):
    """A report cannot be written where it should go."""


class AuditError(PsafetyError):
    """What would be written gives answers away, or is not what the survey says."""


class RecordError(PsafetyError):
    """What was published before cannot be read, or speaks against one more report."""
