/** The page behind a mailed link. The secret is read from the fragment and travels by POST only. */

import { post, Refused } from "./api.js";
import { find, onClick, onSubmit, show, write } from "./find.js";
import { isInsecure } from "./insecure.js";
import { fitness, OpenElsewhere } from "./open_elsewhere.js";
import { text } from "./texts.js";

/** @typedef {import("../protocol").Door} Door */
/** @typedef {import("../protocol").AlternativeNoted} AlternativeNoted */
/** @typedef {import("../protocol").Noted} Noted */

const root = find(document, "#link", HTMLElement);

/** In an app's window or a browser that cannot: said before anything is begun there. */
const fit = fitness();
const inApp = find(root, '[data-view="in-app"]', HTMLElement);
const elsewhere = new OpenElsewhere(inApp, () => location.href, async () => {
  try {
    /** @type {import("../protocol").LinkPicture} */
    const { picture } = await post("links/picture", { secret: secret() });
    return picture;
  } catch {
    return ""; // the link by clipboard is still there
  }
});
elsewhere.offer(fit !== "fit");
write(find(inApp, "h2", HTMLElement), text(fit === "unfit" ? "unfit" : "in_app"));

function secret() {
  const given = location.hash.slice(1);
  try {
    return decodeURIComponent(given);
  } catch {
    return given; // garbled on its way; the appliance knows no such link
  }
}

/**
 * @param {string} name
 * @param {boolean} [withAlternatives]
 */
function view(name, withAlternatives = false) {
  for (const section of root.querySelectorAll("[data-view]")) {
    const here = section.getAttribute("data-view");
    show(section, here === name || (withAlternatives && here === "alternatives"));
  }
  const section = find(root, `[data-view="${name}"]`, HTMLElement);
  find(section, "h1", HTMLElement).focus({ preventScroll: true });
  return section;
}

/** @param {() => Promise<void>} work */
async function tried(work) {
  try {
    await work();
  } catch (error) {
    if (error instanceof Refused) {
      words("problem", error);
    } else {
      throw error;
    }
  }
}

/**
 * The first sentence says what is and is the heading; what to do stands below.
 * @param {string} name
 * @param {{title: string, detail: string}} said
 */
function words(name, { title, detail }) {
  const section = view(name);
  const [is, ...todo] = title.split(/(?<=[.!?])\s+/);
  write(find(section, '[data-slot="title"]', HTMLElement), is ?? title);
  write(find(section, '[data-slot="detail"]', HTMLElement), [...todo, detail].join("\n"));
}

/** @param {Door} door */
function showDoor(door) {
  const section = view(door.door, true);
  show(inApp, fit !== "fit");
  const place = find(section, '[data-slot="appointment"]', HTMLElement);
  write(place, text("with_adviser", { when: door.starts_in_words, name: door.adviser_name }));
  show(find(root, '[data-view="change"]', HTMLElement), door.can_change);
  show(find(root, '[data-slot="call-wanted"]', HTMLElement), door.call_wanted);
  show(find(root, '[data-slot="move-wished"]', HTMLElement), door.move_wished);
  if (door.door === "early") {
    const opens = find(section, '[data-slot="opens"]', HTMLElement);
    write(opens, text("opens", { when: door.opens_in_words }));
  }
}

async function look() {
  if (!secret()) {
    words("problem", { title: text("no_secret"), detail: text("no_secret_detail") });
    return;
  }
  view("looking");
  await tried(async () => {
    showDoor(await post("links/look", { secret: secret() }));
  });
}

async function open() {
  await tried(async () => {
    /** @type {Door} */
    const door = await post("links/open", { secret: secret() });
    if (door.next) {
      location.assign(door.next);
    } else {
      showDoor(door);
    }
  });
}

/** @param {"telephone" | "visit"} choice */
async function alternative(choice) {
  await tried(async () => {
    /** @type {AlternativeNoted} */
    const noted = await post("links/alternative", { secret: secret(), choice });
    words("noted", noted);
  });
}

/**
 * What the client changes; the page says what happens now.
 * @param {string} deed
 * @param {object} [more]
 */
async function change(deed, more = {}) {
  await tried(async () => {
    /** @type {Noted} */
    const noted = await post(`links/${deed}`, { secret: secret(), ...more });
    words("noted", noted);
    show(find(root, '[data-slot="back"]', HTMLElement), deed !== "cancel");
  });
}

/** @param {FormData} form */
async function wantCall(form) {
  const error = find(root, '[data-slot="call-error"]', HTMLElement);
  show(error, false);
  try {
    words("noted", await post("links/call", { secret: secret(), phone: form.get("phone") }));
  } catch (refused) {
    if (!(refused instanceof Refused)) {
      throw refused;
    }
    if (refused.code === "phone_wrong") {
      write(error, `${refused.title} ${refused.detail}`);
      show(error, true);
    } else {
      words("problem", refused);
    }
  }
}

/** The other language's page needs the secret, too; a fragment never leaves the browser. */
for (const link of document.querySelectorAll("a[data-keep-fragment]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.assign(`${link.getAttribute("href")}${location.hash}`);
  });
}
onClick(root, "look", look);
onClick(root, "open", open);
onClick(root, "telephone", () => alternative("telephone"));
onClick(root, "visit", () => alternative("visit"));
onClick(root, "cancel", () => change("cancel"));
onSubmit(root, "move", (form) => change("move", { wishes: form.get("wishes") }));
onSubmit(root, "call", wantCall);
if (!isInsecure()) {
  // Otherwise the secret stays here: it would go by a line that anybody can read.
  addEventListener("hashchange", look);
  void look();
}
