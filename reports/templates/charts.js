// Draws the charts of this page. plotly.js travels in the page itself, gzipped, so that nothing is ever fetched.
// The tables beside the charts stand open in the page and are closed here: without this script they stay open.
"use strict";
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const phone = matchMedia("(max-width: 59.99rem)");
  const sheet = 980; // the width of a chart on paper, in pixels; the stylesheet makes it smaller
  const charts = [...document.querySelectorAll("script[data-chart]")].map((source) => ({
    place: document.getElementById(source.dataset.chart),
    source: source.textContent,
  }));
  let pause; // after the last of a series of changes of size
  const folds = () => document.querySelectorAll("details");

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

  // One scale for all bars, so that one chart can be held against the next.
  const scale = (figures) => {
    figures.forEach((figure) => centre(figure.data, figure.centred));
    const low = Math.min(...figures.flatMap((figure) => figure.data[0].base));
    const high = Math.max(...figures.flatMap((figure) => figure.data.at(-1).end));
    figures.forEach((figure) => (figure.layout.xaxis.range = [low - 0.01, high + 0.01]));
  };

  const draw = () => {
    const print = root.classList.contains("print");
    const figures = charts.map(({ place, source }) => ({ place, ...read(source) }));
    figures.filter((figure) => phone.matches && !print).forEach((figure) => Object.assign(figure.layout, figure.narrow));
    scale(figures.filter((figure) => figure.centred));
    figures.filter(({ place }) => place.clientWidth).forEach(({ place, data, layout, config }) => {
      Plotly.react(place, data, { ...layout, width: print ? sheet : place.clientWidth }, config);
    });
  };

  const printing = (starts) => {
    root.classList.toggle("print", starts);
    folds().forEach((fold) => {
      if (starts) fold.dataset.open = fold.open;
      fold.open = starts || fold.dataset.open === "true";
    });
    draw();
  };

  const load = async () => {
    const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent), (sign) => sign.charCodeAt(0));
    const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.src = URL.createObjectURL(new Blob([await new Response(plain).blob()], { type: "text/javascript" }));
    const loaded = new Promise((done, failed) => Object.assign(script, { onload: done, onerror: failed }));
    document.head.append(script);
    await loaded;
    URL.revokeObjectURL(script.src);
  };

  // A chart inside a fold has no width until somebody opens it.
  const unfolding = () =>
    document.querySelectorAll("details:has(.chart)").forEach((fold) =>
      fold.addEventListener("toggle", () => fold.open && !fold.querySelector(".main-svg") && draw()),
    );

  const tables = (open) => document.querySelectorAll("details.beside").forEach((table) => (table.open = open));

  const start = async () => {
    try {
      await load();
      draw();
      dark.addEventListener("change", draw);
      unfolding();
      addEventListener("resize", () => {
        clearTimeout(pause);
        pause = setTimeout(draw, 100);
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
  addEventListener("DOMContentLoaded", start);
})();
