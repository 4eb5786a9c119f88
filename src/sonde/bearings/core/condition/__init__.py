"""The condition of a machine over time: alarms, health indicators, remaining life."""
