"""How reports reach a shop's people: when, approved by whom, sent to whom, opened or not."""
