"""A page of pieces is the same page, plain and compressed."""

import gzip

from markupsafe import Markup

from punctual.http.dashboard.pieces import GAP, Frame, Piece, cut, gzipped, plain


def test_a_page_is_put_together_as_it_was_written():
    first, second = Piece("<b>Größe</b>" * 1000), Piece("")
    text = str(Markup("<p>{}</p>{}<i>{}</i>").format(first, second, first))

    pieces = cut(text, [second, first])

    whole = f"<p>{'<b>Größe</b>' * 1000}</p><i>{'<b>Größe</b>' * 1000}</i>".encode()
    assert plain(pieces) == whole
    assert gzip.decompress(gzipped(pieces)) == whole
    assert len(gzipped(pieces)) < 1000


def test_a_page_without_pieces_is_one():
    assert [piece.raw for piece in cut("<p>1#2</p>", [])] == [b"<p>1#2</p>"]


def test_the_gaps_of_a_frame_are_filled_anew_each_time():
    inner = Piece("<i>all the same</i>")
    frame = Frame(f"<form>{GAP}</form>{inner.__html__()}<form>{GAP}</form>", [inner])
    fills = iter("abcd")

    pages = [cut(f"<main>{frame.__html__()}</main>", [frame], lambda: next(fills)) for _ in range(2)]

    assert [plain(page).decode() for page in pages] == [
        f"<main><form>{one}</form><i>all the same</i><form>{other}</form></main>" for one, other in ("ab", "cd")
    ]
    assert [gzip.decompress(gzipped(page)) for page in pages] == [plain(page) for page in pages]
