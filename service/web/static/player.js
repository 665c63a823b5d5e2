/* The player and its transcript: a line leads to its moment without loading the page anew, and the line that runs is
   marked. Without it the lines are links, and the address says where the player begins. */
(function () {
  "use strict";
  var player = document.querySelector("[data-player]");
  if (!player) { return; }
  var list = document.querySelector("[data-lines]");
  var lines = list ? [].slice.call(list.querySelectorAll("[data-start]")) : [];
  var current = list && list.querySelector("[aria-current]");

  /* Only the list moves, and only where it has a height of its own. */
  function show(line) {
    if (list.scrollHeight > list.clientHeight + 1) {
      list.scrollTop = line.parentNode.offsetTop - list.offsetTop - list.clientHeight / 3;
    }
  }

  function mark(line) {
    if (line === current) { return; }
    if (current) { current.removeAttribute("aria-current"); }
    current = line;
    line.setAttribute("aria-current", "true");
    if (!list.contains(document.activeElement)) { show(line); }
  }

  function start(line) { return Number(line.getAttribute("data-start")); }

  if (lines.length) {
    if (current) { show(current); }
    player.addEventListener("timeupdate", function () {
      /* The list may begin in the middle of a long recording. */
      var now = player.currentTime + 0.25, running = lines[0];
      for (var at = 0; at < lines.length && start(lines[at]) <= now; at += 1) { running = lines[at]; }
      if (!player.paused || player.seeking) { mark(running); }
    });
    list.addEventListener("click", function (event) {
      var line = event.target.closest("[data-start]");
      if (!line || event.ctrlKey || event.metaKey || event.shiftKey || event.button || player.error) { return; }
      event.preventDefault();
      mark(line);
      player.currentTime = start(line);
      window.history.replaceState(null, "", line.href);
      var playing = player.play();
      if (playing) { playing.catch(function () { return null; }); }
    });
  }

  var silent = document.querySelector("[data-silent]");
  function say() { if (silent) { silent.hidden = false; } }
  player.addEventListener("error", say);
  if (player.error) { say(); }
}());
