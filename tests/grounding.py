"""A made-up paper, and texts about it that only differ in the words under test."""

from __future__ import annotations

from digest.summaries.grounding import Finding, Kind, Source, check

PAPER = Source(
    title="Quince: Sorting Orchards of Keys on Ten Thousand Cores",
    abstract=(
        r"Sorting is slow. We present Quince, a sorter for the A100 and for GPT-4o agents on "
        r"ROS~2. It sorts $10^{5}$ keys in 3 minutes, which is $1.44\text{--}1.59\times$ faster "
        r"than RadixTree, and needs 44\% less memory (12.5 GB). Large language models (LLMs) with "
        r"7B parameters plan the merges by a mixture of experts. Accuracy rises by 10 "
        r"percentage points across 46 models and five tasks, at a cost of \$5M and in "
        r"$O(n \log n)$ time; an exponential moving average keeps the load of 1,000 nodes "
        r"below 60 to 70\%. Training takes 20 hours, half of what Vision Transformers (ViTs) "
        r"take. The dual scheme (1) merges, (2) splits, and (3) rests without loss on the "
        r"Erd\H{o}s graph."
    ),
)
PADDING = (
    " The text goes on with words that say little, so that it is as long as a text of this kind "
    "has to be here."
)


def found_in(sentence: str, paper: Source = PAPER) -> list[Finding]:
    """What is found in a sentence, in a text that is long enough."""
    return list(check(sentence + PADDING, paper))


def told(sentence: str, paper: Source = PAPER) -> list[tuple[Kind, str]]:
    """The same as kinds and quotes."""
    return [(finding.kind, finding.quote) for finding in found_in(sentence, paper)]
