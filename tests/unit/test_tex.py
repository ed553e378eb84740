from __future__ import annotations

import gzip
import json
import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.arxiv import tex, tex_math, tex_spans
from digest.arxiv.markup import root_of, text_of


@pytest.mark.parametrize(
    ("source", "made"),
    [
        (r"Borja Rodr\'iguez-G\'alvez", "Borja Rodríguez-Gálvez"),
        (r"A Poincar\'{e} Inequality", "A Poincaré Inequality"),
        (r"Mat{\'e}rn, Mat\'{\i}as, Mat\'\i as", "Matérn, Matías, Matías"),
        (r"Erd\H{o}s, Schr{\"o}dinger, \"Uber", "Erdős, Schrödinger, Über"),
        (r"\c{C}a\u{g}lar, \v{S}im\v s, \k{A}", "Çağlar, Šimš, Ą"),
        (r"S\o ren, \L{}ukasz, {\O}ystein", "Søren, Łukasz, Øystein"),
        (r"Stra{\ss}e, \AA rhus", "Straße, Århus"),
        ("two\n  lines\tand\u00a0more ", "two lines and more"),
        ("Cafe\u0301", "Café"),
        (r"Nguy\~{\^e}n, {{\"u}}ber", "Nguyễn, über"),
        (r"Ma{\"{i}}s, {{{\'e}}}t\'e", "Maïs, été"),
    ],
)  # fmt: skip
def test_accents_become_unicode(source: str, made: str) -> None:
    assert tex.to_unicode(source) == made


@pytest.mark.parametrize(
    "source",
    [
        r"$\hat\gamma$ and $\'e$ and \(\"o\)",
        r"38\% of Q&A with 2<N<3 <b> & more",
        r"http://example.org/\~smith",
        r"O(2\^n)",
        r"they say \"overflow\" and \"error\"",
        r"\textit{Drosophila} \unknown{x} \beta \cite{a}",
        r"a\\b {G}raph {BERT} \\o \\'e",
        r"\O_X and \L(f)",
        "R&D, Q&A, AT&T; &nbsp and &unknown; x&y;",
        r"\&lt; &#0; &#xD800; &#97; &#35;",
        r"?id=1&lang=en;&copy=2",
    ],
)
def test_storage_keeps_everything_else_as_it_was(source: str) -> None:
    assert tex.to_unicode(source) == source


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("Q&amp;A &lt;b&gt; &quot;so&quot;", 'Q&A <b> "so"'),
        ("it&#8217;s &#x2013; M&uuml;ller&nbsp;and", "it’s – Müller and"),
        ("&amp;amp;lt; &#38;#38;gt; R\\&amp;D", "< > R\\&D"),
        ("$a &lt; b$", "$a < b$"),
        ("O&#39;Neill", "O'Neill"),
    ],
)
def test_references_that_were_escaped_twice_are_resolved(source: str, made: str) -> None:
    assert tex.to_unicode(source) == made


@pytest.mark.parametrize(
    ("source", "made", "shown"),
    [
        (r"$\hatγ$", r"$\hat{γ}$", "γ̂"),
        (r"$\sqrtπ$", r"$\sqrt{π}$", "√π"),
        (r"$\boldsymbolθ_i$", r"$\boldsymbol{θ}_i$", "θᵢ"),
        (r"$\mathbfΣ^{-1}$", r"$\mathbf{Σ}^{-1}$", "Σ⁻¹"),
        (r"$\fracπ2 \leqγ$", r"$\frac{π}2 \leq{γ}$", "π/2 ≤γ"),
        (r"$2\cosθ$", r"$2\cos{θ}$", "2 cos θ"),
        (r"\emph\'etude", r"\emph{é}tude", "étude"),
        (r"$\\hatγ$", r"$\\hatγ$", r"$\\hatγ$"),  # behind a line break there is no command
        (r"$\hat γ×\times×$", r"$\hat γ×\times×$", "γ̂×××"),
    ],
)
def test_what_a_command_was_welded_to_becomes_its_argument(
    source: str, made: str, shown: str
) -> None:
    assert tex.to_unicode(source) == made
    assert tex.readable(source) == shown


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("$x^2$", "x²"),
        (r"$\alpha$-fair", "α-fair"),
        (r"$O(n \log n)$ and $\mathcal{O}(n^{k+1})$", "O(n log n) and O(nᵏ⁺¹)"),
        (r"$2<N<3$, Q&A <b>", "2<N<3, Q&A <b>"),
        (r"38\% of R\&D, C\#, a\_b", "38% of R&D, C#, a_b"),
        (r"$O(n\log n)$ of $2\max x$", "O(n log n) of 2 max x"),
        (r"{\em nice} and {\bf B}old", "nice and Bold"),
        (r"$\frac{a+b}{2} \leq \sqrt{n}$", "(a+b)/2 ≤ √n"),
        (r"$\hat{x}_{ij}$ in $\mathbb{R}^d$", "x̂ᵢⱼ in ℝᵈ"),
        (r"$\pi_\theta(a|s)$", "π_θ(a|s)"),
        (r"$\ell_\infty$ of $\|x\|_2$", "ℓ_∞ of ‖x‖₂"),
        (r"$x_{i,j}y$", "x_(i,j)y"),
        (r"$90^\circ$ at $10\,\mu m$", "90° at 10 μm"),
        (r"$ a \leq b $ and \(c_1\)", "a ≤ b and c₁"),
        (r"\emph{very \textbf{bold}}, ``so''", "very bold, “so”"),
        (r"\href{https://example.org}{here}", "here (https://example.org)"),
        ("pages 3--5 --- all of Fig.~1", "pages 3–5 — all of Fig. 1"),
        (r"10$\times$ faster, 3$\times$4", "10× faster, 3×4"),
        (
            r"$\frac{1}{2}n$, $\frac{1}{2n}$, $x\frac12$, $e^{\frac12}$, $\frac12$",
            "(1/2)n, 1/(2n), x(1/2), e^(1/2), 1/2",
        ),
        (r"$\sqrt{2n}$, $\sqrt{n}m$, $\sqrt{2}$", "√(2n), √(n)m, √2"),
        (
            r"$\sqrt{n_1}$, $\sqrt{n^2}$, $\frac{1}{n^2}$, $\frac{R}{I}[x]$",
            "√n₁, √(n²), 1/n², (R/I)[x]",
        ),
        ("one -- two", "one – two"),
        (r"$x_{i_1}$, $x_{\mathbb{R}}$", "x_(i₁), x_ℝ"),
        (r"$\binom{n}{k}$, ${m \choose k}$", "(n choose k), (m choose k)"),
        (r"$p \equiv 1 \pmod{4}$, $a \bmod b$", "p ≡ 1 (mod 4), a mod b"),
        (r"${\cal O}(n)$, $U_{\rm c}$, M$\rm_{Jup}$, $\Bbb R^n$", "O(n), U_c, M_Jup, ℝⁿ"),
        (r"$\gcd(a,b)$, $2\dim V$, $\neg\bot$", "gcd(a,b), 2 dim V, ¬⊥"),
        (r"formats$\unicode{x2013}$tabular, \ding{51}\ding{182}", "formats–tabular, ✓❶"),
        (r"$\underline{S}$parse, $\underline{ab}$c", "S̲parse, a̲b̲c"),
        (r"$\href{https://example.org/a\_b}{code}$", "code (https://example.org/a_b)"),
        (r"\href{https://example.org/}{example.org}", "example.org"),
        (r"\textbf{up to $2\times$ faster}", "up to 2× faster"),
        (r"\textcolor{red}{A}B, \color{blue}C, {\Large x}, to \em n", "AB, C, x, to n"),
        (r"code\footnote{See \url{https://example.org}.}", "code (See https://example.org.)"),
        (r"as in~\cite{a2020,b}, \citep[Thm.~3]{c}", "as in [a2020,b], [c, Thm. 3]"),
        (
            r"4\textsuperscript{th}, H\textsubscript{2}O, X\textsuperscript{\textregistered}",
            "4ᵗʰ, H₂O, X®",
        ),
        (
            r"(\eg, this) \ie that, A \etal. said, \LaTeX{}",
            "(e.g., this) i.e. that, A et al. said, LaTeX",
        ),
        (
            "``so\", ``so'', ''so'', \"so'' and f''(x), 5'10''",
            '“so”, “so”, "so", "so" and f\'\'(x), 5\'10"',
        ),
        (
            "9{,}674, B{=}32, {G}raph, Le{a}rn, {E}xperience, REVEAL{}, 10^{-6}",
            "9,674, B=32, Graph, Learn, Experience, REVEAL, 10⁻⁶",
        ),
        ("$1.7$--$2.5$, 2$\\times$--3$\\times$, 1.7×--2", "1.7–2.5, 2×–3×, 1.7×–2"),
        (r"\r{ho} = 0.65, \b{eta}, \~8B, n\log n", "ρ = 0.65, β, ~8B, n log n"),
        ("$5 for each $x$ and $y_1$", "$5 for each x and y₁"),
        ("from $3M to $300M, ($2 of $n$)", "from $3M to $300M, ($2 of n)"),
        ("for $ L $-functions", "for L-functions"),
        (r"$$ \textrm{loss} \le 1, $$", "loss ≤ 1,"),
        ("$a$$b$ and $$c$$", "ab and c"),
    ],
)
def test_simple_mathematics_becomes_readable(source: str, made: str) -> None:
    assert tex.readable(source) == made


@pytest.mark.parametrize(
    "source",
    [
        "costs $5 and $10 a day",
        "from $5-$10 up",
        r"$\unknown{x} + 1$ and \unknown{y}",
        r"$\begin{matrix} a & b \end{matrix}$",
        "$x^{2$ unbalanced }",
        "a lonely $ sign",
        "pip install --user a_b",
        "about ~10 of https://example.org/~name",
        "x < y & z > 0, 100%",
        r"$\left. x \right|_0$",
        "$$",
        "set $HOME and $PATH",
        r"we present \ours and \gls{key}, \rev{new}",
        r"$\O(n) \gemini$",
        "J_{z}, M_{WIMP}, {name}, {1, 2}, {eta}, G{alpha}12",
        "```code```, the empty '' string",
        r"\textbf{never closed",
        "between 10~20",
        r"\[ \begin{cases} 0, & r \text{ is even} \end{cases} \]",
    ],
)
def test_what_is_not_understood_stays_as_it_is(source: str) -> None:
    assert tex.readable(source) == source


_TEXT = st.text(alphabet=st.sampled_from(list("\\{}$^_'\"~`%&<>- aeinsoOx123\n")) | st.characters())


_PARTS = st.sampled_from(
    ["\\'", "\\^{", "\\hat", "\\o", "\\i", "\\textbf{", "\\href{", "\\cite[", "\\frac", "\\sqrt",
     "\\begin{x}", "\\(", "\\)", "\\[", "\\]", "\\\\", "$", "$$", "{", "}", "é", "γ", "a",
     "word ", " ", "&amp;", "&lt;", "&#38;", "&", "amp;", "#38;", "`", "``", "''", "--", "~",
     "^", "_", "5", "\u0301"]
)  # fmt: skip


@given(st.lists(_PARTS).map("".join) | _TEXT)
def test_what_is_stored_is_stored_the_same_way_again(text: str) -> None:
    stored = tex.to_unicode(text)
    assert tex.to_unicode(stored) == stored
    assert tex.readable(text) == tex.readable(stored)


@given(st.lists(_PARTS).map("".join) | _TEXT)
def test_the_pieces_are_the_whole_text(text: str) -> None:
    pieces = tex_spans.split(text)
    assert "".join(pieces) == text
    assert len(pieces) % 2 == 1
    assert all(piece[0] in "$\\" and piece[-1] in "$)]" for piece in pieces[1::2])


@pytest.mark.parametrize("make", [tex.to_unicode, tex.readable])
@pytest.mark.parametrize(
    "part",
    ["{", "$", "$ ", "\\", "(", "[", "^", "&", "\\(", "\\[", "\\'", "\\'{", "\\hat", "$\\hat", "``",
     "''",
     "{é}", "\\href{", "\\color{", "\\cite[", "{\\bf ", "\\textbf{", "$5 and ", "\\frac", "\\hatγ",
     "\\\"so\\\" ", "&#38;", "a~", "--"],
)  # fmt: skip
def test_hostile_texts_take_no_longer_than_their_length_deserves(
    make: Callable[[str], str], part: str
) -> None:
    many = part * (100_000 // len(part))
    start = time.perf_counter()
    for text in (many, f"${many}$", many + "é", many[:50_000] + "}" * 50_000):
        make(text)
    assert time.perf_counter() - start < 10  # it takes a half; squared it would take minutes


@settings(deadline=None)
@given(_TEXT)
def test_any_text_is_taken_and_plain_letters_survive(text: str) -> None:
    stored = tex.to_unicode(text)
    assert stored == " ".join(stored.split())
    assert unicodedata.is_normalized("NFC", stored)
    if not set("\\{&") & set(text):
        assert stored == unicodedata.normalize("NFC", " ".join(text.split()))
    tex.readable(text)


@settings(deadline=None)
@given(
    st.text(alphabet=st.characters(blacklist_characters="\\{}$~-`'", blacklist_categories=["Cs"]))
)
def test_text_without_tex_is_not_changed(text: str) -> None:
    assert tex.readable(text) == tex.to_unicode(text)


@pytest.fixture(scope="module")
def real_texts(shared: Path) -> list[str]:
    """Every title and abstract of the corpus, and of pages of TeX as it was typed."""
    return [
        text
        for folder in ("corpus", "oai", "feeds")
        for text in _texts(shared / "fixtures" / folder)
    ]


def _texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.jsonl.gz")):
        for line in gzip.decompress(path.read_bytes()).splitlines():
            record = json.loads(line)
            yield from (record["title"], record["abstract"])
    for path in sorted(folder.glob("*.xml")):
        for element in root_of(path.read_bytes()).iter():
            if element.tag.rpartition("}")[2] in {"title", "abstract", "description", "summary"}:
                yield text_of(element)


def _letters(text: str) -> set[str]:
    """Letters and digits of every kind, but those of commands; accents left aside."""
    text = unicodedata.normalize("NFKD", re.sub(r"\\[A-Za-z]+|&#?\w+;", "", text))
    return {letter for letter in text if letter.isalnum() and letter.isascii()}


def test_every_real_text_is_stored_once_and_whole(real_texts: list[str]) -> None:
    assert len(real_texts) > 38_000
    for text in real_texts:
        stored = tex.to_unicode(text)
        assert tex.to_unicode(stored) == stored
        assert _letters(text) <= _letters(stored), text
        assert not re.search(r"\\[A-Za-z]+[α-ωΑ-Ω]", stored), text


def test_hardly_any_real_text_shows_its_tex(real_texts: list[str]) -> None:
    spans = [piece for text in real_texts for piece in tex_spans.split(tex.to_unicode(text))[1::2]]
    kept = [span for span in spans if tex_math.readable_math(tex_spans.inner(span)) is None]
    assert len(spans) > 8_000
    assert len(kept) < len(spans) * 0.02
    raw = [text for text in real_texts if re.search(r"\\[A-Za-z(\[]", tex.readable(text))]
    assert len(raw) < len(real_texts) * 0.006  # own commands, most of them
