// The wallet's page. Without scripts its link, its box to scan and its button do the same.
(function () {
  "use strict";
  var root = document.getElementById("identitas");
  var section = document.getElementById("peramban");
  var form = section && section.querySelector("form");
  var source = document.getElementById("permintaan");
  if (!root) return;

  // W3C Digital Credentials API: the browser asks the wallet, and our own origin is part of what the wallet signs.
  if (form && source && window.DigitalCredential && navigator.credentials && navigator.credentials.get) {
    var requests = JSON.parse(source.textContent);
    section.hidden = false;
    form.addEventListener("submit", function (event) {
      if (form.elements.data.value) return;
      event.preventDefault();
      navigator.credentials.get({ mediation: "required", digital: { requests: requests } }).then(function (found) {
        form.elements.data.value = typeof found.data === "string" ? found.data : JSON.stringify(found.data);
        form.submit();
      }).catch(function () {
        document.getElementById("maaf").hidden = false;
      });
    });
  }

  // Look again while somebody looks at the page; the answer itself is fetched by the form alone.
  var EVERY = 3000;
  function look() {
    if (document.hidden) return wait();
    fetch(root.dataset.standing, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (reply) { return reply.json(); })
      .then(function (told) {
        if (told.there === "answered") document.getElementById("lanjut").submit();
        else if (told.there === "over" || told.here === "over") location.reload();
        else wait();
      })
      .catch(wait);
  }
  function wait() { setTimeout(look, EVERY); }
  wait();
})();
