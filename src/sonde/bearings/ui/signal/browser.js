// The Signal page: what is looked at stands in the address, so that every view is a link.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.sondeSignal = {
  keepState: function (relayout, band, channel, bearing, state) {
    const query = new URLSearchParams(window.location.search);
    const put = function (name, value) {
      if (value === undefined || value === null || value === "") { query.delete(name); } else { query.set(name, value); }
    };
    const triggered = (window.dash_clientside.callback_context.triggered || []).map((each) => each.prop_id);
    const changed = (part) => triggered.some((name) => name.endsWith(part));
    if (changed("-time.relayoutData") && relayout) {
      if (relayout["xaxis.range[0]"] !== undefined) {
        put("from", Math.max(0, Number(relayout["xaxis.range[0]"])).toFixed(5));
        put("to", Number(relayout["xaxis.range[1]"]).toFixed(5));
      } else if (relayout["xaxis.autorange"]) { put("from"); put("to"); }
    }
    if (changed("-band.value") && band) { put("low", band[0]); put("high", band[1]); }
    if (changed("-channel.value")) { put("channel", channel); put("low"); put("high"); }
    if (changed("-bearing.value")) { put("bearing", bearing); }
    const text = query.toString();
    const address = window.location.pathname + (text ? "?" + text : "");
    if (address !== window.location.pathname + window.location.search) {
      window.history.replaceState(window.history.state, "", address);
    }
    return address;
  },
};
