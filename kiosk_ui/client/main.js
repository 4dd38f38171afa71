/** Where the page of a visit (or of a test without one) begins. */

import { Visit } from "./visit.js";

new Visit().begin();
