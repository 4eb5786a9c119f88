"""The dialogs of the page of machines."""
