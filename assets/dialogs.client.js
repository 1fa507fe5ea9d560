// The scripts of the dialogs, which come with them.
import "./app.client.js";
import "./pickers.js";
import "./palette.js";
import "./organise.js";

import.meta.hot?.accept(() => location.reload());
