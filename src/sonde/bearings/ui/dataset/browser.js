// The page of one data set: opening its dialogs.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.sondeDataset = {
  open: function (clicks) { return Boolean(clicks); },
};
