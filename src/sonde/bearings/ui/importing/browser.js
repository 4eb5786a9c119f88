// The import form: which part is shown, and the names of the chosen files.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.sondeImport = {
  chooseSource: function (source) { return [source !== "upload", source !== "folder"]; },
  remark: function (preset, remarks) { return (remarks || {})[preset] || ""; },
  nameFiles: function (names) {
    if (!names || !names.length) { return ""; }
    const some = names.slice(0, 6).join(", ");
    const more = names.length > 6 ? " and " + (names.length - 6) + " more" : "";
    return names.length + (names.length === 1 ? " file: " : " files: ") + some + more;
  },
};
