// Makes the forms of sign-up and preferences quicker. Everything works without it.
"use strict";

(() => {
  const make = (tag, values = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), values);
    element.append(...children);
    return element;
  };

  // A list under a text field, moved through with the arrow keys (ARIA's combobox).
  let lists = 0;
  function suggest(input, find, take) {
    const list = make("ul", { className: "suggestions", id: `suggestions-${++lists}`, hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    input.parentElement.append(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    let at = -1;

    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (next) => {
      at = next;
      [...list.children].forEach((item, index) => item.setAttribute("aria-selected", index === at));
      if (at >= 0) {
        input.setAttribute("aria-activedescendant", list.children[at].id);
        list.children[at].scrollIntoView({ block: "nearest" });
      }
    };
    const choose = (item) => { take(item.dataset.code); close(); input.focus(); };
    const open = () => {
      const found = find(input.value);
      list.replaceChildren(...found.map((category, index) => {
        const item = make("li", { id: `${list.id}-${index}` }, make("b", {}, category.code), ` ${category.name}`);
        item.setAttribute("role", "option");
        item.dataset.code = category.code;
        item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(item); });
        return item;
      }));
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      mark(found.length ? 0 : -1);
    };
    input.addEventListener("input", open);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      const count = list.hidden ? 0 : list.children.length;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!count) return open();
        mark((at + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
      } else if (event.key === "Enter" && count && at >= 0) {
        event.preventDefault();
        choose(list.children[at]);
      } else if (event.key === "Escape" && count) {
        event.preventDefault();
        close();
      }
    });
    close();
  }

  const boxes = [...document.querySelectorAll("[name=category]")];
  const categories = boxes.map((box) => ({
    code: box.value,
    name: box.parentElement.textContent.trim().slice(box.value.length).trim(),
  }));

  // Codes that begin so come first, then names with a word that begins so, then the rest.
  function matching(text) {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return [];
    const rank = ({ code, name }) => {
      const [low, words] = [code.toLowerCase(), name.toLowerCase()];
      if (low === wanted) return 0;
      if (low.startsWith(wanted)) return 1;
      if (low.split(".").pop().startsWith(wanted)) return 2;
      if (words.split(/[\s-]+/).some((word) => word.startsWith(wanted))) return 3;
      return words.includes(wanted) || low.includes(wanted) ? 4 : 9;
    };
    return categories
      .map((category) => ({ ...category, rank: rank(category) }))
      .filter((category) => category.rank < 9)
      .sort((a, b) => a.rank - b.rank)
      .slice(0, 12);
  }

  function categoryPicker(field) {
    const input = field.querySelector("[name=codes]");
    const chips = field.querySelector("[data-chips]");
    const show = () => {
      chips.replaceChildren(...boxes.filter((box) => box.checked).map((box) => {
        const remove = make("button", { type: "button", textContent: "×" });
        remove.setAttribute("aria-label", `Remove ${box.value}`);
        remove.addEventListener("click", () => { box.checked = false; show(); input.focus(); });
        const { name } = categories[boxes.indexOf(box)];
        return make("span", { className: "chip" }, make("b", {}, box.value), name, remove);
      }));
      input.placeholder = chips.children.length ? "add a category…" : "a name or code, such as distributed";
    };
    const tick = (code) => {
      const box = boxes.find(({ value }) => value.toLowerCase() === code.toLowerCase());
      if (box) { box.checked = true; show(); }
      return Boolean(box);
    };
    suggest(input, matching, (code) => { tick(code); input.value = ""; });
    input.addEventListener("input", () => {
      // What is typed or pasted with commas becomes chips as soon as it is a code.
      if (!/[,;\s]/.test(input.value)) return;
      const left = input.value.split(/[,;\s]+/).filter((code) => code && !tick(code));
      if (left.join(" ") !== input.value.trim()) {
        input.value = left.join(" ");
        input.dispatchEvent(new Event("input"));
      }
    });
    input.addEventListener("keydown", (event) => {
      const last = boxes.filter((box) => box.checked).pop();
      if (event.key === "Backspace" && !input.value && last) { last.checked = false; show(); }
    });
    boxes.forEach((box) => box.addEventListener("change", show));
    field.querySelector("[data-hint]").textContent = "Type a name or a code, or look through the list.";
    field.querySelector(".box").addEventListener("click", (event) => {
      if (event.target.classList.contains("box")) input.focus();
    });
    // What is ticked stands in the chips now.
    field.querySelector(".taxonomy").open = false;
    show();
  }

  function keywordRows(field) {
    const rows = () => [...field.querySelectorAll(".keyword")];
    const equip = (row) => {
      const input = row.querySelector("[name=keyword_categories]");
      const before = () => input.value.slice(0, input.value.search(/[^,;\s]*$/));
      suggest(
        input,
        (text) => matching(text.slice(before().length)),
        (code) => { input.value = `${before()}${code}, `; },
      );
    };
    const blank = rows().pop().cloneNode(true);
    rows().slice(1).filter((row) => [...row.querySelectorAll("input")].every((input) => !input.value))
      .forEach((row) => row.remove());
    rows().forEach(equip);
    const add = make("button", { type: "button", className: "quiet-link", textContent: "Add another keyword" });
    add.addEventListener("click", () => {
      const row = blank.cloneNode(true);
      const [words, codes] = row.querySelectorAll("input");
      words.setAttribute("aria-label", `Keyword ${rows().length + 1}`);
      codes.setAttribute("aria-label", `Categories of keyword ${rows().length + 1}`);
      add.before(row);
      equip(row);
      words.focus();
    });
    rows().pop().after(add);
  }

  // Places by two buttons instead of numbers.
  function sectionOrder(field) {
    const list = field.querySelector("ol");
    const number = () => [...list.children].forEach((item, index) => {
      item.querySelector(".place input").value = index + 1;
      item.querySelector("[data-up]").disabled = index === 0;
      item.querySelector("[data-down]").disabled = index === list.children.length - 1;
    });
    [...list.children].forEach((item) => {
      const name = item.querySelector(".name").textContent;
      const button = (text, data, move) => {
        const made = make("button", { type: "button", textContent: text });
        made.dataset[data] = "";
        made.setAttribute("aria-label", `${text}: ${name}`);
        made.addEventListener("click", () => {
          move();
          number();
          (made.disabled ? item.querySelector(".moves button:enabled") : made)?.focus();
        });
        return made;
      };
      const moves = make("span", { className: "moves" },
        button("Up", "up", () => item.previousElementSibling?.before(item)),
        button("Down", "down", () => item.nextElementSibling?.after(item)));
      item.querySelector(".place").hidden = true;
      item.querySelector(".name").after(moves);
    });
    [...list.children]
      .sort((a, b) => a.querySelector(".place input").value - b.querySelector(".place input").value)
      .forEach((item) => list.append(item));
    number();
  }

  const zone = document.querySelector("[data-from-browser]");
  const known = zone && [...document.querySelectorAll("#timezones option")].map(({ value }) => value);
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && known.includes(here)) zone.value = here;

  document.querySelectorAll("[data-picker]").forEach(categoryPicker);
  document.querySelectorAll("[data-keywords]").forEach(keywordRows);
  document.querySelectorAll("[data-sections]").forEach(sectionOrder);
  document.querySelector("[data-errors]")?.focus();
})();
