"""Papers for mails that are checked whole: titles, names and words as people write them.

Each is a title, its authors, an abstract, and what a summary says of it; blank where there is
none, so that the abstract is quoted. Titles are as arXiv's source writes them.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple


class Text(NamedTuple):
    title: str
    authors: tuple[str, ...]
    abstract: str
    summary: str = ""
    keywords: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()


CHINESE_JAPANESE_KOREAN = (
    Text(
        "面向低资源方言的端到端语音识别：数据增强与迁移学习的比较研究",
        ("王小明", "李思涵", "欧阳佳宁"),
        "方言语音的标注数据很少。本文比较了三种数据增强方法与两种迁移学习方法。"
        "在六种方言上，两者结合后字错误率平均下降四个百分点。我们公开了代码和数据划分。",
    ),
    Text(
        "日本語の話し言葉における省略の自動復元：対話コーパスと評価手法",
        ("山田 太郎", "佐藤 花子", "Kenji Müller"),
        "We collect two hundred hours of casual talk in Japanese and mark what the speakers left "
        "out. A small model puts most of it back, and people find its dialogues easy to follow. "
        "What it gets wrong is mostly who is meant, not what is done.",
        "Speakers of Japanese leave out much of what they mean. From two hundred hours of talk, "
        "marked by hand, a small model learns to put it back (主語 and 目的語 alike); it errs "
        "about persons more than about things.",
        ("省略", "話し言葉", "dialogue corpus"),
        ("東京言語研究所", "University of Kyoto North"),
    ),
    Text(
        "한국어 형태소 분석기의 오류 유형과 하위 과제에 미치는 영향",
        ("김민수", "이서연", "박지훈"),
        "한국어 형태소 분석기 다섯 개를 같은 말뭉치에서 비교하였다. "
        "오류의 절반은 띄어쓰기에서 시작되었다. 이를 먼저 고치면 뒤의 과제도 좋아진다.",
    ),
    Text(
        "Does Script Matter? 漢字かな交じり文 and the Cost of a Token",
        ("Ada Lindqvist", "陳怡君"),
        "We ask what a sentence costs when it is written in different scripts. For the same "
        "meaning, a page in Japanese takes between one and two times as many tokens as a page in "
        "English, and the price of reading it follows. A vocabulary made for both halves the gap.",
    ),
)

TEX_HEAVY = (
    Text(
        r"When is $a<b$ decided? Order in $\mathbb{Z}[\sqrt{2}]$ \& Its Cost",
        (r"P. Erd\H{o}s-Nagy", r"J\"urgen M\"uller", r"{\L}ukasz Wi\'sniewski"),
        r"We show that $a < b$ in $\mathbb{Z}[\sqrt{2}]$ can be told in time $O(n \log n)$, where "
        r"$n$ is the length of the longer number. The proof is short. For $n > 10^6$ it is faster "
        r"in practice than what is used now, by a factor of $2.5 \pm 0.3$.",
    ),
    Text(
        r"$L^p$-Boundedness of the H\"ormander Multiplier for $1 < p < \infty$",
        (r"Ren\'ee Fa\c{c}onnable", "Tom Bell"),
        r"Let $T$ be a multiplier with $\| T \|_{2 \to 2} \le 1$. We prove that $T$ maps $L^p$ to "
        r"itself for all $1 < p < \infty$, and that the constant grows no faster than $p^2$.",
        r"A multiplier bounded on $L^2$ is shown to be bounded on $L^p$ for all $1 < p < \infty$; "
        r"the constant grows at most like $p^2$, which an example shows to be right.",
        (r"$L^p$ spaces", "multipliers"),
        (r"\'Ecole du Nord",),
    ),
    Text(
        r"A Note on $\sum_{k=1}^{\infty} \frac{1}{k^s}$ near $\Re(s)=1/2$, 100\% Elementary",
        ("Grace O'Hara", "N. Bose"),
        r"We give bounds for $\zeta(s)$ close to the line $\Re(s)=1/2$ without using complex "
        r"analysis. They are weaker than those that are known by a factor of $\log \log t$, but "
        r"the whole paper needs no more than a first year at a university.",
    ),
    Text(
        r"$\alpha_s$, $\bar{\nu}_e$ and $K^0 \to \pi^+ \pi^-$: Three Letters for \$5",
        (r"S. \v{C}ern\'y",),
        r"Three short remarks on constants that everybody uses, $\alpha_s(M_Z) \approx 0.118$ "
        r"among them. None is new, all are often told wrongly.",
    ),
)

RIGHT_TO_LEFT = (
    Text(
        "חיזוי עומסי תנועה בתחבורה הציבורית בעזרת רשתות גרפים",
        ("נועה כהן", "יואב לוי", "Dana Ben-Ami"),
        "We predict how full the buses of a city will be an hour ahead. A graph of stops and "
        "lines is enough; weather adds little. On a year of counts the error is a third lower "
        "than that of the timetable's own forecast.",
    ),
    Text(
        "تحليل المشاعر في النصوص العربية القصيرة: مقارنة بين خمسة نماذج",
        ("ليلى حداد", "عمر الفارسي"),
        "نقارن خمسة نماذج لتحليل المشاعر في نصوص عربية قصيرة. "
        "النموذج الصغير المدرب على اللهجات أدق من النموذج الكبير العام. "
        "نشرنا البيانات والبرامج ليستعملها غيرنا.",
    ),
    Text(
        "ניתוח מורפולוגי של עברית with 40% Fewer Parameters",
        ("Avigail Stern", "مريم صالح"),
        "Hebrew words carry much in little room. We take away two fifths of a tagger's weights "
        "and lose nothing that readers notice.",
        "מנתח מורפולוגי לעברית שומר על דיוקו גם לאחר שהוסרו שתי חמישיות מן המשקלים (40%), "
        "ופועל על מכשיר נייד. The code is public.",
        ("עברית", "pruning"),
        ("האוניברסיטה הפתוחה",),
    ),
    Text(
        "A Map of Small Libraries in the Levant: نحو فهرس موحد",
        ("Layla Haddad", "Peter Moor"),
        "We list four hundred small libraries and what they hold, and put one catalogue over "
        "all of them. Most books stand in one place only, which nobody had counted before.",
    ),
)

_GIVEN = """Ada Ben Carla Dmitri Élise Farid Grace Hiroshi Ingrid João Kasia Lars Mei Nikos
    Olga Pedro Qing Rosa Søren Tariq Uma Václav Wanda Ximena Yusuf Zoë Łukasz"""
_FAMILY = """Adams Becker Castro Dubois Eriksson Ferrari Gupta Hansen Ivanov Jensen Kowalski
    Larsen Moreau Novák Okafor Petrov Quispe Rossi Schmidt Tanaka Ueda Vargas Weber Xu Yamamoto
    Zhang Álvarez Bianchi Çelik Dvořák Eriksen Fischer García Horváth Ito Jovanović Kim Lindgren
    Müller Nguyen Öztürk Papadakis Ramos Singh Tran Ullah Vogel Wang Żak"""
COLLABORATION = tuple(
    f"{given} {family}" for given, family in product(_GIVEN.split(), _FAMILY.split())
)

MANY_AUTHORS = (
    Text(
        "A Search for Light Long-Lived Particles in Five Years of Data",
        COLLABORATION,
        "We look for particles that live long enough to leave the inner detector before they "
        "decay. Five years of data show none beyond what is expected from known processes. Masses "
        "below 40 GeV are excluded for lifetimes between 10 and 300 picoseconds.",
        "Five years of collisions hold no sign of light particles that decay outside the inner "
        "detector. For lifetimes between 10 and 300 picoseconds, masses below 40 GeV are now "
        "excluded.",
        ("long-lived particles", "displaced vertices"),
        ("European Laboratory of the Lake", "University of Northfield", "Instituto del Sur"),
    ),
    Text(
        "How We Align a Detector of Ten Thousand Pieces",
        COLLABORATION[::-1],
        "A tracker is only as good as one knows where its pieces are. We describe how they are "
        "found again every night from the tracks themselves, what the seasons do to them, and "
        "what we would build in another way today.",
    ),
    Text(
        "Cooling Noise in a Small Neutrino Telescope",
        ("Maria Lund", "Jonas Berg"),
        "The pumps of our telescope are heard by its sensors. We find the sound, take it out of "
        "the data, and gain a tenth in sensitivity.",
    ),
)

MINIMAL = (
    Text(
        "A Cheap Mirror for School Telescopes",
        ("Maria Lund",),
        "We grind a mirror from window glass in four afternoons, and measure how good it is.",
    ),
)
