/** Where the adviser's desk begins. */

import { Desk } from "./desk.js";

new Desk().begin();
