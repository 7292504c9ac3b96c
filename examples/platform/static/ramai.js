// Looks every two seconds whether something changed, and shows the page anew. Without scripts the page refreshes itself.
const me = document.currentScript;
setInterval(async () => {
  if (document.activeElement && document.activeElement.matches("input")) return;
  try {
    const answer = await fetch(me.dataset.tanya, { cache: "no-store" });
    if (answer.ok && (await answer.text()).trim() !== me.dataset.kini) location.reload();
  } catch {
    // no signal: the next look comes in two seconds
  }
}, 2000);
