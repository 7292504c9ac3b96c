// The token comes back behind the `#`; it goes to this gate alone, as the header that RFC 9577 names.
const told = document.getElementById("kabar");
const token = new URLSearchParams(location.hash.slice(1)).get("token");
if (token && told) {
  history.replaceState(null, "", location.pathname);
  told.textContent = told.dataset.checking;
  const reply = await fetch("/ruang", { headers: { Authorization: `PrivateToken token="${token}"` } });
  if (reply.ok) location.replace("/");
  else told.textContent = told.dataset.refused + (await reply.text());
}
