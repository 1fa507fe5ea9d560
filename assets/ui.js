/* What the pages do in the browser alone: keys, menus, dialogs, drafts, focus.

   The pages work without it, less comfortably. It changes nothing by itself: keys and menu items end in a click on a real control,
   or in an event that the page listens for (PageEvents in todo_app/ui/layout.py), so that there is one way to do each thing.

   What the markup says, and this file acts on:
     data-saved      the stored value of a field; a field that is not being edited follows it
     data-draft      under which name to keep what is typed here and not stored yet;  data-forget: a button that drops that draft
     data-base       written by this file: what was stored when the typing began. A save names it, so that nobody is overwritten unread
     data-person     whose page this is, and so whose drafts they are
     data-unsaved    written by this file: what is typed here is not stored yet
     data-typed      written by this file: another one after each key, so that what is sent twice is stored once
     data-add        a form that adds something: emptied as it is sent, if that has at most so many characters (200);
                     data-added: the key of the last one that was stored
     data-focus      the name under which what is drawn anew, or moved, gets back the focus it had
     data-epoch      changes when the server has refused something;  data-connection: when the page has read everything again on a new line
     data-more       a button that moves the list's window: pressed when it scrolls into view
     data-menu       a button that opens the menu of this id for its row;  data-action: the command that a menu item runs
     data-open, data-close, data-modal, data-esc    dialogs, and what Escape presses
     data-go         where G and this letter go;  data-native: a link that really loads
     data-shortcuts  "off": keys of one character do nothing;  data-zone: the person's time zone
     data-answer     changes when the server has answered a question that a script asked
     data-choose     a link that changes these choices of the address, "status=open", and keeps the others
     data-choice     a field whose value is this choice of the address
     data-next       a field that takes along the page to open after signing in;  data-keeps-next: a link that does

   What can be done has a name in `commands`; keys, menus and the command palette all run it by that name. The commands of rows are
   in rows.js, of the line that adds tasks in quick_add.js, of what asks back in pickers.js and palette.js; they get what they share by `window.todo`. */
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isShown = (element) => Boolean(element?.checkVisibility());
  // Whether the server has said who is here.
  const isHydrated = () => Boolean($(".who .name")?.textContent);
  const send = (name, detail = {}) => window.dispatchEvent(new CustomEvent(name, { detail }));
  const once = new WeakSet();
  const isNew = (element) => !once.has(element) && once.add(element);
  const make = (tag, attributes = {}, ...content) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...content);
    return element;
  };
  // A place of the sidebar: its name and its sign.
  const navItems = (kind) =>
    $$(`#sidebar [data-kind=${kind}]`).map((item) => ({
      id: item.dataset.keyOf,
      name: $(".name", item).textContent,
      depth: Number($("[data-depth]", item)?.dataset.depth ?? 0),
      sign: $(".dot, svg", item).cloneNode(true),
    }));
  // What scripts do by name, and what they look at after each change of the page.
  const commands = {};
  const onChange = [];

  // Says something to screen readers, or to everybody.
  const tell = (id, text) => {
    const place = document.getElementById(id);
    if (!place) return;
    place.textContent = "";
    clearTimeout(place._timer);
    setTimeout(() => (place.textContent = text), 30); // the same words again are news only after none
    place._timer = setTimeout(() => (place.textContent = ""), 8000);
  };
  const announce = (text) => tell("announced", text);
  const hint = (text) => tell("hint", text);

  /* ---------- what comes a moment after the page: dialogs, menus, and their scripts (dialogs.client.js) ---------- */

  // A key or a click that needs them waits for them.
  const LATE = new Set(["keys", "palette", "go-p", "schedule", "priority", "move", "labels", "menu"]);
  const LEADS_TO_THEM = "button[data-open]:not([data-id]), [popovertarget=account], [data-menu], [data-pick], [data-edit], [data-suggest]";
  const waiting = [];
  const areThere = () => Boolean($("#dialogs") && $("#account"));
  const run = (name, ...about) => {
    if (LATE.has(name) && !areThere()) waiting.push(() => commands[name](...about));
    else commands[name](...about);
  };
  const goOn = () => areThere() && waiting.splice(0).forEach((act) => act());
  // What is typed meanwhile is typed into what was asked for.
  const typeOn = (event) => {
    const { key } = event;
    if (key === "Escape") waiting.length = 0;
    if ((key.length > 1 && key !== "Enter") || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    waiting.push(() => {
      const field = document.activeElement;
      if (key === "Enter" || !isTyping(field)) return field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      field.setRangeText(key, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  };
  addEventListener(
    "click",
    (event) => {
      const control = event.target.closest?.(LEADS_TO_THEM);
      if (!control || areThere()) return;
      event.stopImmediatePropagation();
      waiting.push(() => control.click());
    },
    true,
  );

  /* ---------- theme ---------- */

  // Kept in the browser too, so that the page is drawn in it before the account is known.
  const showTheme = (theme) => {
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  };
  showTheme(localStorage.getItem("todo-theme"));
  let askedTheme = ""; // drawn already, and on its way to the account
  const followTheme = (element) => {
    const theme = element.dataset.themeChoice;
    if (!theme || !isHydrated()) return; // the account's choice is not known yet
    if (askedTheme && theme !== askedTheme) return;
    askedTheme = "";
    if (theme === localStorage.getItem("todo-theme")) return;
    localStorage.setItem("todo-theme", theme);
    showTheme(theme);
  };
  commands.theme = () => {
    const isDark = getComputedStyle(document.documentElement).colorScheme === "dark";
    askedTheme = isDark ? "light" : "dark";
    localStorage.setItem("todo-theme", askedTheme);
    showTheme(askedTheme);
    send("settheme", { theme: askedTheme });
  };

  /* ---------- sidebar ---------- */

  const showSidebar = () => (document.documentElement.dataset.sidebar = localStorage.getItem("todo-sidebar") ?? "on");
  showSidebar();
  commands.sidebar = () => {
    const sidebar = $("#sidebar");
    if (matchMedia("(width < 60rem)").matches) return sidebar?.togglePopover();
    const isByButton = document.activeElement.matches("[data-run=sidebar]");
    localStorage.setItem("todo-sidebar", isShown(sidebar) ? "off" : "on");
    showSidebar();
    if (isByButton) $$("[data-run=sidebar]").find(isShown)?.focus(); // the other one: this one is hidden now
  };

  /* ---------- fields: what is stored, what is typed ---------- */

  const draftKey = (field) => `draft:${field.dataset.draft}`;
  const baseKey = (field) => `base:${field.dataset.draft}`;
  const valueOf = (field) => (field.type === "checkbox" ? (field.checked ? "1" : "0") : field.value);
  // The server stores titles without the spaces around them.
  const holds = (field, text) => [valueOf(field), valueOf(field).trim()].includes(text);
  // By an attribute: for `:has(:checked)` the browser would look at the whole page again at each tick, which takes it four times as long.
  const strike = (box) => box.closest(".row, .subtask")?.toggleAttribute("data-done", box.checked);
  document.addEventListener("change", ({ target }) => target.matches(".check input") && strike(target));
  const setValue = (field, value) => {
    if (field.type === "checkbox") {
      field.checked = value === "1";
      strike(field);
    } else field.value = value;
  };
  const dropDraft = (field) => {
    if (!field.dataset.draft) return;
    sessionStorage.removeItem(draftKey(field));
    sessionStorage.removeItem(baseKey(field));
    field.removeAttribute("data-unsaved");
  };
  const keepDraft = (field) => {
    sessionStorage.setItem(draftKey(field), valueOf(field));
    sessionStorage.setItem(baseKey(field), field.dataset.base ?? "");
    field.setAttribute("data-unsaved", "");
  };
  // They are somebody's: who signs in next in this tab sees none of them. Who was signed out unasked finds them again.
  const OWNER = "drafts-of";
  const forgetDrafts = () => {
    Kept.all.forEach((sent) => sent.clear());
    Object.keys(sessionStorage).forEach((key) => /^(draft|base):/.test(key) && sessionStorage.removeItem(key));
  };
  const followPerson = () => {
    const person = $("[data-person]")?.dataset.person;
    const before = sessionStorage.getItem(OWNER);
    if (!person || person === before) return;
    sessionStorage.setItem(OWNER, person);
    if (!before) return;
    forgetDrafts();
    for (const field of $$("[data-draft]")) setNative(field, field.dataset.saved ?? "");
  };
  addEventListener("submit", ({ target }) => /\/sign-out(-everywhere)?$/.test(target.action) && !$(".offline") && forgetDrafts());
  const fieldOf = (draft) => $(`[data-draft="${CSS.escape(draft)}"]`);

  const greetField = (field) => {
    field._saved = field.dataset.base = field.dataset.saved ?? "";
    if (field.type === "checkbox") strike(field);
    const draft = field.dataset.draft && sessionStorage.getItem(draftKey(field));
    if (!draft || draft === valueOf(field)) return;
    field.dataset.base = sessionStorage.getItem(baseKey(field)) ?? field._saved;
    setNative(field, draft);
  };
  // React reads a field's value through the element's own setter; going around it makes the input event count as typing.
  const setNative = (field, value) => {
    const proto = field.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(proto.prototype, "value").set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const followSaved = (field) => {
    const saved = field.dataset.saved;
    const untouched = /^(checkbox|select-one)$/.test(field.type) || holds(field, field._saved); // these are never half written
    field._saved = saved;
    // Also if it is shown already, by way of a new default: React would else take the field for empty, and not hear it emptied.
    if (untouched || valueOf(field) === saved) setValue(field, saved);
    if (!holds(field, saved)) return;
    field.dataset.base = saved;
    dropDraft(field);
  };
  // Before React, which reads it.
  addEventListener("input", ({ target }) => target.dataset?.draft && (target.dataset.typed = freshId()), true);
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.dataset?.draft) return;
    if (holds(field, field.dataset.saved ?? "")) dropDraft(field);
    else keepDraft(field);
  });

  // The field of a draft may be drawn anew under the hands of its writer, as it is when the server comes back. Focus and cursor
  // follow it, and so do the keys pressed while it was away, which would else be shortcuts.
  const LONGEST_ABSENCE = 3000;
  let writing = null;
  let goneSince = 0;
  const isAway = () => writing && !writing.isConnected && Date.now() - goneSince < LONGEST_ABSENCE;
  document.addEventListener("focusin", (event) => (writing = event.target.dataset.draft ? event.target : null));
  document.addEventListener("focusout", (event) => {
    const field = event.target;
    setTimeout(() => {
      if (field === writing && field.isConnected && field !== document.activeElement) writing = null;
    });
  });
  const writeAway = (event) => {
    const text = event.key === "Enter" && writing.tagName === "TEXTAREA" ? "\n" : event.key;
    if (text.length > 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    writing.setRangeText(text, writing.selectionStart, writing.selectionEnd, "end");
    keepDraft(writing);
  };
  const followWriter = () => {
    if (!writing || writing.isConnected) return void (goneSince = 0);
    goneSince ||= Date.now();
    const field = fieldOf(writing.dataset.draft);
    if (!field || !isAway()) return;
    const { selectionStart, selectionEnd } = writing;
    field.focus({ preventScroll: true });
    field.setSelectionRange(selectionStart, selectionEnd);
  };

  // The same for any control with a name; an element that is moved loses the focus too.
  let focusName = "";
  document.addEventListener("focusin", (event) => (focusName = event.target.dataset.focus ?? ""));
  document.addEventListener("focusout", ({ target }) =>
    setTimeout(() => {
      if (target.isConnected && target !== document.activeElement && target.dataset.focus === focusName) focusName = "";
    }),
  );
  const followFocus = () => {
    if (focusName && document.activeElement === document.body) $(`[data-focus="${CSS.escape(focusName)}"]`)?.focus();
  };

  /* ---------- adding ---------- */

  // A map that outlives a reload of the page.
  class Kept extends Map {
    static all = [];
    constructor(name) {
      super();
      Kept.all.push(this);
      this.name = `sent:${name}`;
      for (const [key, value] of JSON.parse(sessionStorage.getItem(this.name) ?? "[]")) super.set(key, value);
    }
    set(key, value) {
      super.set(key, value);
      return this.keep(this);
    }
    delete(key) {
      return this.keep(super.delete(key));
    }
    clear() {
      this.keep(super.clear());
    }
    keep(result) {
      sessionStorage.setItem(this.name, JSON.stringify([...this]));
      return result;
    }
  }
  // What was sent and not yet confirmed, by key, with the draft it was. Should the server refuse it, the words come back into the line.
  const unconfirmed = new Kept("forms");
  const followAdded = (form) => {
    const added = form.dataset.added;
    if (!unconfirmed.has(added)) return;
    for (const key of [...unconfirmed.keys()]) {
      unconfirmed.delete(key); // the server takes them in order
      if (key === added) break;
    }
  };
  const onRefusal = [];
  const refused = () => {
    bringBack();
    onRefusal.forEach((mend) => mend());
  };
  const bringBack = () => {
    for (const draft of new Set([...unconfirmed.values()].map((words) => words.draft))) {
      const field = fieldOf(draft);
      if (!field || field.value) continue;
      const refused = [...unconfirmed].filter(([, words]) => words.draft === draft);
      setNative(field, refused.map(([, words]) => words.text).join("; "));
      refused.forEach(([key]) => unconfirmed.delete(key));
    }
  };

  const freshId = () => crypto.randomUUID?.() ?? String(Math.random());
  const freshKey = (form) => {
    const key = $("[data-fresh-key]", form);
    if (key) key.value = freshId();
  };
  // On the window, and so after React, which listens on the document, has read the form. A title that will be refused stays, for
  // its writer to mend.
  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-add]") || isAgain) return;
    const field = $("[data-draft]", form);
    const title = field.value.trim();
    if (title && [...title].length <= (Number(form.dataset.add) || 200)) {
      unconfirmed.set($("[data-fresh-key]", form).value, { draft: field.dataset.draft, text: title, sent: [...new FormData(form)] });
      field.value = "";
      dropDraft(field);
    }
    freshKey(form);
    field.focus();
  });

  /* ---------- sending again ---------- */

  // What was on its way when the line went down may not have arrived. The server knows by its key what it has done already.
  const onReturn = [];
  let isAgain = false;
  const submitAgain = (form, sent) => {
    const fields = sent.map(([name]) => form.elements.namedItem(name));
    const typedSince = fields.map((field) => field.value);
    fields.forEach((field, n) => (field.value = sent[n][1]));
    isAgain = true;
    form.requestSubmit();
    isAgain = false;
    fields.forEach((field, n) => (field.value = typedSince[n]));
  };
  onReturn.push(() => {
    for (const { draft, sent } of unconfirmed.values()) if (fieldOf(draft)) submitAgain(fieldOf(draft).form, sent);
    for (const box of $$(".check input[data-saved]")) {
      if (valueOf(box) === box.dataset.saved) continue;
      box.checked = !box.checked;
      box.click();
    }
    for (const field of $$("#panel [data-saved][data-unsaved]:not(:focus)")) field.dispatchEvent(new FocusEvent("focusout", { bubbles: true })); // saves it
  });
  let connection = "";
  const followConnection = () => {
    const now = $("[data-connection]")?.dataset.connection;
    if (!now || now === connection) return;
    connection = now;
    onReturn.forEach((sendAgain) => sendAgain());
  };

  /* ---------- rows: one tab stop, the arrows move ---------- */

  let lastRow = 0;
  let rowHadFocus = false;
  const rows = () => $$(".row[data-id]").filter(isShown);
  const rowOf = (element) => element?.closest?.(".row[data-id]");
  const taskOf = (element) => element?.closest?.(".row[data-id]:not(.trash)");
  const focusRow = (row) => {
    if (!row) return;
    $("[data-title]", row).focus();
    row.scrollIntoView({ block: "nearest" });
  };
  const rove = () => {
    const all = rows();
    const current = rowOf(document.activeElement) ?? all[Math.min(lastRow, all.length - 1)];
    for (const row of all) {
      for (const control of $$("button, input", row)) {
        const tabIndex = row === current ? 0 : -1;
        if (control.tabIndex !== tabIndex) control.tabIndex = tabIndex;
      }
    }
  };
  document.addEventListener("focusin", (event) => {
    const row = rowOf(event.target);
    rowHadFocus = Boolean(row);
    if (!row) return;
    lastRow = rows().indexOf(row);
    rove();
  });

  /* ---------- long lists ---------- */

  // While the window of rows moves, the row at its edge stays where it is on the screen.
  let held = null;
  const edgeRow = (where) => rows().at(where === "earlier" ? 0 : -1);
  const topOf = (row) => row.getBoundingClientRect().top;
  const scrolled = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      const where = target.dataset.more;
      // A screen taller than the window of rows would go back and forth.
      if (!isIntersecting || (where === "later" && scrollY === 0)) continue;
      if (held && Date.now() - held.since < LONGEST_ABSENCE) continue; // asked already
      const row = edgeRow(where);
      held = row ? { id: row.dataset.id, top: topOf(row), where, since: Date.now() } : null;
      target.click();
    }
  });
  const heldRow = () => held && $(`.row[data-id="${held.id}"]`);
  addEventListener("scroll", () => heldRow() && (held.top = topOf(heldRow())), { passive: true });
  const followWindow = () => {
    const row = heldRow();
    if (!row || row === edgeRow(held.where)) return;
    scrollBy({ top: topOf(row) - held.top, behavior: "instant" });
    held = null;
    if (document.activeElement === document.body) rowHadFocus = false; // its row was scrolled away from: no other one takes it
    for (const button of $$("[data-more]")) {
      scrolled.unobserve(button); // and anew: it may be in view still
      scrolled.observe(button);
    }
  };

  /* ---------- menus and dialogs ---------- */

  const openDialog = (dialog) => {
    if (!dialog || dialog.open) return;
    dialog._opener = document.activeElement;
    dialog.showModal();
  };
  document.addEventListener(
    "close",
    (event) => {
      const opener = event.target._opener;
      if (isShown(opener)) opener.focus();
    },
    true,
  );
  // A dialog that the page's state has opened is closed by it too; else it would be there, unseen, and never open again.
  document.addEventListener(
    "cancel",
    (event) => {
      const button = $("[data-esc]", event.target);
      if (!button) return;
      event.preventDefault();
      button.click();
    },
    true,
  );
  const openMenu = (button) => {
    const menu = document.getElementById(button.dataset.menu);
    menu._button = button;
    const repeats = rowOf(button)?.dataset.repeats === "true";
    for (const item of $$("[data-for=repeating]", menu)) item.hidden = !repeats;
    menu.showPopover({ source: button });
  };
  document.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      if (menu.getAttribute?.("role") !== "menu") return;
      if (event.newState === "open") $("[role=menuitem]", menu).focus();
    },
    true,
  );
  const chooseAction = (item) => {
    const menu = item.closest("[role=menu]");
    const row = rowOf(menu._button);
    menu.hidePopover();
    focusRow(row);
    if (row) run(item.dataset.action, row, item.dataset.value);
  };
  const moveInMenu = (event, menu) => {
    const items = $$("[role=menuitem]", menu).filter(isShown);
    const here = items.indexOf(document.activeElement);
    const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    items[(next + items.length) % items.length].focus();
  };

  /* ---------- clicks ---------- */

  const reveal = (button) => {
    const field = document.getElementById(button.dataset.reveal);
    const show = field.type === "password";
    field.type = show ? "text" : "password";
    button.textContent = show ? "Hide" : "Show";
    button.setAttribute("aria-pressed", String(show));
  };
  document.addEventListener("click", (event) => {
    const target = event.target;
    const hit = (selector) => target.closest?.(selector);
    if (hit("[data-key=q]")) return commands.add();
    if (hit("[data-run]")) return run(hit("[data-run]").dataset.run);
    if (hit("[data-menu]")) return openMenu(hit("[data-menu]"));
    if (hit("[data-action]")) return chooseAction(hit("[data-action]"));
    if (hit("[data-forget]")) sessionStorage.removeItem(`draft:${hit("[data-forget]").dataset.forget}`);
    if (hit("[data-reveal]")) return reveal(hit("[data-reveal]"));
    if (hit("[data-open]")?.matches("button")) {
      hit("[popover]")?.hidePopover();
      return openDialog(document.getElementById(hit("[data-open]").dataset.open));
    }
    if (hit("[data-close]")) return hit("dialog").close();
    if (target.tagName === "DIALOG") return ($("[data-esc]", target) ?? $("[data-close]", target))?.click();
  });
  // The page to open after signing in. It stands in the address, where it is before the server has answered the page at all.
  const nextPage = () => new URLSearchParams(location.search).get("next") ?? "";
  // After an update of the site the code of another page may be gone. The router then loads this one anew; the click is remembered,
  // and leads on from there.
  const GOING = "going-to";
  const leadOn = () => {
    const address = sessionStorage.getItem(GOING);
    sessionStorage.removeItem(GOING);
    const isReload = performance.getEntriesByType("navigation")[0]?.type === "reload";
    if (isReload && address && new URL(address).pathname !== location.pathname) location.replace(address);
  };
  // Before the router, which takes every link of this site for one of its own and never moves the focus to a hash.
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.("a[href]");
      if (link?.matches("[data-choose]")) link.href = addressWith(link.dataset.choose);
      if (link?.matches("[data-keeps-next]")) link.href = link.pathname + (nextPage() && `?${new URLSearchParams({ next: nextPage() })}`);
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (link.matches("[data-choose]")) {
        event.preventDefault();
        event.stopPropagation();
        visit(link.getAttribute("href"));
      } else if (link.matches("[data-native]")) {
        event.preventDefault();
        event.stopPropagation();
        location.assign(link.href);
      } else if (link.hash && link.pathname.replace(/\/$/, "") === location.pathname.replace(/\/$/, "")) {
        const place = document.getElementById(link.hash.slice(1));
        if (!place) return;
        event.preventDefault();
        event.stopPropagation();
        place.focus();
        place.scrollIntoView({ block: "start" });
      } else {
        if ($("#sidebar")?.matches(":popover-open")) $("#sidebar").hidePopover();
        if (link.origin === location.origin && !link.target) sessionStorage.setItem(GOING, link.href);
      }
    },
    true,
  );

  /* ---------- what is chosen: filter, order, search, how a project is shown ---------- */

  // All of it stands in the address. A choice changes what the address says at that moment, so that it never loses another one
  // which the server has not answered yet.
  const LONGEST_SEARCH = 200;
  const SEARCH_AFTER = 250;
  const addressWith = (choices) => {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of new URLSearchParams(choices)) value ? query.set(name, value) : query.delete(name);
    return location.pathname + (query.size ? `?${query}` : "") + location.hash;
  };
  // To the router it is as if the back button had led there.
  const visit = (address, isNewPage = true) => {
    if (address === location.pathname + location.search + location.hash) return;
    const state = { ...history.state, key: freshId(), idx: (history.state?.idx ?? 0) + isNewPage, opensTask: false };
    if (isNewPage) history.pushState(state, "", address);
    else history.replaceState(state, "", address);
    dispatchEvent(new PopStateEvent("popstate", { state }));
  };
  let searching = 0;
  document.addEventListener("input", ({ target }) => {
    if (target.type !== "search" || !target.dataset.choice) return;
    const { pathname } = location;
    clearTimeout(searching);
    searching = setTimeout(() => {
      const words = target.value.trim().slice(0, LONGEST_SEARCH);
      if (location.pathname === pathname) visit(addressWith({ [target.dataset.choice]: words }), false);
    }, SEARCH_AFTER);
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches("select[data-choice]")) visit(addressWith({ [target.dataset.choice]: target.value }));
  });

  /* ---------- keys ---------- */

  let chord = 0; // until when a letter after G is a place to go
  const isTyping = (element) =>
    element.isContentEditable ||
    /^(TEXTAREA|SELECT)$/.test(element.tagName) ||
    (element.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(element.type));

  // Each is asked in turn; the first that had something to leave says so.
  const escapes = [];
  const escape = (event) => {
    if (isTyping(event.target) && !event.target.closest(".panel")) return event.target.blur();
    if (escapes.some((leave) => leave())) return;
    pressEsc($$("[data-esc]").filter(isShown)[0]);
  };
  const pressEsc = (button) => {
    if (!button) return;
    document.activeElement.blur(); // which saves what was typed
    button.click();
    focusRow(rows()[lastRow]);
  };

  Object.assign(commands, {
    search: () => ($("#search") ? $("#search").focus() : $("[data-go=f]")?.click()),
    keys: () => openDialog($("#keys")),
    undo: () => send("undolast"),
    redo: () => send("redolast"),
    go: () => (chord = Date.now() + 1500),
    menu: (row) => row && openMenu($("[data-menu]", row)),
  });
  // Keys as `keyName` gives them, with the command each runs: anywhere, while typing too, and on a row or the selected rows.
  const anywhere = { q: "add", "/": "search", "?": "keys", z: "undo", g: "go", m: "sidebar" };
  const always = { "Mod+k": "palette" };
  const onRow = {
    e: "complete", F2: "rename", t: "schedule", v: "move", l: "labels", d: "duplicate", ".": "menu", x: "select", Delete: "delete",
    1: "priority", 2: "priority", 3: "priority", 4: "priority",
    "Alt+ArrowUp": "up", "Alt+ArrowDown": "down", "Alt+ArrowLeft": "left", "Alt+ArrowRight": "right", "Shift+ArrowUp": "selectUp", "Shift+ArrowDown": "selectDown",
  };
  const inList = { "Mod+a": "selectAll", "Mod+z": "undo", "Mod+Shift+z": "redo" };
  const keyName = ({ key, ctrlKey, metaKey, altKey, shiftKey }) => {
    const mod = ctrlKey || metaKey;
    const named = key.length > 1 || mod; // else Shift is part of the character
    const modifiers = (mod ? "Mod+" : "") + (altKey ? "Alt+" : "") + (shiftKey && named ? "Shift+" : "");
    return modifiers + (key.length === 1 && (mod || !shiftKey) ? key.toLowerCase() : key);
  };
  const walk = (key) => {
    const all = rows();
    const row = rowOf(document.activeElement);
    const here = row ? all.indexOf(row) : lastRow - 1;
    const next = { j: here + 1, ArrowDown: here + 1, k: here - 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[key];
    if (next === undefined || !all.length || (key.length > 1 && !row)) return false;
    focusRow(all[Math.max(0, Math.min(all.length - 1, next))]);
    return true;
  };
  // Where G and this key lead: a link, or a command of that name.
  const destination = (key) => {
    const link = $(`[data-go="${CSS.escape(key)}"]`);
    if (link) return () => link.click();
    const name = `go-${key}`;
    return (commands[name] || LATE.has(name)) && (() => run(name));
  };
  const actionOf = (name, target) => {
    if (Date.now() < chord && destination(name)) return destination(name);
    const row = taskOf(target);
    if (onRow[name] && (row || todo.hasSelection())) return () => run(onRow[name], row, name);
    const command = anywhere[name] ?? inList[name];
    return command && (() => run(command, row));
  };
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.isComposing || event.defaultPrevented) return;
    if (isAway()) return writeAway(event);
    if (waiting.length && !isTyping(target)) return typeOn(event);
    const name = keyName(event);
    if (always[name] && !$("dialog[open]")) {
      event.preventDefault();
      return run(always[name]);
    }
    const menu = target.closest?.("[role=menu]");
    if (menu) return moveInMenu(event, menu);
    if ($("dialog[open]")) return;
    if (key === "Escape") return escape(event);
    if (key === "Enter" && target.matches("#panel [data-draft^='title:']")) {
      event.preventDefault();
      return $("#panel").focus(); // leaving the field saves it
    }
    if (isTyping(target)) return;
    if (name.length === 1 && $("[data-shortcuts=off]")) return;
    const action = actionOf(name, target);
    chord = 0;
    if (action) {
      event.preventDefault();
      action();
    } else if (walk(name)) {
      event.preventDefault();
    }
  });

  /* ---------- what appears, changes and goes ---------- */

  let path = location.pathname;
  let openTask = "";

  // The open task stands in the address, so that a reload opens it again and Back closes it. The router knows nothing of that entry.
  const listAddress = () => location.pathname + location.search;
  const taskInAddress = () => location.hash.match(/^#task=(.+)/)?.[1] ?? "";
  let list = listAddress();
  addEventListener(
    "popstate",
    (event) => {
      if (listAddress() !== list) return;
      event.stopImmediatePropagation();
      const id = taskInAddress();
      if (id === openTask) return;
      if (id) send("taskopen", { id });
      else pressEsc($("#panel [data-esc]"));
    },
    true,
  );
  const followPanel = () => {
    if ($("[data-page]")?.dataset.page !== location.pathname.replace(/\/$/, "")) return; // the server has yet to hear of this one
    const id = $("#panel")?.dataset.task ?? "";
    if (id === openTask) return;
    const isFocusFree = !openTask || document.activeElement === document.body; // what opened it may have gone with the last task
    if (id && isFocusFree && !$("#panel").contains(document.activeElement)) $("#panel").focus({ preventScroll: true });
    openTask = id;
    if (!id && history.state?.opensTask) return history.back();
    const address = listAddress() + (id && `#task=${id}`);
    if (id && !taskInAddress()) history.pushState({ ...history.state, key: freshId(), opensTask: true }, "", address);
    else history.replaceState(history.state, "", address);
  };
  // The new page's heading gets the focus as soon as it is there, which may be after its code has come over a slow line.
  let heading = $("#h1");
  let waitsForHeading = false;
  const followPath = () => {
    list = listAddress();
    if (location.pathname !== path) {
      path = location.pathname;
      sessionStorage.removeItem(GOING);
      openTask = "";
      waitsForHeading = true;
      todo.clearSelection();
    }
    const shown = $("#h1");
    if (waitsForHeading && shown && shown !== heading) {
      shown.focus({ preventScroll: true });
      waitsForHeading = false;
    }
    heading = shown;
  };
  const greet = (root) => {
    const all = (selector) => [...(root.matches?.(selector) ? [root] : []), ...$$(selector, root)].filter(isNew);
    all("[data-saved], [data-draft]").forEach(greetField);
    all("[data-add]").forEach(freshKey);
    all("[data-more]").forEach((button) => scrolled.observe(button));
    all("[data-modal]").forEach(openDialog);
    all("[data-theme-choice]").forEach(followTheme);
    all("[data-time-zone]").forEach((field) => (field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? ""));
    all("[data-next]").forEach((field) => (field.value = nextPage()));
    all("[data-link-token]").forEach((field) => (field.value = window.linkToken ?? "")); // from a mailed link; see todo_app.py
    for (const summary of all("#err-sum")) {
      summary.focus();
      if (!document.title.startsWith("Error: ")) document.title = `Error: ${document.title}`;
    }
  };
  const onChanges = (changes) => {
    for (const change of changes) {
      if (change.attributeName === "data-saved") followSaved(change.target);
      else if (change.attributeName === "data-theme-choice") followTheme(change.target);
      else if (change.attributeName === "data-added") followAdded(change.target);
      else if (change.attributeName === "data-epoch") refused();
      else for (const node of change.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) greet(node);
    }
    $$("[data-theme-choice]").forEach(followTheme); // it may be the same as the unhydrated one, and yet not the last person's
    followPath();
    followPerson();
    followWriter();
    followFocus();
    followPanel();
    followWindow();
    followConnection();
    onChange.forEach((look) => look());
    goOn();
    rove();
    // A row that goes takes the focus with it: the next one gets it.
    if (rowHadFocus && document.activeElement === document.body) focusRow(rows()[Math.min(lastRow, rows().length - 1)]);
  };
  new MutationObserver(onChanges).observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-saved", "data-theme-choice", "data-task", "data-page", "data-added", "data-refused", "data-epoch", "data-answer", "data-of", "data-connection", "data-person"],
  });

  /* ---------- a new day ---------- */

  // An open page shows the new day when it has come where the person is, also after a night with the lid closed.
  const dayNow = () => {
    const timeZone = $("[data-zone]")?.dataset.zone;
    return timeZone && new Intl.DateTimeFormat("en-CA", { timeZone }).format(Date.now());
  };
  let day;
  const lookAtDay = () => {
    const now = dayNow();
    if (day && now && now !== day) send("newday");
    day = now ?? day;
  };
  setTimeout(lookAtDay, 2000); // a browser's first look into its time zones takes it longer than all else here
  setInterval(lookAtDay, 20_000);
  document.addEventListener("visibilitychange", lookAtDay);

  const todo = (window.todo = {
    $, $$, isShown, isHydrated, isTyping, send, announce, hint, rows, rowOf, taskOf, focusRow, openDialog, setNative, dropDraft, freshId,
    commands, onChange, onRefusal, onReturn, submitAgain, isSentAgain: () => isAgain, Kept, escapes, addressWith, visit, make, navItems,
    hasSelection: () => false,
    clearSelection: () => {},
  });
  greet(document.documentElement);
  leadOn();

  /* ---------- offline ---------- */

  if ("serviceWorker" in navigator && window.isSecureContext) {
    addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));
  }
})();
