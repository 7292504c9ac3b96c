"""Groups that are tested before and after a lesson: no account, no name, no contact."""
