"""How many people a desk needs: arithmetic only, no database."""
