/* Projects, sections, labels and filters in the browser: their dialogs open at once, their menus act, and they are dragged.

   What the markup says, and this file acts on:
     data-kind, data-key-of    what an element is about: "project", "section", "label" or "filter", and its id
     data-edit    a button that opens the dialog in which one of this kind is added;  data-take: the field whose text its filter is
     data-do      what a button or a menu item does with what it is about
     data-organise   a dialog, of this kind. It has data-mode "add" or "edit";  data-loaded: what the server has told of a project;
                     data-stored: the key of the form it has stored last
     data-suggest    a button that writes `data-with` into the field of this id, in place of some of `data-text` */
(() => {
  "use strict";

  const { $, $$, isShown, send, openDialog, setNative, freshId, onChange, addressWith, visit } = window.todo;

  /* ---------- what is on the page ---------- */

  const aboutOf = (element) => element?.closest("[data-kind][data-key-of], [data-kind=section][data-group]");
  const idOf = (about) => about.dataset.keyOf ?? about.dataset.group;
  const entries = (kind) => $$(`#sidebar li[data-kind=${kind}]`);
  const depthOf = (entry) => Number($("[data-depth]", entry)?.dataset.depth ?? 0);
  const parentOf = (entry) => {
    const before = entries(entry.dataset.kind);
    const above = before.slice(0, before.indexOf(entry)).reverse();
    return above.find((other) => depthOf(other) < depthOf(entry));
  };
  // What the page shows of a row is enough to begin with.
  const shownOf = (kind, id) => {
    if (kind === "section") return { name: $(`[data-kind=section][data-group="${id}"] h2`)?.textContent ?? "" };
    const entry = $(`#sidebar li[data-kind=${kind}][data-key-of="${id}"]`);
    if (!entry) return {};
    const link = $("a", entry);
    const shown = { name: $(".name", entry).textContent, color: link.dataset.c };
    if (kind === "project") shown.parent_id = parentOf(entry) ? idOf(parentOf(entry)) : "";
    if (kind === "filter") shown.query = new URL(link.href).searchParams.get("filter") ?? "";
    return shown;
  };

  /* ---------- dialogs ---------- */

  const formOf = (dialog) => $("form", dialog);
  const loadedOf = (dialog, id) => {
    const loaded = JSON.parse(dialog.dataset.loaded || "{}");
    return loaded.id === id ? loaded : {};
  };
  // Whatever was typed stays.
  const fill = (form, values) => {
    for (const [name, value] of Object.entries(values)) {
      const field = form.elements[name];
      if (field && name !== "id" && !form._typed.has(name)) field.value = value;
    }
  };
  const clear = (form) => {
    form.reset();
    form.elements.key.value = "";
    form._typed = new Set();
    form._for = undefined;
  };
  // A project can't lie in itself.
  const closeOwnTree = (form, id) => {
    let depth = Infinity;
    for (const option of $$("[name=parent_id] option[data-depth]", form)) {
      const own = Number(option.dataset.depth);
      if (option.value === id) depth = own;
      else if (own <= depth) depth = Infinity;
      option.disabled = own >= depth;
    }
  };
  const edit = (kind, id = "", values = {}) => {
    const dialog = document.getElementById(`edit-${kind}`);
    const form = formOf(dialog);
    const whose = `${id}${values.project_id ?? ""}`;
    // Closed by Esc and opened again: what was typed is still there.
    if (form._for !== whose) clear(form);
    form._for = whose;
    dialog.dataset.mode = id ? "edit" : "add";
    form.elements.id.value = id;
    form.elements.key.value ||= freshId();
    const known = id ? { ...loadedOf(dialog, id), ...shownOf(kind, id) } : { color: "grey", view: "list", parent_id: "" };
    fill(form, { ...known, ...values });
    if (kind === "project") closeOwnTree(form, id);
    send("organiseopen", { kind, id });
    if (values.query) setNative(form.elements.query, values.query); // it counts as typed, and is looked at
    openDialog(dialog);
    form.elements.name.focus();
    if (id) form.elements.name.select();
  };
  // Of a row that is there already only what was changed is sent: the rest may have been changed elsewhere.
  document.addEventListener("formdata", ({ target, formData }) => {
    if (!target.elements.id?.value || !target._typed) return;
    for (const name of [...formData.keys()]) {
      if (!["kind", "id", "key"].includes(name) && !target._typed.has(name)) formData.delete(name);
    }
  });
  // What is typed after a form was sent makes it another one.
  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-organise] form");
    if (!form || !event.target.name) return;
    form._typed.add(event.target.name);
    form.elements.key.value = freshId();
  });
  const followStored = (dialog) => {
    const form = formOf(dialog);
    if (form.elements.key.value !== dialog.dataset.stored) return;
    dialog.close();
    clear(form);
  };
  const followLoaded = (dialog) => {
    const form = formOf(dialog);
    if (dialog.open) fill(form, loadedOf(dialog, form.elements.id.value));
  };
  new MutationObserver((changes) => {
    for (const { target, attributeName } of changes) {
      if (!target.dataset.organise) continue;
      if (attributeName === "data-stored") followStored(target);
      else followLoaded(target);
    }
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-stored", "data-loaded"] });
  // On a phone a dialog opened from the sidebar has closed it: the focus goes to the button that opens it again.
  document.addEventListener(
    "close",
    (event) => {
      const menu = $("[popovertarget=sidebar]");
      if (event.target.matches?.("[data-organise]") && !isShown(event.target._opener) && isShown(menu)) menu.focus();
    },
    true,
  );

  /* ---------- menus and buttons ---------- */

  const actions = {
    edit: ({ kind, id }) => edit(kind, id),
    "add-section": ({ id }) => edit("section", "", { project_id: id }),
    up: (about) => send("organisestep", { ...about, by: -1 }),
    down: (about) => send("organisestep", { ...about, by: 1 }),
    archive: ({ id }) => send("organisearchive", { id, archived: true }),
    unarchive: ({ id }) => send("organisearchive", { id, archived: false }),
    delete: (about) => {
      heirOf(about.kind)?.focus();
      send("organisedelete", about);
    },
  };
  // Who gets the focus of a row that goes.
  const heirOf = (kind) => $$(`[data-edit=${kind}]`).find(isShown);
  const act = (button) => {
    const menu = button.closest("[role=menu]");
    const dialog = button.closest("[data-organise]");
    let about;
    if (dialog) {
      about = { kind: dialog.dataset.organise, id: formOf(dialog).elements.id.value };
      dialog._opener = heirOf(about.kind) ?? dialog._opener; // its Delete is the one thing it does
      dialog.close();
      clear(formOf(dialog));
    } else {
      const element = aboutOf(menu ? menu._button : button);
      menu?.hidePopover();
      if (!element) return;
      about = { kind: element.dataset.kind, id: idOf(element) };
    }
    actions[button.dataset.do](about);
  };
  // Places come in characters, as Python counts them; the field's text may have changed since.
  const suggest = (button) => {
    const { suggest: id, text, start, end, with: words } = button.dataset;
    const field = document.getElementById(id);
    field.focus();
    if (field.value !== text) return;
    const letters = [...text];
    setNative(field, [...letters.slice(0, start), words, ...letters.slice(end)].join(""));
  };
  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest?.(selector);
    const add = hit("[data-edit]");
    if (add) {
      const taken = add.dataset.take && document.getElementById(add.dataset.take).value;
      const project = add.dataset.project;
      edit(add.dataset.edit, "", { ...(taken && { query: taken }), ...(project && { project_id: project }) });
    } else if (hit("[data-do]")) {
      act(hit("[data-do]"));
    } else if (hit("[data-suggest]")) {
      suggest(hit("[data-suggest]"));
    } else if (hit("[data-cancel]")) {
      clear(hit("form"));
    } else if (hit("dialog a[href]")) {
      hit("dialog").close(); // the next page may keep it
    }
  });

  /* ---------- the filter of the search page ---------- */

  // It goes into the address as soon as the server has understood it.
  let asked = null;
  const follow = () => {
    if (asked === null || $(".filter-form")?.dataset.answer !== asked) return;
    visit(addressWith({ filter: asked }), false);
    asked = null;
  };
  document.addEventListener("input", ({ target }) => {
    if (target.id !== "page-filter") return;
    asked = target.value.trim();
    follow();
  });
  onChange.push(follow);

  /* ---------- dragging in the sidebar ---------- */

  let dragged = null;
  let goal = null; // { entry, after }: where it would go

  const siblings = (entry) => entries(entry.dataset.kind).filter((other) => parentOf(other) === parentOf(entry));
  // Behind which one a row goes that is dropped on the upper or lower half of `entry`; undefined: it can't go there.
  const leaderOf = (entry, isLower) => {
    if (isLower) return idOf(entry);
    const peers = siblings(entry);
    const before = peers[peers.indexOf(entry) - 1];
    if (before) return before === dragged ? undefined : idOf(before);
    return parentOf(entry) === parentOf(dragged) ? "" : undefined;
  };
  const mark = (next) => {
    if (goal) delete goal.entry.dataset.drop;
    goal = next;
    if (goal) goal.entry.dataset.drop = goal.isLower ? "after" : "before";
  };
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("#sidebar li[data-kind]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", $(".name", dragged).textContent);
  });
  document.addEventListener("dragover", (event) => {
    if (!dragged) return;
    const entry = event.target.closest?.(`#sidebar li[data-kind=${dragged.dataset.kind}]`);
    const box = entry?.getBoundingClientRect();
    const isLower = box && event.clientY > box.top + box.height / 2;
    const after = entry && entry !== dragged ? leaderOf(entry, isLower) : undefined;
    mark(after === undefined ? null : { entry, isLower, after });
    if (goal) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!dragged || !goal) return;
    event.preventDefault();
    send("organisemove", { kind: dragged.dataset.kind, id: idOf(dragged), after: goal.after });
  });
  document.addEventListener("dragend", () => {
    mark(null);
    dragged = null;
  });
})();
