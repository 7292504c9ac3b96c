"""The one family of refusals that a caller can act on."""


class RuangAmanError(Exception):
    """Base of every refusal a caller can act on; `facts` may be logged, so never personal data.

    `code` is stable and public: it stands in HTTP errors, in JSON Lines answers and in the catalogue of errors.
    """

    code = "ruangaman"

    def __init__(self, **facts: str | int) -> None:
        super().__init__(self.code)
        self.facts = facts

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({told})" if told else self.code
