/** Where the adviser's desk begins. */

import { Desk } from "./desk.js";
import { rememberSteps } from "./steps.js";

rememberSteps();
new Desk().begin();
