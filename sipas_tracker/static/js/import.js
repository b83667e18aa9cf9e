// The review of an import: choosing agencies while typing, keys, ticks, and where the focus stands after a swap.
// Every form of the page works without this file.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const list = () => document.getElementById("nhap");
  const rows = () => all("[data-row]");
  const rowOf = (element) => element?.closest?.("[data-row]");
  const plain = (words) => words.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replaceAll("đ", "d").trim();

  // Agencies: the register of the plan's day, fetched once; names are found without diacritics.

  let register = null;
  const names = async () => {
    if (!register) {
      const answer = await fetch(list().dataset.names, { headers: { Accept: "application/json" } });
      register = answer.ok ? (await answer.json()).names : [];
    }
    return register;
  };
  const found = (words) => {
    const parts = plain(words).split(/\s+/).filter(Boolean);
    const begins = (one) => plain(one.name).startsWith(parts.join(" "));
    const held = (register || []).filter((one) => parts.every((part) => ` ${one.key}`.includes(` ${part}`)));
    return held.sort((a, b) => begins(b) - begins(a)).slice(0, 12);
  };
  let boxes = 0;
  const close = (input) => {
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    document.getElementById(input.getAttribute("aria-controls"))?.remove();
  };
  const show = async (input) => {
    await names();
    if (document.activeElement !== input) return;
    close(input);
    const options = found(input.value);
    if (!options.length || (options.length === 1 && options[0].name === input.value)) return;
    const box = document.createElement("ul");
    box.className = "import-options";
    box.role = "listbox";
    box.id = input.getAttribute("aria-controls");
    options.forEach((one, place) => {
      const option = document.createElement("li");
      option.role = "option";
      option.id = `${box.id}-${place}`;
      option.textContent = one.name;
      option.dataset.name = one.name;
      const kind = document.createElement("small");
      kind.textContent = one.kind;
      option.append(kind);
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        choose(input, one.name);
      });
      box.append(option);
    });
    input.after(box);
    input.setAttribute("aria-expanded", "true");
  };
  const choose = (input, name) => {
    input.value = name;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    close(input);
  };
  const step = (input, by) => {
    const options = all("li", document.getElementById(input.getAttribute("aria-controls")) || document.createElement("ul"));
    if (!options.length) return;
    const now = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    options.forEach((one) => one.setAttribute("aria-selected", "false"));
    const next = options[(now + by + options.length) % options.length];
    next.setAttribute("aria-selected", "true");
    next.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", next.id);
  };
  const agency = (input) => {
    boxes += 1;
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", `co-quan-${boxes}`]]) input.setAttribute(name, value);
    input.addEventListener("input", () => show(input));
    input.addEventListener("focus", () => names());
    input.addEventListener("blur", () => close(input));
    input.addEventListener("keydown", (event) => {
      const open = input.getAttribute("aria-expanded") === "true";
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (open) step(input, event.key === "ArrowDown" ? 1 : -1);
        else show(input).then(() => step(input, 1));
      } else if (open && event.key === "Enter" && !event.ctrlKey) {
        const chosen = document.getElementById(input.getAttribute("aria-activedescendant"));
        if (chosen) {
          event.preventDefault();
          choose(input, chosen.dataset.name);
        }
      } else if (open && event.key === "Escape") {
        event.stopPropagation();
        close(input);
      }
    });
  };

  // The editor: lines of agencies come and go; typing dates or words chooses that way.

  const editor = (form) => {
    const lines = form.querySelector("[data-entries]");
    const add = lines.querySelector("[data-entry-add]");
    const spare = all(":scope > .import-entry", lines).pop();
    const ready = (line) => {
      const remove = line.querySelector("[data-entry-remove]");
      remove.hidden = false;
      remove.addEventListener("click", () => {
        line.remove();
        form.dataset.dirty = "";
        add.focus();
      });
    };
    if (all(":scope > .import-entry", lines).length > 1) spare.remove();
    all(":scope > .import-entry", lines).forEach(ready);
    add.hidden = false;
    add.addEventListener("click", () => {
      add.before(lines.querySelector("template").content.cloneNode(true));
      const line = all(":scope > .import-entry", lines).pop();
      ready(line);
      all("[data-agency]", line).forEach(agency);
      line.querySelector("input").focus();
    });
    const way = (value) => (form.querySelector(`[name=time][value=${value}]`).checked = true);
    form.querySelector("[name=days]").addEventListener("input", () => way("hand"));
    form.querySelector("[name=time_text]").addEventListener("input", () => way("words"));
    form.addEventListener("input", () => (form.dataset.dirty = ""));
    form.addEventListener("change", () => (form.dataset.dirty = ""));
  };

  // Ticks.

  const count = () => {
    const bar = document.querySelector("[data-import-bar]");
    if (!bar) return;
    const chosen = all("[data-import-one]:checked").length;
    bar.hidden = chosen === 0;
    bar.querySelector("[data-import-count]").textContent = chosen.toLocaleString("vi-VN");
    const master = document.querySelector("[data-import-all]");
    if (master) {
      master.checked = chosen > 0 && chosen === all("[data-import-one]").length;
      master.indeterminate = chosen > 0 && !master.checked;
    }
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-import-all]")) all("[data-import-one]").forEach((box) => (box.checked = event.target.checked));
    if (event.target.matches("[data-import-all], [data-import-one]")) count();
    if (event.target.matches("[data-send]")) event.target.form.requestSubmit();
  });

  // Where one stands.

  let next = false;
  const stand = (row) => {
    if (!row) return;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const neighbour = (row, by) => rows()[row ? rows().indexOf(row) + by : 0];
  const toSee = (row) => {
    const here = rows().indexOf(row);
    return rows().slice(here + 1).find((one) => one.dataset.needs) || rows().slice(0, Math.max(here, 0)).find((one) => one.dataset.needs);
  };
  const press = (row, key) => row?.querySelector(`[data-key="${key}"]`)?.click();

  document.addEventListener("keydown", (event) => {
    const row = rowOf(event.target);
    const form = event.target.closest?.("[data-editor]");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      next = true;
      form.requestSubmit(form.querySelector('[data-key="save"]'));
    } else if (form && event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      if (form.dataset.dirty === undefined || window.confirm("Bỏ những gì vừa sửa ở dòng này?")) press(row, "cancel");
    }
    const typing = event.target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || !list()) return;
    const keys = {
      j: () => stand(neighbour(row, 1)),
      ArrowDown: () => stand(neighbour(row, 1)),
      k: () => stand(neighbour(row, -1)),
      ArrowUp: () => stand(neighbour(row, -1)),
      n: () => stand(toSee(row)),
      a: () => press(row, "a"),
      x: () => press(row, "x"),
      "?": () => document.getElementById("phim-tat")?.showModal(),
    };
    if (event.target === row) {
      keys.Enter = () => press(row, "Enter");
      keys[" "] = () => row.querySelector("[data-import-one]")?.click();
    }
    const arrows = event.key.startsWith("Arrow");
    if (!keys[event.key] || (arrows && !(row && event.target === row))) return;
    event.preventDefault();
    keys[event.key]();
  });

  // Swaps.

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, target } = event.detail;
    if (target?.id !== "nhap") return;
    const other = all("[data-editor][data-dirty]").find((form) => !form.contains(elt));
    if (other && !window.confirm("Một dòng đang sửa chưa lưu. Tiếp tục và bỏ những gì vừa sửa ở dòng đó?")) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status >= 500 || event.detail.xhr.status === 404) {
      const said = document.querySelector("[data-said]");
      said.textContent = "Chưa thực hiện được. Hãy tải lại trang rồi thử lại; nội dung đang ghi vẫn còn trên trang này.";
      said.classList.add("is-refusal");
    }
  });
  document.addEventListener("htmx:sendError", () => {
    const said = document.querySelector("[data-said]");
    said.textContent = "Mất kết nối. Nội dung đang ghi vẫn còn trên trang này; hãy thử lại khi có mạng.";
    said.classList.add("is-refusal");
  });
  let last = null;
  document.addEventListener("focusin", (event) => (last = rowOf(event.target)?.id || last));
  const settle = (part) => {
    const row = rowOf(part) || (part.id === "nhap" ? null : part);
    if (row?.matches?.("[data-row]")) {
      const open = row.querySelector("[data-editor]");
      if (open) (row.querySelector("[role=alert], [data-first]") || open).focus();
      else stand(next ? toSee(row) || row : row);
      next = false;
    } else if (part.id === "nhap" && last) stand(document.getElementById(last));
    const said = document.querySelector("[data-said]")?.textContent || "";
    const live = document.getElementById("import-live");
    if (live && said) live.textContent = said;
    count();
  };
  const start = (root) => {
    const own = (selector) => [...(root.matches?.(selector) ? [root] : []), ...all(selector, root)];
    own("[data-agency]").forEach((input) => input.closest("template") || agency(input));
    own("[data-editor]").forEach(editor);
  };
  document.addEventListener("htmx:load", (event) => {
    if (event.target === document.body) return;
    start(event.target);
    if (event.target.matches("[data-row], #nhap")) settle(event.target);
  });
  document.addEventListener("import-focus", (event) => {
    const row = document.getElementById(`dong-${event.detail.row}`);
    if (row) stand(row);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.pathInfo?.requestPath?.includes("co-quan-moi")) register = null;
  });
  start(document.body);
  count();
  const asked = window.location.hash.startsWith("#dong-") && document.querySelector(window.location.hash);
  if (asked) stand(asked);
})();
