"""The spaCy components, one a file, each thin over plain functions. `nlp.py` puts them in order."""
