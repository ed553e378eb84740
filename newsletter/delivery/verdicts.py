"""What a mail server's refusal means, by its codes (RFC 3463, 5321) and by its words.

Pure: the same for a reply in a session, a returned mail and an ESP's event. What a refusal can
mean is a table that is read from the top; the first row that fits decides. Whatever is about the
sender stands before what is about the recipient: our own trouble never costs a reader's address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

# More than any server says to the point; what follows is not looked at.
_LONGEST_TEXT = 4000
_ENHANCED = re.compile(r"(?<![\w.])([245]\.\d{1,3}\.\d{1,3})(?![\w.]*\d)")
_REPLY_CODE = re.compile(r"(?:^|[\s:;(>-])([45]\d\d)(?=[\s-])")
# RFC 3463's "other" and "undefined", which say less than the words beside them.
_VAGUE = re.compile(r"[245]\.\d{1,3}\.0\Z")


class Kind(StrEnum):
    """The classes of refusals, each with a remedy of its own."""

    ADDRESS_GONE = "address gone"
    MAILBOX_FULL = "mailbox full"
    POLICY = "policy"  # blocked, not authenticated, of bad repute: the operator's to put right
    CONTENT = "content"  # taken for spam or a virus, or too big
    RATE = "rate"  # too much at once, or greylisted
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``is_permanent``: this mail will never be taken. ``code`` as in RFC 3463, or blank."""

    kind: Kind
    is_permanent: bool
    code: str

    @property
    def is_hard(self) -> bool:
        """Whether the address itself is to be given up at once."""
        return self.is_permanent and self.kind is Kind.ADDRESS_GONE


@dataclass(frozen=True, slots=True)
class _Rule:
    """All that is given must fit: codes such as ``*.7.26 5.1.*``, words, SMTP's own codes."""

    kind: Kind
    codes: re.Pattern[str] | None = None
    words: re.Pattern[str] | None = None
    replies: frozenset[int] | None = None

    def fits(self, reply: int | None, enhanced: str, text: str) -> bool:
        if self.replies is not None and reply not in self.replies:
            return False
        if self.codes is not None and not self.codes.fullmatch(enhanced):
            return False
        return self.words is None or self.words.search(text) is not None


def _codes(patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(one).replace(r"\*", r"\d+") for one in patterns.split()))


def _words(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases))


_NO_CODE = re.compile("")

# Lower case; one space for any white space. Gaps are bounded, so that reading stays linear.
_OUR_ADDRESS = _words(
    r"sender (address )?(rejected|denied|refused|blocked|verify|not (allowed|authorized|found))",
    r"sender.{0,30}(verification|callout|domain|unknown|does not exist|doesn't exist)",
    r"(mail from|return[ -]path|reply[ -]path|from address|originator|envelope sender)\b",
    r"(unverified|invalid|unauthori[sz]ed|bad) (outbound )?sender",
    r"verify failed for <|relay(ing)? (access )?(denied|not (permitted|allowed))",
    r"(unable|not allowed|not permitted) to relay|authentication required",
)
_REPUTE = _words(
    r"\b(dmarc|spf|dkim|spamhaus|spamcop|barracuda|dns-?bl|rbl|cloudmark|senderbase|csi-)\b",
    r"block ?list|blacklist|deny ?list|\breputation\b|\bbanned\b|\bptr\b|reverse dns|fcrdns",
    r"(your|sending|client|this) (ip|host|server|network|domain)\b.{0,60}"
    r"(block|list|reject|refus|not allowed|denied|prohibit)",
    r"unauthenticated|not authenticated|doesn't meet the required authentication",
    r"unsolicited mail originating|permanently deferred|service refused",
    r"user complaints|senders? is not (in|on) .{0,20}list|restricted|not authorized to send",
)
_POLICY = _words(
    r"(policy|administrative) (reasons?|restrictions?|violation|rejection|prohibition)",
    r"prohibited by (administrat|policy)|violat\w+ .{0,30}polic|local policy|access denied",
    r"transaction failed .{0,20}policy|rejected by (policy|administrator)|blocked by\b",
    r"(mail|message|e-?mail|connection)s? (was |were |is |has been |have been )?"
    r"(blocked|administratively)",
)
_CONTENT = _words(
    r"\bvirus|malware|phish|\bspam(my)?\b.{0,40}(detected|message|content|score|suspected)",
    r"(looks?|appears?|classified|considered|identified|detected|marked|likely|rejected|tagged)"
    r".{0,40}\bspam|high spam|content (reject|filter|presents|denied|refused|is not acceptable)",
    r"(message|content|attachment|url|link)s? .{0,40}(content|not acceptable|suspicious|unsafe)",
    r"(likely|suspected) (unsolicited|suspicious)|unsolicited (content|message)|\bas spam\b",
    r"(message|mail|size|too) .{0,30}(too (big|large)|exceeds?\b.{0,30}size|maximum size)",
    r"message size|file size limit|too large|bad header|line too long",
)
_RATE = _words(
    r"gr[ea]ylist|rate[ -]?limit|throttl|too (quickly|fast|frequently)|unexpected volume",
    r"too many (messages|connections|mails|emails|recipients|sessions|errors)|server busy",
    r"receiving (mail|messages) at a rate|(sending|hourly|daily|message) (rate|limit|quota)",
    r"resources temporarily|unusual (rate|amount)|try again in \d+",
    r"(thread|connection|message|rate|recipient)s? limit",
)
_FULL = _words(
    r"(mail ?box|inbox|postfach|folder|account|user).{0,40}\b(full|voll)\b|quota ?exceed",
    r"over ?-?quota|out of (storage|space)|(exceed|over|insufficient).{0,40}(quota|storage|space)",
    r"(quota|storage|space).{0,40}(exceed|full|exhaust|limit reached|violation|ueberschritten)",
    r"no space|insufficient (system )?storage|mailbox size limit|exceeded storage|maxquota",
    r"quota .{0,20}berschritten|speicherplatz|bo.te .{0,40}(pleine|satur)",
    r"espacio|buz.n .{0,20}llen",
    r"casella .{0,20}piena|caixa .{0,30}cheia|почтовый ящик .{0,20}переполнен|容量|満杯|已满",
)
_GONE = _words(
    r"(user|recipient|mail ?box|address|account|alias|addressee|destination) "
    r"(is |was )?(unknown|not (found|known|exist|recogni[sz]ed|listed)|invalid|inactive)",
    r"(unknown|no such|invalid|bad|nonexistent|non-existent|undefined|inactive|unrouteable) "
    r"(local |virtual |destination |e-?mail )*"
    r"(user|recipient|mail ?box|address|account|alias|addressee|local[ -]part|person)",
    r"(does not|doesn't|do not|didn't|not|no longer|n't) (currently )?"
    r"(exist|have an? .{0,30}account|available here|listed in|a valid|valid (mail ?box|user))",
    r"(mail ?box|account|user|address|recipient).{0,40}(disabled|deactivated|suspended|closed|"
    r"terminated|has been removed|deleted|expired|discontinued|no longer|couldn't be found|"
    r"wasn't found|could not be found|does not exist|unavailable or no longer)",
    r"no (mail ?box|account|user|recipient|person|one) (here |by that |with |of )|no mailbox here",
    r"recipientnotfound|recipnotfound|not our customer|not in (the )?(directory|address book)",
    r"mail ?box unavailable|undeliverable address|not listed in",
    r"couldn't find|is not a (known|valid)",
    r"(host|domain)( or domain)?( name)? (not found|does not exist|doesn't exist|unknown)|nxdomain",
    r"null mx|unknown (host|domain)|no such (host|domain)|all relevant mx records point to non-",
    r"unbekannt|nicht gefunden|existiert nicht|inconnue?\b|n'existe pas|introuvable",
    r"desconocid|desconhecid|no existe|não existe|nao existe|sconosciut|non esiste|onbekend",
    r"не существует|не найден|неизвестн|存在しません|不存在|見つかりません|user not$",
)

_RULES = (
    # The sender's side, by codes that mean nothing else (RFC 3463, 7372; Gmail, Microsoft).
    _Rule(Kind.POLICY, codes=_codes("*.1.7 *.1.8 *.1.20 *.7.25 *.7.26 *.7.27 *.7.29 *.7.30")),
    _Rule(Kind.POLICY, codes=_codes("*.7.23 *.7.24 *.7.20 *.7.21 *.7.22 *.7.31 *.7.32 *.7.40")),
    _Rule(Kind.POLICY, codes=_codes("5.7.509 5.7.515 5.7.511 5.7.606 5.7.708 5.7.750 5.7.23")),
    _Rule(Kind.RATE, codes=_codes("*.7.28 4.7.650 4.7.500 5.7.233 4.3.2 4.4.5")),
    _Rule(Kind.CONTENT, codes=_codes("*.2.3 *.3.4")),
    _Rule(Kind.MAILBOX_FULL, codes=_codes("*.2.2")),
    _Rule(Kind.POLICY, words=_OUR_ADDRESS),
    _Rule(Kind.OTHER, words=_words(r"insufficient (system|disk)")),  # of the server, not the reader
    # By words, for many servers put everything under x.7.1 or give no code at all.
    _Rule(Kind.RATE, codes=_codes("4.*.*"), words=_RATE),
    _Rule(Kind.RATE, replies=frozenset({421, 450, 451, 452}), words=_RATE),
    _Rule(Kind.POLICY, words=_REPUTE),
    _Rule(Kind.ADDRESS_GONE, codes=_codes("5.1.1 5.1.10")),
    _Rule(Kind.MAILBOX_FULL, words=_FULL),
    _Rule(Kind.RATE, words=_RATE),
    _Rule(Kind.CONTENT, codes=_codes("*.6.* *.7.* *.0.* *.3.*"), words=_CONTENT),
    _Rule(Kind.CONTENT, replies=frozenset({552, 554}), words=_CONTENT),
    # Microsoft's edge knows the recipients and answers so for the others.
    _Rule(Kind.ADDRESS_GONE, codes=_codes("5.4.1"), words=_words("recipient address rejected")),
    _Rule(Kind.ADDRESS_GONE, codes=_codes("*.1.0 *.1.1 *.1.2 *.1.3 *.1.6 *.1.10 *.2.1")),
    # A code about policy or content outweighs words that might be about the recipient.
    _Rule(Kind.ADDRESS_GONE, codes=_codes("*.0.* *.1.* *.2.* *.3.* *.4.* *.5.*"), words=_GONE),
    _Rule(Kind.ADDRESS_GONE, codes=_NO_CODE, words=_GONE),
    _Rule(Kind.ADDRESS_GONE, codes=_codes("*.7.1"), words=_words(r"(user|recipient) unknown")),
    _Rule(Kind.RATE, codes=_codes("4.7.*")),
    _Rule(Kind.POLICY, codes=_codes("*.7.*")),
    _Rule(Kind.POLICY, words=_POLICY),
    _Rule(Kind.CONTENT, codes=_codes("*.6.*")),
    _Rule(Kind.CONTENT, words=_CONTENT),
    _Rule(Kind.RATE, replies=frozenset({421})),
)


def judge(reply: int | None, enhanced: str, text: str, *, is_over: bool = False) -> Verdict:
    """What it means that a server answered so; never raises.

    ``reply`` is SMTP's own code and ``enhanced`` the one of RFC 3463; either may be missing, and
    is then looked for in the text. Where no code is found either, ``is_over`` says whether it is
    meant for good.
    """
    said = " ".join(text[:_LONGEST_TEXT].split()).lower()
    reply = reply if reply is not None else _reply_in(said)
    code = _best_code(enhanced.strip(), said)
    rules = (rule.kind for rule in _RULES if rule.fits(reply, code, said))
    return Verdict(next(rules, Kind.OTHER), _is_permanent(reply, code, is_over), code)


def _best_code(given: str, said: str) -> str:
    """The code given, unless it is vague and the text has a better one of the same class."""
    if not _ENHANCED.fullmatch(given):
        given = ""
    if given and not _VAGUE.fullmatch(given):
        return given
    found: list[str] = _ENHANCED.findall(said)
    same = [one for one in found if not given or one[0] == given[0]]
    return next((one for one in same if not _VAGUE.fullmatch(one)), given or next(iter(same), ""))


def _reply_in(said: str) -> int | None:
    match = _REPLY_CODE.search(said)
    return int(match[1]) if match else None


def _is_permanent(reply: int | None, code: str, otherwise: bool) -> bool:
    """SMTP's own code has the say (RFC 5321, 4.2.1)."""
    if reply is not None:
        return 500 <= reply < 600
    return code.startswith("5.") if code else otherwise
