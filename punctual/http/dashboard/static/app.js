// What makes the pages more pleasant; each of them works without.
import "./keys.js";
import "./menus.js";
import "./project.js";
import "./task.js";
import "./inbox.js";
import "./quick.js";
import "./inline.js";
import "./refresh.js";
import "./palette.js";
import { follow } from "./live.js";
import { guessZone } from "./zone.js";

if (document.getElementById("unread")) follow();
guessZone();
