from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.arxiv import tex


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
        r"a\\b {G}raph {BERT}",
    ],
)
def test_storage_keeps_everything_else_as_it_was(source: str) -> None:
    assert tex.to_unicode(source) == source


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
    ],
)
def test_what_is_not_understood_stays_as_it_is(source: str) -> None:
    assert tex.readable(source) == source


_TEXT = st.text(alphabet=st.sampled_from(list("\\{}$^_'\"~`%&<>- aeinsoOx123\n")) | st.characters())


@settings(deadline=None)
@given(_TEXT)
def test_any_text_is_taken_and_plain_letters_survive(text: str) -> None:
    stored = tex.to_unicode(text)
    assert stored == " ".join(stored.split())
    assert unicodedata.is_normalized("NFC", stored)
    if "\\" not in text and "{" not in text:
        assert stored == unicodedata.normalize("NFC", " ".join(text.split()))
    tex.readable(text)


@settings(deadline=None)
@given(
    st.text(alphabet=st.characters(blacklist_characters="\\{}$~-`", blacklist_categories=["Cs"]))
)
def test_text_without_tex_is_not_changed(text: str) -> None:
    assert tex.readable(text) == tex.to_unicode(text)
