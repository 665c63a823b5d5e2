"""PDF through MuPDF: the file, its metadata, the text of its pages and what repeats on them."""
