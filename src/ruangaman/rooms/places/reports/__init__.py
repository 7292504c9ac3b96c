"""Reports and ideas: how they come, who reads them first, what becomes of them."""
