"""A page of pieces is the same page, plain and compressed."""

import gzip

from markupsafe import Markup

from punctual.http.dashboard.pieces import Piece, cut, gzipped, plain


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
