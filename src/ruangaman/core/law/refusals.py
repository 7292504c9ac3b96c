"""Why a pack or a question is refused: stable codes, each with the place where it went wrong."""

from ruangaman.core.errors import RuangAmanError


class PackRefused(RuangAmanError):
    """
    A pack that cannot be trusted: unreadable, incomplete, contradicting itself, or breaking a law it declares.

    `code` is stable (`pack.gap`, `pack.duplicate-key`...); `file`, `rule` and `cell` say where, as far as known.
    """

    def __init__(self, code: str, message: str, *, file: str = "", rule: str = "", cell: str = "") -> None:
        super().__init__(file=file, rule=rule, cell=cell)
        self.code = code
        self.message = message
        self.file = file
        self.rule = rule
        self.cell = cell

    def __str__(self) -> str:
        where = " ".join(
            f"{name}={value}"
            for name, value in (("file", self.file), ("rule", self.rule), ("cell", self.cell))
            if value
        )
        return f"{self.code}: {self.message}" + (f" [{where}]" if where else "")

    def placed(self, *, file: str = "", rule: str = "") -> "PackRefused":
        """The same refusal, with the place filled in where it was still empty."""
        return PackRefused(
            self.code, self.message, file=self.file or file, rule=self.rule or rule, cell=self.cell
        )


class QuestionRefused(RuangAmanError):
    """
    A question that cannot be answered as it was asked; `field` names the part at fault, never its content.

    INVARIANT: `message` and `facts` carry no value that the asker sent; it may be personal data.
    """

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(field=field)
        self.code = code
        self.field = field
        self.message = message
