// Comparing two data sets: what is chosen stands in the URL.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.sondeComparing = {
  choose: function (first, second) {
    const ids = [first, second].filter(Boolean).join(",");
    window.sonde.setQuery({ ids: ids });
    return "?ids=" + encodeURIComponent(ids);
  },
};
