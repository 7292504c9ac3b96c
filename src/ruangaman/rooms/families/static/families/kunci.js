// Passkeys. Without scripts the form stays hidden and the one-time link beside it does the same.
(function () {
  "use strict";
  var form = document.querySelector("[data-passkey]");
  var source = document.getElementById("passkey-options");
  if (!form || !source || !window.PublicKeyCredential || !navigator.credentials) return;
  var options = JSON.parse(source.textContent);
  function bytes(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, function (sign) { return sign.charCodeAt(0); });
  }
  function text(buffer) {
    return btoa(String.fromCharCode.apply(null, new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  form.hidden = false;
  var without = document.querySelector("[data-without]");
  if (without) without.hidden = true;
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  (options.excludeCredentials || options.allowCredentials || []).forEach(function (one) { one.id = bytes(one.id); });
  form.addEventListener("submit", function (event) {
    if (form.elements.credential.value) return;
    event.preventDefault();
    var create = form.dataset.passkey === "create";
    var asked = create ? navigator.credentials.create({ publicKey: options }) : navigator.credentials.get({ publicKey: options });
    asked.then(function (found) {
      var response = { clientDataJSON: text(found.response.clientDataJSON) };
      if (create) {
        response.attestationObject = text(found.response.attestationObject);
      } else {
        response.authenticatorData = text(found.response.authenticatorData);
        response.signature = text(found.response.signature);
        if (found.response.userHandle) response.userHandle = text(found.response.userHandle);
      }
      form.elements.credential.value = JSON.stringify({
        id: found.id, rawId: text(found.rawId), type: found.type, response: response, clientExtensionResults: {},
      });
      form.submit();
    }).catch(function () {
      var sorry = form.querySelector("[data-sorry]");
      if (sorry) sorry.hidden = false;
    });
  });
})();
