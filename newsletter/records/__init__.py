"""What the DNS says of a sender: SPF, DKIM, DMARC, as receivers will read it. Pure, no Django."""
