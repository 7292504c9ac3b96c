// "Tutup cepat": put the weather page in place of this one, so that Back does not lead here.
// Without scripts the link still opens the weather page; only the history entry stays.
document.addEventListener("click", function (event) {
  var link = event.target.closest && event.target.closest("#tutup");
  if (!link) return;
  event.preventDefault();
  document.documentElement.hidden = true;
  location.replace(link.href);
});
