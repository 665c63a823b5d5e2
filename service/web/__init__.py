"""The HTML door: pages that work without JavaScript, in Vietnamese and English, and the bytes they show."""
