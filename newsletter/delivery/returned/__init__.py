"""What comes back: returned mails, complaints and ESPs' events, read and filed."""
