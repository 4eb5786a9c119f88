// New experiment: what is shown depends on what is chosen, and needs no server.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.learningNew = {
  showModel: function (model, forms, deep) {
    const shown = (isShown) => (isShown ? {} : { display: "none" });
    return [forms.map((form) => shown(form.model === model)), shown((deep || []).includes(model))];
  },
  showDetails: function (policy) {
    const shown = (...names) => (names.includes(policy) ? {} : { display: "none" });
    return [
      shown("protocol"),
      shown("leave-one-attribute-out"),
      shown("group-k-fold"),
      shown("stratified-group-hold-out", "random-windows"),
    ];
  },
  begin: function (experiment) {
    if (experiment) { window.location.assign("/experiment/new?clone=" + encodeURIComponent(experiment)); }
    return window.dash_clientside.no_update;
  },
  allow: function (verdict, consent) {
    const ready = Boolean(verdict && verdict.ready);
    const leaks = Boolean(verdict && verdict.leaks);
    const words = verdict && verdict.before ? "Queue training" : "Start training";
    return [!ready || (leaks && !consent), words, leaks ? {} : { display: "none" }];
  },
};
