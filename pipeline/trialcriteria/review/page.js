"use strict";
// The review page. One trial is drawn at a time; of the list of trials, the lines in sight. Trial text only ever
// becomes text nodes, never markup. Offsets count code points, as in the tables.

const data = JSON.parse(document.getElementById("data").textContent);
const { names, gold } = data;
const $ = (id) => document.getElementById(id);
const ENTRY_HEIGHT = 46;
const DOUBTFUL = 0.5; // without gold, n and p stop at rows of less confidence, and at numbers left unread
const SIGNS = { require: "✓", forbid: "✕", permit: "○", describe: "·" };

/** A DOM element with text or elements in it; empty children are left out. */
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

// ---- the data, unpacked -------------------------------------------------------------------------------------------

function unpackSide(packed) {
  if (!packed) return null;
  const [id, reading, requirement, notes, ...spans] = packed;
  return { id, reading, requirement: names.requirement[requirement] ?? null, notes, spans };
}

function unpackItem([kind, rule, confidence, errors, harmful, read, goldSide], trial) {
  const item = {
    trial, confidence, harmful, read: unpackSide(read), gold: unpackSide(goldSide),
    kind: names.kind[kind], rule: names.rule[rule] ?? null, error: errors.map((error) => names.error[error]),
  };
  const side = item.read ?? item.gold;
  item.requirement = side.requirement;
  item.isNumber = item.kind.endsWith("number");
  item.isMention = names.mentions.includes(item.kind);
  item.error = trial.annotated && !item.isNumber ? (item.error.length ? item.error : ["right"]) : [];
  if (harmful) item.error = ["harmful", ...item.error];
  item.tone = toneOf(item);
  item.at = side.spans[0];
  return item;
}

function toneOf(item) {
  if (item.isNumber) return item.kind === "unread number" ? "unread" : "number";
  if (!item.trial.annotated) return item.requirement;
  if (item.error.includes("right")) return "right";
  return !item.gold ? "spurious" : !item.read ? "missed" : "wrong";
}

const trials = data.trials.map(([id, title, facts, text, notes, annotated, criteria, items, against], index) => {
  const trial = { index, id, title, facts, text, notes, annotated, criteria, against };
  trial.items = items.map((item) => unpackItem(item, trial)).sort((a, b) => a.at - b.at);
  trial.items.forEach((item, order) => { item.order = order; });
  return trial;
});
const allItems = trials.flatMap((trial) => trial.items);

/** A slice of a text in code points, which JavaScript counts differently beyond the basic plane. */
function slicer(text) {
  const points = /[\ud800-\udfff]/.test(text) ? Array.from(text) : null;
  return (start, end) => (points ? points.slice(start, end).join("") : text.slice(start, end));
}

// ---- filters ------------------------------------------------------------------------------------------------------

const FACETS = [
  { key: "error", label: "Against gold", open: true },
  { key: "requirement", label: "Requirement", open: true },
  { key: "kind", label: "Kind", open: true },
  { key: "rule", label: "Rule", open: false },
];
const chosen = Object.fromEntries(FACETS.map(({ key }) => [key, new Set()]));
const range = { low: 0, high: 1 };
let query = "";
let listed = trials; // the trials that pass, in order
let current = null; // the trial that is shown
let selected = null; // the row that is chosen in it

const isNarrowed = () => range.low > 0 || range.high < 1;
const isFiltering = () => isNarrowed() || FACETS.some(({ key }) => chosen[key].size);

function passes(item) {
  if (isNarrowed() && (item.confidence === null || item.confidence < range.low || item.confidence > range.high)) return false;
  return FACETS.every(({ key }) => !chosen[key].size || [item[key]].flat().some((value) => chosen[key].has(value)));
}

/** Whether n and p stop at a row. */
function isStop(item) {
  if (isFiltering()) return passes(item);
  if (gold) return item.error.length > 0 && !item.error.includes("right");
  return item.kind === "unread number" || (item.confidence !== null && item.confidence < DOUBTFUL);
}

function haystack(trial) {
  trial.haystack ??= [trial.id, trial.title, trial.text ?? "", ...trial.criteria.map(([, , , , , , text]) => text ?? ""),
    ...trial.items.flatMap((item) => [item.read?.reading, item.gold?.reading].filter(Boolean))].join("\n").toLowerCase();
  return trial.haystack;
}

function refilter() {
  const filtering = isFiltering();
  let rows = 0;
  listed = trials.filter((trial) => {
    if (query && !haystack(trial).includes(query)) return false;
    trial.hits = trial.items.filter(isStop).length;
    if (filtering && !trial.hits) return false;
    rows += filtering ? trial.hits : trial.items.length;
    return true;
  });
  const count = (n, word) => `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;
  $("tally").textContent = `${count(listed.length, "trial")} · ${count(rows, "row")}`;
  $("clear").hidden = !filtering && !query;
  for (const details of document.querySelectorAll("#filters details[data-key]")) {
    const n = chosen[details.dataset.key].size;
    details.querySelector("b").textContent = n ? ` · ${n}` : "";
  }
  $("list").scrollTop = 0;
  if (listed.length && !listed.includes(current)) show(listed[0]);
  else { drawList(); markOff(); markQuery(); sayPlace(); }
}

function drawFilters() {
  for (const facet of FACETS) {
    const counts = new Map();
    for (const item of allItems) {
      for (const value of [item[facet.key]].flat()) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    if (!counts.size) continue;
    const order = names[facet.key];
    const values = [...counts.keys()].sort(facet.key === "rule"
      ? (a, b) => counts.get(b) - counts.get(a) : (a, b) => order.indexOf(a) - order.indexOf(b));
    const chips = make("div", "chips", ...values.map((value) => chip(facet.key, value, counts.get(value))));
    const details = make("details", "", make("summary", "", facet.label, make("b", "")), chips);
    details.dataset.key = facet.key;
    details.open = facet.open && innerWidth > 1000;
    $("filters").append(details);
  }
  $("filters").append(drawRange(), drawOnly());
}

function chip(key, value, count) {
  const box = make("input", "");
  box.type = "checkbox";
  box.addEventListener("change", () => {
    chosen[key][box.checked ? "add" : "delete"](value);
    refilter();
  });
  return make("label", "", box, `${SIGNS[value] ?? ""} ${value}`.trim(), make("i", "", count.toLocaleString("en")));
}

function drawRange() {
  const grid = make("div", "range");
  for (const [end, word] of [["low", "at least"], ["high", "at most"]]) {
    const slider = make("input", "");
    Object.assign(slider, { type: "range", min: 0, max: 1, step: 0.05, value: range[end], id: `confidence-${end}` });
    slider.setAttribute("aria-label", `Confidence ${word}`);
    const shown = make("output", "", range[end].toFixed(2));
    slider.addEventListener("input", () => {
      range[end] = Number(slider.value);
      shown.textContent = range[end].toFixed(2);
      refilter();
    });
    grid.append(make("span", "", word), slider, shown);
  }
  return make("details", "", make("summary", "", "Confidence"), grid);
}

function drawOnly() {
  const box = make("input", "");
  Object.assign(box, { type: "checkbox", id: "only" });
  box.addEventListener("change", () => $("trial").classList.toggle("hiding", box.checked));
  return make("label", "only", box, "Hide rows that do not match");
}

function clearFilters() {
  for (const box of document.querySelectorAll(".chips input")) box.checked = false;
  for (const { key } of FACETS) chosen[key].clear();
  Object.assign(range, { low: 0, high: 1 });
  for (const end of ["low", "high"]) {
    $(`confidence-${end}`).value = range[end];
    $(`confidence-${end}`).nextElementSibling.textContent = range[end].toFixed(2);
  }
  $("search").value = query = "";
  refilter();
}

// ---- the list of trials -------------------------------------------------------------------------------------------

function drawList() {
  const list = $("list");
  const first = Math.max(0, Math.floor(list.scrollTop / ENTRY_HEIGHT) - 4);
  const last = Math.min(listed.length, Math.ceil((list.scrollTop + list.clientHeight) / ENTRY_HEIGHT) + 4);
  $("rows").style.height = `${listed.length * ENTRY_HEIGHT}px`;
  $("rows").replaceChildren(...listed.slice(first, last).map((trial, n) => entry(trial, first + n)));
}

function entry(trial, position) {
  const count = isFiltering() || gold ? trial.hits : trial.items.length;
  const word = isFiltering() ? "match" : gold ? (trial.annotated ? "wrong" : "no gold") : "rows";
  const line = make("div", "entry", make("b", "", trial.id),
    make("i", "", word === "no gold" ? word : `${count} ${word}`), make("span", "", trial.title ?? trial.facts));
  line.style.top = `${position * ENTRY_HEIGHT}px`;
  line.id = `entry-${trial.index}`;
  line.role = "option";
  line.ariaSelected = String(trial === current);
  line.ariaPosInSet = String(position + 1);
  line.ariaSetSize = String(listed.length);
  line.addEventListener("click", () => { show(trial); drawer(false); });
  return line;
}

/** Scroll the list so that the trial shown is in it. */
function reveal() {
  const list = $("list");
  const top = listed.indexOf(current) * ENTRY_HEIGHT;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + ENTRY_HEIGHT > list.scrollTop + list.clientHeight) list.scrollTop = top + ENTRY_HEIGHT - list.clientHeight;
  list.setAttribute("aria-activedescendant", `entry-${current.index}`);
  drawList();
}

// ---- one trial ----------------------------------------------------------------------------------------------------

function show(trial) {
  current = trial;
  selected = null;
  const title = make("h1", "", make("small", "", trial.id), trial.title ?? "");
  const notes = trial.notes.map((note) => make("p", "note", note));
  $("trial").replaceChildren(title, make("p", "facts", trial.facts), ...notes, ...contradictions(trial), legend(trial),
    ...blocks(trial));
  $("trial").scrollTop = 0;
  history.replaceState(null, "", `#${encodeURIComponent(trial.id)}`);
  reveal();
  markOff();
  markQuery();
  sayPlace();
}

/** What the trial says against itself, each with the rows that it is about. */
function contradictions(trial) {
  if (!trial.against.length) return [];
  const lines = trial.against.map(([what, ids]) => make("li", "", `${what} `, ...ids.map((id) => rowLink(trial, id))));
  return [make("section", "note contradictions", make("h2", "", "Contradictions and doubts"), make("ul", "", ...lines))];
}

function rowLink(trial, id) {
  const link = make("button", "", id);
  link.type = "button";
  link.addEventListener("click", (event) => {
    event.stopPropagation();
    const item = trial.items.find((one) => one.read?.id === id);
    if (item) select(item);
  });
  return link;
}

function legend(trial) {
  const tones = trial.annotated ? ["right", "wrong", "missed", "spurious"] : Object.keys(SIGNS);
  const shown = [...tones.map((tone) => [`limit ${tone}`, tone]), [`attribute ${tones[0]}`, "what is limited"],
    [`mention ${tones[0]}`, "mention"], ["limit unread", "number left unread"]];
  return make("p", "legend", ...shown.map(([look, word]) => make("span", `words ${look}`, word)));
}

/** The text from criterion to criterion, each beside its rows; what stands between two is a heading or a list marker. */
function blocks(trial) {
  if (trial.text === null) return trial.criteria.flatMap((criterion, n) => textlessBlock(trial, criterion, n));
  const cut = slicer(trial.text);
  const out = [];
  let done = 0;
  let taken = 0;
  const upTo = (limit) => {
    const from = taken;
    while (taken < trial.items.length && trial.items[taken].at < limit) taken += 1;
    return trial.items.slice(from, taken);
  };
  for (const criterion of trial.criteria) {
    const [, , start, end] = criterion;
    const gap = cut(done, start);
    const line = gap.lastIndexOf("\n") + 1;
    const between = Array.from(gap.slice(0, line)).length;
    if (gap.slice(0, line).trim()) out.push(headingBlock(cut, done, done + between, upTo(done + between)));
    out.push(criterionBlock(cut, criterion, gap.slice(line), upTo(end)));
    done = end;
  }
  const rest = cut(done, Infinity);
  if (rest.trim()) out.push(headingBlock(cut, done, done + Array.from(rest).length, upTo(Infinity)));
  return out;
}

function headingBlock(cut, start, end, items) {
  const said = words(cut, start, end, items);
  const first = said.firstChild;
  first.data = first.data.trimStart();
  said.lastChild.data = said.lastChild.data?.trimEnd();
  said.className = "heading";
  return items.length ? make("section", "block", said, cards(items)) : said;
}

function criterionBlock(cut, [id, depth, start, end, about], marker, items) {
  const said = words(cut, start, end, items);
  said.className = "said";
  if (marker.trim()) said.prepend(make("span", "marker", marker.trimStart()));
  const text = make("div", "text", make("span", "id", id), said, about ? make("span", "about", about) : null);
  return make("section", `block depth-${Math.min(depth, 3)}`, text, cards(items));
}

/** A criterion of a trial whose raw text is not there: its words as they were cut, without highlights. */
function textlessBlock(trial, [id, depth, start, , about, heading, text], n) {
  const next = trial.criteria[n + 1]?.[2] ?? Infinity;
  const items = trial.items.filter((item) => (n === 0 || item.at >= start) && item.at < next);
  const said = make("div", "text", make("span", "id", id), make("div", "said", text), about ? make("span", "about", about) : null);
  const above = heading !== trial.criteria[n - 1]?.[5] ? [make("div", "heading", heading ?? "")] : [];
  return [...above, make("section", `block depth-${Math.min(depth, 3)}`, said, cards(items))];
}

/** The text between two offsets, cut wherever a row's words begin or end. */
function words(cut, start, end, items) {
  const spans = items.flatMap((item) => spansOf(item)).filter((span) => span.start < end && span.end > start);
  const edges = new Set([start, end]);
  for (const span of spans) edges.add(Math.max(span.start, start)).add(Math.min(span.end, end));
  const sorted = [...edges].sort((a, b) => a - b);
  const out = make("div", "");
  sorted.slice(0, -1).forEach((from, n) => {
    const over = spans.filter((span) => span.start <= from && span.end >= sorted[n + 1]);
    const piece = cut(from, sorted[n + 1]);
    out.append(over.length ? highlight(piece, over) : piece);
  });
  if (!out.firstChild) out.append("");
  return out;
}

/** Each stretch of text that a row stands on, once: as read and as annotated. */
function spansOf(item) {
  const main = item.isNumber ? "number" : item.isMention ? "mention" : "limit";
  const found = new Map();
  for (const side of [item.read, item.gold]) {
    if (!side) continue;
    const [start, end, from, to] = side.spans;
    found.set(`${start}-${end}`, { start, end, look: main, item });
    if (from != null) found.set(`a${from}-${to}`, { start: from, end: to, look: "attribute", item });
  }
  return [...found.values()];
}

function highlight(piece, over) {
  over.sort((a, b) => a.end - a.start - (b.end - b.start) || (a.look === "attribute") - (b.look === "attribute"));
  const [inner, outer] = [over[0], over.find((span) => span.item.tone !== over[0].item.tone)];
  const span = make("span", `words ${inner.look} ${inner.item.tone}`, piece);
  if (outer) span.classList.add("within", `around-${outer.item.tone}`);
  span.items = [...new Set(over.map((one) => one.item))];
  span.title = span.items.map((item) => (item.read ?? item.gold).reading).join("\n");
  span.addEventListener("click", () => {
    const next = span.items[(span.items.indexOf(selected) + 1) % span.items.length];
    select(next, { words: false });
  });
  return span;
}

function cards(items) {
  const rows = items.filter((item) => !item.isNumber).map(card);
  const numbers = items.filter((item) => item.isNumber).map(card);
  if (numbers.length) rows.push(make("li", "numbers", "numbers left:", ...numbers));
  return make("ul", "cards", ...rows);
}

function card(item) {
  const element = item.isNumber
    ? make("span", `card ${item.tone}`, `${item.read.reading} (${item.read.notes[0]})`)
    : make("li", `card ${item.tone}`, ...sides(item), fromLine(item));
  element.tabIndex = -1;
  element.dataset.order = item.order;
  element.addEventListener("click", (event) => { event.stopPropagation(); select(item, { card: false }); });
  return element;
}

/** What is wrong, what the gold says where that is something else, and what was read. */
function sides({ read, gold: other, error, tone }) {
  const tags = error.filter((name) => name !== "right").map((name) => make("span", `tag ${name}`, name));
  return [
    tags.length ? make("div", "tags", ...tags) : null,
    other && tone !== "right" ? sideOf(other, "gold") : null,
    read ? sideOf(read, other && tone !== "right" ? "read" : "") : null,
  ];
}

function sideOf(side, whose) {
  const sign = make("span", "sign", `${SIGNS[side.requirement] ?? ""} ${side.requirement ?? ""}`);
  const notes = side.notes.length ? make("span", "more", side.notes.join(" · ")) : null;
  return make("div", "side", whose ? make("span", "whose", whose) : null, make("span", "reading", side.reading), sign, notes);
}

function fromLine(item) {
  const sure = item.confidence === null ? "" : `confidence ${item.confidence.toFixed(2)}`;
  const ids = [...new Set([item.read?.id, item.gold?.id].filter(Boolean))].join(" / ");
  return make("div", "from", [ids, item.kind, item.rule ?? "", sure].filter(Boolean).join(" · "));
}

// ---- moving about -------------------------------------------------------------------------------------------------

function select(item, { words: toWords = true, card: toCard = true } = {}) {
  selected = item;
  for (const element of document.querySelectorAll("main .chosen")) element.classList.remove("chosen");
  const row = document.querySelector(`main .card[data-order="${item.order}"]`);
  row.classList.add("chosen");
  const pieces = [...document.querySelectorAll("main .words")].filter((piece) => piece.items?.includes(item));
  for (const piece of pieces) piece.classList.add("chosen");
  if (toCard) row.scrollIntoView({ block: toWords ? "center" : "nearest" });
  if (!toCard && pieces[0]) pieces[0].scrollIntoView({ block: "nearest" });
  const id = (item.read ?? item.gold).id;
  history.replaceState(null, "", `#${encodeURIComponent(current.id)}${id ? `/${encodeURIComponent(id)}` : ""}`);
  sayPlace();
}

function stepTrial(by) {
  const next = listed[listed.indexOf(current) + by];
  if (next) show(next);
}

function stepStop(by) {
  const here = current.items.filter((item) => isStop(item) && (!selected || (item.order - selected.order) * by > 0));
  if (here.length) return select(here.at(by > 0 ? 0 : -1));
  for (let n = listed.indexOf(current) + by; n >= 0 && n < listed.length; n += by) {
    const stops = listed[n].items.filter(isStop);
    if (stops.length) {
      show(listed[n]);
      return select(stops.at(by > 0 ? 0 : -1));
    }
  }
}

function markOff() {
  if (!current) return;
  const off = isFiltering() ? new Set(current.items.filter((item) => !passes(item))) : new Set();
  for (const element of document.querySelectorAll("main .card")) {
    element.classList.toggle("off", off.has(current.items[element.dataset.order]));
  }
  for (const element of document.querySelectorAll("main .words")) {
    if (element.items) element.classList.toggle("off", element.items.every((item) => off.has(item)));
  }
}

/** Mark the words that are searched for, wherever they stand in the trial's text, across highlighted pieces too. */
function markQuery() {
  if (!CSS.highlights) return;
  const ranges = [];
  for (const element of query ? document.querySelectorAll("main .said, main .heading, main h1, main .reading") : []) {
    const text = element.textContent.toLowerCase();
    if (text.length !== element.textContent.length) continue; // some letters are longer in lower case
    for (let at = text.indexOf(query); at >= 0; at = text.indexOf(query, at + query.length)) {
      const found = new Range();
      found.setStart(...pointAt(element, at));
      found.setEnd(...pointAt(element, at + query.length));
      ranges.push(found);
    }
  }
  CSS.highlights.set("search", new Highlight(...ranges));
}

function pointAt(element, offset) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  while (offset > node.length) {
    offset -= node.length;
    node = walker.nextNode();
  }
  return [node, offset];
}

function sayPlace() {
  const at = listed.indexOf(current) + 1;
  $("place").textContent = at ? `${at.toLocaleString("en")} of ${listed.length.toLocaleString("en")}` : "no trial matches";
}

function drawer(open) {
  document.body.classList.toggle("drawn", open);
  $("drawer").ariaExpanded = String(open);
  if (open) { drawList(); $("search").focus(); }
}

const KEYS = {
  j: () => stepTrial(1),
  k: () => stepTrial(-1),
  n: () => stepStop(1),
  p: () => stepStop(-1),
  x: clearFilters,
  h: () => $("only").click(),
  "/": () => { if (getComputedStyle($("side")).display === "none") drawer(true); $("search").focus(); },
  "?": () => ($("help").open ? $("help").close() : $("help").showModal()),
  Escape: () => { document.activeElement?.blur(); drawer(false); },
};

addEventListener("keydown", (event) => {
  const typing = event.target.matches?.("input[type=search]") && event.key !== "Escape";
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(KEYS, event.key)) return;
  if ($("help").open && event.key !== "?") return;
  event.preventDefault();
  KEYS[event.key]();
});
for (const button of document.querySelectorAll("[data-key]")) button.addEventListener("click", () => KEYS[button.dataset.key]());
$("clear").addEventListener("click", clearFilters);
$("drawer").addEventListener("click", () => drawer(!document.body.classList.contains("drawn")));
$("trial").addEventListener("click", () => drawer(false));
$("list").addEventListener("scroll", drawList, { passive: true });
$("list").addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) { event.preventDefault(); stepTrial(by); }
});
let waiting = 0;
$("search").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => { query = $("search").value.trim().toLowerCase(); refilter(); }, trials.length > 300 ? 120 : 0);
});
addEventListener("resize", drawList);

/** Show what the address names: a trial, and a row of it. */
function goToAddress() {
  const [id, row] = location.hash.slice(1).split("/").map(decodeURIComponent);
  const named = trials.find((trial) => trial.id === id);
  if (!named) return;
  if (named !== current) show(named);
  const item = row && named.items.find((one) => [one.read?.id, one.gold?.id].includes(row));
  if (item) select(item);
}

addEventListener("hashchange", goToAddress);
drawFilters();
const address = location.hash;
refilter();
if (address) { location.hash = address; goToAddress(); }
