/* What asks back before it acts: when, where to, which labels, which priority. Each is a dialog that opens in the browser at once,
   about the focused row or all that is selected; the choices are those of the sidebar, which is in the page already.

     data-pick       a button that opens a picker: "schedule" for its row, "overdue" for all that is overdue
     data-about      where a dialog says what it is about;  data-choices: where this file puts the choices
     data-when       a phrase that a button stands for;  data-confirm: the button that Enter presses
     data-value      what an option means */
(() => {
  "use strict";

  const todo = window.todo;
  const { $, $$, isShown, send, sendAll, aimOf, rowById, titleOf, taskOf, openDialog, commands, onChange, make, navItems } = todo;
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const has = (text, typed) => fold(typed).split(/\s+/).every((word) => fold(text).includes(word));

  const about = (ids) => {
    const row = ids.length === 1 && rowById(ids[0]);
    return row ? titleOf(row) : `${ids.length} tasks`;
  };
  const open = (id, ids, words = about(ids)) => {
    const dialog = document.getElementById(id);
    dialog._ids = ids;
    $("[data-about]", dialog).textContent = words;
    const field = $("input", dialog);
    field.value = "";
    openDialog(dialog);
    field.focus();
    return dialog;
  };

  /* ---------- comboboxes: a list that is filtered by what is typed ---------- */

  const boxes = {};
  let made = 0;
  const optionsOf = (dialog) => $$("[role=option]", dialog);
  const mark = (dialog, option) => {
    for (const each of optionsOf(dialog)) each.setAttribute("aria-selected", String(each === option));
    if (option && !option.id) option.id = `option-${++made}`;
    $("[role=combobox]", dialog).setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  };
  const narrow = (dialog) => {
    const typed = $("[role=combobox]", dialog).value.trim();
    const fits = boxes[dialog.id].fits ?? (() => true);
    for (const option of optionsOf(dialog)) {
      const words = $(".name", option).textContent + (option.dataset.words ?? "");
      option.hidden = !(has(words, typed) || option.dataset.of === typed) || !fits(option);
    }
    for (const group of $$("[role=group]", dialog)) group.hidden = !optionsOf(group).some((option) => !option.hidden);
    const shown = optionsOf(dialog).filter((option) => !option.hidden);
    mark(dialog, shown.find((option) => option.getAttribute("aria-selected") === "true" && typed === dialog._typed) ?? shown[0]);
    dialog._typed = typed;
    const none = $("[data-none]", dialog);
    if (none) none.hidden = shown.length > 0 || !(boxes[dialog.id].isSure?.(typed) ?? true);
  };
  const choose = (dialog, option) => {
    if (option) boxes[dialog.id].choose(option, dialog);
  };
  const boxOf = (element) => {
    const dialog = element.closest?.("dialog");
    return dialog && boxes[dialog.id] ? dialog : null;
  };
  document.addEventListener("input", (event) => {
    const dialog = boxOf(event.target);
    if (!dialog) return;
    narrow(dialog);
    boxes[dialog.id].typed?.(event.target.value.trim());
  });
  document.addEventListener("click", (event) => {
    const option = event.target.closest?.("[role=option]");
    const dialog = option && boxOf(option);
    if (dialog) choose(dialog, option);
  });
  document.addEventListener("keydown", (event) => {
    const dialog = event.target.matches?.("[role=combobox]") && boxOf(event.target);
    if (!dialog || event.isComposing) return;
    const shown = optionsOf(dialog).filter((option) => !option.hidden);
    const here = shown.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) mark(dialog, shown[(here + by + shown.length) % shown.length]);
    else if (event.key === "Enter") shown[here] ? choose(dialog, shown[here]) : boxes[dialog.id].nothing?.(dialog);
    else return;
    event.preventDefault();
  });
  const option = (name, { sign, depth = 0, keys = [], ...data }) => {
    const made = make("div", { role: "option", class: "opt", "aria-selected": "false" });
    if (depth) made.style.paddingInlineStart = `${0.75 + 1.25 * depth}rem`;
    if (sign) made.append(sign);
    made.append(make("span", { class: "name", dir: "auto" }, name));
    for (const key of keys) made.append(make("kbd", { "aria-hidden": "true" }, key));
    Object.assign(made.dataset, data);
    return made;
  };
  Object.assign(todo, { boxes, narrow, option });

  /* ---------- where to ---------- */

  const places = () => {
    const sections = $$("#all-sections [data-in]");
    const inbox = $("#sidebar [data-go=i] svg").cloneNode(true);
    const found = [option("Inbox", { sign: inbox, value: "inbox" })];
    for (const { id, name, depth, sign } of navItems("project")) {
      found.push(option(name, { sign, depth, value: `project:${id}` }));
      for (const section of sections.filter((each) => each.dataset.in === id)) {
        const { keyOf } = section.dataset;
        const inside = option(section.textContent, { depth: depth + 1, value: `section:${keyOf}`, words: ` ${name}` });
        inside.append(make("span", { class: "in" }, name));
        found.push(inside);
      }
    }
    return found;
  };
  boxes.move = {
    choose: ({ dataset }, dialog) => {
      dialog.close();
      sendAll("tasksmove", dialog._ids, { place: dataset.value });
    },
  };
  boxes.priority = {
    choose: ({ dataset }, dialog) => {
      dialog.close();
      sendAll("taskspriority", dialog._ids, { priority: Number(dataset.value) });
    },
  };

  /* ---------- which labels ---------- */

  const nameOf = (box) => box.closest("label").textContent;
  const labelBox = (name, id, state) => {
    const box = make("input", { type: "checkbox" });
    box.checked = state === "all";
    box.indeterminate = state === "some";
    Object.assign(box.dataset, { id, was: state });
    return make("li", {}, make("label", {}, box, make("span", { dir: "auto" }, name)));
  };
  const stateOf = (name, ids) => {
    const known = ids.map(rowById).filter(Boolean);
    const having = known.filter((row) => $$(".tag", row).some((tag) => tag.textContent === name));
    return !having.length ? "none" : having.length === known.length ? "all" : "some";
  };
  const labelChange = (dialog) => {
    const boxes = $$("[data-choices] input", dialog);
    const isNew = (box) => !box.dataset.id;
    const added = boxes.filter((box) => box.checked && box.dataset.was !== "all");
    const removed = boxes.filter((box) => !box.checked && !box.indeterminate && box.dataset.was !== "none");
    return {
      add: added.filter((box) => !isNew(box)).map((box) => box.dataset.id),
      remove: removed.map((box) => box.dataset.id),
      names: added.filter(isNew).map(nameOf),
    };
  };
  const saveLabels = (dialog) => {
    const change = labelChange(dialog);
    dialog.close();
    if (Object.values(change).some((list) => list.length)) sendAll("taskslabel", dialog._ids, change);
  };
  const narrowLabels = (dialog) => {
    const typed = $("[type=text]", dialog).value.trim();
    let isThere = !typed;
    for (const box of $$("[data-choices] input", dialog)) {
      box.closest("li").hidden = !has(nameOf(box), typed);
      isThere ||= fold(nameOf(box)) === fold(typed);
    }
    const button = $("[data-make]", dialog);
    button.hidden = isThere;
    button.lastChild.textContent = `Make the label “${typed}”`;
  };
  const makeLabel = (dialog) => {
    const field = $("[type=text]", dialog);
    const name = field.value.trim().replace(/^@/, "");
    if (name) $("[data-choices]", dialog).prepend(labelBox(name, "", "none"));
    if (name) $("[data-choices] input", dialog).checked = true;
    field.value = "";
    field.focus();
    narrowLabels(dialog);
  };
  const enterLabel = (dialog) => {
    const field = $("[type=text]", dialog);
    if (!field.value.trim()) return saveLabels(dialog);
    const shown = $$("[data-choices] input", dialog).filter(isShown);
    const best = shown.find((box) => fold(nameOf(box)) === fold(field.value.trim())) ?? shown[0];
    if (!best) return makeLabel(dialog);
    best.click();
    field.value = "";
    narrowLabels(dialog);
  };
  const walkLabels = (event, dialog) => {
    const stops = [$("[type=text]", dialog), ...$$("[data-choices] input", dialog).filter(isShown)];
    const next = stops[stops.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
    event.preventDefault();
    next?.focus();
  };

  /* ---------- when ---------- */

  const ASK_AFTER = 100;
  let asking = 0;
  let waitsFor = ""; // the key of what was sent and is perhaps not understood
  const phrase = () => $("#when").value.trim();
  const ask = () => {
    clearTimeout(asking);
    asking = setTimeout(() => send("understand", { text: phrase() }), ASK_AFTER);
  };
  const schedule = (dialog, text, language = "") => {
    const key = todo.freshId();
    clearTimeout(asking);
    if (dialog._ids === "overdue") send("overdueschedule", { text, language, key });
    else send("tasksschedule", { ids: dialog._ids, text, language, key });
    const means = $("#when-means").dataset;
    if (language || (means.of === text && means.known === "true")) finish(dialog);
    else waitsFor = key;
  };
  const finish = (dialog) => {
    waitsFor = "";
    dialog.close();
    todo.clearSelection();
  };
  onChange.push(() => {
    if (waitsFor && $("#when-means")?.dataset.answer === waitsFor) finish($("#schedule"));
  });
  const openSchedule = (ids, words) => {
    waitsFor = "";
    open("schedule", ids, words);
    $("#when-day").value = "";
    ask();
  };

  document.addEventListener("input", (event) => {
    const { id } = event.target;
    if (id === "when") ask();
    if (id === "when-day" && event.target.value) {
      $("#when").value = event.target.value;
      ask();
    }
    if (event.target.closest("#labels") && event.target.type === "text") narrowLabels(event.target.closest("dialog"));
  });
  document.addEventListener("keydown", (event) => {
    const dialog = event.target.closest?.("#labels, #schedule");
    if (!dialog || event.isComposing || !event.target.matches("input")) return;
    if (dialog.id === "labels" && event.key.startsWith("Arrow")) return walkLabels(event, dialog);
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (dialog.id === "schedule") schedule(dialog, phrase());
    else if (event.target.type === "text") enterLabel(dialog);
    else saveLabels(dialog);
  });
  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest?.(selector);
    const dialog = hit("dialog");
    if (hit("[data-when]")) schedule(dialog, hit("[data-when]").dataset.when, "en");
    else if (hit("#labels [data-make]")) makeLabel(dialog);
    else if (hit("[data-confirm]")) (dialog.id === "schedule" ? schedule(dialog, phrase()) : saveLabels(dialog));
    else if (hit("[data-pick=overdue]")) openSchedule("overdue", "All that is overdue");
    else if (hit("[data-pick=schedule]")) openSchedule([taskOf(event.target).dataset.id]);
  });

  Object.assign(commands, {
    schedule: (row) => aimOf(row).length && openSchedule(aimOf(row)),
    priority: (row, level) => {
      const ids = aimOf(row);
      if (!ids.length) return;
      if (level) return sendAll("taskspriority", ids, { priority: Number(level) });
      narrow(open("priority", ids));
    },
    move: (row) => {
      const ids = aimOf(row);
      if (!ids.length) return;
      $("#move [data-choices]").replaceChildren(...places());
      narrow(open("move", ids));
    },
    labels: (row) => {
      const ids = aimOf(row);
      if (!ids.length) return;
      const found = navItems("label").map(({ id, name }) => labelBox(name, id, stateOf(name, ids)));
      $("#labels [data-choices]").replaceChildren(...found);
      narrowLabels(open("labels", ids));
    },
  });
})();
