// What moves with prices: one store of the newest price of each symbol feeds every place of the
// page, whoever told it: the stream, an answer, or what the server has just drawn.
(function () {
  "use strict";
  const AGE_EVERY_MS = 1000;
  const known = {};         // by symbol: the newest price
  const counts = { heard: 0, frames: 0 };
  const taken = new WeakMap();
  let frame = null;
  let landing = null;

  // ---- taking in: only the newest price of each symbol waits for the next frame ----
  function hear(price) {
    counts.heard += 1;
    const at = Number(price.at_ms || 0);
    const before = known[price.symbol];
    if (before && at < before.at_ms && price.feed === before.feed && price.feed === "live") { return; }
    const seen = known[price.symbol] = Object.assign({}, price, { at_ms: at, heard_ms: Date.now() });
    if (frame === null) { frame = window.requestAnimationFrame(draw); }
    tell("sonde-price-heard", seen);
  }
  function tell(name, detail) { document.dispatchEvent(new CustomEvent(name, { detail: detail })); }

  // ---- drawing ----
  function draw() {
    frame = null;
    counts.frames += 1;
    show();
    tell("sonde-prices-drawn");
  }
  function show() {
    Object.keys(known).forEach((symbol) => place(known[symbol]));
    results();
  }
  function each(selector, act) { document.querySelectorAll(selector).forEach(act); }
  function named(attribute, symbol) { return "[" + attribute + "='" + CSS.escape(symbol) + "']"; }
  function write(node, text) { if (node.textContent !== text) { node.textContent = text; } }

  function grouped(text) {
    const parts = String(text).split(".");
    parts[0] = parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    return parts.join(".");
  }
  // what rounds to nought is not written as less than nought
  function fixed(value) { return value.toFixed(2).replace(/^-(0\.00)$/, "$1"); }
  function signed(value) { const text = fixed(value); return (text[0] === "-" ? "" : "+") + text; }
  function amount(value) { return grouped(signed(value)); }

  function place(price) {
    each(named("data-price", price.symbol), function (node) {
      if (price.price === null || price.price === undefined) { return write(node, "no price"); }
      const text = grouped(price.price);
      const before = Number(node.dataset.value || "nan");
      if (before === before && Number(price.price) !== before) {
        node.dataset.move = Number(price.price) > before ? "up" : "down";
      }
      node.dataset.value = price.price;
      write(node, text);
    });
    age(price);
  }

  // the clock of a recording is not ours: its age is what was told
  function age(price) {
    if (price.age_ms === null || price.age_ms === undefined) { return; }
    const since = price.feed === "replay" ? 0 : Date.now() - price.heard_ms;
    const seconds = (price.age_ms + since) / 1000;
    const text = words(seconds) + " old" + (price.is_stale ? ", stale" : "");
    each(named("data-age", price.symbol), function (node) {
      node.dataset.stale = price.is_stale ? "yes" : "no";
      write(node, text);
    });
  }
  function words(seconds) {
    const whole = Math.round(seconds);
    if (seconds >= 172800) { return grouped(Math.round(seconds / 86400)) + " days"; }
    if (whole < 60) { return whole + " s"; }
    if (whole < 3600) { return Math.floor(whole / 60) + " min " + (whole % 60) + " s"; }
    return Math.floor(whole / 3600) + " h " + Math.floor((whole % 3600) / 60) + " min";
  }

  // what a position would bring is a line over the price, and so is what equity moves by
  function since(symbol, mark) {
    const price = known[symbol];
    return !price || !price.price || price.feed === "file" ? 0 : Number(price.price) - mark;
  }
  function share(value, of) {
    return of ? " (" + signed(100 * value / of) + " %)" : "";
  }
  function results() {
    each("[data-result-symbol]", function (node) {
      const line = node.dataset;
      const value = Number(line.resultBase)
        + Number(line.resultSlope) * since(line.resultSymbol, Number(line.resultMark));
      write(node, amount(value) + share(value, Number(line.resultCost)));
      node.className = "sonde-trend is-" + (value > 0 ? "teal" : value < 0 ? "red" : "gray");
    });
    each("[data-moves]", function (node) {
      const by = JSON.parse(node.dataset.movesBy);
      const value = Object.keys(by).reduce(
        (sum, symbol) => sum + by[symbol][0] * since(symbol, by[symbol][1]), Number(node.dataset.moves));
      const text = node.dataset.movesSigned ? amount(value) : grouped(fixed(value));
      write(node, text + " " + node.dataset.movesUnit + share(value, Number(node.dataset.movesOf || 0)));
    });
  }

  // ---- rows stand, so that a click or the focus on their buttons is not lost; places in them move ----
  function move(rows) {
    if (taken.get(rows) === rows.dataset.moved) { return; }
    taken.set(rows, rows.dataset.moved);
    const moved = JSON.parse(rows.dataset.moved);
    rows.querySelectorAll("[data-place]").forEach(function (node) {
      const told = moved[node.dataset.place] || {};
      Object.keys(told).forEach(function (name) {
        if (name === "text") { write(node, told.text); }
        else if (name === "class") { node.className = told.class; }
        else { node.setAttribute("data-" + name, told[name]); }
      });
    });
  }

  // ---- what the server has just drawn is heard too, and nothing stays at another price ----
  function land() {
    landing = null;
    each("[data-moved]", move);
    each("[data-told]", function (node) {
      const told = node.dataset.told;
      if (taken.get(node) === told) { return; }
      taken.set(node, told);
      hear(JSON.parse(told));
    });
    show();
  }
  function landed(records) {
    const fresh = (one) => one.type === "attributes"
      || Array.from(one.addedNodes).some((node) => node.nodeType === 1);
    if (landing === null && records.some(fresh)) { landing = window.requestAnimationFrame(land); }
  }
  new MutationObserver(landed).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-told", "data-moved", "data-moves", "data-moves-by"],
  });
  window.setInterval(() => Object.values(known).forEach(age), AGE_EVERY_MS);

  // a message of the stream may also be handed in by hand, and what was drawn can be counted
  window.sondePrices = { known: known, counts: counts, hear: hear, grouped: grouped, write: write };
})();
