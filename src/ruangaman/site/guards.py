"""
Who may call each address of the house. Every address stands here; a test compares, and tries each one as nobody.

A guard is enforced where the act is (a key is checked by the door of `access`, a guardian's session by `families`);
this table is what the enforcement is tested against.
"""

from typing import Final

OPEN: Final = "open"
"""Anyone; shows nothing about a person."""
KEY: Final = "key"
"""A platform's API key with the scope of the act."""
TOKEN: Final = "token"  # noqa: S105  (a word of this table)
"""A secret of 256 bits in the address; it finds one thing and, by itself, answers nothing."""
GUARDIAN: Final = "guardian"
"""A guardian's session after a proof."""
SESSION: Final = "session"
"""The browser that began the act."""
SIGNATURE: Final = "signature"
"""A signature over the body."""
WALLET: Final = "wallet"
"""The secret of a wallet of age tokens, which only that wallet holds."""
GRANT: Final = "grant"
"""The access token of an offer of cards, for one batch."""
CLIENT: Final = "client"
"""A client of the OpenID Provider, with its secret where it has one."""
STAFF: Final = "staff"
"""An account of the staff with the right to it; others are sent to sign in."""
STORY: Final = "story"
"""Anyone, but only where the story is shown; such a house has no real family in it."""

GUARDS: Final[dict[str, str]] = {
    "healthz": OPEN,
    # The platforms' door
    "access:ask": KEY,
    "access:sessions": KEY,
    "access:session": KEY,
    "access:session-age": KEY,
    "access:sandbox-guardian": KEY,
    "access:deletions": KEY,
    "access:deletion-confirm": KEY,
    "access:events": KEY,
    "access:webhooks": KEY,
    "access:webhook": KEY,
    "access:webhook-rotate": KEY,
    "access:webhook-test": KEY,
    "access:openapi": OPEN,
    "access:errors": OPEN,
    # The OpenID Provider
    "openid:configuration": OPEN,
    "openid:keys": OPEN,
    "openid:authorize": OPEN,
    "openid:par": CLIENT,
    "openid:token": CLIENT,
    "openid:current": SESSION,
    "openid:flow": SESSION,
    # Public pages
    "public:start": OPEN,
    "public:apps": OPEN,
    "public:apps_csv": OPEN,
    "public:rules": OPEN,
    "public:rule": OPEN,
    "public:help": OPEN,
    "public:quick_exit": OPEN,
    "public:gallery": OPEN,
    # Cities
    "places:cities": OPEN,
    "places:city": OPEN,
    # Cities: the map, the walk, the numbers of an area
    "places:map": OPEN,
    "places:walk": OPEN,
    "places:map_table": OPEN,
    "places:map_tile": OPEN,
    "places:map_areas": OPEN,
    "places:map_places": OPEN,
    "places:map_ground": OPEN,
    "places:map_worker": OPEN,
    # Cities: reports and ideas, and what becomes of them
    # Cities: audits of places, ranks and certificates
    # Cities: plans, pledges, and what really changed
    # Cities: the KLA scorecard
    # Ways to a request
    "families:find": OPEN,
    "families:child_start": OPEN,
    "families:tautan": TOKEN,
    "families:tautan_lagi": TOKEN,
    "families:minta": TOKEN,
    "families:minta_kode": TOKEN,
    "families:minta_surel": TOKEN,
    "families:minta_orang_tua": TOKEN,
    "families:izin": TOKEN,
    "families:jawab": TOKEN,
    "families:bukti": TOKEN,
    "families:bukti_anak": TOKEN,
    "families:bukti_kunci": TOKEN,
    "families:bukti_surel": TOKEN,
    "families:bukti_kantor": TOKEN,
    "families:bukti_kembali": SESSION,
    "families:bukti_hasil": SESSION,
    "families:bukti_kirim": SESSION,
    "families:undangan": TOKEN,
    "families:undangan_kantor": TOKEN,
    "families:masuk": OPEN,
    "families:masuk_kunci": SESSION,
    "families:masuk_surel": OPEN,
    "families:masuk_kantor": OPEN,
    "families:keluar": OPEN,
    # The guardian's home
    "families:keluarga": GUARDIAN,
    "families:home": GUARDIAN,
    "families:kunci": GUARDIAN,
    "families:kunci_simpan": GUARDIAN,
    "families:kunci_nanti": GUARDIAN,
    "families:kunci_hapus": GUARDIAN,
    "families:surel": GUARDIAN,
    "families:keluarga_anak": GUARDIAN,
    "families:wali_kedua": GUARDIAN,
    "families:halaman_anak": GUARDIAN,
    "families:atur": GUARDIAN,
    "families:simpan": GUARDIAN,
    "families:simpan_json": GUARDIAN,
    "families:cabut": GUARDIAN,
    "families:dicabut": GUARDIAN,
    "families:adukan": GUARDIAN,
    "families:balas": GUARDIAN,
    "families:nyatakan_umur": GUARDIAN,
    "families:tanda_terima": GUARDIAN,
    "families:tanda_terima_pdf": GUARDIAN,
    "families:tanda_terima_json": GUARDIAN,
    "families:cocokkan": TOKEN,
    "families:lupakan": GUARDIAN,
    "families:dilupakan": TOKEN,
    "families:dilupakan_json": TOKEN,
    # The child's page and the messenger
    "families:anak": TOKEN,
    "families:tidak_setuju": TOKEN,
    "families:umur": TOKEN,
    "families:anak_atur": TOKEN,
    "families:lupakan_aku": TOKEN,
    "families:anak_cabut": TOKEN,
    "families:whatsapp": SIGNATURE,
    # Age checks
    "ages:directory": OPEN,
    "ages:issue": WALLET,
    "ages:offers": WALLET,
    "ages:directory_version": OPEN,
    "ages:empty": WALLET,
    "ages:dompet": OPEN,
    "ages:pakai": OPEN,
    "ages:manifest": OPEN,
    "ages:worker": OPEN,
    "ages:card-issuer": OPEN,
    "ages:card-server": OPEN,
    "ages:card-keys": OPEN,
    "ages:card-type": OPEN,
    "ages:card-nonce": OPEN,
    "ages:card-offer": TOKEN,
    "ages:card-token": TOKEN,
    "ages:card-credential": GRANT,
    "ages:cards": SESSION,
    "ages:cards_from_check": SESSION,
    "ages:cards_stop": SESSION,
    "ages:status": OPEN,
    "ages:status-keys": OPEN,
    "ages:practice": OPEN,
    "ages:practice_json": OPEN,
    "ages:check": TOKEN,
    "ages:spend": TOKEN,
    "ages:keep": TOKEN,
    "ages:say": TOKEN,
    "ages:declare": TOKEN,
    "ages:ask_institution": TOKEN,
    "ages:ask_guardian": TOKEN,
    "ages:face": TOKEN,
    "ages:face_begin": TOKEN,
    "ages:face_yes": SESSION,
    "ages:face_file": OPEN,
    "ages:returned": SESSION,
    "ages:contest": OPEN,
    "ages:contest_check": TOKEN,
    "ages:contest_receipt": SESSION,
    "ages:contest_look": OPEN,
    "ages:wallet": SESSION,
    "ages:wallet_begin": TOKEN,
    "ages:wallet_standing": SESSION,
    "ages:wallet_fetch": SESSION,
    "ages:wallet_browser": SESSION,
    "ages:wallet_returned": SESSION,
    "ages:wallet_open": TOKEN,
    "ages:wallet_request": TOKEN,
    "ages:wallet_answer": TOKEN,
    "access:data-requests": KEY,
    "access:sandbox-data-request": KEY,
    "access:data-request-answer": KEY,
    # The officers' desk
    "desk:masuk_surat": STAFF,
    "desk:surat": STAFF,
    "desk:banding": STAFF,
    "desk:banding_satu": STAFF,
    "desk:banding_berkas": STAFF,
    "desk:masuk": OPEN,
    "desk:keluar": STAFF,
    "desk:kata_sandi": TOKEN,
    # The staff's desk
    "admin-login": OPEN,
    "admin:login": OPEN,
    **dict.fromkeys(
        (
            *(
                "admin:None",
                "admin:index",
                "admin:logout",
                "admin:password_change",
                "admin:password_change_done",
            ),
            *("admin:autocomplete", "admin:jsi18n", "admin:view_on_site", "admin:app_list"),
            *(
                f"admin:{model}_{page}"
                for model in (
                    *("auth_user", "auth_group", "access_service", "access_apikey", "access_accesssession"),
                    *("access_event", "access_webhookendpoint", "access_delivery"),
                    "django_tasks_database_dbtaskresult",
                )
                for page in ("changelist", "add", "history", "delete", "change")
            ),
            *("admin:auth_user_password_change",),
        ),
        STAFF,
    ),
    # The story; not there in any other house
    "story:start": STORY,
    "story:mailbox": STORY,
    "story:clock": STORY,
    "story:again": STORY,
}
