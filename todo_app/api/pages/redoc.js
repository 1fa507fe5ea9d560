// Starts ReDoc. Its search runs in a worker made from a string, which the pages' policy forbids.
Redoc.init("/openapi.json", { disableSearch: true }, document.getElementById("reference"));
