"""Age cards for other wallets (SD-JWT VC): the key that signs them, their status lists, offers, and who took which."""

from django.db import models
from django.db.models import F, Q

from ruangaman.rooms.ages.models.checks import Holder


class CardKey(models.Model):
    """
    A key on P-256 that signs cards and their status lists, or the lists of consents; never tokens. Of each purpose the
    newest that is not retired signs.

    The private part stands sealed in the vault under a family of its own, which is destroyed when the key retires. The
    public part stays known for as long as a card that it signed is good.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    purpose = models.CharField(max_length=10, default="cards", help_text="cards or consents")
    kid = models.CharField(max_length=43, unique=True, help_text="RFC 7638 thumbprint, base64url")
    jwk = models.JSONField(help_text="the public part")
    chain = models.JSONField(default=list, help_text="certificates, DER in base64, the key's own first")
    family = models.UUIDField(help_text="vault: the key that seals the private part")
    sealed = models.UUIDField(help_text="vault: the private part")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, help_text="signs no more; its private part is destroyed")
    distrusted = models.BooleanField(default=False, help_text="taken out of the issuer's keys at once")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="ages_one_key_signs_each_purpose",
                fields=["purpose"],
                condition=Q(retired_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.kid


class StatusList(models.Model):
    """
    One list of statuses (Token Status List), `bits` an entry, and two bitmaps of as many entries.

    `taken` has the entries that were given out and the decoys; nothing here tells to whom. Whoever gives out an entry
    or sets one holds the row's lock, so that no entry is given out twice and no change is lost.
    """

    number = models.BigAutoField(primary_key=True)
    purpose = models.CharField(
        max_length=10, help_text="cards, consents, or sandbox: consents that nobody gave"
    )
    bits = models.PositiveSmallIntegerField(default=1)
    entries = models.PositiveIntegerField()
    statuses = models.BinaryField()
    taken = models.BinaryField()
    decoys = models.BinaryField()
    used = models.PositiveIntegerField(default=0, help_text="entries that `taken` has")
    changed_at = models.DateTimeField(help_text="the last time a status changed")
    version = models.PositiveIntegerField(default=1)
    open = models.BooleanField(default=True, help_text="entries are given out")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="ages_one_open_status_list", fields=["purpose"], condition=Q(open=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.number)


class CardOffer(models.Model):
    """
    An offer of one batch to one wallet: a code that is taken once, then a token that is used once.

    Neither stands here: of the code and the token only the SHA-256, and the digits are made again from the house's own
    key. A row goes away when its time is over.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="offers")
    code = models.BinaryField(max_length=32, unique=True)
    place = models.BinaryField(max_length=32, unique=True, help_text="SHA-256 of where a QR finds the offer")
    language = models.CharField(max_length=2, default="id")
    digits = models.BooleanField(default=True, help_text="a transaction code is asked for")
    tries = models.PositiveSmallIntegerField(default=0, help_text="wrong transaction codes")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    token = models.BinaryField(max_length=32, null=True, unique=True)
    token_ends_at = models.DateTimeField(null=True)
    identified = models.BooleanField(default=False, help_text="the token named the credential by identifier")
    used_at = models.DateTimeField(null=True, help_text="the batch was handed out")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="ages_offer_ends", condition=Q(ends_at__gt=F("made_at"))),
        ]

    def __str__(self) -> str:
        return str(self.id)


class CardBatch(models.Model):
    """
    A batch that a wallet took: until when it is good, and, sealed with the wallet's own key, its status entries.

    It is there so that a wallet that is stopped stops its cards. It goes with the wallet, or when the cards are over.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="batches")
    sealed = models.UUIDField(help_text="vault: {list: [entries]}")
    good_until = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.id)


class UsedNonce(models.Model):
    """A nonce that came back in proofs; kept until it would be too old anyway."""

    nonce = models.BinaryField(max_length=32, primary_key=True)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return "used"
