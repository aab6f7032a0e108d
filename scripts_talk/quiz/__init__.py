"""What a shop's agents have to know of its articles: questions, sittings, certificates."""
