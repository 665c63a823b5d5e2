/* Suggestions while somebody types, as a combobox with a list (WAI-ARIA APG, "editable combobox with list
   autocomplete"). Without it, and when it finds nothing, the box is what it always is. */
(function () {
  "use strict";
  var PAUSE_MS = 120, FEWEST = 2;
  var boxes = [].slice.call(document.querySelectorAll("[data-suggest]"));
  var saving = navigator.connection && navigator.connection.saveData;
  if (!window.fetch || saving) { return; }

  function begin(box, number) {
    var list = document.createElement("ul"), status = document.createElement("span");
    var address = box.getAttribute("data-suggest"), options = [], at = -1, timer = 0, asked = 0, shown = "";
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
      status.textContent = found.length ? box.getAttribute("data-suggest-count").replace("{count}", found.length) : "";
    }
    function ask() {
      var typed = box.value.trim(), mine;
      if (typed.length < FEWEST) { shown = ""; asked += 1; close(); return; }
      if (typed === shown) { return; }
      asked += 1;
      mine = asked;
      fetch(address + "?q=" + encodeURIComponent(typed), { credentials: "same-origin" }).then(function (answer) {
        return answer.ok ? answer.json() : [];
      }).then(function (found) {
        /* What was asked before is no answer to what stands there now. */
        if (mine === asked && document.activeElement === box) { shown = typed; open(found); }
      }).catch(function () { return null; });
    }

    box.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, PAUSE_MS);
    });
    box.addEventListener("blur", function () { asked += 1; window.clearTimeout(timer); close(); shown = ""; });
    box.addEventListener("keydown", function (event) {
      if (event.isComposing) { return; }
      if (list.hidden) {
        if (event.key === "ArrowDown" && options.length && shown === box.value.trim()) { open(options); event.preventDefault(); }
        return;
      }
      if (event.key === "ArrowDown") { choose(at + 1 < options.length ? at + 1 : -1); event.preventDefault(); }
      if (event.key === "ArrowUp") { choose(at < 0 ? options.length - 1 : at - 1); event.preventDefault(); }
      if (event.key === "Escape") { close(); event.preventDefault(); }
      if (event.key === "Enter" && at >= 0) { event.preventDefault(); window.location.href = options[at].url; }
    });
  }
  boxes.forEach(begin);
}());
