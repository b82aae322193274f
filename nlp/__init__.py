"""What the press and the public say about agencies: normalise, find agencies, judge the stance."""
