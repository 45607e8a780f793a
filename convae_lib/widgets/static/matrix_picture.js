// The sparse matrix as a picture: every entry, an overview, or its pattern alone.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});
  const { make } = convae;

  const EVERY_ENTRY = 64; // rows and columns up to which entries are drawn to be touched
  const OVERVIEW = 256; // and up to which each entry has its place
  const MOST_HIGH = 440; // pixels
  const LARGEST = 30;
  const MOST_TEXTS = 400;

  /** Tells how a matrix is drawn: "entries", "overview" or "pattern". */
  function wayToDraw({ rows, columns }) {
    const most = Math.max(rows, columns);
    if (most <= EVERY_ENTRY) return "entries";
    return most <= OVERVIEW ? "overview" : "pattern";
  }

  const square = (row, column) => `M${column} ${row}h1v1h-1z`;

  /** Returns a path for each sum of weights, and the levels of their colours. */
  function pathsOfSums({ matrix, weightValues, scale }) {
    const parts = matrix.sums.map(() => []);
    for (let row = 0; row < matrix.rows; row++) {
      for (let entry = matrix.start[row]; entry < matrix.start[row + 1]; entry++) {
        parts[matrix.sum[entry]].push(square(row, matrix.column[entry]));
      }
    }
    return parts.map((squares, sum) => {
      const value = weightValues[sum];
      const d = squares.join("");
      return make("path", { d, class: "ce-weight", ...shadeOf(value, scale) });
    });
  }

  /** Whether a colour is so strong that in the dark it needs dark numbers. */
  const isStrong = (kind, level) => level > 0.5 && kind !== "value";

  /** Returns the attributes that give an element the colour of a weight. */
  function shadeOf(value, scale) {
    const [kind, level] = [signOf(value), Math.abs(value) / scale];
    const strong = isStrong(kind, level);
    return { "data-kind": kind, "data-strong": strong, style: `--level: ${level}` };
  }

  function signOf(value) {
    if (value === 0) return "zero";
    return value > 0 ? "positive" : "negative";
  }

  /** Returns one path of the pattern, shrunk to so many lines and places. */
  function patternPath({ matrix }, lines, places) {
    const met = new Set();
    for (let row = 0; row < matrix.rows; row++) {
      const line = Math.floor((row * lines) / matrix.rows);
      for (let entry = matrix.start[row]; entry < matrix.start[row + 1]; entry++) {
        const place = Math.floor((matrix.column[entry] * places) / matrix.columns);
        met.add(line * places + place);
      }
    }
    const parts = [...met].map((at) => square(Math.floor(at / places), at % places));
    const scale = `scale(${matrix.columns / places} ${matrix.rows / lines})`;
    return make("path", { d: parts.join(""), class: "ce-pattern", transform: scale });
  }

  /** Returns lines every so many rows and columns. */
  function lines({ rows, columns }, everyRow, everyColumn, name) {
    const parts = [];
    for (let row = everyRow; row < rows; row += everyRow)
      parts.push(`M0 ${row}h${columns}`);
    for (let at = everyColumn; at < columns; at += everyColumn) {
      parts.push(`M${at} 0v${rows}`);
    }
    return make("path", { d: parts.join(""), class: name });
  }

  /** Returns the entries' values, where there is room for them. */
  function texts({ matrix, weightValues, scale }, [high, wide]) {
    const group = make("g", { class: "ce-numbers" });
    const written = weightValues.map(convae.written);
    const longest = Math.max(...written.map((text) => text.length));
    const font = Math.min(0.5 * high, (wide - 3) / (0.62 * longest), 14);
    if (font < 8 || matrix.column.length > MOST_TEXTS) return group;
    for (let row = 0; row < matrix.rows; row++) {
      for (let entry = matrix.start[row]; entry < matrix.start[row + 1]; entry++) {
        const value = weightValues[matrix.sum[entry]];
        const text = make("text", {
          "data-strong": Math.abs(value) / scale > 0.5,
          x: (matrix.column[entry] + 0.5) * wide,
          y: (row + 0.5) * high,
          "font-size": font,
        });
        text.textContent = written[matrix.sum[entry]];
        group.append(text);
      }
    }
    return group;
  }

  /**
   * Draws the matrix of a model.
   * @param {number} room pixels from side to side
   * @param {Function} act as in `walk`, told of [row, column] of the matrix
   */
  function drawMatrix(model, room, act) {
    const { matrix, conv } = model;
    const { rows, columns } = matrix;
    const way = wayToDraw(matrix);
    let high = Math.min(LARGEST, MOST_HIGH / rows);
    let wide = Math.min(LARGEST, room / columns);
    if (high > wide) high = Math.min(high, wide * (way === "entries" ? 1 : 3));
    else wide = Math.min(wide, high * 3);
    const [height, width] = [rows * high, columns * wide];
    const svg = make("svg", {
      viewBox: `0 0 ${columns} ${rows}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    });
    svg.append(make("rect", { class: "ce-ground", width: columns, height: rows }));
    const bands = { row: [], column: [] }; // behind the entries, and around them
    function addBands(name) {
      for (const line of Object.values(bands)) {
        line.push(make("rect", { class: name }));
        svg.append(line.at(-1));
      }
    }
    addBands("ce-band");
    let paths = [];
    if (way === "pattern") {
      const [most, across] = [Math.floor(height / 2), Math.floor(width / 2)];
      svg.append(patternPath(model, Math.min(rows, most), Math.min(columns, across)));
    } else {
      paths = pathsOfSums(model);
      svg.append(...paths);
    }
    if (Math.min(high, wide) >= 5) svg.append(lines(matrix, 1, 1, "ce-lines"));
    const { inputShape, outputShape, inputs, outputs } = conv;
    const blocks = [outputShape[1] * outputs, inputShape[1] * inputs];
    if (Math.min(blocks[0] * high, blocks[1] * wide) >= 5) {
      svg.append(lines(matrix, ...blocks, "ce-blocks"));
    }
    addBands("ce-band ce-edge");
    const element = make("div", {
      class: "ce-picture ce-sparse",
      role: "grid",
      "aria-label": `Sparse matrix, ${rows} rows by ${columns} columns`,
      "aria-rowcount": rows,
      "aria-colcount": columns,
      style:
        `--height: ${height}px; --width: ${width}px; ` +
        `--rows: ${rows}; --columns: ${columns}`,
    });
    const stop = make("div", { role: "gridcell", tabindex: 0, class: "ce-stop" });
    element.append(svg, make("div", { class: "ce-row", role: "row" }, stop));
    let hasNumbers = false;
    if (way === "entries") {
      const numbers = texts(model, [high, wide]);
      hasNumbers = numbers.childNodes.length > 0;
      if (hasNumbers) {
        const box = `0 0 ${width} ${height}`;
        element.append(make("svg", { viewBox: box, "aria-hidden": "true" }, numbers));
      }
    }

    function move(at, focus) {
      const [line, place] = at;
      stop.style.setProperty("--row", line);
      stop.style.setProperty("--column", place);
      stop.setAttribute("aria-rowindex", line + 1);
      stop.setAttribute("aria-colindex", place + 1);
      const entry = convae.entryAt(matrix, line, place);
      const value = entry < 0 ? "0, not stored" : model.weightValues[matrix.sum[entry]];
      stop.setAttribute("aria-label", `row ${line}, column ${place}: ${value}`);
      if (focus) stop.focus();
    }
    move([0, 0], false);
    const whole = [rows, columns];
    convae.walk(element, { all: whole, size: whole, first: [0, 0], act, move });

    function setBand(rects, at, place) {
      for (const rect of rects) {
        rect.toggleAttribute("hidden", at < 0);
        for (const [name, value] of Object.entries(place))
          rect.setAttribute(name, value);
      }
    }

    /** Lights a row, a column and all copies of some weights. */
    function light(lit) {
      // A band that would be thinner than 2 pixels is widened.
      const [down, across] = [Math.max(1, 2 / high), Math.max(1, 2 / wide)];
      const line = { x: 0, y: lit.row + 0.5 - down / 2, width: columns, height: down };
      const place = {
        x: lit.column + 0.5 - across / 2,
        y: 0,
        width: across,
        height: rows,
      };
      setBand(bands.row, lit.row, line);
      setBand(bands.column, lit.column, place);
      paths.forEach((path, sum) => {
        if (lit.sums.has(sum)) path.dataset.lit = "main";
        else if (path.dataset.lit) delete path.dataset.lit;
      });
    }
    return { element, way, hasNumbers, light };
  }

  /** Returns a row's runs of neighbouring entries, each with its first column. */
  function runsOfRow({ matrix, weightValues }, row) {
    const runs = [];
    let next = -1;
    for (let entry = matrix.start[row]; entry < matrix.start[row + 1]; entry++) {
      const column = matrix.column[entry];
      if (column !== next) runs.push({ first: column, values: [] });
      runs.at(-1).values.push(weightValues[matrix.sum[entry]]);
      next = column + 1;
    }
    return runs;
  }

  /** Draws one row large, its runs of neighbouring entries side by side. */
  function enlargeRow(model, row) {
    const runs = runsOfRow(model, row).map(({ first, values }) => {
      const last = first + values.length - 1;
      const name = first === last ? `column ${first}` : `columns ${first}–${last}`;
      const cells = values.map((value) =>
        make(
          "span",
          { class: "ce-cell", ...shadeOf(value, model.scale) },
          convae.written(value),
        ),
      );
      return make("span", { class: "ce-run" }, make("small", {}, name), ...cells);
    });
    const title = make("b", {}, `Row ${row}, enlarged`);
    return make("div", { class: "ce-enlarged" }, title, ...runs);
  }

  Object.assign(convae, { drawMatrix, enlargeRow, isStrong, signOf, wayToDraw });
})();
