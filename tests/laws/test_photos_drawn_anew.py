"""Photos drawn anew, by every part's limits: nothing that the file said beside the picture is left."""

import contextlib
import struct
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from ruangaman.adapters.photos import ANY, Limits, PhotoRefused, redraw
from ruangaman.core import webp
from ruangaman.core.shown_files import FileRefused

SECRET = b"KAMERA RAHASIA"
PARTS = {
    "reports": Limits(most_side=1280, most_bytes=8_000_000, most_pixels=40_000_000, kinds=ANY),
    "audits and plans": Limits(most_side=1280),
    "evidence": Limits(
        most_side=3000,
        most_bytes=8_000_000,
        most_pixels=25_000_000,
        quality=85,
        at_scale=True,
        png_stays=True,
    ),
}


def telling(kind: str, size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture that tells a maker, a place, a profile, a comment, and something behind its end."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = SECRET.decode(), 6
    exif.get_ifd(0x8825)[2] = (6.0, 12.0, 30.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + SECRET
    more: dict[str, object] = {"exif": exif.tobytes(), "icc_profile": profile}
    if kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Author", SECRET.decode())
        more["pnginfo"] = notes
    elif kind == "JPEG":
        more["comment"] = SECRET
    else:
        more["xmp"] = SECRET
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **more)
    return out.getvalue() + SECRET


@pytest.mark.parametrize("limits", PARTS.values(), ids=PARTS)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_beside_the_picture_is_left(kind, limits):
    sent = telling(kind)
    assert sent.count(SECRET) >= 3 - (kind == "PNG")  # PNG folds its profile
    if kind.lower() not in limits.kinds:
        with pytest.raises(PhotoRefused) as refused:
            redraw(sent, limits)
        assert refused.value.facts["why"] == "kind"
        return
    drawn = redraw(sent, limits)
    assert SECRET not in drawn.data
    with Image.open(BytesIO(drawn.data)) as found:
        assert (found.format == "PNG") == (kind == "PNG" and limits.png_stays) == (drawn.kind == "png")
        assert not found.getexif()
        assert "icc_profile" not in found.info
        assert "comment" not in found.info
        assert found.size == (drawn.width, drawn.height) == (40, 60)
        assert found.convert("RGB").getpixel((20, 30))[0] > 240


@pytest.mark.parametrize("limits", PARTS.values(), ids=PARTS)
def test_what_unfolds_too_far_is_refused_unseen(limits, monkeypatch):
    png, jpeg = BytesIO(), BytesIO()
    Image.new("1", (7000, 7000)).save(png, "PNG")
    Image.new("L", (100, 100)).save(jpeg, "JPEG")
    at = jpeg.getvalue().index(b"\xff\xc0") + 5
    bomb = jpeg.getvalue()[:at] + struct.pack(">HH", 11_000, 11_000) + jpeg.getvalue()[at + 4 :]
    for decode in ("load", "draft"):
        monkeypatch.setattr(Image.Image, decode, lambda *_: pytest.fail("decoded"))
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load_prepare", lambda _: pytest.fail("decoded"))
    for data in (bomb, b"\xff\xd8\xff" + bytes(limits.most_bytes)):
        with pytest.raises(PhotoRefused) as refused:
            redraw(data, limits)
        assert refused.value.facts["why"] == "large"
    monkeypatch.undo()
    with pytest.raises(PhotoRefused) as refused:
        redraw(png.getvalue(), limits)
    assert refused.value.facts["why"] == "large"


@settings(deadline=None)
@given(
    st.sampled_from(["JPEG", "PNG", "WEBP"]).map(lambda kind: telling(kind, (9, 7))),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6),
    st.integers(0, 4000),
)
def test_whatever_the_bytes_it_is_a_photo_without_a_secret_or_one_refusal(data, changed, cut):
    broken = bytearray(data[: len(data) - cut] if cut < len(data) else data)
    for at, value in changed:
        broken[at % len(broken)] = value
    for limits in PARTS.values():
        with contextlib.suppress(PhotoRefused):
            assert SECRET not in redraw(bytes(broken), limits).data


@pytest.mark.parametrize("lossless", [True, False])
@pytest.mark.parametrize("size", [(1, 1), (9, 7), (640, 481)])
@pytest.mark.parametrize("more", [{}, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0"}])
def test_a_webp_tells_its_size_before_it_is_decoded(size, lossless, more):
    out = BytesIO()
    Image.new("RGB", size, "green").save(out, "WEBP", lossless=lossless, **more)
    found = webp.read(out.getvalue() + b"behind")
    assert (found.width, found.height, found.size) == (*size, len(out.getvalue()))
    for cut in range(0, len(out.getvalue()), 7):
        with pytest.raises(FileRefused):
            webp.read(out.getvalue()[:cut])
