// What the explorer shows for a setting: values, and what lights with what. No page
// here.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});

  const MOST_ENTRIES = 300_000; // an address may ask for any size

  /**
   * What a reader points at, with a number that counts row-major, channels last.
   * @typedef {{kind: "output"|"input"|"kernel", at: number} |
   *           {kind: "entry", row: number, column: number}} Selection
   */

  /** Describes a setting, and refuses also what is too large to be drawn. */
  function describeToDraw(state) {
    const conv = convae.describe(state);
    const [kh, kw] = conv.kernelSize;
    const each = kh * kw * conv.perGroup * conv.filters;
    const most = each * conv.small[0] * conv.small[1];
    if (most > MOST_ENTRIES) {
      throw new RangeError(
        `${most.toLocaleString("en")} entries are too many to be drawn here; ` +
          "choose a smaller input or fewer channels",
      );
    }
    return conv;
  }

  /**
   * Computes everything that a setting gives; throws the refusal of an impossible one.
   * @param {convae.State} state
   * @param {number} least a weight that has the full colour at least, to keep a scale
   */
  function makeModel(state, least = 0) {
    const conv = describeToDraw(state);
    const matrix = convae.buildMatrix(conv);
    const kernel = convae.kernelValues(state, conv.perGroup * conv.filters);
    const x = convae.inputValues(state);
    const byColumn = convae.transposedMatrix(matrix);
    const weightValues = convae.valuesOfSums(matrix, kernel);
    return {
      ...{ state, conv, matrix, byColumn, kernel, x, weightValues },
      y: convae.product(matrix, kernel, x),
      scale: Math.max(least, ...weightValues.map(Math.abs)) || 1, // has the full colour
      // Of a convolution, how many windows read a pixel; of its transpose, how many
      // stamps reach one.
      counts: convae.overlaps(conv.transposed ? matrix : byColumn),
    };
  }

  /** Returns the shape of a setting's kernel, or null where there is none. */
  function kernelShape(state) {
    try {
      const { kernelSize, perGroup, filters } = convae.describe(state);
      return [...kernelSize, perGroup, filters];
    } catch {
      return null;
    }
  }

  /** Returns a setting with a part changed; values that were typed stay in place. */
  function changed(old, part) {
    const state = { ...old, ...part };
    if (Math.max(state.channels, state.filters) > 1) {
      const small = (n) => Math.min(n, convae.SMALL_INPUT);
      state.input_shape = state.input_shape.map(small);
    }
    const shape = ({ input_shape, channels }) => [...input_shape, channels];
    if (Array.isArray(state.x)) state.x = convae.fit(state.x, shape(old), shape(state));
    if (Array.isArray(state.kernel)) {
      const [from, to] = [old, state].map(kernelShape);
      if (from && to) state.kernel = convae.fit(state.kernel, from, to);
    }
    return state;
  }

  /** Returns [line, place, channel] of a number that counts the cells of a side. */
  function place(at, [, width], channels) {
    const pixel = Math.floor(at / channels);
    return [Math.floor(pixel / width), pixel % width, at % channels];
  }

  /** Returns [line, place, channel in the group, filter] of a weight. */
  function placeOfWeight(conv, at) {
    const pairs = conv.perGroup * conv.filters;
    const [tap, rest, width] = [Math.floor(at / pairs), at % pairs, conv.kernelSize[1]];
    return [
      ...[Math.floor(tap / width), tap % width],
      ...[Math.floor(rest / conv.filters), rest % conv.filters],
    ];
  }

  /**
   * Returns what lights: cells of each grid ("main" where the reader points, else
   * "part"), a row and a column of the matrix, and the sums whose entries are all lit.
   * @param {Selection|null} selection
   */
  function lit(model, selection) {
    const cells = { input: new Map(), kernel: new Map(), output: new Map() };
    const found = { ...cells, row: -1, column: -1, sums: new Set() };
    if (!selection) return found;
    const { matrix, byColumn } = model;

    function along(lines, at, others) {
      for (let entry = lines.start[at]; entry < lines.start[at + 1]; entry++) {
        others.set(lines.column[entry], "part");
        for (const weight of lines.sums[lines.sum[entry]]) {
          cells.kernel.set(weight, "part");
        }
      }
    }

    if (selection.kind === "output") {
      found.row = selection.at;
      along(matrix, selection.at, cells.input);
      cells.output.set(selection.at, "main");
    } else if (selection.kind === "input") {
      found.column = selection.at;
      along(byColumn, selection.at, cells.output);
      cells.input.set(selection.at, "main");
    } else if (selection.kind === "kernel") {
      cells.kernel.set(selection.at, "main");
      matrix.sums.forEach((sum, at) => {
        if (sum.includes(selection.at)) found.sums.add(at);
      });
    } else {
      [found.row, found.column] = [selection.row, selection.column];
      cells.output.set(found.row, "main");
      cells.input.set(found.column, "main");
      const entry = convae.entryAt(matrix, found.row, found.column);
      if (entry >= 0) {
        for (const weight of matrix.sums[matrix.sum[entry]]) {
          cells.kernel.set(weight, "main");
        }
      }
    }
    return found;
  }

  /**
   * Returns the window that a cell of the small side reads or stamps, in pixels of the
   * large one, as it reaches into what is padded or cropped; null where none is shown.
   */
  function windowOf(model, selection) {
    const { conv } = model;
    const small = conv.transposed ? "input" : "output";
    let at = -1;
    if (selection?.kind === small) at = selection.at;
    if (selection?.kind === "entry") {
      at = conv.transposed ? selection.column : selection.row;
    }
    if (at < 0) return null;
    const [line, across, filter] = place(at, conv.small, conv.filters);
    const group = Math.floor(filter / (conv.filters / conv.groups));
    const [vertical, horizontal] = conv.axes;
    return {
      top: line * vertical.s - vertical.before,
      left: across * horizontal.s - horizontal.before,
      height: vertical.reach,
      width: horizontal.reach,
      channels: Array.from(
        { length: conv.perGroup },
        (_, c) => group * conv.perGroup + c,
      ),
    };
  }

  /**
   * Returns the output when only the first cells of the small side have had their turn:
   * windows read one after the other, or stamps set one after the other.
   * @param {number} steps positions of the small side that are done
   * @returns {(number|null)[]} null where nothing is written yet
   */
  function outputAfter(model, steps) {
    const { conv, matrix, kernel, x, y } = model;
    const done = steps * conv.filters;
    if (!conv.transposed) return y.map((value, at) => (at < done ? value : null));
    return convae.product(
      matrix,
      kernel,
      x.map((value, at) => (at < done ? value : 0)),
    );
  }

  /** Returns the number of the position in the middle of a side. */
  function middle([h, w]) {
    return ((h - 1) >> 1) * w + ((w - 1) >> 1);
  }

  /** Reads what `pin` of a state says; null where the model has no such cell. */
  function readPin({ matrix, kernel }, pin) {
    const [kind, ...numbers] = pin.split(",");
    const [at, column] = numbers.map(Number);
    const { rows, columns } = matrix;
    if (kind === "entry") {
      return at < rows && column < columns ? { kind, row: at, column } : null;
    }
    const count = { output: rows, input: columns, kernel: kernel.length }[kind];
    return at >= 0 && at < count ? { kind, at } : null;
  }

  /** Writes all sizes of a model: a pinned cell is another where they differ. */
  function sizesOf({ conv }) {
    const { transposed, inputShape, outputShape, kernelSize, inputs, outputs } = conv;
    const { groups } = conv;
    return JSON.stringify([
      ...[transposed, inputShape, outputShape, kernelSize],
      ...[inputs, outputs, groups],
    ]);
  }

  Object.assign(convae, {
    ...{ changed, describeToDraw, kernelShape, lit, makeModel, middle, outputAfter },
    ...{ place, placeOfWeight, readPin, sizesOf, windowOf },
  });
})();
