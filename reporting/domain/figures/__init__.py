"""How is a figure counted? Who attended, who counts, whom they met, and what there is to show for it."""
