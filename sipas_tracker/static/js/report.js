// A report saves itself while somebody types: a few seconds after the last key and when a field is left, never two
// savings at once. What has not reached the server stays in this browser until it has. Two people at one text: both
// texts are shown and nothing is written before a person has chosen. The page works without this file.
"use strict";

(() => {
  const PAUSE = 3000; // after the last key
  const RETRY = 10000; // after a failed connection
  const PATIENCE = 25000; // with a silent server
  const OLDEST = 30 * 24 * 3600 * 1000; // of what is kept in this browser
  const even = (text) => (text || "").replace(/\r\n?/g, "\n");
  const same = (one, other) => even(one).trim() === even(other).trim();
  const clock = () => new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });

  // What this browser keeps: one entry a text, {base, text, at, label}.
  const kept = (key) => {
    const name = (field) => `${key}:${field}`;
    const read = (field) => {
      try { return JSON.parse(localStorage.getItem(name(field))); } catch { return null; }
    };
    const drop = (field) => {
      try { localStorage.removeItem(name(field)); } catch { /* nothing was kept */ }
    };
    const put = (field, entry) => {
      try { localStorage.setItem(name(field), JSON.stringify({ ...entry, at: Date.now() })); return true; } catch { return false; }
    };
    const fields = () => {
      try {
        return Object.keys(localStorage).filter((one) => one.startsWith(`${key}:`)).map((one) => one.slice(key.length + 1));
      } catch { return []; }
    };
    const all = () => fields().map((field) => [field, read(field)]).filter(([field, entry]) => {
      const good = entry && typeof entry.text === "string" && Date.now() - entry.at < OLDEST;
      if (!good) drop(field);
      return good;
    });
    return { put, drop, read, all };
  };

  // Texts that could not be sent and have no place on the page any more are shown, to be copied.
  const showLeft = (store, entries, before) => {
    if (!entries.length) return;
    const box = document.createElement("section");
    box.className = "note note-warn left-texts";
    const title = document.createElement("p");
    title.textContent = "Nội dung anh/chị đã gõ nhưng chưa lưu được, vì báo cáo không còn nhận nội dung ở các mục này. Hãy chép lại nếu cần.";
    box.append(title);
    for (const [, entry] of entries) {
      const label = document.createElement("h3");
      label.textContent = entry.label || "Nội dung";
      const words = document.createElement("div");
      words.className = "both-theirs";
      words.textContent = entry.text;
      box.append(label, words);
    }
    const done = document.createElement("button");
    done.type = "button";
    done.className = "btn btn-sm";
    done.textContent = "Đã chép, bỏ nội dung này";
    done.addEventListener("click", () => {
      entries.forEach(([field]) => store.drop(field));
      box.remove();
    });
    box.append(done);
    before.before(box);
  };

  const closed = document.querySelector("[data-report-kept]");
  if (closed) {
    const store = kept(closed.dataset.reportKept);
    showLeft(store, store.all(), closed);
  }
  const form = document.querySelector("form[data-report-save]");
  if (!form) return;

  const store = kept(form.dataset.keep);
  const line = form.querySelector("[data-save-state]");
  const panel = document.querySelector("[data-next]");
  const revision = form.querySelector("input[name=revision]");
  const areas = new Map([...form.querySelectorAll("textarea[data-saved]")].map((area) => [area.name, area]));
  const shown = (name) => form.querySelector(`input[name="initial-${CSS.escape(name)}"]`);
  const base = new Map([...areas].map(([name, area]) => [name, even(shown(name)?.value ?? area.defaultValue)]));
  const boxes = new Map(); // texts that two people changed: name → {box, theirs}
  let busy = null;
  let timer = 0;
  let locked = false;
  let troubled = false; // what is typed does not reach the server

  const say = (words, tone = "") => {
    line.textContent = words;
    line.className = `save-state ${tone}`.trim();
  };
  const changed = () => [...areas].filter(([name, area]) => !same(area.value, base.get(name))).map(([name]) => name);
  const sendable = () => (locked ? [] : changed().filter((name) => !boxes.has(name)));
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };
  const stand = (name, text) => {
    base.set(name, even(text));
    const input = shown(name);
    if (input) input.value = text;
  };
  const stepTo = (number) => {
    revision.value = number;
    document.querySelectorAll("input[data-revision]").forEach((input) => (input.value = number));
  };
  const keep = () => {
    for (const [name, area] of areas) {
      if (same(area.value, base.get(name))) store.drop(name);
      else store.put(name, { base: base.get(name), text: area.value, label: area.dataset.label });
    }
  };
  const offerRestoring = (name) => {
    const place = document.querySelector(`[data-restore-of="${CSS.escape(name)}"]`);
    if (!place) return;
    const differs = !same(areas.get(name).value, place.dataset.prefilled);
    place.querySelectorAll("button").forEach((button) => (button.hidden = !differs || !place.dataset.prefilled));
    place.querySelectorAll("[data-follows]").forEach((note) => (note.hidden = differs));
  };

  // Both texts of a field that two people changed.
  const settle = (name) => {
    boxes.get(name)?.box.remove();
    boxes.delete(name);
    areas.get(name).classList.remove("is-invalid");
  };
  const showBoth = (name, theirs) => {
    const area = areas.get(name);
    if (!boxes.has(name)) {
      const box = document.getElementById("both-texts").content.firstElementChild.cloneNode(true);
      box.setAttribute("aria-label", `Hai nội dung của ${area.dataset.label}`);
      box.querySelector("[data-keep-mine]").addEventListener("click", () => {
        stand(name, boxes.get(name).theirs);
        settle(name);
        keep();
        save();
      });
      box.querySelector("[data-take-theirs]").addEventListener("click", () => {
        area.value = boxes.get(name).theirs;
        stand(name, area.value);
        settle(name);
        keep();
        offerRestoring(name);
        tell();
      });
      area.after(box);
      area.classList.add("is-invalid");
      boxes.set(name, { box });
    }
    const entry = boxes.get(name);
    entry.theirs = even(theirs);
    entry.box.querySelector(".both-theirs").textContent = entry.theirs || "(để trống)";
  };

  // Lay the texts of the server beside those of the page: what only they changed comes in, what both changed is asked.
  const absorb = (texts) => {
    let news = 0;
    for (const [name, theirs] of Object.entries(texts)) {
      const area = areas.get(name);
      if (!area || same(theirs, base.get(name))) continue;
      if (same(area.value, base.get(name))) {
        area.value = even(theirs);
        stand(name, theirs);
        offerRestoring(name);
        news += 1;
      } else if (same(area.value, theirs)) {
        stand(name, theirs);
        if (boxes.has(name)) settle(name);
      } else showBoth(name, theirs);
    }
    return news;
  };

  const tell = (words) => {
    troubled = boxes.size > 0 || locked;
    if (locked) return;
    if (boxes.size) say(`${boxes.size} mục có nội dung của hai người: hãy chọn ở từng mục để lưu tiếp.`, "is-fault");
    else if (words) say(words, "is-saved");
    else if (!changed().length) say("Nội dung trên trang khớp với hệ thống.", "is-saved");
  };

  // The panel of the next step follows what is saved; never under somebody's hand or an open question.
  let fresh = "";
  const showNext = () => {
    const inHand = panel.matches(":hover") || panel.contains(document.activeElement) || document.querySelector("dialog[open]");
    if (!fresh || inHand) return;
    panel.innerHTML = fresh;
    fresh = "";
  };
  setInterval(showNext, 1000);

  const token = () => document.documentElement.dataset.csrf || form.elements.csrfmiddlewaretoken.value;
  const post = async (names) => {
    const body = new URLSearchParams({ revision: revision.value });
    for (const name of names) {
      body.append(name, areas.get(name).value);
      body.append(`initial-${name}`, base.get(name));
    }
    const patience = new AbortController();
    const alarm = setTimeout(() => patience.abort(), PATIENCE);
    try {
      return await fetch(form.dataset.reportSave, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": token(), Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
        signal: patience.signal,
        keepalive: body.toString().length < 60000,
      });
    } finally {
      clearTimeout(alarm);
    }
  };

  // Signing in again in another tab gives a new token: take it from a fresh copy of the page.
  const renewToken = async () => {
    const page = await fetch(window.location.pathname, { headers: { Accept: "text/html" } });
    if (page.redirected) return false;
    const found = new DOMParser().parseFromString(await page.text(), "text/html").documentElement.dataset.csrf;
    if (!found) return false;
    document.documentElement.dataset.csrf = found;
    return true;
  };

  const fault = (words, again) => {
    troubled = true;
    say(words, "is-fault");
    if (again) later(RETRY);
  };

  const take = async (answer, names, sent) => {
    if (answer.redirected || !(answer.headers.get("Content-Type") || "").includes("json")) {
      if (answer.status >= 500) return fault("Hệ thống đang bận: nội dung giữ trên máy này, sẽ tự gửi lại.", true);
      return fault("Phiên làm việc đã hết. Nội dung giữ trên máy này: hãy đăng nhập lại ở thẻ khác, trang này sẽ tự gửi.", true);
    }
    const told = await answer.json();
    if (told.locked) {
      locked = true;
      return fault(told.message, false);
    }
    if (told.errors) return fault(Object.values(told.errors).join(" "), false);
    if (told.revision === undefined) return fault("Không lưu được: hãy tải lại trang. Nội dung giữ trên máy này.", false);
    stepTo(told.revision);
    if (answer.ok) {
      names.forEach((name) => {
        stand(name, sent.get(name));
        offerRestoring(name);
      });
      fresh = told.next;
      showNext();
    }
    const news = told.texts ? absorb(told.texts) : 0;
    keep();
    const with_news = news ? `; ${news} mục do người khác vừa lưu đã được đưa vào trang` : "";
    tell(answer.ok ? `Đã lưu lúc ${told.saved_at}${with_news}` : "");
    if (sendable().length) later(answer.ok ? PAUSE : 0);
    return undefined;
  };

  const saving = async () => {
    const names = sendable();
    const sent = new Map(names.map((name) => [name, areas.get(name).value]));
    say("Đang lưu…");
    try {
      let answer = await post(names);
      if (answer.status === 403 && (await renewToken())) answer = await post(names);
      await take(answer, names, sent);
    } catch {
      fault(`Mất kết nối lúc ${clock()}: nội dung giữ trên máy này, sẽ tự gửi khi có mạng.`, true);
    }
  };

  function save() {
    clearTimeout(timer);
    keep();
    if (busy || !sendable().length) return busy || Promise.resolve();
    busy = saving().finally(() => (busy = null));
    return busy;
  }

  // Send what is left, also what was typed while a saving was under way; says whether the server has everything.
  const flush = async () => {
    for (let round = 0; round < 3 && (busy || sendable().length); round += 1) {
      await save();
      if (troubled) break;
    }
    return !changed().length && !boxes.size;
  };

  let keeping = 0;
  form.addEventListener("input", (event) => {
    if (!areas.has(event.target.name)) return;
    clearTimeout(keeping);
    keeping = setTimeout(keep, 300);
    offerRestoring(event.target.name);
    if (!troubled) say("Có thay đổi chưa lưu.");
    later(PAUSE);
  });
  form.addEventListener("focusout", (event) => areas.has(event.target.name) && save());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!(await flush())) boxes.values().next().value?.box.scrollIntoView({ block: "center" });
    else if (!troubled && !line.classList.contains("is-saved")) tell();
  });

  // Any other step (approve, restore, attach …) waits until everything is saved.
  document.addEventListener("submit", async (event) => {
    const other = event.target;
    if (other === form || other.method !== "post" || (!busy && !changed().length)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const sender = event.submitter;
    if (!(await flush())) {
      say("Chưa lưu được nội dung đang soạn nên chưa thực hiện bước này.", "is-fault");
      return;
    }
    const alive = other.isConnected ? other : document.querySelector(`form[action="${CSS.escape(other.getAttribute("action"))}"]`);
    if (alive) alive.requestSubmit(alive === other ? sender || undefined : undefined);
    else showNext();
  }, true);

  window.addEventListener("online", () => save());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  window.addEventListener("beforeunload", (event) => {
    keep();
    if (troubled && changed().length) event.preventDefault();
  });

  // What an earlier visit could not send.
  const left = [];
  let back = 0;
  for (const [name, entry] of store.all()) {
    const area = areas.get(name);
    if (!area) left.push([name, entry]);
    else if (same(entry.text, area.value)) store.drop(name);
    else {
      const theirs = base.get(name);
      area.value = entry.text;
      back += 1;
      if (!same(entry.base, theirs)) showBoth(name, theirs);
    }
  }
  showLeft(store, left, form);
  areas.forEach((_, name) => offerRestoring(name));
  say("Tự lưu trong khi gõ.");
  if (back) {
    say(`Đã đưa lại ${back} mục anh/chị gõ lần trước mà chưa gửi được.`, "is-saved");
    tell(line.textContent);
    if (sendable().length) later(500);
  }
})();
