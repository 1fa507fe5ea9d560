/* The line that adds tasks: what it does in the browser while one types. The markup is in todo_app/ui/quick_add/form.py.

   Typing waits for nothing. The server is asked what the text means after each short pause, and answers with chips.

     data-line       a form that adds tasks: emptied as it is sent
     data-added, data-refused    the keys of what the server stored last, and of what it refused last
     data-of         the number of the text that the chips are about
     data-places     where in that text a chip stands, in characters: `4-12`, several with spaces between them
     data-dismiss    removes a chip: its words stay title
     data-add-in, data-to    a button that opens the line at a place: the name of a hidden field, and what it is to hold;
                     data-called: the place in words, else it is the heading beside the button
     data-leave      leaves that place
     data-one-line   puts pasted lines into the line as one */
(() => {
  "use strict";

  const { $, $$, isShown, isHydrated, send, announce, setNative, freshId, commands, onChange, onRefusal, onReturn, submitAgain, isSentAgain, Kept, make, navItems } = window.todo;
  // Whether the page has come to life. Until then nobody hears what is sent, and React has to find what the server drew.
  let isAwake = false;
  const theLine = () => $("#qa");
  const theLines = () => $("#qa-lines");

  /* ---------- sending: nothing typed is lost ---------- */

  // What was sent and is not yet confirmed, by key, and what came back while other words stood in the line.
  const unconfirmed = new Kept("lines");
  const returned = [];
  let added = "";
  let refused = "";
  const A_MOMENT = 1000;

  const giveBack = () => {
    for (const sent of returned.splice(0)) {
      const field = document.getElementById(sent.field);
      if (!field || field.value) {
        returned.push(sent);
      } else {
        setNative(field, sent.text);
        if (field === theLine()) dismissed = sent.dismissed;
      }
    }
  };
  const followAnswers = () => {
    const add = $("#add");
    if (!add) return;
    if (add.dataset.refused !== refused) {
      refused = add.dataset.refused;
      if (unconfirmed.has(refused)) returned.push(unconfirmed.get(refused));
      unconfirmed.delete(refused);
      giveBack();
    }
    if (add.dataset.added !== added) {
      added = add.dataset.added;
      if (!unconfirmed.has(added)) return;
      for (const key of [...unconfirmed.keys()]) {
        unconfirmed.delete(key); // the server takes them in order
        if (key === added) break;
      }
    }
  };
  // A failure that names no key: all that is not confirmed comes back.
  onRefusal.push(() => {
    followAnswers();
    const lost = [...unconfirmed.values()];
    unconfirmed.clear();
    for (const field of new Set(lost.map((sent) => sent.field))) {
      const texts = lost.filter((sent) => sent.field === field).map((sent) => sent.text);
      returned.push({ field, text: texts.join(field === "qa" ? "; " : "\n"), dismissed: [] });
    }
    giveBack();
  });

  onReturn.push(() => {
    followAnswers();
    for (const { field, sent } of unconfirmed.values()) {
      const form = document.getElementById(field)?.form;
      if (form) submitAgain(form, sent);
    }
  });

  const inForm = (form, name) => $(`[name=${name}]`, form);
  // Before React reads the form …
  addEventListener(
    "submit",
    ({ target: form }) => {
      if (!form.matches("[data-line]") || isSentAgain()) return;
      const key = inForm(form, "key");
      key.value ||= freshId();
      for (const name of ["section_id", "due_date"]) inForm(form, name).value = place?.name === name ? place.value : "";
      if (inForm(form, "dismissed")) inForm(form, "dismissed").value = JSON.stringify(inCharacters(dismissed, theLine().value));
    },
    true,
  );
  // … and after it.
  addEventListener("submit", ({ target: form }) => {
    if (!form.matches("[data-line]") || isSentAgain()) return;
    const field = inForm(form, "title");
    const key = inForm(form, "key");
    if (field.value.trim()) {
      unconfirmed.set(key.value, { field: field.id, text: field.value, dismissed, sent: [...new FormData(form)] });
      setNative(field, "");
    }
    key.value = freshId();
    theLine().focus();
    if (returned.length) setTimeout(giveBack, A_MOMENT);
  });

  /* ---------- reading ---------- */

  const PAUSE = 80;
  const LEAST_BETWEEN = 120; // a slow typist would ask at every key
  // Numbers of texts begin above those of the page's last visit, which the state may still hold.
  let number = Date.now();
  let oldest = number; // chips of texts before this one are of a line that is gone
  let text = "";
  let dismissed = []; // [start, end] in `text`, as scripts count
  const texts = new Map(); // by number, to find a chip's place in what has been typed since
  let timer;
  let lastRead = 0;

  // Scripts count an emoji as two, the server as one.
  const inCharacters = (ranges, text) => ranges.map((range) => range.map((place) => [...text.slice(0, place)].length));
  const inUnits = (range, text) => range.map((place) => [...text].slice(0, place).join("").length);
  // Where a range of one text is in the next, null if the edit touched it.
  const moved = ([start, end], before, after) => {
    const longest = Math.min(before.length, after.length);
    let same = 0;
    while (same < longest && before[same] === after[same]) same++;
    let rest = 0;
    while (rest < longest - same && before.at(-1 - rest) === after.at(-1 - rest)) rest++;
    const shift = after.length - before.length;
    if (end <= same) return [start, end];
    return start >= before.length - rest ? [start + shift, end + shift] : null;
  };

  const read = () => {
    lastRead = Date.now();
    texts.set(++number, text);
    const day = place?.name === "due_date" ? place.value : "";
    send("lineread", { text, dismissed: inCharacters(dismissed, text), number, day });
  };
  const readSoon = () => {
    clearTimeout(timer);
    if (text.trim()) timer = setTimeout(read, Math.max(PAUSE, lastRead + LEAST_BETWEEN - Date.now()));
  };
  const typed = () => {
    const now = theLine()?.value ?? "";
    if (now === text) return;
    dismissed = dismissed.map((range) => moved(range, text, now)).filter(Boolean);
    text = now;
    if (!text.trim()) {
      oldest = ++number;
      texts.clear();
    }
    showChips();
    if (isAwake) readSoon();
  };

  let said = "";
  let sayTimer;
  const showChips = () => {
    const chips = $("#qa-chips");
    if (!chips || !isAwake) return;
    const of = Number(chips.dataset.of);
    const isGone = of < oldest || !text.trim();
    if (chips.hidden !== isGone) chips.hidden = isGone;
    for (const known of texts.keys()) if (known < of) texts.delete(known);
    const words = isGone ? "" : $$(".pill > span:first-of-type", chips).map((each) => each.textContent).join(", ");
    if (words === said) return;
    said = words;
    clearTimeout(sayTimer);
    if (words) sayTimer = setTimeout(() => announce(`Understood: ${words}`), A_MOMENT);
  };
  const dismiss = (chip) => {
    const of = Number(chip.parentElement.dataset.of);
    if (!texts.has(of)) return;
    const before = texts.get(of);
    for (const place of chip.dataset.places.split(" ")) {
      const range = moved(inUnits(place.split("-").map(Number), before), before, text);
      if (range) dismissed.push(range);
    }
    chip.hidden = true;
    theLine().focus();
    read();
  };

  /* ---------- a place: in a section, on a day ---------- */

  // It holds as long as one stays in the line, so that several tasks can follow each other there.
  let place = null;
  const showPlace = () => {
    const chip = $("#qa-place");
    if (!chip) return;
    chip.hidden = !place;
    chip.dataset.kind = place?.name ?? "";
    $("[data-place-name]", chip).textContent = place?.words ?? "";
    $("[data-leave]", chip).setAttribute("aria-label", `Remove ${place?.words ?? "place"}`);
  };
  const setPlace = (to) => {
    place = to;
    showPlace();
    if (text.trim()) read();
  };
  const openAt = (button) => {
    const { addIn: name, to: value, called } = button.dataset;
    const words = called ?? $("h2, h3", button.parentElement)?.textContent ?? "";
    setPlace({ name, value, words: `${name === "due_date" ? "on" : "in"} ${words}` });
    commands.add();
  };
  document.addEventListener("focusout", ({ target }) => {
    if (!place || !target.closest?.("#add")) return;
    setTimeout(() => {
      const isElsewhere = document.hasFocus() && !$("#add")?.contains(document.activeElement);
      if (isElsewhere && !text.trim()) setPlace(null);
    });
  });

  /* ---------- going to the line ---------- */

  let isWanted = false; // by somebody on a page without it
  commands.add = () => {
    const line = theLine();
    if (!line) {
      isWanted = true;
      return $("[data-go=i]")?.click();
    }
    if ($("#sidebar")?.matches(":popover-open")) $("#sidebar").hidePopover();
    if (!isShown(line)) $("#add").showPopover(); // a phone's sheet
    line.focus();
    line.scrollIntoView({ block: "nearest" });
  };
  // The keyboard of a phone covers the bottom of the page, where the sheet is.
  const screen = window.visualViewport;
  const liftSheet = () => {
    const covered = Math.max(0, innerHeight - screen.height - screen.offsetTop);
    document.documentElement.style.setProperty("--keyboard", `${covered}px`);
  };
  screen?.addEventListener("resize", liftSheet);
  screen?.addEventListener("scroll", liftSheet);

  /* ---------- suggestions for #project and @label ---------- */

  const KINDS = { "#": { kind: "project", list: "Projects" }, "@": { kind: "label", list: "Labels" } };
  const MOST = 7;
  const SIGN = /(?:^|\s)([#@])(?:"([^"]*)|([^\s"#@]*))$/u;
  const QUOTES = ["\"\"", "“”", "«»"];
  const fold = (name) => name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const hasPart = (name, start) => fold(name).split(/\s+/).some((part) => part.startsWith(start));
  let options = []; // what each option of the open list writes
  let active = -1;
  let offered = ""; // the names there were as the list was made
  let closedAt = ""; // the text at which Escape closed the list

  const allNames = () => $$("#sidebar [data-kind] .name").map((name) => name.textContent).join("\n");
  // A name as the line reads it: in quotation marks if it is more than a word.
  const write = (sign, name) => {
    if (/^\p{L}[\p{L}\p{N}_]*$/u.test(name)) return sign + name;
    const quotes = QUOTES.find(([open, close]) => !name.includes(open) && !name.includes(close));
    return quotes ? sign + quotes[0] + name + quotes[1] : null;
  };
  // The sign and the letters before the cursor, and where they stand.
  const wordAtCursor = () => {
    const line = theLine();
    const end = line.selectionEnd;
    if (line.selectionStart !== end) return null;
    const found = SIGN.exec(line.value.slice(0, end));
    if (!found) return null;
    const [, sign, quoted, plain] = found;
    const name = quoted ?? plain;
    const start = end - name.length - (quoted === undefined ? 1 : 2);
    const isDismissed = dismissed.some((range) => range[0] < end && range[1] > start);
    return isDismissed ? null : { ...KINDS[sign], sign, name, start, end };
  };
  const suggest = (word) => {
    const asked = fold(word.name.trim());
    const items = navItems(word.kind).map((item) => ({ ...item, writes: write(word.sign, item.name) }));
    const isThere = items.some(({ name }) => fold(name) === asked);
    const starts = items.filter(({ name, writes }) => writes && fold(name).startsWith(asked));
    const within = items.filter((item) => item.writes && !starts.includes(item) && hasPart(item.name, asked));
    const found = [...starts, ...within].slice(0, MOST);
    if (isThere && found.length === 1) return [];
    const name = word.name.trim();
    const writes = write(word.sign, name);
    // A number alone is that of a ticket, and no name.
    if (writes && !isThere && /\p{L}/u.test(name)) found.push({ name: `Create “${name}”`, writes, isNew: true });
    return found;
  };
  const closeList = () => {
    const list = $("#qa-options");
    if (!options.length || !list) return;
    options = [];
    active = -1;
    list.hidden = true;
    list.replaceChildren();
    theLine().removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    active = index;
    $$("#qa-options [role=option]").forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    if (index < 0) return theLine().removeAttribute("aria-activedescendant");
    theLine().setAttribute("aria-activedescendant", `qa-option-${index}`);
    document.getElementById(`qa-option-${index}`).scrollIntoView({ block: "nearest" });
  };
  const showList = () => {
    const word = document.activeElement === theLine() && closedAt !== theLine().value ? wordAtCursor() : null;
    const found = word ? suggest(word) : [];
    if (!found.length) return closeList();
    const list = $("#qa-options");
    if (!options.length) announce(`${word.list}: ${found.length} to choose from`);
    options = found;
    offered = allNames();
    list.setAttribute("aria-label", word.list);
    list.replaceChildren(
      ...found.map(({ name, sign }, i) => {
        const words = make("span", { class: "name", dir: "auto" }, name);
        return make("li", { id: `qa-option-${i}`, role: "option" }, ...(sign ? [sign, words] : [words]));
      }),
    );
    list.hidden = false;
    // Enter takes the first where the beginning of its name is typed, and adds the task after a whole name or a new one.
    const isWhole = found.some(({ name }) => fold(name) === fold(word.name.trim()));
    mark(word.name && !isWhole && !found[0].isNew ? 0 : -1);
  };
  const insert = (words, start, end) => {
    const line = theLine();
    line.focus();
    line.setSelectionRange(start, end);
    // The one way to write that the browser's own Ctrl+Z takes back.
    if (document.execCommand("insertText", false, words)) return;
    line.setRangeText(words, start, end, "end");
    line.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const pick = (index) => {
    const { writes } = options[index];
    const { start, end } = wordAtCursor();
    const rest = theLine().value.slice(end);
    closeList();
    insert(rest.startsWith(" ") ? writes : `${writes} `, start, end);
    closeList();
  };
  const closeForNow = () => {
    closedAt = theLine().value;
    closeList();
  };
  const inList = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark(active < 0 && step < 0 ? options.length - 1 : (active + step + options.length) % options.length);
    else if (event.key === "Escape") closeForNow();
    else if (event.key === "Tab" && !event.shiftKey && active >= 0) pick(active);
    else if (event.key === "Enter" && active >= 0) pick(active);
    else return;
    event.preventDefault();
  };

  /* ---------- several lines ---------- */

  const count = (text) => text.split(/\r?\n/).filter((line) => line.trim()).length;
  const showLines = () => {
    const lines = theLines();
    if (!lines || !isAwake) return;
    const number = count(lines.value);
    const words = `Add ${number} ${number === 1 ? "task" : "tasks"}`;
    lines.form.hidden = !number;
    $("#qa-question").textContent = `${words}?`;
    $("#qa-add-lines").textContent = words;
  };
  const pasted = (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (count(text) < 2) return;
    event.preventDefault();
    const lines = theLines();
    setNative(lines, lines.value ? `${lines.value}\n${text}` : text);
    $("#qa-add-lines").focus();
  };
  const asOneLine = () => {
    const lines = theLines();
    const words = lines.value.split(/\r?\n/).map((line) => line.trim()).filter(Boolean).join(" ");
    const { selectionStart, selectionEnd } = theLine();
    setNative(lines, "");
    insert(words, selectionStart, selectionEnd);
  };

  /* ---------- what happens on the page ---------- */

  document.addEventListener("input", ({ target, isComposing }) => {
    if (target === theLines()) return showLines();
    if (target !== theLine()) return;
    typed();
    if (!isComposing) showList();
  });
  document.addEventListener("selectionchange", () => {
    if (options.length && !wordAtCursor()) closeList(); // the cursor has left the word
  });
  document.addEventListener("focusout", ({ target }) => target.id === "qa" && closeList());
  document.addEventListener("paste", (event) => event.target === theLine() && pasted(event));
  // Before the keys of the rest of the page.
  document.addEventListener(
    "keydown",
    (event) => {
      if (options.length && event.target === theLine() && !event.isComposing) inList(event);
    },
    true,
  );
  document.addEventListener("mousedown", (event) => event.target.closest?.("#qa-options") && event.preventDefault());
  document.addEventListener("click", ({ target }) => {
    const hit = (selector) => target.closest?.(selector);
    const option = hit("#qa-options [role=option]");
    if (option) pick([...option.parentElement.children].indexOf(option));
    else if (hit("[data-dismiss]")) dismiss(hit(".pill"));
    else if (hit("[data-add-in]")) openAt(hit("[data-add-in]"));
    else if (hit("[data-one-line]")) asOneLine();
    else if (hit("[data-leave]")) {
      setPlace(null);
      theLine().focus();
    }
  });

  let path = location.pathname;
  onChange.push(() => {
    if (location.pathname !== path) {
      path = location.pathname;
      place = null;
      closeList();
    }
    if (!isAwake) {
      if (!isHydrated()) return;
      isAwake = true;
      readSoon();
    }
    followAnswers();
    typed(); // a draft may have come back
    showChips();
    if (place && $("#qa-place")?.hidden) showPlace();
    if (theLines()?.form.hidden === Boolean(theLines()?.value.trim())) showLines();
    if (options.length && offered !== allNames()) showList();
    if (isWanted && theLine()) {
      isWanted = false;
      commands.add();
    }
  });
})();
