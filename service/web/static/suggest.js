/* Suggestions while somebody types, as a combobox with a list (WAI-ARIA APG, "editable combobox with list
   autocomplete"). Without it, and when it finds nothing, the box is what it always is.

   A line that is slow, or whose owner saves data, is asked nothing: by what a browser says of it, and by how long
   answers took. Nothing is asked again that is known, nor a longer beginning of what had no answer. */
(function () {
  "use strict";
  var PAUSE_MS = 120, PAUSE_3G_MS = 300, FEWEST = 2, SLOW_MS = 1500, MOST_SLOW = 2, MOST_KNOWN = 50;
  var boxes = [].slice.call(document.querySelectorAll("[data-suggest]")), slow = 0;
  if (!window.fetch) { return; }

  /* Looked at each time: a phone changes its line. */
  function line() { return navigator.connection || {}; }
  function spared() { return line().saveData || /2g$/.test(line().effectiveType || "") || slow >= MOST_SLOW; }

  function begin(box, number) {
    var list = document.createElement("ul"), status = document.createElement("span");
    var address = box.getAttribute("data-suggest"), kept = [], options = [], at = -1, timer = 0, asked = 0;
    var shown = "", under = null, waiting = false, began = 0;
    list.id = "suggestions-" + number;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.getAttribute("data-suggest-label"));
    list.hidden = true;
    status.className = "unseen";
    status.setAttribute("aria-live", "polite");
    box.parentNode.appendChild(list);
    box.parentNode.appendChild(status);
    box.setAttribute("role", "combobox");
    box.setAttribute("autocomplete", "off");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "false");

    function close() {
      list.hidden = true;
      at = -1;
      status.textContent = "";
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    }
    function choose(next) {
      if (at >= 0) { list.children[at].setAttribute("aria-selected", "false"); }
      at = next;
      if (at < 0) { box.removeAttribute("aria-activedescendant"); return; }
      list.children[at].setAttribute("aria-selected", "true");
      list.children[at].scrollIntoView({ block: "nearest" });
      box.setAttribute("aria-activedescendant", list.children[at].id);
    }
    function said(count) {
      var name = count === 0 ? "none" : count === 1 ? "one" : "count";
      return box.getAttribute("data-suggest-" + name).replace("{count}", count);
    }
    function open(found) {
      options = found;
      list.textContent = "";
      found.forEach(function (one, index) {
        var item = document.createElement("li"), text = document.createElement("span"), kind = document.createElement("span");
        item.id = list.id + "-" + index;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        text.textContent = one.text;
        if (one.lang) { text.lang = one.lang; }
        kind.textContent = one.kind;
        kind.className = "n";
        item.appendChild(text);
        item.appendChild(document.createTextNode(" "));
        item.appendChild(kind);
        /* Before the box loses the focus, which closes the list. */
        item.addEventListener("mousedown", function (event) { event.preventDefault(); });
        item.addEventListener("click", function () { window.location.href = one.url; });
        list.appendChild(item);
      });
      at = -1;
      list.hidden = !found.length;
      box.setAttribute("aria-expanded", String(found.length > 0));
      box.removeAttribute("aria-activedescendant");
      status.textContent = said(found.length);
    }
    /* Whoever types on wants no answer to what stood there before. */
    function give() {
      asked += 1;
      if (waiting && Date.now() - began > SLOW_MS) { slow += 1; }
      waiting = false;
      if (under) { under.abort(); under = null; }
    }
    /* What is known of a text; [] where a beginning of it had no answer. A final y is an i, within a word it is none. */
    function answered(typed) {
      var found = null;
      kept.forEach(function (one) {
        if (one.typed === typed) { found = one.found; }
        else if (!found && !one.found.length && typed.indexOf(one.typed) === 0 && !/[yỳýỷỹỵ]$/i.test(one.typed)) { found = []; }
      });
      return found;
    }
    function keep(typed, found) {
      kept.push({ typed: typed, found: found });
      if (kept.length > MOST_KNOWN) { kept.shift(); }
    }
    function ask() {
      var typed = box.value.trim(), before = answered(typed), mine;
      if (typed === shown && !waiting) { return; }
      give();
      if (typed.length < FEWEST) { shown = ""; close(); return; }
      if (before) { shown = typed; open(before); return; }
      if (spared()) { shown = ""; close(); return; }
      mine = asked;
      began = Date.now();
      waiting = true;
      under = window.AbortController ? new AbortController() : null;
      fetch(address + "?q=" + encodeURIComponent(typed), { credentials: "same-origin", signal: under ? under.signal : undefined }).then(function (answer) {
        return answer.ok ? answer.json() : null;
      }).then(function (found) {
        if (mine !== asked) { return; }
        slow = Date.now() - began > SLOW_MS ? slow + 1 : 0;
        under = null;
        waiting = false;
        if (found) { keep(typed, found); }
        if (document.activeElement === box) { shown = typed; open(found || []); }
      }).catch(function () {
        /* Given up, or there is no line: the list belongs to other words by now. */
        if (mine === asked) { give(); shown = ""; close(); }
      });
    }

    /* Whoever chooses wants no other list under the finger, nor one that comes late. */
    function stay() {
      window.clearTimeout(timer);
      give();
      shown = box.value.trim();
    }

    box.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, line().effectiveType === "3g" ? PAUSE_3G_MS : PAUSE_MS);
    });
    box.addEventListener("blur", function () { window.clearTimeout(timer); give(); close(); shown = ""; });
    box.addEventListener("keydown", function (event) {
      if (event.isComposing) { return; }
      if (list.hidden) {
        if (event.key === "ArrowDown" && options.length && shown === box.value.trim()) { open(options); event.preventDefault(); }
        return;
      }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { stay(); }
      if (event.key === "ArrowDown") { choose(at + 1 < options.length ? at + 1 : -1); event.preventDefault(); }
      if (event.key === "ArrowUp") { choose(at < 0 ? options.length - 1 : at - 1); event.preventDefault(); }
      if (event.key === "Escape") { close(); event.preventDefault(); }
      if (event.key === "Enter" && at >= 0) { event.preventDefault(); window.location.href = options[at].url; }
    });
  }
  boxes.forEach(begin);
}());
