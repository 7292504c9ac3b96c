// A form sent without signal would end on the browser's own error page and look as if the answer were lost.
// Say instead that nothing was sent, and leave the form as it is. Without scripts the browser's page appears.
document.addEventListener("submit", function (event) {
  if (navigator.onLine !== false) return;
  event.preventDefault();
  var said = document.getElementById("belum-terkirim");
  if (!said) {
    said = document.createElement("div");
    said.id = "belum-terkirim";
    document.getElementById("isi").prepend(said);
  }
  said.replaceChildren(document.getElementById("tanpa-sinyal").content.cloneNode(true));
  said.scrollIntoView({ block: "center" });
});
