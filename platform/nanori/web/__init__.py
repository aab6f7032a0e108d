"""Pages: layout, design system, forms, and what each request gets at the edge."""
