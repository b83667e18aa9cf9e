// What the pages of SIPAS Tracker do beyond links and forms. Every page works without this file; nothing here is
// written into a page, so the Content-Security-Policy can forbid inline script.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // The CSRF token goes with every request of htmx.
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = document.documentElement.dataset.csrf || "";
  });

  // Menus made of <details data-menu>: Escape and a click elsewhere close them.
  const closeMenus = (except) => all("details[data-menu][open]").forEach((menu) => menu === except || (menu.open = false));
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details[data-menu][open]");
    closeMenus();
    menu?.querySelector("summary").focus();
  });

  // Dialogs: [data-dialog="id"] opens, [data-close] closes, <dialog data-open> stands open when the page arrives.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    }
    event.target.closest("[data-close]")?.closest("dialog")?.close();
  });

  // A page that is made to be printed.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  // Asking once: a form, or the button that sends it, with data-confirm.
  const askBefore = (form, sender) => {
    const words = sender?.dataset.confirm ? sender.dataset : form.dataset;
    const chosen = all("[data-bulk-one]:checked", form).length;
    const box = document.getElementById("confirm");
    const yes = document.getElementById("confirm-yes");
    const filled = (text) => (text || "").replaceAll("{n}", chosen);
    document.getElementById("confirm-title").textContent = filled(words.confirm);
    document.getElementById("confirm-words").textContent = filled(words.confirmWords);
    yes.textContent = words.confirmYes || "Đồng ý";
    yes.className = words.confirmDanger === undefined ? "btn btn-primary" : "btn btn-danger";
    yes.onclick = () => {
      box.close();
      form.dataset.agreed = "";
      form.requestSubmit(sender || undefined);
    };
    box.showModal();
  };

  // Nothing is sent twice by a second click. Coming back to the page, or an answer that is a file, frees the form.
  const free = (form) => {
    delete form.dataset.sent;
    all("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy"));
  };
  const hold = (form, sender) => {
    form.dataset.sent = "";
    setTimeout(() => sender?.setAttribute("aria-busy", "true"));
    setTimeout(() => free(form), 10000);
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || event.defaultPrevented) return;
    const asks = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (asks && form.dataset.agreed === undefined) {
      event.preventDefault();
      askBefore(form, event.submitter);
      return;
    }
    delete form.dataset.agreed;
    if (form.method !== "post" || form.matches("[hx-post]")) return;
    if (form.dataset.sent !== undefined) event.preventDefault();
    else hold(form, event.submitter);
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach(free));

  // Rows that can be ticked.
  const bulk = (form) => {
    const bar = form.querySelector("[data-bulk-bar]");
    const boxes = () => all("[data-bulk-one]", form);
    const master = form.querySelector("[data-bulk-all]");
    const count = () => {
      const chosen = boxes().filter((box) => box.checked).length;
      if (bar) {
        bar.hidden = chosen === 0;
        bar.querySelector("[data-bulk-count]").textContent = chosen.toLocaleString("vi-VN");
      }
      if (master) {
        master.checked = chosen > 0 && chosen === boxes().length;
        master.indeterminate = chosen > 0 && chosen < boxes().length;
      }
    };
    form.addEventListener("change", (event) => {
      if (event.target === master) boxes().forEach((box) => (box.checked = master.checked));
      count();
    });
    count();
  };

  // A date is typed day first; the button beside it opens the browser's calendar.
  const twoDigits = (number) => String(number).padStart(2, "0");
  const calendar = (button) => {
    const input = button.parentElement.querySelector("[data-date]");
    if (!("showPicker" in HTMLInputElement.prototype)) return;
    const picker = document.createElement("input");
    picker.type = "date";
    picker.tabIndex = -1;
    picker.setAttribute("aria-hidden", "true");
    picker.addEventListener("change", () => {
      if (!picker.value) return;
      input.value = picker.value.split("-").reverse().join("/");
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
    });
    button.addEventListener("click", () => {
      const parts = input.value.trim().match(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/);
      picker.value = parts ? `${parts[3]}-${twoDigits(parts[2])}-${twoDigits(parts[1])}` : "";
      picker.showPicker();
    });
    button.after(picker);
    button.hidden = false;
  };

  // A file input fills its frame, unseen, so that a click and a dropped file reach it; the chosen names stand there.
  const megabytes = (size) => `${(size / 1048576).toLocaleString("vi-VN", { maximumFractionDigits: 1 })} MB`;
  const drop = (frame) => {
    const input = frame.querySelector("input[type=file]");
    const words = frame.querySelector("[data-file-names]");
    if (!input || !words) return;
    const asking = words.textContent;
    input.addEventListener("dragenter", () => frame.classList.add("is-over"));
    for (const end of ["dragleave", "drop"]) input.addEventListener(end, () => frame.classList.remove("is-over"));
    input.addEventListener("change", () => {
      const names = [...input.files].map((file) => `${file.name} (${megabytes(file.size)})`);
      words.textContent = names.join(", ") || asking;
      frame.classList.toggle("has-files", names.length > 0);
    });
    frame.classList.add("is-live");
  };

  // Whatever is new in the page, at its start and after each swap of htmx, gets its behaviour once.
  const start = (root) => {
    all("form[data-bulk]", root).forEach(bulk);
    all("[data-date-open]", root).forEach(calendar);
    all("[data-drop]", root).forEach(drop);
    all("dialog[data-open]", root).forEach((dialog) => dialog.open || dialog.showModal());
  };
  start(document);
  document.addEventListener("htmx:load", (event) => event.target !== document.body && start(event.target));
  if (window.matchMedia("(max-width: 47.99em)").matches) all("[data-filters]").forEach((more) => (more.open = false));
  document.querySelector("[data-focus]")?.focus();
})();
