// The sparse matrix of a convolution, entry by entry, and products with it. No page
// here.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});

  /**
   * A matrix in compressed rows. The entry e, in column `column[e]`, is the sum of the
   * kernel's weights `sums[sum[e]]`: of one weight, but where the input wraps and a
   * window reads a pixel more than once.
   * @typedef {{rows: number, columns: number, start: Int32Array, column: Int32Array,
   *            sum: Int32Array, sums: number[][]}} Matrix
   */

  /**
   * Returns, for each output of an axis, the positions it reads, each with its taps.
   */
  function reads({ i, k, s, d, before, o }, wrap) {
    return Array.from({ length: o }, (_, output) => {
      const taps = new Map();
      for (let tap = 0; tap < k; tap++) {
        let at = s * output + d * tap - before;
        if (wrap) at = ((at % i) + i) % i;
        if (at < 0 || at >= i) continue;
        taps.set(at, [...(taps.get(at) ?? []), tap]);
      }
      return [...taps].sort((a, b) => a[0] - b[0]);
    });
  }

  /**
   * Builds the matrix of what `describe` returned, rows and columns row-major, channels
   * last.
   * @returns {Matrix}
   */
  function buildMatrix(conv) {
    const [vertical, horizontal] = conv.axes;
    const { perGroup, filters, channels, flip } = conv;
    const lines = reads(vertical, conv.wrap);
    const places = reads(horizontal, conv.wrap);
    const [kh, kw] = conv.kernelSize;
    const sums = Array.from({ length: kh * kw * perGroup * filters }, (_, w) => [w]);
    const known = new Map();
    const [start, column, sum] = [[0], [], []];

    /** Which sum of weights the taps at one pixel make. */
    function sumOf(up, across, channel, filter) {
      const weights = [];
      for (const tapUp of up) {
        for (const tapAcross of across) {
          const [y, x] = flip
            ? [kh - 1 - tapUp, kw - 1 - tapAcross]
            : [tapUp, tapAcross];
          weights.push(((y * kw + x) * perGroup + channel) * filters + filter);
        }
      }
      if (weights.length === 1) return weights[0];
      const name = weights.sort((a, b) => a - b).join();
      if (!known.has(name)) known.set(name, sums.push(weights) - 1);
      return known.get(name);
    }

    for (const line of lines) {
      for (const place of places) {
        for (let filter = 0; filter < filters; filter++) {
          const group = Math.floor(filter / (filters / conv.groups));
          for (const [y, up] of line) {
            for (const [x, across] of place) {
              const pixel = (y * horizontal.i + x) * channels + group * perGroup;
              for (let channel = 0; channel < perGroup; channel++) {
                column.push(pixel + channel);
                sum.push(sumOf(up, across, channel, filter));
              }
            }
          }
          start.push(column.length);
        }
      }
    }
    const built = {
      rows: start.length - 1,
      columns: vertical.i * horizontal.i * channels,
      start: Int32Array.from(start),
      column: Int32Array.from(column),
      sum: Int32Array.from(sum),
      sums,
    };
    return conv.transposed ? transposed(built) : built;
  }

  /**
   * Returns the transpose, whose rows are the columns.
   * @param {Matrix} matrix
   * @returns {Matrix}
   */
  function transposed(matrix) {
    const start = new Int32Array(matrix.columns + 1);
    for (const column of matrix.column) start[column + 1] += 1;
    for (let row = 0; row < matrix.columns; row++) start[row + 1] += start[row];
    const next = start.slice();
    const column = new Int32Array(matrix.column.length);
    const sum = new Int32Array(matrix.column.length);
    for (let row = 0; row < matrix.rows; row++) {
      for (let entry = matrix.start[row]; entry < matrix.start[row + 1]; entry++) {
        const place = next[matrix.column[entry]]++;
        column[place] = row;
        sum[place] = matrix.sum[entry];
      }
    }
    const { rows, columns, sums } = matrix;
    return { rows: columns, columns: rows, start, column, sum, sums };
  }

  /** Returns the value of each of the matrix's sums of weights. */
  function valuesOfSums(matrix, kernel) {
    return matrix.sums.map((sum) => sum.reduce((total, w) => total + kernel[w], 0));
  }

  /**
   * Multiplies the matrix with a flattened input.
   * @param {Matrix} matrix
   * @param {number[]} kernel row-major
   * @param {number[]} x
   * @returns {number[]}
   */
  function product(matrix, kernel, x) {
    const values = valuesOfSums(matrix, kernel);
    return Array.from({ length: matrix.rows }, (_, row) => {
      let total = 0;
      for (let entry = matrix.start[row]; entry < matrix.start[row + 1]; entry++) {
        total += values[matrix.sum[entry]] * x[matrix.column[entry]];
      }
      return total;
    });
  }

  /**
   * Returns how many weights stand in each row: how often its taps or stamps meet it.
   */
  function overlaps(matrix) {
    return Array.from({ length: matrix.rows }, (_, row) => {
      let count = 0;
      for (let entry = matrix.start[row]; entry < matrix.start[row + 1]; entry++) {
        count += matrix.sums[matrix.sum[entry]].length;
      }
      return count;
    });
  }

  /** Returns the entry at a row and a column, or -1 where nothing is stored. */
  function entryAt(matrix, row, column) {
    const part = matrix.column.subarray(matrix.start[row], matrix.start[row + 1]);
    const at = part.indexOf(column);
    return at < 0 ? -1 : matrix.start[row] + at;
  }

  Object.assign(convae, {
    ...{ buildMatrix, entryAt, overlaps, product, valuesOfSums },
    transposedMatrix: transposed,
  });
})();
