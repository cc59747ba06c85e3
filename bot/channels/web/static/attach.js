// Photos and files on their way: each goes up at once, and the message then only names it. Read before chat.js.
"use strict";
const attach = (function () {
  const $ = (id) => document.getElementById(id);
  const clip = $("clip"), tray = $("tray"), hint = $("hint"), note = $("note");
  const MOST = Number(clip.dataset.most), LARGEST = Number(clip.dataset.largest);
  const KNOWN = /^(image|audio|video)\/|^application\/pdf$|^text\/plain$/, ENDING = /\.(pdf|docx?|xlsx?|txt|heic|heif|amr|m4a)$/i;
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte + 256).toString(16).slice(1)).join("");
  let key = newKey(); // of the message that they will go with: a reference is good for no other
  let items = [], waiting = null, timer = 0, delay = 2000;

  const tell = (words) => { note.textContent = words; };
  const refuse = (words) => { tell(words); note.classList.add("over"); };
  const busy = () => items.some((item) => !item.reference);

  // --- the picture: drawn from the file itself, small, and by this page alone ---
  async function picture(file, shot) {
    if (!file.type.startsWith("image/")) return;
    try {
      const whole = await createImageBitmap(file), edge = 160, scale = edge / Math.min(whole.width, whole.height);
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = edge;
      canvas.getContext("2d").drawImage(whole, (edge - whole.width * scale) / 2, (edge - whole.height * scale) / 2, whole.width * scale, whole.height * scale);
      whole.close();
      shot.replaceChildren(canvas);
    } catch (error) { /* a kind that this browser cannot draw: its ending stays */ }
  }

  function add(files) {
    note.classList.remove("over");
    tell("");
    for (const file of files) {
      if (items.length === MOST) { refuse("一次最多发 " + MOST + " 个，其余的请下一条再发。"); break; }
      if (!file.size) refuse("“" + file.name + "”是空的，请再选一次。");
      else if (file.size > LARGEST) refuse("“" + file.name + "”太大了，一个文件最大 " + LARGEST / 1048576 + " MB。照片可以拍小一点，视频、录音可以分几段。");
      else if (!KNOWN.test(file.type) && !ENDING.test(file.name)) refuse("“" + file.name + "”这种文件收不了。可以发照片、录音、视频，或者 PDF、Word、Excel 文件。");
      else enter(file);
    }
    next();
  }

  function enter(file) {
    const node = $("file").content.firstElementChild.cloneNode(true);
    const item = { file, name: file.name, node, reference: null, request: null };
    node.querySelector(".name").textContent = file.name;
    node.querySelector(".shot").textContent = (/\.(\w{1,5})$/.exec(file.name) || ["", file.type.split("/")[1] || ""])[1].toUpperCase();
    picture(file, node.querySelector(".shot"));
    const cross = node.querySelector("button");
    cross.setAttribute("aria-label", "不发“" + file.name + "”了");
    cross.onclick = () => { remove(item); note.classList.remove("over"); tell(""); };
    items.push(item);
    tray.append(node);
    show();
  }

  function remove(item) {
    items = items.filter((other) => other !== item);
    if (item.request) item.request.abort();
    item.node.remove();
    show();
    next();
  }

  function show() {
    tray.hidden = hint.hidden = !items.length;
    if (!busy() && waiting) { const go = waiting; waiting = null; tell(""); if (items.length) go(); }
  }

  // --- one after the other: a slow line carries one sooner than three halves ---
  function next() {
    clearTimeout(timer);
    const item = items.find((each) => !each.reference);
    if (!item || items.some((each) => each.request)) return;
    const request = item.request = new XMLHttpRequest(), form = new FormData(), bar = item.node.querySelector("progress");
    form.append("key", key);
    form.append("file", item.file, item.name);
    request.open("POST", "/chat/files");
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
    request.onloadend = () => {
      item.request = null;
      if (!items.includes(item)) return next();
      if (request.status === 201) {
        item.reference = request.response.files[0];
        item.node.classList.add("there");
        bar.hidden = true;
        delay = 2000;
        show();
      } else if (!request.status || request.status === 429 || (request.status >= 500 && request.status !== 507)) {
        bar.value = 0;
        tell(!request.status ? "网络不通，通了会自动接着传。"
          : request.status === 429 ? "传得有点快，等一会儿自动接着传。" : "我这边有点忙，等一会儿自动接着传。");
        timer = setTimeout(next, Math.max(Number(request.getResponseHeader("Retry-After")) * 1000 || 0, delay));
        delay = Math.min(delay * 2, 30000);
        return;
      } else {
        remove(item);
        refuse("“" + item.name + "”没有收下：" + ((request.response || {}).error || "请刷新页面再试一次。"));
      }
      next();
    };
    request.send(form);
  }
  addEventListener("online", () => { delay = 2000; next(); });

  // --- choosing, pasting, dropping ---
  clip.hidden = false;
  const inputs = clip.querySelectorAll("input");
  inputs.forEach((input) => input.addEventListener("change", () => { add(input.files); input.value = ""; clip.open = false; }));
  if (!matchMedia("(pointer: coarse)").matches) { // no camera to offer: straight to the files
    clip.addEventListener("click", (event) => { if (event.target.closest("summary")) { event.preventDefault(); clip.querySelector("[multiple]").click(); } });
  }
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData || !event.clipboardData.files.length) return;
    event.preventDefault();
    add(event.clipboardData.files);
  });
  const brings = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
  document.addEventListener("dragover", (event) => { if (brings(event)) { event.preventDefault(); document.body.classList.add("dropping"); } });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dropping"); });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    if (!brings(event)) return;
    event.preventDefault();
    add(event.dataTransfer.files);
  });

  return {
    newKey,
    get any() { return items.length > 0; },
    // Call `go` as soon as all is up; true where that is now.
    ready(go) {
      if (!busy()) return true;
      waiting = go;
      tell("还在上传，传完就自动发出去。");
      return false;
    },
    // Give the files to a message and begin the next: {key, files, names, shots}.
    take() {
      const taken = { key, files: items.map((item) => item.reference), names: items.map((item) => item.name), shots: items.map((item) => item.node.querySelector(".shot")) };
      key = newKey();
      items = [];
      tray.replaceChildren();
      show();
      return taken;
    },
  };
})();
