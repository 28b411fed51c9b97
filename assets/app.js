/* What JavaScript adds to pages that work without it. Ours, no library, no text run as code, no markup made of strings: what the server renders
 * is fetched as a document and its nodes are taken over. Stores one switch in the browser (shortcuts off), never a person's data.
 * Nothing acts while an input method is composing. docs/look.md lists what it looks for in a page. */
(function () {
"use strict";

const root = document.documentElement, english = root.lang === "en";
const say = (vi, en) => english ? en : vi;
const $ = (s, at) => (at || document).querySelector(s);
const all = (s, at) => Array.from((at || document).querySelectorAll(s));
const on = (what, how, capture) => document.addEventListener(what, how, capture);
const composing = e => e.isComposing || e.keyCode === 229;
const typing = t => !!t.closest && !!t.closest("input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]),textarea,select,[contenteditable=true]");
const fold = s => s.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
let ids = 0;

/* An element with attributes and children; text stays text. */
function make(name, attributes, ...children) {
    const e = document.createElement(name);
    for (const [k, v] of Object.entries(attributes || {})) if (v !== false && v != null) e.setAttribute(k, v === true ? "" : v);
    e.append(...children.filter(c => c != null));
    return e;
}
function icon(name) {
    const of = $("use") && $("use").getAttribute("href").split("#")[0] || "/s/icons.svg", ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg"), use = document.createElementNS(ns, "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", of + "#" + name);
    svg.append(use);
    return svg;
}

/* Asks the server for a fragment or page. The browser's own parser makes the document, so no string ever becomes HTML here. */
function get(url, done, failed) {
    const x = new XMLHttpRequest();
    x.open("GET", url);
    x.responseType = "document";
    x.timeout = 20000;
    x.onload = () => x.status === 200 && x.response && new URL(x.responseURL).pathname === new URL(url, location).pathname
        ? done(x.response) : failed && failed(x.status);
    x.onerror = x.ontimeout = () => failed && failed(0);
    x.send();
    return x;
}
function take(nodes) {
    return Array.from(nodes, n => document.importNode(n, true)).filter(n => n.nodeName !== "SCRIPT");
}

/* One polite voice for screen readers. */
const voice = make("p", {class: "vh", role: "status"});
function announce(text) {
    voice.textContent = "";
    setTimeout(() => { voice.textContent = text; }, 60);
}
function toast(kind, text, ...more) {
    let box = $(".toasts");
    if (!box) document.body.append(box = make("div", {class: "toasts", role: "region", "aria-label": say("Thông báo", "Messages")}));
    const close = make("button", {type: "button", class: "btn plain only", "aria-label": say("Đóng", "Close"), "data-close": true}, icon("close"));
    const t = make("div", {class: "toast"}, icon(kind), make("p", null, text), ...more, close);
    box.append(t);
    announce(text);
    return t;
}

/* ---- lists of options under an input: the palette and references share it */
function combo(input, list, {url, wait, least, choose, empty, status}) {
    let timer = 0, request = null, at = -1, seen = null;
    const id = list.id || (list.id = "list-" + ++ids);
    const options = () => all("[role=option]", list);
    for (const [k, v] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", id], ["autocomplete", "off"]])
        input.setAttribute(k, v);
    function mark(i) {
        const o = options();
        at = o.length ? (i + o.length) % o.length : -1;
        o.forEach((e, n) => e.setAttribute("aria-selected", String(n === at)));
        if (at >= 0) {
            input.setAttribute("aria-activedescendant", o[at].id);
            o[at].scrollIntoView({block: "nearest"});
        } else input.removeAttribute("aria-activedescendant");
    }
    function show(nodes, first) {
        list.replaceChildren(...nodes);
        const o = options();
        o.forEach(e => { e.id = e.id || "option-" + ++ids; e.tabIndex = -1; });
        if (o.length) list.setAttribute("role", "listbox"); else list.removeAttribute("role");
        list.hidden = !nodes.length;
        input.setAttribute("aria-expanded", String(o.length > 0));
        mark(first && o.length ? 0 : -1);
        if (at < 0) input.removeAttribute("aria-activedescendant");
        if (status && o.length) announce(o.length + say(" kết quả", o.length === 1 ? " result" : " results"));
    }
    function stop() {
        clearTimeout(timer);
        if (request) request.abort();
        request = null;
    }
    function close() {
        stop();
        seen = null;
        show([]);
    }
    function ask() {
        const q = input.value.trim().normalize("NFC");
        if (q === seen) return;
        stop();
        seen = q;
        if (q.length < least) { show(empty ? empty() : []); return; }
        timer = setTimeout(() => {
            request = get(url(q), d => show(take(d.body.childNodes), true),
                () => show([make("p", {role: "status"}, say("Chưa tìm được. Hãy kiểm tra kết nối rồi thử lại.", "The search did not answer. Check the connection and try again."))]));
        }, wait);
    }
    input.addEventListener("input", e => { if (!e.isComposing) ask(); });
    input.addEventListener("compositionend", ask);
    input.addEventListener("keydown", e => {
        if (composing(e)) return;
        const o = options();
        if ((e.key === "ArrowDown" || e.key === "ArrowUp") && !e.altKey) {
            if (!o.length) { seen = null; ask(); return; }
            e.preventDefault();
            mark(at < 0 && e.key === "ArrowUp" ? -1 : at + (e.key === "ArrowDown" ? 1 : -1));
        } else if (e.key === "Enter" && at >= 0 && o[at]) {
            e.preventDefault();
            choose(o[at]);
        } else if (e.key === "Escape" && !list.hidden && o.length && !input.closest("dialog")) {
            e.preventDefault();
            e.stopPropagation();
            close();
        }
    });
    list.addEventListener("mousedown", e => { if (e.target.closest("[role=option]")) e.preventDefault(); });
    list.addEventListener("click", e => {
        const o = e.target.closest("[role=option]");
        if (o && !e.ctrlKey && !e.metaKey && !e.shiftKey) { e.preventDefault(); choose(o); }
    });
    return {ask, close};
}

/* ---- the palette: people, units, commands, from everywhere */
let palette = null;
function shortcuts() {
    return all("[data-key]").filter(e => e.matches("a[href],button"));
}
function named(e) {
    const copy = e.cloneNode(true);
    all(".n,b,kbd,svg", copy).forEach(x => x.remove());
    return e.dataset.name || copy.textContent.trim().replace(/\s+/g, " ") || e.getAttribute("aria-label") || "";
}
function keys(e) {
    return e.dataset.key.split("").flatMap(k => [make("kbd", null, k), " "]);
}
function palette_make() {
    const home = $("form.search"), action = home ? home.getAttribute("action") : "/search";
    const input = make("input", {type: "search", name: "q", "aria-label": say("Tìm người, tổ chức, văn bản, lệnh", "Find people, units, documents, commands"),
        placeholder: say("Tìm người, tổ chức, văn bản… không cần dấu", "Find people, units, documents…"), spellcheck: "false"});
    const list = make("div", {class: "results", "aria-label": say("Kết quả", "Results")});
    const close = make("button", {type: "button", class: "btn plain only", "aria-label": say("Đóng", "Close")}, icon("close"));
    const legend = make("p", {class: "keys", "aria-hidden": "true"}, make("span", null, make("kbd", null, "↑"), " ", make("kbd", null, "↓"), say(" chọn", " choose")),
        make("span", null, make("kbd", null, "Enter"), say(" mở", " open")), make("span", null, make("kbd", null, "Esc"), say(" đóng", " close")));
    const dialog = make("dialog", {class: "palette", "aria-label": say("Tìm kiếm", "Search")},
        make("form", {action, role: "search", method: "get"}, icon("find"), input, close), list, legend);
    const commands = () => {
        const found = shortcuts().filter(e => e.href).map(e => make("a", {role: "option", href: e.href}, icon("arrow-right"), named(e), make("span", {class: "end"}, ...keys(e))));
        return found.length ? [make("div", {role: "group", "aria-label": say("Đi tới", "Go to")}, make("h3", {role: "presentation"}, say("Đi tới", "Go to")), ...found)]
            : [make("p", null, say("Gõ tên người, tổ chức, số văn bản hoặc việc cần làm.", "Type a person, a unit, a document's number or what to do."))];
    };
    const sep = action.includes("?") ? "&" : "?";
    const c = combo(input, list, {url: q => action + sep + "q=" + encodeURIComponent(q) + "&part=1", wait: 120, least: 1, empty: commands, status: true,
        choose: o => { dialog.close(); location.assign(o.href); }});
    close.addEventListener("click", () => dialog.close());
    input.addEventListener("keydown", e => { if (e.key === "Escape" && !composing(e)) { e.preventDefault(); input.blur(); dialog.close(); } });
    dialog.addEventListener("click", e => { if (e.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => { input.value = ""; c.close(); });
    document.body.append(dialog);
    return {dialog, input, ask: c.ask};
}
function palette_open(text) {
    if (!window.HTMLDialogElement) return false;
    palette = palette || palette_make();
    if (!palette.dialog.open) palette.dialog.showModal();
    palette.input.value = text || "";
    palette.input.focus();
    palette.ask();
    return true;
}
on("click", e => {
    const a = e.target.closest("form.search, a[data-search]");
    if (a && !e.ctrlKey && !e.metaKey && palette_open(a.matches("form") ? $("input", a).value : "")) e.preventDefault();
});

/* ---- shortcuts: characters can be switched off, Ctrl+K, Ctrl+S and Ctrl+Enter cannot disturb anyone */
const switched = {
    get off() { try { return localStorage.getItem("shortcuts") === "off"; } catch (_) { return false; } },
    set off(v) { try { if (v) localStorage.setItem("shortcuts", "off"); else localStorage.removeItem("shortcuts"); } catch (_) { /* not allowed here: they stay on */ } }
};
let keylist = null;
function keylist_open() {
    if (!window.HTMLDialogElement) return;
    if (keylist) keylist.remove();
    const rows = [["/", say("Tìm kiếm", "Search")], ["Ctrl K", say("Tìm kiếm, cả khi đang nhập", "Search, also while typing")], ["Ctrl S", say("Lưu biểu mẫu", "Save the form")],
        ["Ctrl Enter", say("Lưu biểu mẫu", "Save the form")], ["?", say("Danh sách này", "This list")], ["Esc", say("Đóng", "Close")]]
        .map(([k, w]) => [k.split(" ").flatMap(x => [make("kbd", null, x), " "]), w]).concat(shortcuts().map(e => [keys(e), named(e)]));
    const box = make("input", {type: "checkbox"});
    box.checked = !switched.off;
    box.addEventListener("change", () => { switched.off = !box.checked; });
    const close = make("button", {type: "button", class: "btn plain only end", "aria-label": say("Đóng", "Close"), "data-close": true}, icon("close"));
    keylist = make("dialog", {"aria-labelledby": "keylist-title"}, make("header", null, make("h2", {id: "keylist-title"}, say("Phím tắt", "Shortcuts")), close),
        make("div", {class: "body"}, make("dl", {class: "keylist"}, ...rows.flatMap(([k, w]) => [make("dt", null, ...k), make("dd", null, w)])),
            make("label", {class: "opt gap-s"}, box, make("span", null, say("Dùng phím tắt một chữ", "Use shortcuts of single characters")))));
    document.body.append(keylist);
    keylist.showModal();
}
on("click", e => { if (e.target.closest("[data-shortcuts]") && window.HTMLDialogElement) { e.preventDefault(); menus_close(); keylist_open(); } });

let led = 0; /* when g was pressed */
on("keydown", e => {
    if (composing(e) || e.defaultPrevented) return;
    const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
    if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey) {
        const form = e.target.closest && e.target.closest("form[data-guard]") || key === "s" && $("main form[data-guard]");
        if (key === "k") { if (palette_open()) e.preventDefault(); }
        else if ((key === "s" || key === "Enter") && form) {
            e.preventDefault();
            form.requestSubmit($("button.main,button[type=submit],button:not([type])", form));
        }
        return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || switched.off || $("dialog[open]")) return;
    const sequence = Date.now() - led < 1500 ? "g" + key : key;
    led = 0;
    if (key === "/" && sequence === key) { if (palette_open()) e.preventDefault(); return; }
    if (key === "?") { e.preventDefault(); keylist_open(); return; }
    const target = shortcuts().find(s => s.dataset.key === sequence);
    if (target) { e.preventDefault(); target.click(); }
    else if (key === "g") led = Date.now();
});

/* ---- menus close when one looks elsewhere */
function menus_close(but) {
    all("details.menu[open]").forEach(m => { if (!but || !m.contains(but)) m.open = false; });
}
on("click", e => menus_close(e.target));
on("focusin", e => { if (e.target !== document.body) menus_close(e.target); });
on("keydown", e => {
    if (e.key !== "Escape" || composing(e) || e.defaultPrevented) return;
    const menu = $("details.menu[open]");
    if (menu) { menu.open = false; $("summary", menu).focus(); }
    else if (location.hash === "#rail") location.hash = "#main";
});
on("click", e => {
    const b = e.target.closest("[data-close]");
    if (!b) return;
    const d = b.closest("dialog");
    if (d) { e.preventDefault(); d.close(); return; }
    const n = b.closest(".toast,.notice");
    if (n) { e.preventDefault(); n.remove(); }
});
on("click", e => {
    const b = e.target.closest("[data-dialog]"), d = b && $(b.dataset.dialog);
    if (d && d.showModal) { e.preventDefault(); d.showModal(); }
});
addEventListener("hashchange", () => { if (location.hash === "#rail" && $("#rail")) $("#rail").focus(); });

/* ---- light and dark at once; the server keeps the wish */
on("submit", e => {
    const f = e.target, b = e.submitter;
    if (!f.matches("form[data-theme-form]") || !b) return;
    e.preventDefault();
    const body = new URLSearchParams(new FormData(f));
    body.set(b.name, b.value);
    if (b.value === "light" || b.value === "dark") root.dataset.theme = b.value; else delete root.dataset.theme;
    all("button", f).forEach(x => { if (x === b) x.setAttribute("aria-current", "true"); else x.removeAttribute("aria-current"); });
    fetch(f.getAttribute("action"), {method: "POST", body, redirect: "manual"}).catch(() => toast("warn", say("Chưa lưu được màu giao diện.", "The theme could not be saved.")));
});

/* ---- forms: one submit, no lost work */
on("input", e => {
    const f = e.target.closest && e.target.closest("form[data-guard]");
    if (f) f.dataset.dirty = "1";
});
on("submit", e => {
    const f = e.target;
    if (e.defaultPrevented) return;
    if (f.dataset.sent) { e.preventDefault(); return; }
    delete f.dataset.dirty;
    if ((f.getAttribute("method") || "").toLowerCase() !== "post") return;
    f.dataset.sent = "1";
    const b = e.submitter;
    if (b) b.setAttribute("aria-busy", "true");
    setTimeout(() => sent_forget(f), e.submitter && e.submitter.dataset.file !== undefined ? 2000 : 10000); /* an answer that is a file, or none at all, leaves the page as it is */
});
function sent_forget(f) {
    delete f.dataset.sent;
    all("[aria-busy=true]", f).forEach(b => b.removeAttribute("aria-busy"));
}
addEventListener("pageshow", () => all("form[data-sent]").forEach(sent_forget));
addEventListener("beforeunload", e => { if ($("form[data-dirty]")) { e.preventDefault(); e.returnValue = ""; } });
on("click", e => {
    const a = e.target.closest(".errors a[href^='#'], .skip"), t = a && document.getElementById(a.hash.slice(1));
    if (!t) return;
    e.preventDefault();
    const f = t.matches("input,select,textarea,main") ? t : $("input,select,textarea", t) || t;
    f.focus();
    f.scrollIntoView({block: "center"});
});

/* ---- choosing rows */
function bulk_count(table) {
    const form = table.closest("form") || document, rows = all("tbody .pick input[type=checkbox]", table), n = rows.filter(r => r.checked).length;
    const head = $("input[data-all]", table), bar = $("[data-bulk]", form);
    rows.forEach(r => r.closest("tr").classList.toggle("picked", r.checked));
    if (head) { head.checked = n > 0 && n === rows.length; head.indeterminate = n > 0 && n < rows.length; }
    if (!bar) return;
    bar.classList.toggle("live", n > 0);
    all("[data-count]", form).forEach(c => { c.textContent = String(n); });
}
let last_pick = null;
on("click", e => {
    const box = e.target, table = box.matches && box.matches(".pick input[type=checkbox]") && box.closest("table");
    if (!table) return;
    const rows = all("tbody .pick input[type=checkbox]", table);
    if (box.dataset.all !== undefined) rows.forEach(r => { r.checked = box.checked; });
    else if (e.shiftKey && last_pick && table.contains(last_pick)) {
        const [a, b] = [rows.indexOf(last_pick), rows.indexOf(box)].sort((x, y) => x - y);
        if (a >= 0) rows.slice(a, b + 1).forEach(r => { r.checked = box.checked; });
    }
    last_pick = box;
    bulk_count(table);
});

/* ---- trees: a node's children come when it is opened */
on("toggle", e => {
    const d = e.target;
    if (!d.matches || !d.matches("details[data-src]") || !d.open || d.dataset.loaded) return;
    d.dataset.loaded = "1";
    d.setAttribute("aria-busy", "true");
    get(d.dataset.src, page => {
        d.removeAttribute("aria-busy");
        all(":scope > :not(summary)", d).forEach(x => x.remove());
        d.append(...take(page.body.childNodes));
    }, () => {
        d.removeAttribute("aria-busy");
        delete d.dataset.loaded;
        d.open = false;
        toast("warn", say("Chưa mở được nhánh này. Hãy thử lại.", "This branch could not be opened. Please try again."));
    });
}, true);
on("keydown", e => {
    const from = e.target.closest && e.target.closest(".tree a, .tree summary"), tree = from && from.closest(".tree");
    if (!tree || composing(e) || e.ctrlKey || e.altKey || e.metaKey) return;
    const row = from.closest("li"), rows = all("li", tree).filter(r => r.getClientRects().length), d = $(":scope > details", row);
    let go = null;
    if (e.key === "ArrowDown" || e.key === "ArrowRight" && d && d.open) go = rows[rows.indexOf(row) + 1];
    else if (e.key === "ArrowUp") go = rows[rows.indexOf(row) - 1];
    else if (e.key === "ArrowRight") { if (d) d.open = true; }
    else if (e.key === "ArrowLeft") { if (d && d.open) d.open = false; else go = row.parentElement.closest(".tree li"); }
    else return;
    e.preventDefault();
    const to = go && $("a, summary, input", go);
    if (to) to.focus();
});

/* ---- filtering a list in sight */
on("input", e => {
    const input = e.target, list = input.dataset && input.dataset.filter && $(input.dataset.filter);
    if (!list || e.isComposing) return;
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    let n = 0;
    for (const item of list.children) {
        const text = fold(item.textContent);
        item.hidden = !words.every(w => text.includes(w));
        if (!item.hidden) n++;
    }
    announce(n + say(" dòng", n === 1 ? " row" : " rows"));
});

/* ---- lists that follow their filters: the page that the form would show is fetched, and its part taken over */
const live = new WeakMap();
function live_ask(form) {
    const target = $(form.dataset.live), before = live.get(form);
    if (!target) return;
    if (before) before.abort();
    const url = new URL(form.getAttribute("action") || location.pathname, location);
    url.search = new URLSearchParams(new FormData(form)).toString();
    target.setAttribute("aria-busy", "true");
    live.set(form, get(url.href, page => {
        const fresh = page.getElementById(target.id);
        if (!fresh) { location.assign(url.href); return; }
        const [node] = take([fresh]);
        target.replaceWith(node);
        history.replaceState(null, "", url.href);
        prepare(node);
        const foot = $(".foot", node);
        if (foot) announce(foot.firstChild ? foot.firstChild.textContent.trim() : "");
    }, () => { target.removeAttribute("aria-busy"); HTMLFormElement.prototype.submit.call(form); }));
}
const live_wait = new WeakMap();
function live_soon(form, wait) {
    clearTimeout(live_wait.get(form));
    live_wait.set(form, setTimeout(live_ask, wait, form));
}
on("input", e => {
    const form = e.target.form;
    if (form && form.dataset.live && !e.isComposing && e.target.matches("input[type=search],input[type=text],input:not([type])")) live_soon(form, 250);
});
on("compositionend", e => { if (e.target.form && e.target.form.dataset.live) live_soon(e.target.form, 250); });
on("change", e => { if (e.target.form && e.target.form.dataset.live && e.target.matches("select,input[type=checkbox],input[type=radio]")) live_soon(e.target.form, 0); });

/* ---- a block of cells pasted from a spreadsheet, shown before it is sent */
function cells(text, most) {
    const rows = [];
    let row = [], cell = "", quoted = false;
    for (let i = 0; i < text.length && rows.length < most; i++) {
        const ch = text[i];
        if (quoted) {
            if (ch !== '"') cell += ch;
            else if (text[i + 1] === '"') { cell += '"'; i++; }
            else quoted = false;
        } else if (ch === '"' && cell === "") quoted = true;
        else if (ch === "\t") { row.push(cell); cell = ""; }
        else if (ch === "\n") { row.push(cell); rows.push(row); row = []; cell = ""; }
        else if (ch !== "\r") cell += ch;
    }
    if ((cell !== "" || row.length) && rows.length < most) rows.push(row.concat(cell));
    return rows.filter(r => r.some(c => c.trim() !== ""));
}
function paste_show(area) {
    let out = area.nextElementSibling;
    if (!out || !out.matches("[data-pasted]")) area.after(out = make("div", {"data-pasted": true, class: "gap-s"}));
    const rows = cells(area.value.normalize("NFC"), 5000), wide = rows.reduce((n, r) => Math.max(n, r.length), 0), shown = rows.slice(0, 20);
    if (!rows.length || wide < 2) { out.replaceChildren(); return; }
    const line = r => Array.from({length: wide}, (_, i) => r[i] || "");
    const table = make("table", {class: "grid"}, make("caption", null, say(`${rows.length} dòng, ${wide} cột; dòng đầu là tên cột`, `${rows.length} rows, ${wide} columns; the first row names the columns`)),
        make("thead", null, make("tr", null, make("th", {scope: "col"}, "#"), ...line(shown[0]).map(c => make("th", {scope: "col"}, c)))),
        make("tbody", null, ...shown.slice(1).map((r, i) => make("tr", null, make("th", {scope: "row"}, String(i + 2)), ...line(r).map(c => make("td", null, c))))));
    out.replaceChildren(make("div", {class: "sheet"}, make("div", {class: "scroll", role: "region", tabindex: "0", "aria-label": say("Những gì vừa dán", "What was pasted")}, table)));
    if (rows.length > 20) out.append(make("p", {class: "small soft"}, say(`Còn ${rows.length - 20} dòng nữa.`, `${rows.length - 20} more rows.`)));
}
on("input", e => { if (e.target.matches && e.target.matches("textarea[data-paste]")) paste_show(e.target); });

/* ---- long work: the server's word on it, again and again until it is done */
function job_follow(bar, wait) {
    const box = bar.closest(".job") || bar.parentElement, path = "/job/" + encodeURIComponent(bar.dataset.job);
    setTimeout(() => {
        if (!box.isConnected) return;
        get(path + "?part=1", page => {
            box.replaceChildren(...take(page.body.childNodes));
            prepare(box);
            const next = $("progress[data-job]", box), go = $("a[data-go]", box);
            if (next) return;
            if (go && go.origin === location.origin) location.assign(go.href);
            else announce(box.textContent.trim().replace(/\s+/g, " "));
        }, () => job_follow(bar, Math.min(wait * 2, 15000)));
    }, wait);
}

/* ---- the session's end is told two minutes before, and what was typed stays */
function session_watch() {
    const meta = $("meta[name=session-ends]");
    if (!meta || !(Number(meta.content) > 0)) return;
    let ends = Date.now() + Number(meta.content) * 1000, told = null, over = false;
    const renew = meta.dataset.renew || location.pathname;
    function look() {
        const left = ends - Date.now();
        if (left > 120000 || over) return;
        if (left <= 0) {
            over = true;
            if (told) told.remove();
            told = toast("lock", say("Phiên làm việc đã hết. Hãy đăng nhập lại ở thẻ mới rồi gửi lại; những gì đã nhập trên trang này vẫn còn.",
                "The session has ended. Sign in again in a new tab, then send this page again; what you typed is still here."),
                make("a", {class: "btn", href: "/sign-in", target: "_blank", rel: "noopener"}, say("Đăng nhập lại", "Sign in again")));
        } else if (!told) {
            const more = make("button", {type: "button", class: "btn"}, say("Tiếp tục làm việc", "Keep working"));
            more.addEventListener("click", () => get(renew, () => {
                ends = Date.now() + Number(meta.content) * 1000;
                told.remove();
                told = null;
            }, () => { ends = 0; look(); }));
            told = toast("clock", say("Phiên làm việc sẽ hết trong 2 phút.", "The session ends in 2 minutes."), more);
        }
    }
    setInterval(look, 5000);
    on("visibilitychange", look);
    look();
}

/* ---- small things */
on("click", e => {
    if (e.target.closest("[data-print]")) { e.preventDefault(); print(); }
    const b = e.target.closest("[data-copy]"), from = b && $(b.dataset.copy);
    if (!from) return;
    e.preventDefault();
    const said = () => { b.lastChild.textContent = say("Đã sao chép", "Copied"); announce(b.lastChild.textContent); };
    const by_hand = () => {
        getSelection().selectAllChildren(from);
        if (document.execCommand("copy")) said();
    };
    if (navigator.clipboard) navigator.clipboard.writeText(from.textContent.trim()).then(said, by_hand); else by_hand();
});
for (const what of ["dragover", "dragleave", "drop"]) on(what, e => {
    const drop = e.target.closest && e.target.closest(".drop"), input = drop && $("input[type=file]", drop);
    if (!input) return;
    e.preventDefault();
    drop.classList.toggle("over", what === "dragover");
    if (what === "drop" && e.dataTransfer.files.length) {
        input.files = e.dataTransfer.files;
        input.dispatchEvent(new Event("change", {bubbles: true}));
    }
});

/* Whether a table fits decides what its head sticks to: the window, or its own region. */
const measured = window.ResizeObserver && new ResizeObserver(entries => entries.forEach(({target: s}) => {
    const table = $("table", s), wide = !!table && table.offsetWidth > s.clientWidth + 1;
    s.classList.toggle("wide", wide);
    s.classList.toggle("fits", !wide);
}));
function reference(input) {
    const box = input.closest(".ref") || input.parentElement, list = make("div", {class: "results", hidden: true, "aria-label": say("Gợi ý", "Suggestions")});
    box.append(list);
    const more = input.dataset.refWith ? "&" + input.dataset.refWith : "";
    const c = combo(input, list, {url: q => "/ref/" + encodeURIComponent(input.dataset.ref) + "?q=" + encodeURIComponent(q) + more, wait: 120, least: 1, status: true,
        choose: o => {
            let told = $(".chosen", box);
            if (!told) box.append(told = make("p", {class: "chosen"}));
            input.value = o.dataset.code || o.textContent.trim();
            told.textContent = o.dataset.name || o.textContent.trim().replace(/\s+/g, " ");
            input.dispatchEvent(new Event("change", {bubbles: true}));
            if (input.closest("form")) input.closest("form").dataset.dirty = "1";
            c.close();
        }});
    input.addEventListener("input", () => { const told = $(".chosen", box); if (told) told.textContent = ""; });
    input.addEventListener("blur", () => setTimeout(c.close, 150));
}
/* What must be looked at when a page, or a part of one, has arrived. */
function prepare(at) {
    all("input[data-ref]", at).forEach(reference);
    all("progress[data-job]", at).forEach(b => job_follow(b, 1000));
    all("table", at).forEach(t => { if ($(".pick", t)) bulk_count(t); });
    all("[data-print],[data-copy],[data-js]", at).forEach(b => { b.hidden = false; });
    all("textarea[data-paste]", at).forEach(paste_show);
    if (measured) all(".scroll", at).forEach(s => measured.observe(s));
}
document.body.append(voice);
prepare(document);
session_watch();
const errors = $("#errors");
if (errors) errors.focus();
else if (location.hash === "#rail" && $("#rail")) $("#rail").focus();
})();
