// The offline page stands in for whichever page was asked for: reloading brings that one back. The browser knows when its
// network is back; a server that was away has to be asked.
const EVERY = 3000;
const askServer = () =>
  fetch("/health", { cache: "no-store" }).then(
    (answer) => answer.ok && location.reload(),
    () => {}, // still away
  );
addEventListener("online", () => location.reload());
setInterval(askServer, EVERY);
