// No signal: say so and keep the answer from being lost in an error page of the browser.
document.addEventListener("submit", function (event) {
  var told = document.getElementById("sinyal");
  if (!told || navigator.onLine !== false) return;
  event.preventDefault();
  told.hidden = false;
  told.scrollIntoView({ block: "center" });
});
document.addEventListener("click", function (event) {
  var told = document.getElementById("sinyal");
  if (told && event.target.closest("[data-again]")) told.hidden = true;
});
