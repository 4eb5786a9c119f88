// The page of trading: keys of tickets, quick amounts, and which button was pressed.
window.dash_clientside = window.dash_clientside || {};
(function () {
  "use strict";
  const PAUSE_MS = 350;
  let typed = 0;
  const skip = () => window.dash_clientside.no_update;
  const context = () => window.dash_clientside.callback_context;

  function clicked() {
    const all = context().triggered;
    return all.length > 0 && Boolean(all[0].value);
  }

  window.dash_clientside.sondeTrade = {
    // one key for one ticket: whatever is clicked again under it opens nothing more
    renew: function () {
      window.dash_clientside.set_props("markets-trade-ticket-said", { children: "" });
      const numbers = window.crypto.getRandomValues(new Uint32Array(4));
      return "ticket-" + Array.from(numbers, (one) => one.toString(36)).join("-");
    },
    // a click sends what stands there; the check waits until nobody types
    settle: function () {
      const mine = (typed += 1);
      return new Promise((done) =>
        window.setTimeout(() => done(mine === typed ? mine : skip()), PAUSE_MS));
    },
    quick: function (_clicks, most) {
      if (!clicked()) { return [skip(), skip()]; }
      const label = context().triggered_id.label;
      const amount = label === "max" ? most : label;
      return amount ? [amount, "currency"] : [skip(), skip()];
    },
    // which fields an order has, and what it does in words
    shape: function (kind, as, holds) {
      const words = JSON.parse(document.querySelector("[data-order-words]").dataset.orderWords);
      return [
        !["limit", "stop_limit"].includes(kind),
        !["stop", "stop_limit", "take_profit"].includes(kind),
        kind !== "trailing",
        as !== "perpetual",
        holds !== "GTD",
        !["limit", "stop", "stop_limit", "take_profit"].includes(kind),
        words[kind] || "",
      ];
    },
    asked: function () {
      if (!clicked()) { return skip(); }
      const cause = context().triggered_id;
      return { act: cause.act, trade: cause.trade, at: Date.now() };
    },
  };
})();
