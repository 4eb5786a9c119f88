"""From the words of a search to its tree: a recursive descent with a floor."""

from datetime import datetime
from difflib import get_close_matches
from typing import Final

from sonde.learning.core.search import values
from sonde.learning.core.search.fields import FIELDS, field_of
from sonde.learning.core.search.syntax import (
    EVERYTHING,
    And,
    Chosen,
    Condition,
    FieldRef,
    Kind,
    Node,
    Not,
    Or,
    Pattern,
    SearchError,
    Test,
    Text,
)
from sonde.learning.core.search.tokens import Piece, Token, TokenKind, tokens

DEEPEST: Final = 30
MOST_TERMS: Final = 100
_SHOWN: Final = 40


def parse(text: str, now: datetime) -> Node:
    """Return what a search means.

    Parameters
    ----------
    text : str
        ``tag:baseline accuracy:>0.95 (a OR b) NOT c``; an empty search is everything.
    now : datetime
        What ``created:>7d`` counts back from, in UTC.

    Returns
    -------
    Node

    Raises
    ------
    SearchError
        With the character that it is about.

    Examples
    --------
    >>> from datetime import UTC
    >>> tree = parse("tag:a OR seed:3", datetime(2026, 11, 1, tzinfo=UTC))
    >>> [one.field.name for one in tree.parts]
    ['tag', 'seed']
    """
    reader = _Reader(text, now)
    return reader.read()


class _Reader:
    """Reads tokens one after the other; it goes no deeper than `DEEPEST`."""

    def __init__(self, text: str, now: datetime) -> None:
        self._tokens = tokens(text)
        self._now = now
        self._next = next(self._tokens)
        self._depth = 0
        self._terms = 0

    def read(self) -> Node:
        if self._is_at(TokenKind.END):
            return EVERYTHING
        found = self._any()
        if not self._is_at(TokenKind.END):
            raise self._wrong("this parenthesis closes nothing; delete it.")
        return found

    def _is_at(self, kind: TokenKind) -> bool:
        return self._next.kind is kind

    def _take(self) -> Token:
        taken = self._next
        self._next = next(self._tokens, taken)
        return taken

    def _any(self) -> Node:
        parts = [self._all()]
        while self._next.kind is TokenKind.OR:
            self._take()
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Node:
        parts = [self._one()]
        while self._next.kind in {
            TokenKind.AND,
            TokenKind.NOT,
            TokenKind.OPEN,
            TokenKind.TERM,
        }:
            if self._next.kind is TokenKind.AND:
                self._take()
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self) -> Node:
        token = self._next
        if token.kind is TokenKind.TERM:
            return self._term(self._take())
        if token.kind not in {TokenKind.NOT, TokenKind.OPEN}:
            raise self._wrong(_missing(token))
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._wrong(f"this is nested more than {DEEPEST} times; search for less at once.")
        self._take()
        found = Not(self._one()) if token.kind is TokenKind.NOT else self._group(token)
        self._depth -= 1
        return found

    def _group(self, opening: Token) -> Node:
        if self._is_at(TokenKind.CLOSE):
            raise self._wrong("there is nothing between these parentheses.")
        found = self._any()
        if not self._is_at(TokenKind.CLOSE):
            raise SearchError("this parenthesis is never closed.", opening.start + 1)
        self._take()
        return found

    def _term(self, token: Token) -> Node:
        first = token.pieces[0]
        name, colon, _rest = first.text.partition(":")
        if first.is_quoted or not colon:
            self._count(token)
            joined = "".join(piece.text for piece in token.pieces)
            quoted = all(piece.is_quoted for piece in token.pieces)
            return Text(Pattern(joined, quoted), token.start, token.end)
        field = field_of(name)
        if field is None:
            raise SearchError(_unknown(name), token.start + 1)
        pieces = _listed(token, len(name) + 1)
        tests = []
        for piece in pieces:
            self._count(token)
            tests.append(_test(field, piece, self._now))
        return Condition(field, tuple(tests), token.start, token.end)

    def _count(self, token: Token) -> None:
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise SearchError(
                f"a search has at most {MOST_TERMS} terms; leave some away.", token.start + 1
            )

    def _wrong(self, message: str) -> SearchError:
        return SearchError(message, self._next.start + 1)


def _missing(token: Token) -> str:
    if token.kind is TokenKind.END:
        return "here the search ends too early; a term is missing."
    return f"a term is missing before {token.kind.value}."


def _unknown(name: str) -> str:
    shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}..."
    close = [known for known in FIELDS if name and known.startswith(name[:3].lower())]
    close = close or get_close_matches(shown.lower(), FIELDS, n=1)
    hint = f"Did you mean {close[0]}:?" if close else "Known are tag:, status:, model: and more."
    return f"there is no field {shown!r}. {hint} To find the text itself, put it into quotes."


def _listed(token: Token, after: int) -> list[Piece]:
    """Return the values after the colon, which commas part."""
    first = token.pieces[0]
    rest = Piece(first.text[after:], first.start + after, False)
    found: list[Piece] = []
    is_open = True
    for piece in (rest, *token.pieces[1:]):
        if piece.is_quoted:
            if not is_open:
                raise SearchError("a comma is missing before this quote.", piece.start + 1)
            found.append(piece)
            is_open = False
            continue
        at = piece.start
        for number, part in enumerate(piece.text.split(",")):
            is_open = is_open or number > 0
            if part and not is_open:
                raise SearchError("a comma is missing after the quote.", at + 1)
            if part:
                found.append(Piece(part, at, False))
                is_open = False
            at += len(part) + 1
    if not found:
        raise SearchError("a value is missing after the colon.", rest.start + 1)
    return found


def _test(field: FieldRef, piece: Piece, now: datetime) -> Test:
    if field.kind is Kind.CHOICE:
        return _choice(field.name, piece)
    if field.kind is Kind.TIME:
        return values.period(piece, now)
    if field.kind in {Kind.NUMBER, Kind.METRIC}:
        return values.number_range(piece)
    if field.kind is Kind.PARAMETER and not piece.is_quoted and values.is_number_like(piece.text):
        return values.number_range(piece)
    return values.pattern(piece)


def _choice(name: str, piece: Piece) -> Chosen:
    choices = FIELDS[name].choices or {}
    value = choices.get(piece.text.lower())
    if value is None:
        known = ", ".join(choices)
        raise SearchError(f"{name}: takes one of {known}.", piece.start + 1)
    return Chosen(value)
