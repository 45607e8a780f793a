// The explorer's sentences: how a size came about, and what a cell is made of. No page
// here.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});

  const MOST_TERMS = 30; // of a sum that is written out

  /** Writes a number with at most two decimals and a true minus sign. */
  function written(value) {
    return String(Math.round(value * 100) / 100).replace("-", "−");
  }

  const inSum = (value) => (value < 0 ? `(${written(value)})` : written(value));

  const low = (n) => [...String(n)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");

  /** Writes a letter with the numbers of a place below it. */
  function letter(name, place) {
    return name + place.map(low).join(Math.max(...place) > 9 ? "," : "");
  }

  /** Writes where a cell is, without its channel where there is one only. */
  function where(at, shape, channels) {
    const [line, across, channel] = convae.place(at, shape, channels);
    return channels > 1 ? `[${line}, ${across}, ${channel}]` : `[${line}, ${across}]`;
  }

  const whereInput = ({ conv }, at) => where(at, conv.inputShape, conv.inputs);
  const whereOutput = ({ conv }, at) => where(at, conv.outputShape, conv.outputs);

  function whereWeight({ conv }, at) {
    const [y, x, channel, filter] = convae.placeOfWeight(conv, at);
    const alone = conv.perGroup * conv.filters === 1;
    return alone ? `[${y}, ${x}]` : `[${y}, ${x}, ${channel}, ${filter}]`;
  }

  /** Writes what an axis of a convolution computes, with its numbers. */
  function convSize({ i, k, s, d, before, after, reach, o, crop }) {
    const zeros = before + after;
    const formula = `⌊(${i} + ${zeros} − ${reach}) / ${s}⌋ + 1 = ${o}`;
    const notes = [];
    if (d > 1) notes.push(`the kernel reaches over ${d}·(${k} − 1) + 1 = ${reach}`);
    if (zeros) notes.push(`${before} added before, ${after} after`);
    if (crop < 0) {
      notes.push(
        `the last ${crop === -1 ? "one is" : `${-crop} are`} read by no window`,
      );
    }
    return { formula, notes };
  }

  /** Writes what an axis of a transposed convolution computes, with its numbers. */
  function transposeSize(
    { i, k, s, d, reach, o, before, after, crop },
    padding,
    extra,
  ) {
    const plus = extra === null ? "" : ` + ${extra}`;
    const steps = `(${o} − 1)·${s}`;
    let formula = `${steps} + ${reach} − ${before} − ${after}${plus} = ${i}`;
    if (padding === "same") {
      formula =
        extra === null
          ? `${o}·${s} = ${i}`
          : `${steps} + ${reach % 2} + ${extra} = ${i}`;
    } else if (padding === "valid") {
      const span = extra === null && s > reach ? `max(${reach}, ${s})` : reach;
      formula = `${steps} + ${span}${plus} = ${i}`;
    }
    const notes = [];
    if (d > 1) notes.push(`a stamp reaches over ${d}·(${k} − 1) + 1 = ${reach}`);
    notes.push(`the stamps cover ${(o - 1) * s + reach}`);
    const last = crop < 0 ? `${-crop} added after` : `${crop} cut after`;
    if (before || crop) notes.push(`${before} cut before, ${last}`);
    return { formula, notes };
  }

  /** Writes which other sizes a convolution sends to the same one. */
  function others({ i, s, o, reach, before, after }, padding) {
    const zeros = before + after;
    const same = padding === "same";
    const least = Math.max(same ? (o - 1) * s + 1 : (o - 1) * s + reach - zeros, 1);
    const most = same ? o * s : (o - 1) * s + reach - zeros + s - 1;
    if (most === least) return [];
    return [`all sizes from ${least} to ${most} become ${o}`];
  }

  /**
   * Returns the formula of the output's size: one of both axes where they are alike.
   * @returns {{axis: string, formula: string, notes: string[], extra?: number|null}[]}
   *   where `extra` is the output_padding, the last term
   */
  function sizeFormulas({ conv, state }) {
    const lines = conv.axes.map((axis, at) => {
      const name = at ? "width" : "height";
      if (conv.transposed) {
        const extra = state.output_padding[at];
        const line = transposeSize(axis, state.padding, extra);
        return { axis: name, ...line, extra };
      }
      const { formula, notes } = convSize(axis);
      return { axis: name, formula, notes: [...notes, ...others(axis, state.padding)] };
    });
    const [first, second] = lines;
    if (
      first.formula !== second.formula ||
      String(first.notes) !== String(second.notes)
    ) {
      return lines;
    }
    return [{ ...first, axis: "height and width" }];
  }

  /** Returns a place without the channels where there is one only. */
  const short = (place, alone) => (alone ? place.slice(0, 2) : place);

  function inLetters({ conv }, weight, input) {
    const alone = conv.perGroup * conv.filters === 1;
    const w = short(convae.placeOfWeight(conv, weight), alone);
    const x = short(
      convae.place(input, conv.inputShape, conv.inputs),
      conv.inputs === 1,
    );
    return `${letter("w", w)}·${letter("x", x)}`;
  }

  /** Writes the sum of weights times inputs that an output is. */
  function sumOf(model, row) {
    const { matrix, kernel, x, state } = model;
    const letters = state.show === "letters";
    const terms = [];
    for (let entry = matrix.start[row]; entry < matrix.start[row + 1]; entry++) {
      const input = matrix.column[entry];
      for (const weight of matrix.sums[matrix.sum[entry]]) {
        const values = `${inSum(kernel[weight])}·${inSum(x[input])}`;
        terms.push(letters ? inLetters(model, weight, input) : values);
      }
    }
    if (!terms.length) return "an empty sum";
    const shown = terms.slice(0, MOST_TERMS);
    const more = terms.length - shown.length;
    return shown.join(" + ") + (more ? ` + … (${more} more terms)` : "");
  }

  const several = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

  /** Names what a reader points at. */
  function nameOf(model, selection) {
    const { kind, at, row, column } = selection;
    if (kind === "entry") return `row ${row}, column ${column}`;
    const where = { input: whereInput, kernel: whereWeight, output: whereOutput }[kind];
    return `${kind} ${where(model, at)}`;
  }

  /** Says what the reader points at, in a sentence. */
  function sentence(model, selection) {
    const { matrix, byColumn, kernel, x, y, state } = model;
    if (selection.kind === "output") {
      const row = selection.at;
      const place = convae.place(row, model.conv.outputShape, model.conv.outputs);
      const name =
        state.show === "letters"
          ? letter("y", short(place, model.conv.outputs === 1))
          : `output ${whereOutput(model, row)}`;
      return `Row ${row}: ${name} = ${sumOf(model, row)} = ${written(y[row])}`;
    }
    if (selection.kind === "input") {
      const column = selection.at;
      const count = byColumn.start[column + 1] - byColumn.start[column];
      let goes = count
        ? `is read by ${several(count, "output")}`
        : "is read by no output";
      if (model.conv.transposed)
        goes = `stamps the kernel onto ${several(count, "output")}`;
      const name = `input ${whereInput(model, column)}`;
      return `Column ${column}: ${name} = ${written(x[column])} ${goes}`;
    }
    if (selection.kind === "kernel") {
      let count = 0;
      for (const sum of matrix.sum) count += matrix.sums[sum].includes(selection.at);
      const name = `kernel ${whereWeight(model, selection.at)}`;
      const value = written(kernel[selection.at]);
      return `${name} = ${value} stands in the matrix ${several(count, "time")}`;
    }
    const { row, column } = selection;
    const entry = convae.entryAt(matrix, row, column);
    const ends = `output ${whereOutput(model, row)}`;
    const start = `Row ${row}, column ${column}:`;
    if (entry < 0)
      return `${start} ${ends} does not see input ${whereInput(model, column)}`;
    const weights = matrix.sums[matrix.sum[entry]];
    const sum = weights
      .map(
        (weight) => `kernel ${whereWeight(model, weight)} = ${written(kernel[weight])}`,
      )
      .join(" and ");
    return `${start} ${ends} takes input ${whereInput(model, column)} times ${sum}`;
  }

  /** Says how large the matrix is, and how much of it is stored. */
  function matrixInWords({ matrix, kernel }) {
    const [stored, all] = [matrix.column.length, matrix.rows * matrix.columns];
    const share = (100 * stored) / all;
    const percent = share < 9.95 ? share.toFixed(1) : Math.round(share);
    const numbers = `${stored.toLocaleString("en")} of ${all.toLocaleString("en")}`;
    return (
      `Matrix ${matrix.rows}×${matrix.columns}: ${numbers} entries are stored ` +
      `(${percent}%), made of ${several(kernel.length, "weight")}`
    );
  }

  Object.assign(convae, {
    ...{ letter, matrixInWords, nameOf, sentence, several, sizeFormulas },
    ...{ whereInput, whereOutput, whereWeight, written },
  });
})();
