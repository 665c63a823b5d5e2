/* The reader's keys (left and right turn the page), the first look at the mark, and the change from the text to
   the page's picture when that was not ready in time. Links do the same without it. */
(function () {
  "use strict";
  var mark = document.querySelector(".hit, .text mark");
  if (mark && !window.location.hash) {
    var box = mark.getBoundingClientRect();
    if (box.top < 0 || box.bottom > window.innerHeight) { mark.scrollIntoView({ block: "center" }); }
  }
  var stood = window.pageYOffset;

  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT|VIDEO|AUDIO)$/.test(event.target.nodeName);
    if (typing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    var way = event.key === "ArrowLeft" ? "prev" : event.key === "ArrowRight" ? "next" : "";
    var link = way && document.querySelector("a[rel=" + way + "]");
    if (link) { window.location.href = link.href; }
  });

  /* The server answers when the picture is made, or after some seconds that it is not: then it is asked again.
     Whoever has begun to read is told and not interrupted. Once an address, or a page without words would come back
     for ever. */
  var TRIES = 6, PAUSE_MS = 1000;
  var notice = document.querySelector(".notice[data-picture]");
  function swap() {
    var key = "picture " + window.location.href, again = true;
    try {
      again = !window.sessionStorage.getItem(key);
      window.sessionStorage.setItem(key, "1");
    } catch (_) { again = false; }
    if (again && Math.abs(window.pageYOffset - stood) < 40 && !String(window.getSelection())) { window.location.reload(); return; }
    notice.querySelector("span").textContent = notice.getAttribute("data-ready");
  }
  function ask(left) {
    var picture = new Image();
    picture.onload = swap;
    picture.onerror = function () { if (left > 1) { window.setTimeout(ask, PAUSE_MS, left - 1); } };
    picture.src = notice.getAttribute("data-picture");
  }
  if (notice) { ask(TRIES); }
}());
