// A text to copy: whoever comes to it, by tap or by keyboard, has all of it marked. Without this script Ctrl+A does that.

for (const name of ["focusin", "click"]) {
  document.addEventListener(name, ({ target }) => target.matches("[data-salin]") && target.select());
}
