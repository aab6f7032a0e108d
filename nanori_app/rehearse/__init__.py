"""The rehearsal: a month of calls and mails in virtual time, on a throw-away database, then the checks."""
