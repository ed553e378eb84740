"""What other programs say of our mails: `make mailcheck`."""
