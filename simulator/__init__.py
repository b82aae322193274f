"""A synthetic province that speaks the departments' own formats through their own ways in, with labelled incidents."""
