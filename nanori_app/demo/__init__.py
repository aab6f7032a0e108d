"""The demo: an invented outsourcer, six invented shops and two months of their history."""
