/* Keys for the desk. Each presses a link or button that stands on the page, so that what the
   keyboard can do, a pointer can do as well, and nothing is done twice. */
(() => {
  "use strict";

  const desk = () => document.getElementById("desk");
  const keys = document.getElementById("keys");
  // One at a time: while an answer is on its way, keys are kept and pressed afterwards.
  let busy = false;
  const waiting = [];

  const typing = (target) => target.closest("input:not([type=hidden]), textarea, select, [contenteditable]");

  // What is typed into the card and not saved yet.
  const unsaved = () => [...desk().querySelectorAll(".edit textarea, .edit input:not([type=hidden])")]
    .some((field) => field.value !== field.defaultValue);

  const press = (key) => {
    if (key === "?") {
      keys.showModal();
      return;
    }
    if (key === "n") {
      const all = [...desk().querySelectorAll(".papers li a")];
      const here = all.findIndex((one) => one.hasAttribute("aria-current"));
      const next = [...all.slice(here + 1), ...all.slice(0, here)].find((one) => one.matches(".open"));
      if (next) next.click();
      return;
    }
    const found = desk().querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (found) found.click();
  };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || keys.open) return;
    if (event.key === "Enter" && event.ctrlKey) {
      const submit = desk().querySelector("[data-submit]");
      if (submit) { event.preventDefault(); submit.click(); }
      return;
    }
    if (event.ctrlKey) return;
    if (typing(event.target) && event.key !== "Escape") return;
    if (!/^[jkaergphunAR?]$|^Escape$/.test(event.key)) return;
    event.preventDefault();
    if (busy) waiting.push(event.key);
    else press(event.key);
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog).showModal();
  });

  desk().dataset.settled = "";
  // Leaving the card would lose it, so that is asked first.
  document.addEventListener("htmx:confirm", (event) => {
    const from = event.detail.elt;
    if (from.closest(".edit") && from.tagName === "FORM") return;
    if (!desk().contains(from) || !unsaved()) return;
    event.preventDefault();
    if (window.confirm("Leave what you typed? It is not saved.")) event.detail.issueRequest(true);
  });
  document.addEventListener("htmx:beforeRequest", () => { busy = true; });
  document.addEventListener("htmx:afterSettle", () => {
    busy = false;
    desk().dataset.settled = "";
    const here = desk().querySelector(".papers [aria-current]");
    if (here) {
      const list = desk().querySelector(".papers");
      const top = here.offsetTop - list.offsetTop;
      if (top < list.scrollTop || top + here.offsetHeight > list.scrollTop + list.clientHeight) {
        list.scrollTop = top - list.clientHeight / 3;
      }
    }
    const field = desk().querySelector("[autofocus]");
    if (field) field.focus();
    if (waiting.length) press(waiting.shift());
  });
  const failed = (event) => {
    busy = false;
    waiting.length = 0;
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    const said = desk().querySelector(".said");
    said.textContent = status
      ? `Not done: the server answered ${status}. Load the page again.`
      : "Not done: the server cannot be reached. Nothing you typed is lost.";
    said.classList.add("finding");
  };
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:timeout", failed);
})();
