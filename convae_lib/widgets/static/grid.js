// A grid of numbers: an image, or a kernel, with what is padded or cropped around it.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});
  const { make } = convae;

  const MOST_CELLS = 420; // as elements; a larger grid is one picture, which stays quick
  const LEVELS = 8; // of shading in a picture
  const LEAST_FONT = 7.5;

  /**
   * Draws a grid.
   * @param {object} options
   * @param {string} options.name for a screen reader
   * @param {string} options.kind "input", "kernel" or "output"
   * @param {number[]} options.size lines and places
   * @param {number[]} options.around top, bottom, left and right of what is around it
   * @param {(line: number, place: number) => number} options.index of a cell's number
   * @param {Function} options.act as in `walk`, with the index of the cell
   */
  function makeGrid({ name, kind, size, around, index, act }) {
    const [top, bottom, left, right] = around;
    const all = [size[0] + top + bottom, size[1] + left + right];
    const asPicture = all[0] * all[1] > MOST_CELLS;
    const element = make("div", {
      class: `ce-grid ce-${kind}${asPicture ? " ce-picture" : ""}`,
      role: "grid",
      "aria-label": name,
      style: `--lines: ${all[0]}; --places: ${all[1]}`,
    });
    const frame = make("div", { class: "ce-window", hidden: true });
    const draw = asPicture ? drawPicture : drawCells;
    const drawn = draw({ element, size, all, around, index });
    element.append(frame);
    convae.walk(element, {
      ...{ all, size, first: [top, left] },
      act: (at, how, typed) => act(at && index(...at), how, typed),
      move: drawn.move,
    });

    /** Places the frame of a window, in cells; null hides it. */
    function showWindow(place) {
      frame.hidden = !place;
      if (!place) return;
      const sides = [place.top + top, place.left + left, place.height, place.width];
      ["--top", "--left", "--high", "--wide"].forEach((side, at) =>
        frame.style.setProperty(side, sides[at]),
      );
    }

    /** Sets how large cells are, and their text as far as it fits. */
    function setCell(pixels, longest) {
      const font = Math.min(
        (pixels - 5) / (0.66 * Math.max(longest, 1)),
        0.48 * pixels,
        15,
      );
      element.style.setProperty("--cell", `${pixels}px`);
      element.style.setProperty("--font", `${font}px`);
      element.classList.toggle("ce-blank", font < LEAST_FONT);
    }

    /** Whether the cells have no room for their numbers. */
    const isBlank = () => asPicture || element.classList.contains("ce-blank");

    return { element, all, asPicture, isBlank, showWindow, setCell, ...drawn };
  }

  /** Draws each cell as an element. */
  function drawCells({ element, size, all, around, index }) {
    const cells = new Map(); // by the index of their number
    const ghosts = [];
    let stop = null;
    let marked = [];
    for (let line = -around[0]; line < all[0] - around[0]; line++) {
      const within = line >= 0 && line < size[0];
      const row = make("div", {
        class: "ce-row",
        role: within ? "row" : "presentation",
      });
      for (let place = -around[2]; place < all[1] - around[2]; place++) {
        if (within && place >= 0 && place < size[1]) {
          const cell = make("div", {
            role: "gridcell",
            tabindex: -1,
            class: "ce-cell",
          });
          cells.set(index(line, place), cell);
          row.append(cell);
        } else {
          const ghost = make("div", { class: "ce-ghost", "aria-hidden": "true" });
          ghosts.push([line, place, ghost]);
          row.append(ghost);
        }
      }
      element.append(row);
    }

    function move(at, focus) {
      if (stop) stop.tabIndex = -1;
      stop = cells.get(index(...at));
      stop.tabIndex = 0;
      if (focus) stop.focus();
    }
    move([0, 0], false);

    return {
      move,
      /** @param look text, label, level of shading from 0 to 1 and a class of a cell */
      fill(look, ghostText) {
        for (const [at, cell] of cells) {
          const { text, label, level, kind } = look(at);
          if (cell.textContent !== text) cell.textContent = text;
          cell.setAttribute("aria-label", label);
          cell.style.setProperty("--level", level);
          cell.dataset.kind = kind;
          cell.toggleAttribute("data-strong", convae.isStrong(kind, level));
        }
        for (const [line, place, ghost] of ghosts) {
          ghost.textContent = ghostText(line, place);
        }
      },
      light(lit) {
        for (const cell of marked) delete cell.dataset.lit;
        marked = [];
        for (const [at, how] of lit) {
          const cell = cells.get(at);
          if (!cell) continue;
          cell.dataset.lit = how;
          marked.push(cell);
        }
      },
    };
  }

  /**
   * Draws all cells as one picture, with an element only for the cell one stands on.
   */
  function drawPicture({ element, size, all, around, index }) {
    const svg = make("svg", {
      viewBox: `0 0 ${all[1]} ${all[0]}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    });
    const square = (line, place) => `M${place + around[2]} ${line + around[0]}h1v1h-1z`;
    const ground = make("path", {
      class: "ce-ground",
      d: `M${around[2]} ${around[0]}h${size[1]}v${size[0]}h-${size[1]}z`,
    });
    const levels = Array.from({ length: LEVELS + 1 }, (_, level) =>
      make("path", { class: "ce-shade", style: `--level: ${level / LEVELS}` }),
    );
    const marks = make("path", { class: "ce-marks" });
    const main = make("path", { class: "ce-marks ce-main" });
    svg.append(make("rect", { class: "ce-beyond", width: all[1], height: all[0] }));
    svg.append(ground, ...levels, marks, main);
    const stop = make("div", { role: "gridcell", tabindex: 0, class: "ce-stop" });
    element.setAttribute("aria-rowcount", size[0]);
    element.setAttribute("aria-colcount", size[1]);
    element.append(svg, make("div", { class: "ce-row", role: "row" }, stop));
    let labels = () => "";
    let where = [0, 0];
    const places = new Map();
    for (let line = 0; line < size[0]; line++) {
      for (let place = 0; place < size[1]; place++) {
        places.set(index(line, place), [line, place]);
      }
    }

    function move(at) {
      where = at;
      stop.style.setProperty("--top", at[0] + around[0]);
      stop.style.setProperty("--left", at[1] + around[2]);
      stop.setAttribute("aria-rowindex", at[0] + 1);
      stop.setAttribute("aria-colindex", at[1] + 1);
      stop.setAttribute("aria-label", labels(index(...at)));
    }
    move([0, 0]);

    return {
      move(at, focus) {
        move(at);
        if (focus) stop.focus();
      },
      fill(look) {
        const parts = levels.map(() => []);
        let kind = "";
        for (const [at, place] of places) {
          const seen = look(at);
          kind = seen.kind;
          parts[Math.round(seen.level * LEVELS)].push(square(...place));
        }
        levels.forEach((path, level) => {
          path.setAttribute("d", parts[level].join(""));
          path.dataset.kind = kind;
        });
        labels = (at) => look(at).label;
        move(where);
      },
      light(lit) {
        const parts = { part: [], main: [] };
        for (const [at, how] of lit) {
          if (places.has(at)) parts[how].push(square(...places.get(at)));
        }
        marks.setAttribute("d", parts.part.join(""));
        main.setAttribute("d", parts.main.join(""));
      },
    };
  }

  Object.assign(convae, { makeGrid });
})();
