/* What the live list can't say in markup alone. The page works without this file. */
(function () {
  "use strict";

  // A field is invalid exactly while the words beside it say so.
  function mark() {
    document.querySelectorAll("#need .error").forEach(function (words) {
      document.querySelectorAll('#need [aria-describedby~="' + words.id + '"]').forEach(function (field) {
        if (words.textContent.trim()) {
          field.setAttribute("aria-invalid", "true");
          var folded = field.closest("details");
          if (folded) { folded.open = true; }
        } else if (words.id !== "e-weights") {
          field.removeAttribute("aria-invalid");
        }
      });
    });
  }

  // After the button, not after every change: bring what was asked for before the reader's eyes.
  document.addEventListener("htmx:afterSettle", function (event) {
    mark();
    var cause = event.detail.requestConfig && event.detail.requestConfig.triggeringEvent;
    if (!cause || cause.type !== "submit") { return; }
    var goal = document.getElementById("problems") || document.getElementById("results");
    if (goal) { goal.setAttribute("tabindex", "-1"); goal.focus(); }
  });
})();
