"""Mail providers with several domains, and what each is known to allow: data, not code.

Each line is a provider, its best known domain first. A provider counts all of its domains
together, so they share one bucket.
"""

from __future__ import annotations

_PROVIDERS = """
yahoo.com ymail.com rocketmail.com myyahoo.com yahoo.co.uk yahoo.co.in yahoo.in yahoo.co.id
    yahoo.co.nz yahoo.co.th yahoo.co.za yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.co
    yahoo.com.hk yahoo.com.mx yahoo.com.my yahoo.com.pe yahoo.com.ph yahoo.com.sg yahoo.com.tr
    yahoo.com.tw yahoo.com.ve yahoo.com.vn yahoo.ca yahoo.cl yahoo.de yahoo.dk yahoo.es yahoo.fi
    yahoo.fr yahoo.gr yahoo.ie yahoo.it yahoo.nl yahoo.no yahoo.pl yahoo.pt yahoo.ro yahoo.se
    aol.com aol.co.uk aol.de aol.fr aim.com netscape.net verizon.net att.net sbcglobal.net
    bellsouth.net
gmail.com googlemail.com
outlook.com hotmail.com live.com msn.com outlook.de outlook.es outlook.fr hotmail.co.uk hotmail.de
    hotmail.es hotmail.fr hotmail.it live.co.uk live.de live.fr live.it live.nl passport.com
icloud.com me.com mac.com
gmx.net gmx.de gmx.at gmx.ch
proton.me protonmail.com protonmail.ch pm.me
yandex.com yandex.ru yandex.kz yandex.by ya.ru
mail.ru inbox.ru list.ru bk.ru internet.ru
qq.com foxmail.com
163.com 126.com yeah.net
"""

# A DOMAIN_RATES that counts unless the setting says otherwise. Yahoo takes 20 messages of one
# connection and then ends it.
STANDARD = "yahoo.com=:20"


def siblings() -> dict[str, tuple[str, ...]]:
    """Each domain of a provider, and all domains of that provider, the best known first."""
    lines = _PROVIDERS.strip().replace("\n    ", " ").splitlines()
    providers = [tuple(line.split()) for line in lines]
    return {domain: provider for provider in providers for domain in provider}
