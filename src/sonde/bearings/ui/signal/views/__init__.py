"""One module for each way of looking: what can be chosen, and how the answer is drawn."""
