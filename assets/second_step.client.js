// The scripts of pages on which one signs in, or says how.
import "./page.client.js";
import "./second_step.js";

import.meta.hot?.accept(() => location.reload());
