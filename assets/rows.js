/* What is done to rows: to the one in focus, or to all that are selected. Which are selected only the browser knows.

   Each command ends in a click on a real control, or in one event that the page listens for (PageEvents in todo_app/ui/layout.py).

     data-picked     written by this file: the row is selected
     data-group      what a task becomes part of where it is dropped: a day, or the id of a section
     data-held, data-dragging, data-drop, data-moved    written by this file: a row under a long press, one that is dragged, where
                     it would land, and that it has arrived;  data-leaving: it was deleted, and waits for the server to say so */
(() => {
  "use strict";

  const todo = window.todo;
  const { $, $$, isShown, send, announce, hint, rows, taskOf, focusRow, commands, onChange } = todo;
  const idOf = (row) => row.dataset.id;
  const rowById = (id) => $(`.row[data-id="${CSS.escape(id ?? "")}"]`);
  const titleOf = (row) => $("[data-title]", row).textContent;
  const tasks = () => rows().filter((row) => !row.matches(".trash"));

  /* ---------- selecting ---------- */

  const picked = new Set();
  let anchor = ""; // the row that Shift selects from
  const describe = (row, isPicked) => {
    row.toggleAttribute("data-picked", isPicked);
    for (const control of $$("[data-title], input[type=checkbox]", row)) {
      if (isPicked) control.setAttribute("aria-describedby", "is-selected");
      else control.removeAttribute("aria-describedby");
    }
  };
  const showSelection = () => {
    for (const row of tasks()) {
      if (row.hasAttribute("data-picked") !== picked.has(idOf(row))) describe(row, picked.has(idOf(row)));
    }
    const toolbar = $("#bulk");
    if (!toolbar) return;
    const hadFocus = toolbar.contains(document.activeElement);
    toolbar.hidden = !picked.size;
    const words = picked.size ? `${picked.size} selected` : ""; // nothing at first: React has to find what the server drew
    if ($("[data-count]", toolbar).textContent !== words) $("[data-count]", toolbar).textContent = words;
    if (hadFocus && toolbar.hidden) focusRow(tasks().find((row) => idOf(row) === anchor) ?? tasks()[0]);
  };
  const changeSelection = (change) => {
    change();
    showSelection();
    announce(picked.size ? `${picked.size} selected` : "Nothing selected");
  };
  const toggle = (row) =>
    changeSelection(() => {
      anchor = idOf(row);
      if (!picked.delete(anchor)) picked.add(anchor);
    });
  const reachTo = (row) => {
    const all = tasks();
    const from = all.findIndex((each) => idOf(each) === anchor);
    const to = all.indexOf(row);
    if (from < 0) return toggle(row);
    changeSelection(() => {
      for (const each of all.slice(Math.min(from, to), Math.max(from, to) + 1)) picked.add(idOf(each));
    });
  };
  const clear = () => {
    if (!picked.size) return false;
    changeSelection(() => picked.clear());
    return true;
  };
  const step = (row, by) => {
    if (!row) return;
    const all = tasks();
    const next = all[all.indexOf(row) + by] ?? row;
    if (!picked.size) anchor = idOf(row);
    focusRow(next);
    reachTo(next);
  };
  const forgetGone = () => {
    if (!picked.size || $("[data-more]")) return; // on a long list a row out of sight is not gone
    const here = new Set(tasks().map(idOf));
    for (const id of [...picked]) if (!here.has(id)) picked.delete(id);
  };
  onChange.push(() => {
    forgetGone();
    showSelection();
  });

  // What a command is about: all that is selected, or else the row.
  const aimOf = (row) => (picked.size ? [...picked] : row ? [idOf(row)] : []);
  const sendAll = (name, ids, detail = {}) => {
    if (!ids.length) return;
    send(name, { ids, ...detail });
    clear();
  };
  Object.assign(todo, { aimOf, rowById, sendAll, titleOf, hasSelection: () => picked.size > 0, clearSelection: clear });
  todo.escapes.push(clear);

  // With Ctrl or Shift a click selects. So does a long press that does not go on to drag; and after it each tap, until nothing is
  // selected. A press that did something is spent, and its click does nothing more.
  let isTouch = false;
  let isSpent = false;
  const opensOnClick = (target) => Boolean(taskOf(target) && !target.closest("input, label, a, [data-menu], [data-pick]"));
  document.addEventListener(
    "click",
    (event) => {
      const byKey = event.detail === 0;
      const selects = event.ctrlKey || event.metaKey || event.shiftKey || (isTouch && picked.size);
      if (byKey || !(isSpent || (selects && opensOnClick(event.target)))) return;
      event.preventDefault();
      event.stopPropagation();
      if (isSpent) return;
      if (event.shiftKey && anchor) reachTo(taskOf(event.target));
      else toggle(taskOf(event.target));
    },
    true,
  );
  // A toolbar is one tab stop; the arrows walk in it.
  document.addEventListener("keydown", (event) => {
    const toolbar = event.target.closest?.("[role=toolbar]");
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!toolbar || !by) return;
    event.preventDefault();
    const buttons = $$("button", toolbar).filter(isShown);
    const next = buttons[(buttons.indexOf(event.target) + by + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  });

  /* ---------- order by hand ---------- */

  const isDay = (group) => /^\d{4}-\d\d-\d\d$/.test(group);
  // Why a task can't be put there; nothing if it can.
  const problemOf = (row, group) => {
    const sameDay = group === groupOf(row) ? "The tasks of a day stand in the order of their time." : "";
    if (row.closest(".calendar")) return sameDay;
    const order = $(".sort")?.value;
    if (order === "position" || order === "day") {
      return group === "late" && groupOf(row) !== "late" ? "Only time makes a task overdue." : "";
    }
    if (order === "due" && isDay(group)) return sameDay;
    return $(".sort option[value=position], .sort option[value=day]")
      ? "To move tasks, sort this list by hand."
      : "This list has an order of its own.";
  };

  // What the server was asked for and has not answered, in turn: { key, id, after, group, … }. It is drawn already.
  const PATIENCE = 10_000;
  let moves = [];
  const begins = (group) => {
    const name = `[data-group="${CSS.escape(group)}"]`;
    return $(`.column${name} .cards, .day${name} ul, .group-h${name}`) ?? $(".rows");
  };
  // The rows with their groups, in the order in which they are drawn.
  const drawn = () => {
    const order = tasks().map((row) => ({ row, group: row.closest("[data-group]")?.dataset.group ?? "" }));
    for (const { id, after, group } of moves) {
      const moved = order.find(({ row }) => idOf(row) === id);
      if (!moved) continue;
      order.splice(order.indexOf(moved), 1);
      const isBehind = (each) => begins(group).compareDocumentPosition(each.row) & Node.DOCUMENT_POSITION_FOLLOWING;
      const leader = order.findIndex(({ row }) => idOf(row) === after);
      const first = order.findIndex((each) => each.group === group);
      const place = after ? leader + 1 : first >= 0 ? first : order.findIndex(isBehind);
      order.splice(place < 0 ? order.length : place, 0, { ...moved, group });
    }
    return order;
  };
  const groupOf = (row) =>
    drawn().find((each) => each.row === row)?.group ?? row.closest("[data-group]")?.dataset.group ?? "";
  // Behind or before another row, of whose group it becomes part. "" is the beginning of the list, and so of any group.
  const behind = (row) => ({ after: idOf(row), group: groupOf(row) });
  const before = (row, moved) => {
    const group = groupOf(row);
    const peers = drawn().filter((each) => each.group === group && each.row !== moved).map((each) => each.row);
    const leader = peers[peers.indexOf(row) - 1];
    return { after: leader ? idOf(leader) : "", group };
  };

  // Rows and headings are shifted to where they will stand; the elements stay in the order that the page's framework knows. Where
  // that is, is measured: with a gap in each new place, for as long as it takes to look.
  const frameOf = (element) => element.closest(".column, .day") ?? $("#main");
  const spotIn = (frame, element) => {
    const [outer, inner] = [frame.getBoundingClientRect(), element.getBoundingClientRect()];
    return { x: inner.left - outer.left, y: inner.top - outer.top };
  };
  const makeRoom = (gaps, { id, after, group }) => {
    const gap = gaps.get(id) ?? todo.make("div");
    const leader = gaps.get(after) ?? rowById(after)?.closest("li");
    gap.style.blockSize = `${rowById(id).offsetHeight}px`;
    if (leader) leader.after(gap);
    else if (begins(group).matches("ul")) begins(group).prepend(gap);
    else begins(group).after(gap);
    gaps.set(id, gap);
  };
  const measure = (parts) => {
    const moved = moves.filter(({ id }) => rowById(id));
    const gaps = new Map();
    moved.forEach((move) => makeRoom(gaps, move));
    const items = moved.map(({ id }) => rowById(id)).map((row) => ($(".group-h", row.parentElement) ? row : row.parentElement));
    items.forEach((item) => (item.style.position = "absolute"));
    const spots = parts.map((part) => {
      const place = gaps.get(part.dataset.id) ?? part;
      return { frame: frameOf(place), ...spotIn(frameOf(place), place) };
    });
    gaps.forEach((gap) => gap.remove());
    items.forEach((item) => (item.style.position = ""));
    return spots;
  };
  let picture = ""; // what is drawn: looking once more changes nothing
  const draw = () => {
    const next = moves.length ? JSON.stringify([moves, drawn().map(({ row, group }) => [idOf(row), group])]) : "";
    if (next === picture) return;
    picture = next;
    const parts = $$(".row[data-id], .group-h");
    parts.forEach((part) => (part.style.translate = ""));
    if (!next) return;
    const shifts = measure(parts).map(({ frame, x, y }, n) => {
      const here = spotIn(frame, parts[n]);
      return `${x - here.x}px ${y - here.y}px`;
    });
    parts.forEach((part, n) => (part.style.translate = shifts[n] === "0px 0px" ? "" : shifts[n]));
  };

  const put = (row, place) => {
    const problem = problemOf(row, place.group);
    if (problem) return hint(problem);
    const key = todo.freshId();
    moves.push({ key, id: idOf(row), ...place, since: Date.now(), hadFocus: row.contains(document.activeElement) });
    send("taskmove", { id: idOf(row), ...place, key });
    draw();
  };
  const nudge = (row, by) => {
    if (!row) return;
    const order = drawn();
    const here = order.findIndex((each) => each.row === row);
    const next = order[here + by];
    if (!next) return announce(by < 0 ? "This is the first task." : "This is the last task.");
    const isSame = next.group === order[here].group;
    put(row, by < 0 === isSame ? before(next.row, row) : behind(next.row));
  };
  // Beside each other: the columns of a board, the days of a calendar. A task goes to the top of the next one.
  const sideways = (row, by) => {
    const groups = $$(".column, .day").map((each) => each.dataset.group);
    const next = row && groups[groups.indexOf(groupOf(row)) + by];
    if (next !== undefined) put(row, { after: "", group: next });
  };
  const arrive = () => {
    const answered = moves.findIndex(({ key }) => key === $("#moved")?.dataset.answer);
    if (answered < 0) return;
    const { id, group, hadFocus } = moves.splice(0, answered + 1).at(-1);
    const row = rowById(id);
    if (!row) return;
    row.setAttribute("data-moved", "");
    setTimeout(() => row.removeAttribute("data-moved"), 700);
    if (hadFocus && document.activeElement === document.body) focusRow(row);
    const frame = row.closest(".column, .day");
    const peers = drawn().filter((each) => !frame || each.group === group).map((each) => each.row);
    const where = frame ? `${$("h2, .day-n .vh", frame).textContent}, position` : "position";
    announce(`${titleOf(row)} moved to ${where} ${peers.indexOf(row) + 1} of ${peers.length}`);
  };
  onChange.push(() => {
    arrive();
    if (moves.length && Date.now() - moves[0].since > PATIENCE) moves = [];
    draw();
  });
  todo.onRefusal.push(() => {
    moves = [];
    draw();
  });
  todo.onReturn.push(() => moves.forEach(({ id, after, group, key }) => send("taskmove", { id, after, group, key })));

  /* ---------- dragging ---------- */

  // By mouse at once, by finger after a long press. What is dragged is the task that was taken hold of, whatever the page draws anew
  // beneath the pointer meanwhile; the browser's own dragging would take what lies there by then.
  const LONG_PRESS = 500;
  const FREE_PLAY = 4; // pixels
  const FREE_PLAY_OF_FINGERS = 12;
  const EDGE = 48; // of the window: there the page scrolls along
  const SCROLL_SPEED = 0.8; // pixels a millisecond
  const dropPlaces = ".row[data-id]:not(.trash, .day-task), .group-h[data-group], .column, .day, [data-kind=project], [data-kind=label], [data-go=i]";
  let press = null; // { row, x, y, left, top, isReady, timer }: where the pointer was, and the row from there
  let drag = null; // { row, shape, x, y, place }
  const heldRow = () => rowById(idOf((drag ?? press).row)) ?? (drag ?? press).row;
  const mark = (place, side) => {
    if (drag.place === place && place?.dataset.drop === side) return;
    drag.place?.removeAttribute("data-drop");
    drag.place = place;
    if (place) place.dataset.drop = side;
  };
  const shapeOf = (row) => {
    const shape = row.cloneNode(true);
    shape.removeAttribute("data-id");
    shape.className += " lifted";
    shape.style.inlineSize = `${row.offsetWidth}px`;
    shape.inert = true;
    shape.setAttribute("aria-hidden", "true");
    return shape;
  };
  const startDrag = () => {
    const row = heldRow();
    drag = { row, shape: shapeOf(row), place: null };
    document.body.append(drag.shape);
    row.setAttribute("data-dragging", "");
    requestAnimationFrame((now) => scrollAlong(now));
  };
  const follow = ({ clientX, clientY }) => {
    Object.assign(drag, { x: clientX, y: clientY });
    drag.shape.style.translate = `${press.left + clientX}px ${press.top + clientY}px`;
    const place = document.elementFromPoint(clientX, clientY)?.closest(dropPlaces);
    if (!place?.matches(".row")) return mark(place, "in");
    const { top, height } = place.getBoundingClientRect();
    mark(place, clientY < top + height / 2 ? "before" : "after");
  };
  const scrollAlong = (now, before = now) => {
    if (!drag) return;
    const reach = (now - before) * SCROLL_SPEED;
    const step = (at, end) => (at < EDGE ? -reach : at > end - EDGE ? reach : 0);
    const [left, top] = [step(drag.x, innerWidth), step(drag.y, innerHeight)];
    if (left || top) {
      scrollBy({ top, behavior: "instant" });
      $(".board")?.scrollBy({ left, behavior: "instant" });
      follow({ clientX: drag.x, clientY: drag.y });
    }
    requestAnimationFrame((next) => scrollAlong(next, now));
  };
  const letGo = () => {
    clearTimeout(press?.timer);
    if (press) heldRow().removeAttribute("data-held");
    if (drag) {
      mark(null);
      heldRow().removeAttribute("data-dragging");
      drag.shape.remove();
    }
    press = drag = null;
  };
  const drop = (row, place, side) => {
    const { kind, keyOf, group, go } = place.dataset;
    const ids = picked.has(idOf(row)) ? [...picked] : [idOf(row)];
    if (kind === "project" || go) sendAll("tasksmove", ids, { place: go ? "inbox" : `project:${keyOf}` });
    else if (kind === "label") sendAll("taskslabel", ids, { add: [keyOf], remove: [], names: [] });
    else if (group !== undefined) put(row, { after: "", group });
    else if (place !== row) put(row, side === "before" ? before(place, row) : behind(place));
  };
  document.addEventListener("pointerdown", (event) => {
    letGo();
    isTouch = event.pointerType === "touch";
    isSpent = false;
    const row = taskOf(event.target);
    if (!row || event.button || !event.isPrimary || event.target.matches(".rename") || (isTouch && !opensOnClick(event.target))) return;
    const [{ left, top }, { clientX: x, clientY: y }] = [row.getBoundingClientRect(), event];
    press = { row, x, y, left: left - x, top: top - y, isReady: !isTouch };
    if (isTouch) {
      press.timer = setTimeout(() => {
        press.isReady = true;
        heldRow().setAttribute("data-held", "");
      }, LONG_PRESS);
    }
  });
  document.addEventListener("pointermove", (event) => {
    if (!press) return;
    const way = Math.hypot(event.clientX - press.x, event.clientY - press.y);
    // A finger that is on its way means to scroll; and a button may have been let go of outside of the window.
    if (!event.buttons || (!press.isReady && way > FREE_PLAY_OF_FINGERS)) return letGo();
    if (!drag && press.isReady && way > FREE_PLAY) startDrag();
    if (drag) follow(event);
  });
  document.addEventListener("pointerup", () => {
    if (!press) return;
    const row = heldRow();
    const place = drag?.place;
    const side = place?.dataset.drop;
    const isLongPress = isTouch && press.isReady && !drag;
    isSpent = isLongPress || Boolean(drag);
    letGo();
    if (place) drop(row, place, side);
    else if (isLongPress) toggle(row);
  });
  document.addEventListener("pointercancel", letGo); // the finger scrolls, or the system has taken over
  // What would otherwise come of pressing and moving: scrolling, a menu, words that are selected.
  document.addEventListener("touchmove", (event) => press?.isReady && event.cancelable && event.preventDefault(), { passive: false });
  document.addEventListener("contextmenu", (event) => isTouch && opensOnClick(event.target) && event.preventDefault());
  document.addEventListener("selectstart", (event) => press && event.preventDefault());
  todo.escapes.unshift(() => {
    const isDragged = Boolean(drag);
    letGo();
    return isDragged;
  });

  /* ---------- deleting ---------- */

  // A row goes at once, and the next one has the focus. It comes back if the server refuses, or has not let it go in time.
  const leave = (ids) => {
    const all = tasks();
    const leaving = ids.map(rowById).filter(Boolean);
    const here = all.findIndex((row) => row.contains(document.activeElement));
    const stays = (row) => !leaving.includes(row);
    const next = all.slice(here).find(stays) ?? all.slice(0, Math.max(here, 0)).findLast(stays);
    leaving.forEach((row) => row.setAttribute("data-leaving", ""));
    if (here >= 0 && !stays(all[here])) focusRow(next);
    setTimeout(() => leaving.forEach(stay), PATIENCE);
  };
  const stay = (row) => row.removeAttribute("data-leaving");
  const stayAll = () => $$("[data-leaving]").forEach(stay);
  todo.onRefusal.push(stayAll);
  addEventListener("undolast", stayAll); // it may be taken back before the server has let it go

  /* ---------- renaming in the row ---------- */

  const LONGEST = 200;
  const draft = (id) => [`draft:title:${id}`, `base:title:${id}`]; // the panel's names: refused words are found there too
  const unconfirmed = new Map(); // what was sent, by key
  const edit = (row, words) => {
    if (!row || $(".rename", row)) return;
    if (row.matches(".day-task")) return openAt(row, "textarea"); // in a calendar there is no room to write
    const button = $("[data-title]", row);
    const was = button.textContent;
    const input = document.createElement("input");
    Object.assign(input, { type: "text", className: "rename", value: words ?? was, dir: "auto", enterKeyHint: "done" });
    input.setAttribute("aria-label", "New name");
    button.before(input);
    button.hidden = true;
    input.focus();
    input.select();
    const [draftKey, baseKey] = draft(idOf(row));
    let isLeft = false; // taking the field away blurs it, which would leave it once more
    const leave = (isSaved) => {
      const title = input.value.trim();
      if (isLeft) return;
      if (isSaved && [...title].length > LONGEST) {
        return hint(`The title can have at most ${LONGEST} characters; this has ${[...title].length}.`);
      }
      isLeft = true;
      const hadFocus = input === document.activeElement;
      input.remove();
      button.hidden = false;
      if (hadFocus) focusRow(row);
      if (!isSaved || !title || title === was) return [draftKey, baseKey].forEach((key) => sessionStorage.removeItem(key));
      button.textContent = title;
      const key = todo.freshId();
      unconfirmed.set(key, { id: idOf(row), was, title });
      send("taskrename", { id: idOf(row), title, base: was, key });
    };
    input.addEventListener("input", () => {
      sessionStorage.setItem(draftKey, input.value);
      sessionStorage.setItem(baseKey, was);
    });
    input.addEventListener("blur", () => leave(true));
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      leave(event.key === "Enter");
    });
  };
  onChange.push(() => {
    const renamed = unconfirmed.get($("#renamed")?.dataset.answer);
    if (!renamed) return;
    unconfirmed.delete($("#renamed").dataset.answer);
    draft(renamed.id).forEach((key) => sessionStorage.removeItem(key));
  });
  todo.onReturn.push(() => {
    for (const [key, { id, was, title }] of unconfirmed) send("taskrename", { id, title, base: was, key });
  });
  todo.onRefusal.push(() => {
    for (const { id, was, title } of unconfirmed.values()) {
      const row = rowById(id);
      if (!row) continue;
      $("[data-title]", row).textContent = was;
      edit(row, title);
    }
    unconfirmed.clear();
  });

  /* ---------- commands ---------- */

  // Opens the task, and leads on to a field of its panel.
  let wanted = null;
  const openAt = (row, selector) => {
    wanted = selector && { selector, id: idOf(row) };
    $("[data-title]", row).click();
  };
  onChange.push(() => {
    const panel = wanted && $(`#panel[data-task="${wanted.id}"]`);
    const field = panel && $(wanted.selector, panel);
    if (!isShown(field)) return;
    wanted = null;
    field.focus();
  });

  const one = (name) => (row) => row && send(name, { id: idOf(row) });
  Object.assign(commands, {
    open: (row) => row && openAt(row),
    subtask: (row) => row && openAt(row, "[data-add-subtask]"),
    rename: (row) => edit(row),
    complete: (row) => {
      if (picked.size) sendAll("tasksdone", aimOf());
      else if (row) $("input[type=checkbox]", row).click();
    },
    delete: (row) => {
      leave(aimOf(row));
      if (picked.size) sendAll("tasksdelete", aimOf());
      else one("taskdelete")(row);
    },
    skip: one("taskskip"),
    duplicate: (row) => row && send("taskduplicate", { id: idOf(row), key: todo.freshId() }),
    up: (row) => nudge(row, -1),
    down: (row) => nudge(row, 1),
    left: (row) => sideways(row, -1),
    right: (row) => sideways(row, 1),
    select: (row) => row && toggle(row),
    selectUp: (row) => step(row, -1),
    selectDown: (row) => step(row, 1),
    selectAll: () => changeSelection(() => tasks().forEach((row) => picked.add(idOf(row)))),
    clear,
  });
})();
