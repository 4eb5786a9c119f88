// The dashboard: prices as they come, drawn once for each frame of the screen.
window.dash_clientside = window.dash_clientside || {};
(function () {
  "use strict";
  const skip = () => window.dash_clientside.no_update;
  const id = (name) => "markets-dashboard-" + name;
  const LOOK_AGAIN_MS = 1000;
  const REDRAW_EVERY_MS = 1500;
  const LOOK_EVERY_MS = 2000;
  const OUTSIDE_EVERY_MS = 5000;

  let told = null;          // what the page follows
  let adopted = null;       // as the page said it when it was drawn
  let socket = null;
  let wait = 1000;
  let version = 0;
  let bar = null;           // the bar in which the newest price lies
  let redrawn = 0;
  let redraw = null;
  let beyond = null;        // the price for which there was no room
  let looked = null;
  let lastLook = 0;

  // ---- every price that anybody tells comes through `sondePrices`, which draws them all ----
  document.addEventListener("sonde-price-heard", function (event) {
    const price = event.detail;
    if (told && price.symbol === told.symbol) {
      grow(price);
      bars(price.at_ms, price.feed);
    }
  });
  document.addEventListener("sonde-prices-drawn", level);

  // the line of the newest price lies over the chart: moving it draws nothing of the chart anew
  function level() {
    const price = told && window.sondePrices.known[told.symbol];
    const chart = document.querySelector("#" + id("chart") + " .js-plotly-plot");
    if (!chart || !chart.querySelector(".svg-container") || !price || !price.price) { return; }
    if (!chart._fullLayout || !chart._fullLayout.yaxis || !chart._fullLayout.yaxis.l2p) { return; }
    const axis = chart._fullLayout.yaxis;
    const across = chart._fullLayout.xaxis;
    const top = axis._offset + axis.l2p(Number(price.price));
    let line = chart.querySelector(".sonde-price-line");
    if (!line) {
      line = document.createElement("div");
      line.className = "sonde-price-line";
      line.setAttribute("aria-hidden", "true");
      line.appendChild(document.createElement("span"));
      chart.querySelector(".svg-container").appendChild(line);
    }
    line.hidden = !(top >= axis._offset && top <= axis._offset + axis._length);
    candles(chart);
    if (line.hidden && told.live) { outside(Number(price.price)); }
    line.style.left = across._offset + "px";
    line.style.width = across._length + "px";
    line.style.transform = "translateY(" + top.toFixed(1) + "px)";
    window.sondePrices.write(line.firstChild, window.sondePrices.grouped(price.price));
  }

  // ---- the bar that grows lies over the chart too, after the candles that the server drew ----
  let drawn = null;         // as the page said it: where its candles end
  let drawnText = null;
  const grown = [];         // bars after that, oldest first; the last one grows

  function opened(at, feed, length, anchor) {
    const within = feed === "live" ? at : at - 1;   // a close belongs to the bar that it ends
    return within - ((within - anchor) % length + length) % length;
  }
  function readDrawn() {
    const node = document.querySelector("#" + id("panel") + " [data-grows]");
    const text = node ? node.dataset.grows : null;
    if (text === drawnText) { return; }
    const before = drawn;
    drawnText = text;
    drawn = text ? JSON.parse(text) : null;
    if (!drawn || !before || before.bar_ms !== drawn.bar_ms) { grown.length = 0; }
    while (drawn && grown.length && grown[0].at <= drawn.last_ms) { grown.shift(); }
    const bar = drawn && drawn.bar;
    if (!bar) { return; }
    const told = { at: bar.open_time_ms, open: bar.open, high: bar.high, low: bar.low, close: bar.close };
    const mine = grown.find((one) => one.at === told.at);
    if (!mine) {
      if (!grown.length) { grown.push(told); }
      return;
    }
    mine.open = told.open;
    mine.high = Math.max(mine.high, told.high);
    mine.low = Math.min(mine.low, told.low);
  }
  function grow(price) {
    readDrawn();
    const value = Number(price.price);
    if (!drawn || !drawn.bar_ms || !price.at_ms || !(value > 0) || price.feed === "file") { return; }
    const at = opened(price.at_ms, price.feed, drawn.bar_ms, drawn.anchor_ms);
    const last = grown[grown.length - 1];
    if (at <= drawn.last_ms || (last && at < last.at)) { return; }
    if (last && last.at === at) {
      last.high = Math.max(last.high, value);
      last.low = Math.min(last.low, value);
      last.close = value;
      return;
    }
    const open = last ? last.close : value;
    grown.push({ at: at, open: open, high: Math.max(open, value), low: Math.min(open, value), close: value });
    if (grown.length > 40) { grown.shift(); }
  }
  function candles(chart) {
    readDrawn();
    const box = chart.querySelector(".svg-container");
    const across = chart._fullLayout.xaxis, axis = chart._fullLayout.yaxis;
    const nodes = chart.querySelectorAll(".sonde-live-candle");
    for (let n = nodes.length; n < grown.length; n += 1) {
      const node = document.createElement("div");
      node.className = "sonde-live-candle";
      node.setAttribute("aria-hidden", "true");
      node.appendChild(document.createElement("i"));
      node.appendChild(document.createElement("b"));
      box.appendChild(node);
    }
    for (let n = grown.length; n < nodes.length; n += 1) { nodes[n].remove(); }
    const pixel = (ms) => across.d2p(new Date(ms).toISOString().slice(0, 23));
    const height = (value) => Math.min(Math.max(axis.l2p(value), 0), axis._length);
    chart.querySelectorAll(".sonde-live-candle").forEach(function (node, n) {
      const bar = grown[n];
      const middle = pixel(bar.at);
      const width = Math.max(1, 0.7 * Math.abs(pixel(bar.at + drawn.bar_ms) - middle));
      const high = height(bar.high), low = height(bar.low);
      const top = height(Math.max(bar.open, bar.close)), bottom = height(Math.min(bar.open, bar.close));
      node.hidden = !(middle - width / 2 >= 0 && middle + width / 2 <= across._length);
      node.dataset.close = String(bar.close);
      node.classList.toggle("is-falling", bar.close < bar.open);
      node.style.transform = "translate(" + (across._offset + middle - width / 2).toFixed(1) + "px,"
        + (axis._offset + high).toFixed(1) + "px)";
      node.style.width = width.toFixed(1) + "px";
      node.style.height = Math.max(1, low - high).toFixed(1) + "px";
      node.lastChild.style.top = (top - high).toFixed(1) + "px";
      node.lastChild.style.height = Math.max(1, bottom - top).toFixed(1) + "px";
    });
  }

  // ---- a bar is over: the server draws the candles again, at most so often ----
  function bars(at, feed) {
    if (!told.bar_ms || !at) { return; }
    const now = Math.floor((feed === "live" ? at : at - 1) / told.bar_ms);
    if (bar === null) { bar = now; }
    if (bar === now) { return; }
    bar = now;
    drawAgain();
  }
  // the newest price has left the chart: it is drawn again with room for it, now and then
  function outside(value) {
    if (!told.bar_ms || Date.now() - redrawn < OUTSIDE_EVERY_MS || value === beyond) { return; }
    beyond = value;
    drawAgain();
  }
  function drawAgain() {
    if (redraw !== null) { return; }
    redraw = window.setTimeout(function () {
      whenQuiet(function () {
        redraw = null;
        redrawn = Date.now();
        set("live-bar", { data: String(bar) + "-" + redrawn });
      });
    }, Math.max(300, redrawn + REDRAW_EVERY_MS - Date.now()));
  }
  // asking anew before the last answer has come would drop that answer
  function whenQuiet(act) {
    if (document.querySelector("[data-dash-is-loading=true]")) {
      window.setTimeout(function () { whenQuiet(act); }, 200);
    } else { act(); }
  }
  function set(name, properties) {
    if (document.getElementById(id("price"))) { window.dash_clientside.set_props(id(name), properties); }
  }

  function account(now) {
    if (!now || now === version) { return; }
    version = now;
    if (looked !== null) { return; }
    looked = window.setTimeout(function () {
      whenQuiet(function () {
        looked = null;
        lastLook = Date.now();
        set("live-account", { data: version });
        window.dash_clientside.set_props("markets-desk-news", { data: lastLook });
      });
    }, Math.max(50, lastLook + LOOK_EVERY_MS - Date.now()));
  }

  // ---- the stream ----
  function state(text) {
    const node = document.getElementById(id("live-state"));
    if (node) { window.sondePrices.write(node, text); }
  }
  function topics() {
    const symbols = Array.from(new Set([told.symbol].concat(told.watch || []))).slice(0, 40);
    return symbols.map((symbol) => "price:" + symbol).concat(told.account ? ["trade", "balance"] : []);
  }
  function close() {
    if (socket) { const old = socket; socket = null; old.close(); }
  }
  function open() {
    close();
    if (!told || !told.live) { return state("real time is off"); }
    if (!told.stream) { return state("follows by asking"); }
    const scheme = window.location.protocol === "https:" ? "wss://" : "ws://";
    const mine = socket = new WebSocket(scheme + window.location.host + told.stream);
    mine.onopen = function () {
      wait = 1000;
      state("follows the stream");
      const asked = { subscribe: topics() };
      if (told.account) { asked.account_id = told.account; }
      mine.send(JSON.stringify(asked));
    };
    mine.onmessage = function (message) {
      (JSON.parse(message.data).messages || [JSON.parse(message.data)]).forEach(take);
    };
    mine.onclose = function () {
      if (socket !== mine) { return; }
      socket = null;
      state("follows by asking");
      window.setTimeout(function () { if (!socket && present()) { open(); } }, wait);
      wait = Math.min(wait * 2, 30000);
    };
  }
  function take(message) {
    if (message.topic === "price") { window.sondePrices.hear(message); }
    if (message.topic === "trade" || message.topic === "balance") { account(message.seq); }
  }
  function present() { return Boolean(document.getElementById(id("price"))); }

  // what is followed: the page says it where it is drawn, and its choices change it
  function follow(now) {
    if (JSON.stringify(now) === JSON.stringify(told)) { return; }
    if (!told || told.bar_ms !== now.bar_ms || told.symbol !== now.symbol) { bar = null; }
    if (!told || told.account !== now.account || now.version > version) { version = now.version; }
    told = now;
    open();
  }
  function adopt() {
    const node = document.querySelector("[data-follow]");
    if (!node || node.dataset.follow === adopted) { return; }
    adopted = node.dataset.follow;
    follow(JSON.parse(adopted));
  }

  window.setInterval(function () {
    if (!present()) { close(); told = adopted = null; return; }
    adopt();
    level();
  }, LOOK_AGAIN_MS);

  window.dash_clientside.sondeDashboard = {
    look: function (timeframe, shown, before) {
      if (!before) { return skip(); }
      const state = Object.assign({}, before, { timeframe: timeframe || "", show: shown || [] });
      if (JSON.stringify(state) === JSON.stringify(before)) { return skip(); }
      window.sonde.setQuery({ timeframe: state.timeframe });
      const url = new URL(window.location.href);
      url.searchParams.set("show", state.show.join(","));
      window.history.replaceState(window.history.state, "", url);
      return state;
    },
    follow: function (look, watched, live) {
      adopt();
      if (!told || !look) { return skip(); }
      const lengths = { s: 1000, m: 60000, h: 3600000, d: 86400000, w: 604800000 };
      const name = look.timeframe || "";
      const length = name ? parseInt(name, 10) * lengths[name.slice(-1)] : told.bar_ms;
      const changes = { watch: watched || [], bar_ms: length };
      if (live !== undefined && live !== null) { changes.live = live; }
      follow(Object.assign({}, told, look, changes, { live: "live" in changes ? live : told.live }));
      return skip();
    },
    want: function (news) { return socket && socket.readyState === 1 ? skip() : news; },
    hear: function (news) {
      adopt();
      if (!news || !told) { return skip(); }
      if (!socket || socket.readyState !== 1) {
        news.prices.forEach(window.sondePrices.hear);
        account(news.version);
      }
      return skip();
    },
  };
})();
