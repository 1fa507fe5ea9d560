// The offline page stands in for whichever page was asked for: reloading brings that one back.
addEventListener("online", () => location.reload());
