// The pages of reporting periods: the desk that refreshes itself, and the outline whose rows move. Both work without.
"use strict";

(() => {
  // The desk: a tick stays (hx-preserve); what is no desk any more (signed out, period gone) is loaded as a page.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "desk-rows") return;
    if (event.detail.serverResponse.includes('id="desk-rows"')) return;
    event.detail.shouldSwap = false;
    window.location.reload();
  });
  document.addEventListener("htmx:oobAfterSwap", () => {
    document.getElementById("desk")?.dispatchEvent(new Event("change"));
  });
  for (const lost of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(lost, (event) => {
      const clock = document.getElementById("desk-clock");
      if (clock && event.target.id === "desk-rows") clock.textContent = "Chưa làm mới được bảng; sẽ thử lại sau một phút.";
    });
  }

  // The outline: rows move, go and come in the page; without this file the same buttons send the page.
  const outline = document.querySelector("[data-outline]");
  if (!outline) return;
  const said = document.getElementById("outline-said");
  const rows = () => [...outline.querySelectorAll("[data-outline-row]")];
  const titleOf = (row) => row.querySelector("input[name^='title-']").value || "chưa có tên";
  let made = 0;
  const add = () => {
    const holder = document.createElement("div");
    holder.innerHTML = document.getElementById("outline-row").innerHTML.replaceAll("__row__", `new${(made += 1)}`);
    const row = holder.firstElementChild;
    outline.append(row);
    row.querySelector("input[name^='title-']").focus();
    said.textContent = "Đã thêm một mục.";
  };
  const deeds = {
    up: (row) => row.previousElementSibling?.before(row),
    down: (row) => row.nextElementSibling?.after(row),
    drop: (row) => {
      const next = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      next?.querySelector("input[name^='title-']").focus();
    },
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-outline-deed]");
    if (!button) return;
    event.preventDefault();
    const deed = button.value.split(":")[0];
    const row = button.closest("[data-outline-row]");
    if (deed === "add") {
      add();
      return;
    }
    const title = titleOf(row);
    deeds[deed](row);
    if (deed !== "drop") button.focus();
    said.textContent = deed === "drop" ? `Đã bỏ mục ${title}.` : `Mục ${title} ở vị trí ${rows().indexOf(row) + 1}.`;
  });
})();
