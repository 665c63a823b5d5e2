/* The reader's keys (left and right turn the page) and the first look at the mark. Links do the same without it. */
(function () {
  "use strict";
  var mark = document.querySelector(".hit, .text mark");
  if (mark && !window.location.hash) {
    var box = mark.getBoundingClientRect();
    if (box.top < 0 || box.bottom > window.innerHeight) { mark.scrollIntoView({ block: "center" }); }
  }

  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.nodeName);
    if (typing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    var way = event.key === "ArrowLeft" ? "prev" : event.key === "ArrowRight" ? "next" : "";
    var link = way && document.querySelector("a[rel=" + way + "]");
    if (link) { window.location.href = link.href; }
  });
}());
