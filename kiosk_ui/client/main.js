/** Where the page of a visit (or of a test without one) begins. */

import { find } from "./find.js";
import { isInsecure } from "./insecure.js";
import { AtVisit } from "./kiosk/at_visit.js";
import { wipeTraces } from "./kiosk/traces.js";
import { Visit } from "./visit.js";

if (!isInsecure()) {
  const { kioskVisit } = find(document, "#document", HTMLElement).dataset;
  const traces = kioskVisit ? wipeTraces(kioskVisit) : null; // before anything of it is read
  const visit = new Visit(traces);
  visit.kiosk = kioskVisit ? new AtVisit(visit) : null;
  visit.begin();
}
