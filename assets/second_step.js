/* Two-step sign-in and passkeys. The forms in these dialogs are sent from here, and what they are answered is shown and kept nowhere.

   What the markup says, and this file acts on:
     data-asks       a form that is sent to this address; a problem goes to data-problem in it, an answer into its dialog
     data-shown      where a part of the answer goes;  data-pane: a step of a dialog, shown once that part has come
     data-challenge  a button that signs in with a passkey, and where to ask what to ask the browser
     data-answer-to  where the browser's answer is posted, as a page
     data-passkeys, data-no-passkeys   shown where the browser knows passkeys, and where not (app.css) */
(() => {
  "use strict";

  const { $, $$ } = window.todo;

  const AWAY = "The server can’t be reached right now. Please try again.";
  const NO_PASSKEY = "No passkey was used. Please try again, or use another one.";

  const say = (root, text) => ($("[data-problem]", root).textContent = text);

  // The answer to a post, as JSON; nothing if there was a problem, which is told then.
  const ask = async (address, fields, root) => {
    say(root, "");
    let answer;
    try {
      answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields), credentials: "include" });
    } catch {
      return void say(root, AWAY);
    }
    const told = await answer.json().catch(() => ({ problem: AWAY }));
    if (answer.status === 401) return void location.assign("/login?ended=1");
    if (!answer.ok) return void say(root, told.problem ?? told.detail);
    return told;
  };

  // A form post like any other: its answer is a page, and what is wrong is told there.
  const post = (address, fields) => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: address, hidden: true });
    for (const [name, value] of Object.entries(fields)) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  };

  // What the device says, or nothing where its owner thought better of it.
  const withDevice = async (work, root) => {
    try {
      return JSON.stringify(await work());
    } catch (error) {
      return void say(root, error.name === "InvalidStateError" ? "This device has a passkey for you already." : NO_PASSKEY);
    }
  };

  /* ---------- dialogs ---------- */

  const put = (place, value) => {
    if (place.tagName === "IMG") place.src = value;
    else if (Array.isArray(value)) {
      place.replaceChildren(
        ...value.map((line) => {
          const item = document.createElement("li");
          item.textContent = line;
          return item;
        }),
      );
    } else place.textContent = value;
  };
  const showPane = (dialog, which) => {
    for (const pane of $$("[data-pane]", dialog)) pane.hidden = pane.dataset.pane !== which;
    $(`[data-pane="${which}"] :is(input, button)`, dialog)?.focus();
  };
  const show = (dialog, told) => {
    for (const place of $$("[data-shown]", dialog)) if (place.dataset.shown in told) put(place, told[place.dataset.shown]);
    const pane = $$("[data-pane]", dialog).find((each) => each.dataset.pane in told);
    if (pane) showPane(dialog, pane.dataset.pane);
  };
  const forget = (dialog) => {
    for (const place of $$("[data-shown]", dialog)) {
      if (place.tagName === "IMG") place.removeAttribute("src");
      else place.replaceChildren();
    }
    for (const form of $$("form", dialog)) {
      form.reset();
      say(form, "");
    }
    showPane(dialog, "");
  };
  // Codes are shown when something has been switched, which the page behind the dialog does not know yet.
  const onClose = (event) => {
    if (!event.target.matches?.(".steps")) return;
    const hasSwitched = $("[data-shown=codes] li", event.target);
    forget(event.target);
    if (hasSwitched) location.reload();
  };
  document.addEventListener("close", onClose, true);

  /* ---------- what is sent ---------- */

  const send = async (form) => {
    const fields = Object.fromEntries(new FormData(form));
    const told = await ask(form.dataset.asks, fields, form);
    if (!told) return;
    if (!form.dataset.answerTo) return show(form.closest("dialog"), told);
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(told);
    const answer = await withDevice(() => navigator.credentials.create({ publicKey }), form);
    if (answer) post(form.dataset.answerTo, { passkey_name: fields.passkey_name, answer });
  };
  const signIn = async (button) => {
    const root = button.parentElement;
    const told = await ask(button.dataset.challenge, {}, root);
    if (!told) return;
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(told);
    const answer = await withDevice(() => navigator.credentials.get({ publicKey }), root);
    if (answer) post(button.dataset.answerTo, { answer, after: $("[name=after]")?.value ?? "" });
  };
  const once = async (button, work) => {
    if (button.disabled) return;
    button.disabled = true;
    await work();
    button.disabled = false;
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.asks) return;
    event.preventDefault();
    once($("[type=submit]", form), () => send(form));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-challenge]");
    if (button) once(button, () => signIn(button));
  });
})();
