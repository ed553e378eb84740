"""Word lists that summaries and tags go by. All are closed and meant to be read."""

from __future__ import annotations


def _distinct(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: After these a full stop ends no sentence.
ABBREVIATIONS = _distinct(
    """
    e.g. i.e. vs. cf. fig. figs. eq. eqs. sec. secs. tab. ref. refs. def. thm. prop. ch.
    approx. resp. viz. dr. prof. mr. mrs. ms. st. no. nos. vol. pp. ca. incl. w.r.t. s.t.
    a.k.a. dept. univ. aka. wrt. c.f. ie. eg. mt.
    """
)

#: After these it ends one only if what follows is one of OPENERS.
PERHAPS_ABBREVIATIONS = _distinct(
    "al. etc. inc. ltd. corp. co. jr. sr. u.s. u.k. a.m. p.m. ph.d. d.c."
)

#: Words that sentences of abstracts begin with.
OPENERS = _distinct(
    """
    a after all although an and as at based because besides both building but by code despite
    due each even experimental experiments extensive finally first for from furthermore given
    here hence how however if in instead it its leveraging many meanwhile moreover most
    motivated nevertheless on one our overall results second several similarly since so some
    specifically such that the their then there therefore these they third this those though
    through thus to together two under unfortunately unlike using we when whereas while with
    within yet
    """
)

#: Words that never belong to a key phrase.
STOPWORDS = _distinct(
    """
    a about above across after again against all almost along already also although always am
    among an and another any are around as at back be became because become becomes been before
    behind being below between beyond both but by can cannot could did do does doing done down
    during each either else even ever every far few for from further furthermore get given go
    had has have having he hence her here hers him his how however i if in indeed instead into
    is it its itself just least less like made mainly make makes many may me might more moreover
    most much must my namely near nearly neither never nevertheless no non none nor not now of
    off often on once one only onto or other others otherwise our ours out over own per perhaps
    quite rather really same she should since so some still such than that the their theirs them
    themselves then thereby therefore these they this those though through throughout thus to
    together too toward towards two under until up upon us use used uses using usually versus
    very via was we well were what when where whereas whether which while who whole whom whose
    why will with within without would yet you your three four five six seven eight nine ten
    first second third e.g i.e etc et al respectively simultaneously
    """
)

#: Words of every abstract, which alone say nothing of what it is about.
EMPTY_WORDS = _distinct(
    """
    ability able accuracy achieve achieved achieves achieving acceptable address addresses
    addressing advance advanced advances advantage aim aims allow allowing allows analysis analyze
    analyzing application applications applied apply approach approaches article aspects
    available average based baseline baselines benefit benefits best better bridge building
    capabilities capability case cases challenge challenges challenging change changes clear code
    combination combine combined combines combining common commonly compared comparable
    comparison complex complexity comprehensive conclusion conduct consider considered consistent
    consistently contrast contribution contributions conventional corresponding cost costs
    create current currently data dataset datasets demonstrate demonstrated demonstrates
    demonstrating depend depends describe design designed despite detailed details develop
    developed developing development difference differences different difficult direct directly
    diverse domain due easily effect effective effectively effectiveness effects efficiency
    efficient efficiently eliminating emerging emerged empirical empirically enable enabled
    enables enabling enhance enhanced enhances enhancing ensure ensures ensuring entire especially
    essential establish evaluate evaluated evaluating evaluation evaluations evidence example
    examples exhibit exist existing experiment experimental experiments explicit explicitly
    explore exploring extend extends extensive extensively fact facilitate factor factors fail
    fails feature findings finally focus focuses form found framework frameworks full fully
    fundamental gain gains gap general generally generate generated generates generic given global
    goal good great greater growing help helps high higher highest highly idea identify impact
    implement implementation implementations implemented important improve improved improvement
    improvements improves improving include includes including increase increased increases
    increasing increasingly independent individual information inherent insight insights integrate
    integrated integrates integrating introduce introduced introduces introducing investigate
    involves issue issues key known lack large larger largely lead leading leads leverage
    leverages leveraging level levels limit limitation limitations limited limits literature low
    lower lowest main maintain maintaining maintains major making mean means meaning mechanism
    mechanisms method methodology methods metric metrics model modeled modeling models motivated
    multiple naive natural necessary need needed needs new notably novel number numerous observe
    observed obtain obtained offer offering offers open order original outperform outperforming
    outperforms output outputs overall paper papers part particular particularly performance
    performed perform performs perspective pipeline popular possible potential practical practice
    preserving present presented presents prevent previous primary principled prior problem
    problems procedure process processes produce produces promising propose proposed proposes
    proposing prove proven provide provided provides providing provably public publicly purpose
    quality question questions range rapid rate recent recently reduce reduced reduces reducing
    reduction reductions regarding related release reliable rely relies relying remain remains
    report reported represent require required requirement requirements requires requiring
    research researchers resource resources respect result resulting results reveal reveals rich
    robust robustness role scenario scenarios selection set sets setting settings several severe
    short show showing shown shows significant significantly similar simple single situations
    size small solution solutions solve solving source specific specifically standard
    state state-of-the-art step strategy strategies strong structure structures studied studies
    study substantial substantially success successful successfully suffer suggest superior
    support supporting supports survey system systematic systematically systems tackle task tasks
    technique techniques test tested time times traditional true type types typical typically
    build builds plays play run runs take takes suffers suffer treat treats share assemble fast
    faster slow slower admit admits migrate count counts draw draws exact central manner
    ultimately understand understanding unified unique unlike unprecedented useful user users
    valid validate validated validation value values variety various view wide widely work works
    yield yields zero
    """
)

#: Of the empty words those that a phrase of several words may begin or end with.
PARTS_OF_PHRASES = _distinct(
    """
    model models system systems data dataset datasets analysis algorithm algorithms time state
    value feature source level set test task process problem structure structures complexity
    modeling selection resource individual user evaluation generation
    """
)

#: Words in -ing that name a thing, so that a key phrase may begin with them.
THINGS_IN_ING = _distinct(
    """
    learning training reasoning streaming computing scheduling sampling routing serving planning
    tuning fine-tuning pre-training post-training clustering matching pruning caching embedding
    modeling programming engineering imaging sensing testing machine-learning forgetting ranking
    spring string ring king
    """
)

#: Verbs that hardly ever stand in a phrase; like a stop word each ends the phrase before it.
VERBS = _distinct(
    """
    accelerate accelerates acquire acquires adapt adapts adopt adopted adopts aim aimed aligns
    amplifies amplify argue argues arise arises arising assess assesses assume assumes attend
    attends automate automates balances become belong belongs boosts bridges broaden captures
    carried carries carry
    collaborate collaborates come comes compares compiles comprises conceal constitute constitutes
    constrain consume consumes contain contains create creates decide decides decompose decomposes
    decouple decouples degrade degrades deploys derive derived derives detect detects determine
    determines differ differs discard discards discover discovers discuss discusses distill distills
    distinguish distinguishes elicit elicits emerge emerges encode encodes encompass encompasses
    encounter enforce enforces entangle evaluates evolve evolves examine examines exceed exceeds
    expands expect explain explains exploits exposes extract extracts facilitates facing find finds
    focused focusing follow follows forget generalize generalizes govern governs guarantee grow
    grows hinder hinders ignore ignores incorporate incorporates incur incurs indicate indicates
    induce induces infer infers inherit inherits inject injects insert inserts instantiate integrate
    interact interacts internalize interpret introduces invoke invokes isolate isolates learn learns
    lies manage manages matches mitigate mitigates necessitate necessitates occur occurring occurs
    omit operate operates overcome overcomes overlook overlooks persist persists poses possess
    possesses predict predicts prefer prefers preserve preserves prevents promises promote promotes
    propagate propagates publish pursue ranging receive receives recognize recognizes recover
    recovers refer refers refine refines reflect reflects reformulate reformulates regulate remove
    removes reproduce reproduces resolve resolves respond responds restrict restricts retain retains
    revealing revolutionized sacrifices satisfies satisfy seek seeks select selects serve serves
    simulate simulates specify spanned spanning spans stabilizes stands steers struggle struggles
    stems subvert suggests supervise sustain synthesizes termed thanks trains transcend uncover
    uncovers underpin underpinning underpins unlocks update vary varies violate write writes
    """
)

#: After one of these stands a verb, which begins no phrase.
BEFORE_VERBS = _distinct("can cannot could may might must should we will would")

#: Before one of these stands a verb, or nothing of the phrase.
AFTER_VERBS = _distinct("a an how its our the their these this those whether why")

#: Words in -ed that name a thing, so that a key phrase may end with them.
THINGS_IN_ED = _distinct("bed breed embed feed need red seed shed speed testbed watershed")
