/* The reader's keys (left and right turn the page; +, - and 0 zoom its picture), the first look at the mark, and the change from the text to
   the page's picture when that was not ready in time. Links do the same without it. */
(function () {
  "use strict";
  var mark = document.querySelector(".hit, .text mark");
  if (mark && !window.location.hash) {
    var box = mark.getBoundingClientRect();
    if (box.top < 0 || box.bottom > window.innerHeight) { mark.scrollIntoView({ block: "center" }); }
  }
  var stood = window.pageYOffset;

  /* A browser without MathML (Chrome before 109) runs the signs of a formula together: there its words stand instead. */
  var formulas = document.querySelectorAll(".chapter math");
  if (formulas.length && !window.MathMLElement) {
    Array.prototype.forEach.call(formulas, function (formula) {
      formula.parentNode.replaceChild(document.createTextNode(formula.getAttribute("alttext") || formula.textContent), formula);
    });
  }

  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT|VIDEO|AUDIO)$/.test(event.target.nodeName);
    if (typing || event.altKey || event.ctrlKey || event.metaKey) { return; }
    /* A wide table or formula is moved with the same keys. */
    var moves = event.target.closest && event.target.closest(".rows, .formula");
    var way = event.shiftKey || moves ? "" : event.key === "ArrowLeft" ? "prev" : event.key === "ArrowRight" ? "next" : "";
    var link = way && document.querySelector("a[rel=" + way + "]");
    if (link && !(frame && frame.contains(event.target) && step)) { window.location.href = link.href; return; }
    var by = event.key === "+" || event.key === "=" ? 1 : event.key === "-" ? -1 : event.key === "0" ? 0 : null;
    if (by !== null && frame) { event.preventDefault(); scale(by); }
  });

  /* Larger than the page is wide: then the picture moves in a frame that the keyboard reaches, drawn from the larger
     file. */
  var SIZES = [1, 1.5, 2, 3, 4], step = 0;
  var zoom = document.querySelector("[data-zoom]"), frame = document.querySelector("[data-frame]");
  function scale(by) {
    step = by === 0 ? 0 : Math.max(0, Math.min(SIZES.length - 1, step + by));
    var sheet = frame.querySelector(".sheet"), picture = frame.querySelector("img");
    var middle = (frame.scrollLeft + frame.clientWidth / 2) / Math.max(1, frame.scrollWidth);
    frame.classList[step ? "add" : "remove"]("large");
    sheet.style.width = step ? SIZES[step] * 100 + "%" : "";
    if (step && picture.getAttribute("src") !== frame.getAttribute("data-large")) {
      var source = frame.querySelector("source");
      if (source) { source.parentNode.removeChild(source); }
      picture.src = frame.getAttribute("data-large");
    }
    if (step) {
      frame.tabIndex = 0;
      frame.setAttribute("role", "region");
      frame.setAttribute("aria-label", frame.getAttribute("data-frame"));
    } else {
      frame.removeAttribute("tabindex");
      frame.removeAttribute("role");
      frame.removeAttribute("aria-label");
    }
    frame.scrollLeft = middle * frame.scrollWidth - frame.clientWidth / 2;
    zoom.querySelector("[data-size]").textContent = SIZES[step] * 100 + "%";
  }
  if (zoom && frame) {
    zoom.hidden = false;
    zoom.addEventListener("click", function (event) {
      var button = event.target.closest("[data-by]");
      if (button) { scale(Number(button.getAttribute("data-by"))); }
    });
  }

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
