// The wallet's page. Without scripts its link, its box to scan and its button do the same.
(function () {
  "use strict";
  var root = document.getElementById("identitas");
  var section = document.getElementById("peramban");
  var form = section && section.querySelector("form");
  var source = document.getElementById("permintaan");
  if (!root) return;

  // W3C Digital Credentials API: the browser asks the wallet, and our own origin is part of what the wallet signs.
  // A browser may know the door and none of our protocols; then the link and the box to scan are all there is.
  var known = source && window.DigitalCredential && navigator.credentials && navigator.credentials.get;
  var requests = known ? JSON.parse(source.textContent).filter(function (one) {
    var allows = DigitalCredential.userAgentAllowsProtocol;
    return !allows || allows.call(DigitalCredential, one.protocol);
  }) : [];
  if (form && requests.length) {
    var sorry = document.getElementById("maaf");
    section.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      sorry.hidden = true;
      navigator.credentials.get({ mediation: "required", digital: { requests: requests } }).then(function (found) {
        // The browser hands on whatever the wallet says it speaks, asked or not.
        var asked = requests.some(function (one) { return one.protocol === found.protocol; });
        if (!asked) throw new Error("another protocol");
        form.elements.data.value = JSON.stringify(found.data);
        form.submit();
      }).catch(function () {
        sorry.hidden = false;
      });
    });
  } else {
    document.getElementById("tanpa-pintu").hidden = false;
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
