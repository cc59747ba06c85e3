// The page works without this file; with it, answers come as they are ready and nothing written is lost.
"use strict";
(function () {
  const $ = (id) => document.getElementById(id);
  const log = $("log"), typing = $("typing"), note = $("note"), ask = $("ask"), text = $("text");
  const touch = matchMedia("(pointer: coarse)").matches;

  // --- what was written and has no answer yet: {key, at, text | action, label, files, names, quiet, taken} ---
  // Each has an entry of its own, so that two tabs do not overwrite each other; sent twice, it is still one message.
  const STORE = "niangjia.unanswered.";
  const stored = () => { try { return Object.keys(localStorage).filter((name) => name.startsWith(STORE)); } catch (error) { return []; } };
  const save = (one) => { try { localStorage.setItem(STORE + one.key, JSON.stringify(one)); } catch (error) { /* private mode */ } };
  const unsave = (name) => { try { localStorage.removeItem(name); } catch (error) { /* private mode */ } };
  const fresh = (one) => Date.now() - one.at < (one.taken ? 600000 : 86400000);
  let unanswered = stored().map((name) => JSON.parse(localStorage.getItem(name))).sort((a, b) => a.at - b.at);
  const drop = (key) => { unanswered = unanswered.filter((one) => one.key !== key); unsave(STORE + key); };
  unanswered.forEach((one) => { if (!fresh(one)) drop(one.key); });
  const turnOf = (key) => log.querySelector('[data-key="' + key + '"]');
  const taps = {}; // key of a tap → the buttons that it was one of

  let later = 0; // when it takes longer, as where a chat model words the answer, that is said once
  function showTyping() {
    const on = unanswered.some((one) => one.taken && !one.quiet && fresh(one));
    if (on && typing.lastElementChild.textContent) return;
    typing.toggleAttribute("data-on", on);
    typing.lastElementChild.textContent = on ? "正在帮您查……" : "";
    clearTimeout(later);
    if (on) later = setTimeout(() => { typing.lastElementChild.textContent += "正在组织回答，请稍等"; }, 3000);
  }

  const shots = {}; // key of a message → the small pictures of its files, for as long as the page is open
  function brought(name, shot) {
    const item = document.createElement("li");
    const words = document.createElement("span");
    words.className = "name";
    words.textContent = name;
    item.append(...(shot ? [shot] : []), words);
    return item;
  }

  function draw(one) {
    if (one.quiet) return null;
    let turn = turnOf(one.key);
    if (!turn) {
      turn = $("said").content.firstElementChild.cloneNode(true);
      turn.dataset.key = one.key;
      const words = turn.querySelector("p");
      words.textContent = one.label || one.text;
      words.parentElement.hidden = !words.textContent;
      (one.names || []).forEach((name, at) => turn.querySelector(".files").append(brought(name, (shots[one.key] || [])[at])));
      turn.classList.add("new");
      log.append(turn);
    }
    return turn;
  }

  function state(one, name, words) {
    const turn = draw(one);
    if (!turn) return;
    turn.classList.toggle("waiting", name === "waiting");
    turn.classList.toggle("failed", name === "failed");
    const line = turn.querySelector(".state");
    line.textContent = words || "";
    if (name === "waiting") {
      const again = document.createElement("button");
      again.type = "button";
      again.textContent = "现在重发";
      again.onclick = () => { delay = 2000; flush(); };
      line.append(again);
    }
  }

  // --- sending: one after the other, again and again until the server has taken it ---
  let sending = false, timer = 0, delay = 2000;

  function post(one) {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), 20000);
    const body = JSON.stringify({ key: one.key, text: one.text, action: one.action, files: one.files });
    const headers = { "Content-Type": "application/json" };
    return fetch("/chat/messages", { method: "POST", headers, body, signal: stop.signal, credentials: "same-origin" })
      .finally(() => clearTimeout(late));
  }

  async function flush() {
    if (sending) return;
    clearTimeout(timer);
    sending = true;
    let one;
    while ((one = unanswered.find((each) => !each.taken))) {
      let response = null;
      const slow = setTimeout(state, 3000, one, "sending", "网络有点慢，正在发……");
      try { response = await post(one); } catch (error) { /* no line */ }
      clearTimeout(slow);
      if (response && response.ok) {
        one.taken = true;
        save(one);
        state(one, "taken");
        delay = 2000;
      } else if (!response || response.status === 429 || response.status >= 500) {
        const said = response && response.status === 429 ? "发得有点快，已经存好，稍后自动发出" : "网络不通，已经存好，通了会自动发出";
        state(one, "waiting", said);
        const wait = response && Number(response.headers.get("Retry-After")) * 1000;
        timer = setTimeout(flush, Math.max(wait || 0, delay));
        delay = Math.min(delay * 2, 30000);
        break;
      } else {
        const answer = await response.json().catch(() => ({}));
        drop(one.key);
        state(one, "failed", answer.error || "没有发出去，请刷新页面再试一次。");
        if (one.text && !one.label && !text.value) { text.value = one.text; grow(); }
      }
    }
    sending = false;
    showTyping();
    if (unanswered.length) hurry();
  }

  function send(one) {
    one.key = one.key || attach.newKey();
    one.at = Date.now();
    unanswered.push(one);
    save(one);
    const turn = draw(one);
    if (turn) turn.scrollIntoView({ block: "end" });
    flush();
    return one.key;
  }

  // --- replies: by the stream, or by asking where the stream does not come through ---
  let last = Array.from(log.querySelectorAll("[id^=r]"), (turn) => Number(turn.id.slice(1))).reduce((a, b) => Math.max(a, b), 0);
  const TITLE = document.title;
  document.addEventListener("visibilitychange", () => { if (!document.hidden) document.title = TITLE; });
  let source = null, watch = 0, poller = 0, misses = 0;

  const streaming = () => source !== null && source.readyState === 1;

  function show(reply) {
    last = Math.max(last, reply.id);
    drop(reply.key);
    showTyping();
    if ($("r" + reply.id)) return;
    if (reply.notice !== null && taps[reply.key]) {
      const thanks = document.createElement("p");
      thanks.className = "thanks";
      thanks.textContent = reply.notice;
      taps[reply.key].after(thanks);
      note.textContent = reply.notice;
      return;
    }
    const shell = document.createElement("template");
    shell.innerHTML = reply.html; // drawn and escaped by the server, as the page itself is
    const asked = turnOf(reply.key);
    shell.content.querySelectorAll(".turn").forEach((turn) => {
      if (turn.dataset.key && asked) return;
      turn.classList.add("new");
      log.append(turn);
    });
    if (asked) state({ key: reply.key }, "taken");
    note.textContent = "";
    if (document.hidden) document.title = "有新消息 · " + TITLE;
    const first = asked || $("r" + reply.id), long = first.offsetHeight > innerHeight / 2;
    ((long && first.nextElementSibling) || first).scrollIntoView({ block: "start" }); // the answer is seen, whatever was asked
  }

  function listen() {
    hush();
    if (!window.EventSource || misses > 2) return poll();
    source = new EventSource("/chat/stream?after=" + last);
    alive(8000);
    source.addEventListener("ping", () => { misses = 0; clearTimeout(poller); alive(40000); });
    source.addEventListener("reply", (event) => { alive(40000); show(JSON.parse(event.data)); });
    source.onerror = () => {
      misses += 1;
      if (source.readyState === 2 || misses > 2) hush();
      hurry();
    };
  }

  function alive(limit) {
    clearTimeout(watch);
    watch = setTimeout(() => { misses = 3; hush(); poll(); }, limit);
  }

  function hush() {
    if (source) source.close();
    source = null;
    clearTimeout(watch);
    clearTimeout(poller);
  }

  async function poll() {
    clearTimeout(poller);
    try {
      const response = await fetch("/chat/replies?after=" + last, { credentials: "same-origin" });
      if (response.ok) (await response.json()).replies.forEach(show);
    } catch (error) { /* the next time */ }
    if (!streaming()) poller = setTimeout(poll, unanswered.some(fresh) ? 2000 : 20000);
  }

  // An answer is awaited: a page that only asks now and then asks at once.
  function hurry() {
    if (streaming()) return;
    clearTimeout(poller);
    poller = setTimeout(poll, 1000);
  }

  addEventListener("online", () => { misses = 0; delay = 2000; flush(); listen(); });
  addEventListener("pagehide", hush);
  addEventListener("pageshow", (event) => { if (event.persisted) listen(); });

  // --- writing ---
  const LIMIT = text.maxLength;
  function grow() {
    text.style.height = "auto";
    text.style.height = text.scrollHeight + 2 + "px";
    const length = text.value.length;
    note.classList.toggle("over", length >= LIMIT);
    note.textContent = length >= LIMIT * 0.8 ? "已写 " + length + " 字，最多 " + LIMIT + " 字" : "";
  }
  text.addEventListener("input", grow);
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  function submit() {
    const words = text.value.trim();
    if (!words && !attach.any) return text.focus();
    if (!attach.ready(submit)) return;
    const { key, files, names, shots: drawn } = attach.take();
    text.value = "";
    grow();
    if (touch) text.blur(); else text.focus();
    if (!files.length) return void send({ text: words });
    shots[key] = drawn;
    send({ key, text: words, files, names });
  }
  ask.noValidate = true; // a photo needs no words
  ask.addEventListener("submit", (event) => { event.preventDefault(); submit(); });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=text], button[name=action]");
    if (!button) return;
    event.preventDefault();
    if (button.name === "text") return void send({ text: button.value, label: button.textContent });
    const judged = /^(ok|no):/.test(button.value);
    if (judged) {
      if (button.form.classList.contains("done")) return;
      button.form.classList.add("done");
      button.setAttribute("aria-pressed", "true");
    }
    else button.form.querySelectorAll("button").forEach((each) => each.toggleAttribute("data-chosen", each === button));
    const key = send({ action: button.value, label: button.textContent, quiet: judged });
    taps[key] = button.form;
  });

  document.querySelector(".forget form").addEventListener("submit", () => { unanswered = []; stored().forEach(unsave); });

  // --- begin ---
  if (location.search) history.replaceState(null, "", "/" + location.hash);
  unanswered.forEach((one) => state(one, one.taken ? "taken" : "sending"));
  const entry = performance.getEntriesByType && performance.getEntriesByType("navigation")[0];
  if (!location.hash && !(entry && entry.type === "back_forward") && log.lastElementChild) {
    log.lastElementChild.scrollIntoView({ block: "start" });
  }
  showTyping();
  listen();
  flush();
})();
