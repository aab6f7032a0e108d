"""What a shop changes by itself from a day on: weekly hours, single days, its own people.

Hours are rows with a first day, so that nothing has to run for them to hold; people are replaced at midnight.
Until its day the desk may hold a change back, with a reason, and the shop may withdraw it.
"""
