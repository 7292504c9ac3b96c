"""Why a request is not answered."""


class Refused(Exception):
    """A request that this wallet does not answer; `word` names the sentence that its page says."""

    def __init__(self, word: str = "not_for_us") -> None:
        super().__init__(word)
        self.word = word
