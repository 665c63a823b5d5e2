/* Share and copy: the buttons are hidden until this script can serve them. The link stands in a field for everybody. */
(function () {
  "use strict";
  var field = document.querySelector("[data-link]");
  var status = document.querySelector("[data-status]");
  if (!field) { return; }

  function said(id) { status.textContent = status.getAttribute("data-copied-" + id); }

  function copyTheOldWay(id) {
    var source = document.getElementById(id);
    if (source === field) {
      field.focus();
      field.select();
    } else {
      window.getSelection().selectAllChildren(source);
    }
    if (document.execCommand("copy")) { said(id); }
  }

  function copy(id) {
    var source = document.getElementById(id);
    var text = source === field ? field.value : source.textContent.trim();
    /* The clipboard of Chrome 66 and newer needs https; older and plain http take the old way. */
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(function () { said(id); }, function () { copyTheOldWay(id); });
    } else {
      copyTheOldWay(id);
    }
  }

  function share() {
    if (navigator.share) {
      navigator.share({ title: document.title, url: field.value }).catch(function (error) {
        if (error.name !== "AbortError") { copy("link"); }
      });
    } else {
      copy("link");
    }
  }

  function serve(button, act) {
    button.hidden = false;
    button.addEventListener("click", act);
  }

  [].forEach.call(document.querySelectorAll("[data-copy]"), function (button) {
    serve(button, function () { copy(button.getAttribute("data-copy")); });
  });
  [].forEach.call(document.querySelectorAll("[data-share]"), function (button) { serve(button, share); });
  field.addEventListener("focus", function () { field.select(); });
}());
