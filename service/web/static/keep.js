/* Keeps a resource on this phone, lists what is kept, frees its space. Everything stands in the browser's own caches,
   one a resource; the library hears of it no more than of any page that is opened. */
(function () {
  "use strict";
  var KEPT = "hoclieu-kept-", NOTE = "/kept-note", ASSETS = "hoclieu-assets";
  var root = document.querySelector("[data-keeping]");
  if (!root || !("caches" in window) || !("serviceWorker" in navigator)) { return; }
  function said(name) { return root.getAttribute("data-" + name) || ""; }
  var status = root.querySelector("[data-status]");
  function tell(sentence) { status.textContent = sentence; }
  function fill(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  }
  /* As the server writes sizes: 1 KB is 1,000 bytes. */
  function size(bytes) {
    var units = [["GB", 1e9], ["MB", 1e6], ["KB", 1e3]];
    for (var at = 0; at < units.length; at += 1) {
      if (bytes >= units[at][1]) {
        var value = bytes / units[at][1];
        var text = (value >= 100 || units[at][0] === "KB" ? Math.round(value) : Math.round(value * 10) / 10).toString();
        return (document.documentElement.lang === "vi" ? text.replace(".", ",") : text) + " " + units[at][0];
      }
    }
    return bytes + " B";
  }

  function start() {
    return navigator.serviceWorker.register(said("worker"), { scope: said("scope") });
  }
  function note(name) {
    return caches.open(name).then(function (cache) { return cache.match(NOTE); }).then(function (found) {
      return found ? found.json() : null;
    });
  }
  /* (name, note) of all that is kept; what was cut off half way is taken away. */
  function all() {
    return caches.keys().then(function (names) {
      return Promise.all(names.filter(function (name) { return name.indexOf(KEPT) === 0; }).map(function (name) {
        return note(name).then(function (found) {
          if (!found) { return caches.delete(name).then(function () { return null; }); }
          found.cache = name;
          return found;
        });
      }));
    }).then(function (found) { return found.filter(Boolean).sort(function (a, b) { return b.at - a.at; }); });
  }
  function room() {
    if (!navigator.storage || !navigator.storage.estimate) { return Promise.resolve(null); }
    return navigator.storage.estimate().then(function (found) { return found.quota - found.usage; }, function () { return null; });
  }

  /* kind: "page", "file" or "asset". */
  function fetched(cache, address, kind) {
    var asPage = kind === "page";
    /* A file comes through the library: what another origin answers, no script of a page may read.
       A page is said to be fetched ahead, so that it is not counted as somebody's opening. */
    return fetch(kind === "file" ? address + (address.indexOf("?") < 0 ? "?" : "&") + "here=1" : address, { credentials: "same-origin", headers: asPage ? { "X-Purpose": "prefetch" } : {} }).then(function (answer) {
      if (!answer.ok) { throw new Error(address + ": " + answer.status); }
      return answer.blob().then(function (blob) {
        var headers = new Headers();
        ["content-type", "etag", "content-disposition", "content-security-policy", "x-content-type-options"].forEach(function (name) {
          if (answer.headers.get(name)) { headers.set(name, answer.headers.get(name)); }
        });
        return cache.put(address, new Response(blob, { status: 200, headers: headers })).then(function () { return blob.size; });
      });
    });
  }
  function addresses(button, kind) { return JSON.parse(button.getAttribute("data-" + kind)); }

  function keep(button) {
    var pages = addresses(button, "pages"), files = addresses(button, "files"), assets = JSON.parse(said("assets"));
    var wanted = pages.map(function (one) { return [one, "page"]; }).concat(files.map(function (one) { return [one, "file"]; }));
    var name = KEPT + said("resource"), taken = 0;
    function step(cache, number) {
      if (number === wanted.length) { return Promise.resolve(); }
      tell(fill(said("progress"), { done: number + 1, all: wanted.length }));
      return fetched(cache, wanted[number][0], wanted[number][1]).then(function (bytes) {
        taken += bytes;
        return step(cache, number + 1);
      });
    }
    root.setAttribute("aria-busy", "true");
    return room().then(function (left) {
      if (left !== null && left < Number(button.getAttribute("data-bytes"))) { tell(fill(said("full"), { left: size(Math.max(0, left)) })); return; }
      return start().then(function () {
        return caches.open(ASSETS);
      }).then(function (cache) {
        return Promise.all(assets.map(function (one) { return cache.match(one).then(function (has) { return has || fetched(cache, one, "asset"); }); }));
      }).then(function () { return caches.open(name); }).then(function (cache) {
        return step(cache, 0).then(function () { return rest(cache, wanted); }).then(function () {
          var made = { id: said("resource"), title: said("title"), lang: said("title-lang"), url: pages[0], text: pages[1] || "", file: files[files.length - 1] || "", offer: button.getAttribute("data-offer"), with_file: button.getAttribute("data-offer") !== "light", bytes: taken, at: Date.now() };
          return cache.put(NOTE, new Response(JSON.stringify(made), { headers: { "Content-Type": "application/json" } }));
        });
      }).then(function () {
        /* Asked once: the browser may then keep it when the phone runs short of room. */
        if (navigator.storage && navigator.storage.persist) { navigator.storage.persist().catch(function () { return null; }); }
        tell(fill(said("done"), { size: size(taken) }));
        show();
      });
    }).catch(function (error) {
      /* What was kept before stays, each of its pages whole; what was not, goes. */
      return note(name).then(function (before) { return before ? null : caches.delete(name); }).then(function () {
        return error && error.name === "QuotaExceededError" ? room() : undefined;
      }).then(function (left) {
        if (left === undefined) { tell(said("failed")); }
        else { tell(left === null ? said("no-room") : fill(said("full"), { left: size(Math.max(0, left)) })); }
      });
    }).then(function () { root.removeAttribute("aria-busy"); });
  }
  /* Of a former keeping, what this one does not have. */
  function rest(cache, wanted) {
    var addresses = wanted.map(function (one) { return one[0]; }).concat(NOTE).map(function (one) { return new URL(one, window.location.href).href; });
    return cache.keys().then(function (held) {
      return Promise.all(held.filter(function (one) { return addresses.indexOf(one.url) < 0; }).map(function (one) { return cache.delete(one); }));
    });
  }

  function drop(name) {
    return caches.delete(name).then(leave).then(function () { tell(said("dropped")); show(); });
  }
  /* The last one takes with it what only kept pages need. */
  function leave() {
    return all().then(function (kept) { return kept.length ? null : caches.delete(ASSETS); });
  }

  /* On the page of one resource: whether it is kept. */
  function show() {
    if (said("resource")) {
      note(KEPT + said("resource")).then(function (found) {
        var remove = root.querySelector("[data-drop]");
        remove.hidden = !found;
        root.querySelector("[data-is-kept]").hidden = !found;
        /* What was said before is what the library reckoned; of what is here the phone knows it. */
        var button = found && root.querySelector("[data-offer='" + found.offer + "'] [data-size]");
        if (button) { button.textContent = size(found.bytes); }
        if (!found) { caches.delete(KEPT + said("resource")); }
      });
    } else { list(); }
  }

  function element(name, text, attributes) {
    var made = document.createElement(name);
    made.textContent = text;
    Object.keys(attributes || {}).forEach(function (one) { made.setAttribute(one, attributes[one]); });
    return made;
  }
  function line(one) {
    var item = document.createElement("li"), heading = element("h2", "", {}), about = element("p", "", { "class": "meta" });
    heading.appendChild(element("a", one.title, one.lang ? { href: one.url, lang: one.lang } : { href: one.url }));
    about.textContent = size(one.bytes) + " · " + new Date(one.at).toLocaleDateString(document.documentElement.lang);
    item.appendChild(heading);
    item.appendChild(about);
    var tools = element("div", "", { "class": "tools" });
    if (one.text) { tools.appendChild(element("a", said("read"), { "class": "button", href: one.text })); }
    if (one.with_file && one.file) { tools.appendChild(element("a", said("open"), { "class": "button", href: one.file })); }
    var remove = element("button", said("drop"), { "class": "button", type: "button", "aria-label": said("drop") + ": " + one.title });
    remove.addEventListener("click", function () { drop(one.cache); });
    tools.appendChild(remove);
    item.appendChild(tools);
    return item;
  }
  function list() {
    all().then(function (kept) {
      var shown = root.querySelector("[data-list]"), bytes = kept.reduce(function (sum, one) { return sum + one.bytes; }, 0);
      shown.textContent = "";
      kept.forEach(function (one) { shown.appendChild(line(one)); });
      root.querySelector("[data-none]").hidden = kept.length > 0;
      root.querySelector("[data-drop-all]").hidden = kept.length < 2;
      return room().then(function (left) {
        root.querySelector("[data-total]").textContent = !kept.length ? "" : fill(said("total"), { size: size(bytes) }) + (left === null ? "" : " " + fill(said("left"), { left: size(left) }));
      });
    });
  }

  [].slice.call(root.querySelectorAll("[data-offer]")).forEach(function (button) {
    button.addEventListener("click", function () { if (!root.hasAttribute("aria-busy")) { keep(button); } });
  });
  var one = root.querySelector("[data-drop]");
  if (one) { one.addEventListener("click", function () { drop(KEPT + said("resource")); }); }
  var every = root.querySelector("[data-drop-all]");
  if (every) {
    every.addEventListener("click", function () {
      all().then(function (kept) { return Promise.all(kept.map(function (each) { return caches.delete(each.cache); })); }).then(leave).then(function () {
        tell(said("dropped"));
        list();
      });
    });
  }
  [].slice.call(document.querySelectorAll("[data-scripted]")).forEach(function (each) { each.hidden = false; });
  [].slice.call(document.querySelectorAll("[data-unscripted]")).forEach(function (each) { each.hidden = true; });
  /* The list also stands in the place of a page that could not be fetched: then its address is that page's. */
  var offline = root.querySelector("[data-offline]");
  function line_is_cut() {
    offline.hidden = navigator.onLine !== false && window.location.pathname === new URL(offline.getAttribute("data-offline"), window.location.href).pathname;
  }
  if (offline) {
    line_is_cut();
    window.addEventListener("online", line_is_cut);
    window.addEventListener("offline", line_is_cut);
  }
  if (!said("resource")) { start().catch(function () { return null; }); }
  show();
}());
