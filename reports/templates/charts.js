// Draws the charts of this page. plotly.js travels in the page itself, gzipped, or lies in a file beside it: nothing is
// ever fetched from elsewhere. The tables beside the charts stand open in the page and are closed here: without this
// script they stay open.
"use strict";
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const phone = matchMedia("(max-width: 59.99rem)");
  const sheet = 980; // the width of a chart on paper, in pixels; the stylesheet makes it smaller
  const charts = [...document.querySelectorAll("script[data-chart]")].map((source) => ({
    place: document.getElementById(source.dataset.chart),
    source: source.textContent,
    drawn: false,
  }));
  let pause; // after the last of a series of changes of size
  let span; // the ends of the one scale that all centred bars share
  const folds = () => document.querySelectorAll("details");
  const onPaper = () => root.classList.contains("print");

  // "var(--name)" → the colour that the stylesheet gives it at this moment.
  const colour = (styles, role) =>
    Array.isArray(role) ? role.map((one) => colour(styles, one))
    : role.startsWith("var(") ? styles.getPropertyValue(role.slice(4, -1)).trim()
    : role;

  const read = (source) => {
    const styles = getComputedStyle(root);
    return JSON.parse(source, (key, value) => (key.endsWith("color") && value ? colour(styles, value) : value));
  };

  // Each bar starts so far to the left that the middle of its neutral part is at nought.
  const centre = (traces, { against, neutral }) => {
    traces[0].y.forEach((_, row) => {
      let end = 0;
      traces.forEach((trace, place) => {
        end -= place < against ? trace.x[row] : place < against + neutral ? trace.x[row] / 2 : 0;
      });
      traces.forEach((trace) => {
        (trace.base ??= [])[row] = end;
        end += trace.x[row];
        (trace.end ??= [])[row] = end;
      });
    });
  };

  // Room is kept for every chart before any is drawn, so that nothing moves under the reader; and one scale is found
  // for all bars, so that one chart can be held against the next.
  const prepare = () => {
    const ends = [0, 0];
    charts.forEach(({ place, source }) => {
      const { data, layout, narrow, centred } = JSON.parse(source);
      place.style.minHeight = `${phone.matches ? narrow.height : layout.height}px`;
      if (!centred) return;
      centre(data, centred);
      ends.push(...data[0].base, ...data.at(-1).end);
    });
    span = [Math.min(...ends) - 0.01, Math.max(...ends) + 0.01];
  };

  const draw = (chart) => {
    const { place, source } = chart;
    if (!place.clientWidth) return; // inside a fold: drawn when somebody opens it
    const { data, layout, narrow, centred, config } = read(source);
    if (phone.matches && !onPaper()) Object.assign(layout, narrow);
    if (centred) {
      centre(data, centred);
      layout.xaxis.range = span;
    }
    place.style.minHeight = "";
    Plotly.react(place, data, { ...layout, width: onPaper() ? sheet : place.clientWidth }, config);
    chart.drawn = true;
  };

  const drawAll = () => charts.forEach(draw);

  // First what is on the screen, then one after the other whenever the reader does nothing, the nearest first.
  const whenIdle = window.requestIdleCallback ?? ((act) => setTimeout(act, 1));
  const away = ({ place }) => {
    const { top, bottom } = place.getBoundingClientRect();
    return Math.max(top - innerHeight, -bottom, 0);
  };
  const next = () => {
    const waiting = charts.filter(({ place, drawn }) => !drawn && place.clientWidth);
    return waiting.map((chart) => [away(chart), chart]).sort(([one], [other]) => one - other)[0];
  };
  const drawOn = () => {
    const found = next();
    if (!found) return;
    draw(found[1]);
    if (next()?.[0] === 0) drawOn();
    else whenIdle(drawOn, { timeout: 200 });
  };

  const printing = (starts) => {
    root.classList.toggle("print", starts);
    folds().forEach((fold) => {
      if (starts) fold.dataset.open = fold.open;
      fold.open = starts || fold.dataset.open === "true";
    });
    drawAll();
  };

  const unpacked = async (text) => {
    const bytes = Uint8Array.fromBase64?.(text) ?? Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const headers = { "content-type": "text/javascript" };
    return URL.createObjectURL(await new Response(plain, { headers }).blob());
  };

  // Of a file on a disk, browsers refuse to compare the fingerprint; from a server they do it.
  const load = async () => {
    const { dataset, textContent } = document.getElementById("plotly");
    const script = document.createElement("script");
    if (dataset.integrity && location.protocol !== "file:") script.integrity = dataset.integrity;
    script.src = dataset.library ?? (await unpacked(textContent));
    const loaded = new Promise((done, failed) => Object.assign(script, { onload: done, onerror: failed }));
    document.head.append(script);
    await loaded;
    if (!dataset.library) URL.revokeObjectURL(script.src);
  };

  const unfolding = () =>
    document.querySelectorAll("details:has(.chart)").forEach((fold) =>
      fold.addEventListener("toggle", () => {
        if (fold.open) charts.filter(({ place, drawn }) => !drawn && fold.contains(place)).forEach(draw);
      }),
    );

  const tables = (open) => document.querySelectorAll("details.beside").forEach((table) => (table.open = open));

  const start = async () => {
    try {
      await load();
      drawOn();
      dark.addEventListener("change", drawAll);
      unfolding();
      addEventListener("resize", () => {
        clearTimeout(pause);
        pause = setTimeout(drawAll, 100);
      });
      addEventListener("beforeprint", () => printing(true));
      addEventListener("afterprint", () => printing(false));
    } catch (problem) {
      root.classList.remove("drawn");
      tables(true);
      console.warn("The charts could not be drawn; the tables hold the same figures.", problem);
    }
  };

  if (charts.length === 0) return;
  root.classList.add("drawn");
  tables(false);
  prepare();
  addEventListener("DOMContentLoaded", start);
})();

// The table of contents follows the reading.
(() => {
  const nav = document.querySelector("nav");
  const links = [...nav.querySelectorAll("a[href^='#']")];
  const parts = links.map(({ hash }) => document.getElementById(decodeURIComponent(hash.slice(1))));
  let due = false;

  const follow = () => {
    due = false;
    const above = parts.map((part) => part !== null && part.getBoundingClientRect().top < innerHeight / 3);
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    const here = atEnd ? parts.length - 1 : above.lastIndexOf(true);
    links.forEach((link, place) => {
      if (place === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    if (here >= 0 && getComputedStyle(nav).position === "sticky") links[here].scrollIntoView({ block: "nearest" });
  };

  const soon = () => {
    if (!due) requestAnimationFrame(follow);
    due = true;
  };

  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  addEventListener("toggle", soon, { capture: true });
  soon();
})();

// Where there are many tables of units, a field above them finds a unit by its name. Without this script there is none.
(() => {
  const prompt = document.querySelector(".find");
  if (prompt === null) return;
  const none = document.querySelector(".find-none");
  const most = 200; // rows that are unfolded by themselves
  const field = Object.assign(document.createElement("input"), { type: "search", autocomplete: "off" });
  const label = document.createElement("label");
  const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
  const folds = [...document.querySelectorAll("#units details")];
  let tables = null; // the rows of every fold, once somebody looks for one
  let due;

  const rowsOf = (fold) =>
    [...fold.querySelectorAll("tbody tr")].map((row) => ({
      row,
      name: bare(row.cells[0].textContent),
      depth: Number(row.cells[0].style.getPropertyValue("--depth")),
    }));

  // A row is shown with those above it, which say where it belongs, and with all below it.
  const found = (rows, wanted) => {
    const shown = new Set();
    const above = [];
    let inside = Infinity;
    rows.forEach((one) => {
      above.length = one.depth;
      above[one.depth] = one;
      if (one.depth <= inside) inside = Infinity;
      if (one.name.includes(wanted)) {
        above.forEach((higher) => shown.add(higher));
        inside = Math.min(inside, one.depth);
      } else if (one.depth > inside) shown.add(one);
    });
    return shown;
  };

  const look = () => {
    const wanted = bare(field.value.trim());
    tables ??= folds.map((fold) => ({ fold, open: fold.open, rows: rowsOf(fold) }));
    const hits = tables.map(({ rows }) => found(rows, wanted));
    const few = hits.reduce((sum, { size }) => sum + size, 0) <= most;
    tables.forEach(({ fold, open, rows }, place) => {
      rows.forEach((one) => (one.row.hidden = !hits[place].has(one)));
      fold.hidden = hits[place].size === 0;
      fold.open = wanted ? few : open;
    });
    none.classList.toggle("said", hits.every(({ size }) => size === 0));
  };

  label.append(...prompt.childNodes, field);
  prompt.append(label);
  document.documentElement.classList.add("findable");
  field.addEventListener("input", () => {
    clearTimeout(due);
    due = setTimeout(look, 100);
  });
})();
