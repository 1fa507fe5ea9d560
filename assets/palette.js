/* The command palette: whatever the page can do or show, by typing a part of its name. Commands and places are filtered in the
   browser; tasks come from the server.

     data-command    the command that an option runs, with data-value as its argument;  data-for: "task", needs a row
     data-press      what an option clicks on;  data-words: what else it is found by
     data-answer     the words that the tasks shown were searched by;  data-added: the key of what was added last */
(() => {
  "use strict";

  const todo = window.todo;
  const { $, $$, send, taskOf, focusRow, openDialog, commands, onChange, boxes, narrow, option, navItems } = todo;
  const ASK_AFTER = 150;
  const palette = () => $("#palette");
  const asked = () => $("#palette-tasks").dataset.answer;
  let asking = 0;
  let added = null; // what was sent and is not yet confirmed
  let enterWaits = false; // pressed before the tasks were there

  const places = () => {
    const kinds = { project: navItems("project"), label: navItems("label"), filter: navItems("filter") };
    const links = $$("#sidebar [data-go]").map((link) => {
      const name = $(".name", link)?.textContent ?? link.getAttribute("aria-label");
      const keys = ["G", link.dataset.go.toUpperCase()];
      const press = `#sidebar [data-go="${link.dataset.go}"]`;
      return option(name, { sign: $("svg", link).cloneNode(true), keys, press, words: link.dataset.words ?? "" });
    });
    const own = Object.entries(kinds).flatMap(([kind, items]) =>
      items.map(({ id, name, sign }) => {
        const made = option(name, { sign, kind, words: ` ${kind}`, press: `#sidebar [data-kind=${kind}][data-key-of="${id}"] a` });
        made.append(todo.make("span", { class: "in" }, kind));
        return made;
      }),
    );
    return [...links, ...own];
  };
  const open = (only = "") => {
    const dialog = palette();
    if (!dialog || dialog.open) return;
    const row = taskOf(document.activeElement);
    dialog._row = row;
    dialog._only = only;
    $("#palette-places").replaceChildren(...places());
    $("input", dialog).value = "";
    openDialog(dialog);
    $("input", dialog).focus();
    narrow(dialog);
  };
  const leave = (dialog) => {
    dialog._opener = null; // the command says where the focus goes
    dialog.close();
  };
  const run = (found, dialog) => {
    const row = dialog._row;
    const { command, value, press, task } = found.dataset;
    leave(dialog);
    if (row?.isConnected) focusRow(row);
    if (task) send("taskopen", { id: task });
    else if (press) $(press)?.click();
    else commands[command](row, value);
  };
  const addTyped = (dialog) => {
    const text = $("input", dialog).value.trim();
    if (!text) return;
    if (asked() !== text) return void (enterWaits = true);
    leave(dialog);
    added = { text, key: todo.freshId() };
    send("taskadd", added);
  };
  todo.onReturn.push(() => added && send("taskadd", added));
  boxes.palette = {
    choose: run,
    nothing: addTyped,
    isSure: (typed) => asked() === typed,
    fits: ({ dataset }) => {
      const { _row, _only } = palette();
      if (_only) return dataset.kind === _only;
      if (dataset.task) return dataset.of === $("#palette input").value.trim();
      return dataset.for !== "task" || Boolean(_row || todo.hasSelection());
    },
    typed: (text) => {
      enterWaits = false;
      clearTimeout(asking);
      if (text) asking = setTimeout(() => send("palettesearch", { text }), ASK_AFTER);
    },
  };
  let shown = "";
  onChange.push(() => {
    const dialog = palette();
    if (added && $("#palette-tasks")?.dataset.added === added.key) added = null;
    const now = dialog?.open ? `${asked()} ${$$("#palette-tasks [role=option]").length}` : "";
    if (now === shown) return;
    shown = now;
    if (!now) return;
    narrow(dialog);
    if (!enterWaits || asked() !== $("input", dialog).value.trim()) return;
    enterWaits = false;
    const first = $$("[role=option]", dialog).find((each) => !each.hidden);
    if (first) run(first, dialog);
    else addTyped(dialog);
  });

  Object.assign(commands, { palette: () => open(), "go-p": () => open("project") });
})();
