/* Share and copy: the buttons are hidden until this script can serve them. The link stands in a field for everybody. */
(function () {
  "use strict";
  var field = document.querySelector("[data-link]");
  var status = document.querySelector("[data-status]");
  if (!field) { return; }

  function said() { status.textContent = status.getAttribute("data-copied"); }

  function copyTheOldWay() {
    field.focus();
    field.select();
    if (document.execCommand("copy")) { said(); }
  }

  function copy() {
    /* The clipboard of Chrome 66 and newer needs https; older and plain http take the old way. */
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(field.value).then(said, copyTheOldWay);
    } else {
      copyTheOldWay();
    }
  }

  function share() {
    if (navigator.share) {
      navigator.share({ title: document.title, url: field.value }).catch(function (error) {
        if (error.name !== "AbortError") { copy(); }
      });
    } else {
      copy();
    }
  }

  [["[data-share]", share], ["[data-copy]", copy]].forEach(function (pair) {
    var button = document.querySelector(pair[0]);
    if (button) {
      button.hidden = false;
      button.addEventListener("click", pair[1]);
    }
  });
  field.addEventListener("focus", function () { field.select(); });
}());
