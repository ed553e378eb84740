"""The grammar of rules: pieces to one canonical tree, by plain recursive descent.

choice := all (OR all)*        all := unit ([AND] unit)*
unit   := NOT* piece | ( choice )
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from digest.sections.canonical import all_of, negated, one_of
from digest.sections.mistakes import ExpressionError
from digest.sections.nodes import Field, Node, Term
from digest.sections.syntax import Kind, Piece
from digest.sections.terms import field_of, term_of

TERMS = 100
DEPTH = 20
_UNITS = (Kind.WORD, Kind.QUOTED, Kind.OPEN)
_Part = tuple[Node, int]  # with its place


class Reader:
    """One way through the pieces of a rule."""

    def __init__(self, text: str, pieces: list[Piece]) -> None:
        self._text = text
        self._pieces = pieces
        self._next = 0
        self._depth = 0
        self._terms = 0

    def whole(self) -> Node:
        node = self._choice(Field.ANYWHERE)
        if piece := self._peek():
            raise self._unopened(piece)
        return node

    def _peek(self) -> Piece | None:
        return self._pieces[self._next] if self._next < len(self._pieces) else None

    def _take(self, *kinds: Kind) -> Piece | None:
        piece = self._peek()
        if piece is None or piece.kind not in kinds:
            return None
        self._next += 1
        return piece

    def _choice(self, field: Field) -> Node:
        parts = [self._all(field)]
        while self._take(Kind.OR):
            parts.append(self._all(field))
        return _put(parts, one_of, "with this the choice holds for every paper")

    def _all(self, field: Field) -> _Part:
        place = self._pieces[self._next].start if self._peek() else len(self._text)
        parts = [self._unit(field)]
        while (piece := self._peek()) and piece.kind not in (Kind.OR, Kind.CLOSE):
            self._take(Kind.AND)
            parts.append(self._unit(field))
        reason = "this can never match together with what stands before it"
        return _put(parts, all_of, reason), place

    def _unit(self, field: Field) -> _Part:
        excluded = False
        while self._take(Kind.NOT, Kind.ANDNOT):
            excluded = not excluded
        piece = self._take(*_UNITS)
        if piece is None:
            raise self._missing()
        node = self._group(piece, field) if piece.kind is Kind.OPEN else self._term(piece, field)
        if excluded == piece.excluded:
            return node, piece.start
        opposite = negated(node)
        if isinstance(opposite, bool):  # what can match can also not match
            raise ExpressionError("this matches every paper or none", piece.start)
        return opposite, piece.start

    def _missing(self) -> ExpressionError:
        """Why no term stands where one must."""
        piece = self._peek()
        before = self._pieces[self._next - 1] if self._next else None
        if piece and piece.kind is not Kind.CLOSE:
            return self._lonely(piece)
        if before is None:
            return self._unopened(self._pieces[0])
        if before.kind is not Kind.OPEN:
            return self._lonely(before)
        mended = self._without(before, piece)
        reason = "there is nothing in this group"
        return ExpressionError(reason, before.end - 1, mended)

    def _unopened(self, piece: Piece) -> ExpressionError:
        reason = "there is no opening parenthesis for this one"
        return ExpressionError(reason, piece.start, self._without(piece))

    def _lonely(self, operator: Piece) -> ExpressionError:
        name = operator.kind.value
        reason = f"{name} stands between two terms, and one is missing"
        if operator.kind is Kind.NOT:
            reason = "NOT stands before a term, and there is none"
        return ExpressionError(reason, operator.start, self._without(operator))

    def _without(self, first: Piece, last: Piece | None = None) -> str:
        before, after = self._text[: first.start], self._text[(last or first).end :]
        return f"{before.rstrip()} {after.lstrip()}".strip()

    def _group(self, piece: Piece, outer: Field) -> Node:
        field = self._field(piece, outer)
        self._depth += 1
        if self._depth > DEPTH:
            raise ExpressionError(f"groups nest deeper than {DEPTH}", piece.start)
        node = self._choice(field)
        self._depth -= 1
        if not self._take(Kind.CLOSE):
            mended = f"{self._text.rstrip()})"
            raise ExpressionError("this parenthesis is never closed", piece.end - 1, mended)
        return node

    def _term(self, piece: Piece, outer: Field) -> Term:
        self._terms += 1
        if self._terms > TERMS:
            raise ExpressionError(f"there are more than {TERMS} terms", piece.start)
        return term_of(piece, self._field(piece, outer), self._text)

    def _field(self, piece: Piece, outer: Field) -> Field:
        field = field_of(piece, self._text)
        if field and outer and field is not outer:
            start = piece.start + piece.excluded
            mended = self._text[:start] + self._text[start + len(field) + 1 :]
            reason = f"the group stands in {outer}: as a whole already"
            raise ExpressionError(reason, start, mended)
        return field or outer


def _put(
    parts: list[_Part], together: Callable[[Iterable[Node]], Node | bool], reason: str
) -> Node:
    """The parts as one; where they annul one another, an error at the first that does."""
    nodes = [node for node, _ in parts]
    whole = together(nodes)
    if not isinstance(whole, bool):
        return whole
    size = next(n for n in range(1, len(parts) + 1) if isinstance(together(nodes[:n]), bool))
    raise ExpressionError(reason, parts[size - 1][1])
