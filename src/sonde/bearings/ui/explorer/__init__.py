"""The Data explorer: filters beside seven ways of looking at what they keep."""
