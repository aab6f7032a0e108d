"""What agents of a shop may answer: articles, their search, and questions without an answer."""
