/** Where the page of a conference begins: staff enter from the desk, guests by their link. */

import { find } from "../find.js";
import { Conference } from "./conference.js";
import { Door } from "./door.js";
import { Lead } from "./lead.js";

const root = find(document, "#conference", HTMLElement);
const conference = new Conference(root);

if (root.dataset.guest === "yes") {
  void new Door(conference).begin();
} else {
  new Lead(conference);
  conference.beginAsStaff(root.dataset.conference ?? "");
}
