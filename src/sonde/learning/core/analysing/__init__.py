"""Long questions about trained experiments: what can be asked, and what an answer is made from."""
