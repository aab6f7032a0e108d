"""The monthly report on paper: figures to sentences, charts and tables, to HTML, to PDF bytes."""
