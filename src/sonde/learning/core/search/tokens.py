"""The words of a search, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sonde.learning.core.search.syntax import SearchError

LONGEST: Final = 10_000
_SPACE: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r'[^\s()"]+')
_UNSTORABLE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


class TokenKind(StrEnum):
    """What a token is."""

    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    TERM = "term"
    END = "end"


@dataclass(frozen=True)
class Piece:
    """A part of a term: plain, or what stood in quotes.

    Parameters
    ----------
    text : str
    start : int
        Where it stands; of a quoted piece, where its opening quote does.
    is_quoted : bool
    """

    text: str
    start: int
    is_quoted: bool


@dataclass(frozen=True)
class Token:
    """One token; a term has pieces that touch: ``dataset:"My set"`` has two."""

    kind: TokenKind
    start: int
    end: int
    pieces: tuple[Piece, ...] = ()


_KEYWORDS: Final = {
    kind.value: kind for kind in (TokenKind.AND, TokenKind.OR, TokenKind.NOT)
}  # fmt: skip


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a search; the last one is the end.

    Parameters
    ----------
    text : str

    Raises
    ------
    SearchError
        If it is too long, holds what cannot be stored, or a quote has no end.

    Examples
    --------
    >>> [token.kind.value for token in tokens('a OR (b "c d")')]
    ['term', 'OR', '(', 'term', 'term', ')', 'end']
    """
    if len(text) > LONGEST:
        raise SearchError(f"a search has at most {LONGEST:,} characters.", LONGEST + 1)
    bad = _UNSTORABLE.search(text)
    if bad:
        raise SearchError("this is a control character or half of one; delete it.", bad.start() + 1)
    at = 0
    while at < len(text):
        space = _SPACE.match(text, at)
        if space:
            at = space.end()
            continue
        token = _token(text, at)
        yield token
        at = token.end
    yield Token(TokenKind.END, len(text), len(text))


def _token(text: str, at: int) -> Token:
    if text[at] in "()":
        return Token(TokenKind(text[at]), at, at + 1)
    if text[at] == "-" and at + 1 < len(text) and not text[at + 1].isspace():
        return Token(TokenKind.NOT, at, at + 1)
    pieces: list[Piece] = []
    end = at
    while end < len(text) and not text[end].isspace() and text[end] not in "()":
        piece, end = _quoted(text, end) if text[end] == '"' else _plain(text, end)
        pieces.append(piece)
    if len(pieces) == 1 and not pieces[0].is_quoted and pieces[0].text in _KEYWORDS:
        return Token(_KEYWORDS[pieces[0].text], at, end)
    return Token(TokenKind.TERM, at, end, tuple(pieces))


def _plain(text: str, at: int) -> tuple[Piece, int]:
    found = _WORD.match(text, at)
    end = found.end() if found else at + 1
    return Piece(text[at:end], at, False), end


def _quoted(text: str, at: int) -> tuple[Piece, int]:
    """Read up to the closing quote; a backslash keeps a quote or a backslash."""
    kept: list[str] = []
    place = at + 1
    while place < len(text):
        if text[place] == "\\" and text[place + 1 : place + 2] in {'"', "\\"}:
            kept.append(text[place + 1])
            place += 2
        elif text[place] == '"':
            return Piece("".join(kept), at, True), place + 1
        else:
            kept.append(text[place])
            place += 1
    raise SearchError('this quote has no end; close it with another ".', at + 1)
