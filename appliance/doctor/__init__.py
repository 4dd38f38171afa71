"""``vorzimmer doctor``: each thing is well, or is named together with what to do."""
