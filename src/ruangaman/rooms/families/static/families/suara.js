// "Dengarkan": reads the page aloud where the browser can; the button shows itself only then.
(function () {
  "use strict";
  var button = document.querySelector("[data-listen]");
  if (!button || !window.speechSynthesis || !window.SpeechSynthesisUtterance) return;
  button.hidden = false;
  button.addEventListener("click", function () {
    if (speechSynthesis.speaking) { speechSynthesis.cancel(); return; }
    var words = Array.from(document.querySelectorAll("[data-say]")).map(function (part) { return part.textContent.trim(); });
    var speech = new SpeechSynthesisUtterance(words.join(". "));
    speech.lang = document.documentElement.lang === "en" ? "en-GB" : "id-ID";
    speech.rate = 0.9;
    speechSynthesis.speak(speech);
  });
})();
