"""Faust agents: store every kind, detect on readings, judge posts, raise alerts."""
