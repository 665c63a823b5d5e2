/* Opens what is kept on this phone when the network does not. TOLD comes from the server: root (path before all
   addresses), lists (language prefix -> page of what is kept), assets. Every kept resource is a cache of its own,
   which the page that kept it has filled; nothing here sends anything to anybody.

   A kept page is asked from the network first, and shown from the phone when that fails or takes too long. What the
   library has withdrawn goes from the phone as soon as the library can say so. */
(function () {
  "use strict";
  var SHELL = "hoclieu-shell-2", KEPT = "hoclieu-kept-", PATIENCE_MS = 4000;
  /* A file, or a smaller form of a recording. */
  var FILE = /\/files\/\d+(\/lighter\/[\w.]+)?$/;
  var ABOUT = new RegExp("^" + TOLD.root.replace(/[^\w/]/g, "\\$&") + "((?:/[a-z]{2})?)/resources/([^/]+)(/.*)?$");

  self.addEventListener("install", function (event) {
    var needed = Object.keys(TOLD.lists).map(function (prefix) { return TOLD.lists[prefix]; }).concat(TOLD.assets);
    event.waitUntil(caches.open(SHELL).then(function (cache) {
      return cache.addAll(needed.map(function (address) { return new Request(address, { cache: "reload" }); }));
    }).then(function () { return self.skipWaiting(); }));
  });

  self.addEventListener("activate", function (event) {
    event.waitUntil(caches.keys().then(function (names) {
      return Promise.all(names.filter(function (name) {
        return name.indexOf("hoclieu-shell-") === 0 && name !== SHELL;
      }).map(function (name) { return caches.delete(name); }));
    }).then(function () { return self.clients.claim(); }));
  });

  function within(ms, promise) {
    return new Promise(function (resolve, reject) {
      setTimeout(reject, ms, new Error("slow"));
      promise.then(resolve, reject);
    });
  }

  /* From the library. Whatever address of a resource says that it was withdrawn, nothing of it stays, even where the
     answer comes too late for whoever asked. */
  function fetched(request, about, options) {
    return fetch(request, options).then(function (answer) {
      var gone = answer.status === 410 || (answer.status === 404 && !about[3]);
      return gone ? caches.delete(KEPT + about[2]).then(function () { return answer; }) : answer;
    });
  }

  /* Players ask for parts; Cache holds wholes. */
  function part(request, whole) {
    var range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") || "");
    if (!range) { return whole; }
    return whole.blob().then(function (blob) {
      var first = Number(range[1]), last = Math.min(range[2] ? Number(range[2]) : blob.size - 1, blob.size - 1);
      if (first > last) { return new Response("", { status: 416, headers: { "Content-Range": "bytes */" + blob.size } }); }
      return new Response(blob.slice(first, last + 1, blob.type), {
        status: 206,
        headers: {
          "Content-Type": whole.headers.get("content-type") || blob.type,
          "Content-Range": "bytes " + first + "-" + last + "/" + blob.size,
          "Content-Length": String(last + 1 - first), "Accept-Ranges": "bytes"
        }
      });
    });
  }

  /* A file that has not changed need not be sent again. */
  function file(request, whole, about) {
    var tag = whole.headers.get("etag");
    var asked = tag ? within(PATIENCE_MS, fetched(request.url, about, { method: "HEAD", headers: { "If-None-Match": tag } })) : Promise.reject(new Error("untagged"));
    return asked.then(function (answer) {
      return answer.status === 304 || answer.status >= 500 ? part(request, whole) : fetch(request);
    }, function () { return part(request, whole); });
  }

  /* Where a page of a kept resource is not kept itself: its text, else its first page. */
  function nearest(cache, about) {
    var base = TOLD.root + about[1] + "/resources/" + about[2];
    return cache.match(base + "/text?part=1").then(function (found) { return found || cache.match(base); });
  }

  function list(prefix) {
    var address = TOLD.lists[prefix] || TOLD.lists[""];
    return caches.open(SHELL).then(function (cache) { return cache.match(address); }).then(function (found) {
      return found || Response.error();
    });
  }

  function page(request, about) {
    var name = KEPT + (about ? about[2] : "");
    return (about ? caches.has(name) : Promise.resolve(false)).then(function (has) {
      if (!has) {
        return fetch(request).catch(function () {
          var prefix = new URL(request.url).pathname.slice(TOLD.root.length).match(/^(\/[a-z]{2})?(?=\/|$)/);
          return list(prefix && prefix[1] ? prefix[1] : "");
        });
      }
      return caches.open(name).then(function (cache) {
        return cache.match(request).then(function (whole) {
          var asked = fetched(request, about);
          return (whole ? within(PATIENCE_MS, asked) : asked).then(function (answer) {
            return answer.status >= 500 && whole ? whole : answer;
          }, function () {
            return whole || nearest(cache, about).then(function (found) { return found || list(about[1]); });
          });
        });
      });
    });
  }

  function piece(request, about) {
    if (!about) { return caches.match(request).then(function (found) { return found || fetch(request); }); }
    return caches.has(KEPT + about[2]).then(function (has) {
      if (!has) { return fetch(request); }
      return caches.open(KEPT + about[2]).then(function (cache) { return cache.match(request.url); }).then(function (whole) {
        if (!whole) { return fetched(request, about); }
        return FILE.test(about[3] || "") ? file(request, whole, about) : fetched(request, about).catch(function () { return whole; });
      });
    });
  }

  self.addEventListener("fetch", function (event) {
    var request = event.request, url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) { return; }
    if (request.headers.get("x-purpose")) { return; }
    var about = ABOUT.exec(url.pathname);
    if (request.mode === "navigate" && !FILE.test(url.pathname)) { event.respondWith(page(request, about)); return; }
    if (about || url.pathname.indexOf(TOLD.root + "/static/") === 0) { event.respondWith(piece(request, about)); }
  });
}());
