// The scripts of the pages of a signed-in person.
import "./page.client.js";
import "./rows.js";
import "./quick_add.js";

import.meta.hot?.accept(() => location.reload());
