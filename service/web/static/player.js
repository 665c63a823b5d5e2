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

  /* Places are whole seconds, rounded down: at that second the caption before it may still be shown. So a passage
     begins with the cue that begins within its second. */
  function cues() {
    var track = player.textTracks && player.textTracks[0];
    return track && track.cues ? [].slice.call(track.cues) : [];
  }
  function exact(second) {
    var own = cues().filter(function (cue) { return cue.startTime >= second && cue.startTime < second + 1; })[0];
    return own ? own.startTime + 0.01 : second;
  }
  var begins = player.hasAttribute("data-begins") ? Number(player.getAttribute("data-begins")) : null;
  function align() {
    if (begins === null || player.readyState < 1 || !cues().length) { return; }
    if (player.paused && Math.abs(player.currentTime - begins) < 0.2) { player.currentTime = exact(begins); }
    begins = null;
  }
  var first = player.querySelector("track");
  if (first) {
    /* What is off is not loaded. */
    if (first.track.mode === "disabled") { first.track.mode = "hidden"; }
    first.addEventListener("load", align);
    player.addEventListener("loadeddata", align);
    align();
  }

  /* A line that is slow by the browser's own account: the lightest form, unless somebody has chosen. */
  var line = window.navigator.connection, lightest = player.getAttribute("data-lightest");
  if (lightest && line && (line.saveData || /^(slow-2g|2g|3g)$/.test(line.effectiveType || ""))) {
    var forms = [].slice.call(document.querySelectorAll("[data-quality]"));
    forms.forEach(function (form) {
      if (form.getAttribute("data-quality") !== lightest) { form.removeAttribute("aria-current"); return; }
      form.setAttribute("aria-current", "true");
      var at = (player.getAttribute("src").split("#")[1] || "");
      player.src = form.getAttribute("data-url") + (at ? "#" + at : "");
      document.querySelector("[data-saved]").hidden = false;
    });
  }

  var speed = document.querySelector("[data-speed]");
  if (speed) {
    var choice = speed.querySelector("select");
    speed.hidden = false;
    try { choice.value = window.localStorage.getItem("speed") || "1"; } catch (_) { choice.value = "1"; }
    if (choice.selectedIndex < 0) { choice.value = "1"; }
    player.defaultPlaybackRate = player.playbackRate = Number(choice.value);
    choice.addEventListener("change", function () {
      player.defaultPlaybackRate = player.playbackRate = Number(choice.value);
      try { window.localStorage.setItem("speed", choice.value); } catch (_) { return; }
    });
  }

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
      begins = null;
      player.currentTime = exact(start(line));
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
