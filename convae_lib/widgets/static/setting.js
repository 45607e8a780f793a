// The explorer's setting: as text, as in a page's address, and the values it starts
// from. No page here.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});

  /**
   * A `Setting` of convolution.js, with what the grids hold and show.
   * @typedef {object} State
   * @property {string|number[]} x the input: a name of `INPUTS`, or its numbers
   * @property {string|number[]} kernel a name of `KERNELS`, or its numbers
   * @property {"values"|"letters"|"counts"} show
   * @property {string} code the framework of the code that is shown
   * @property {string} pin what is pinned: "output,3" for the output of that number
   */

  /** The example with which the post begins: four windows of a 4×4 image. */
  const DEFAULT = {
    transposed: false,
    input_shape: [4, 4],
    kernel_size: [3, 3],
    strides: [1, 1],
    padding: "valid",
    dilation_rate: [1, 1],
    output_padding: [null, null],
    boundary: "zero",
    flip: false,
    channels: 1,
    filters: 1,
    groups: 1,
    x: "count",
    kernel: "example",
    show: "values",
    code: "Keras",
    pin: "",
  };
  const PAIRS = [
    ...["input_shape", "kernel_size", "strides", "dilation_rate"],
    "output_padding",
  ];
  const COUNTS = ["channels", "filters", "groups"];
  const VALUES = ["x", "kernel"];

  const number = (text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
  const orNone = (text) => (/^none$/i.test(text) ? null : number(text));
  const equal = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  function readPair(text) {
    const [first, second = first] = text.split(/[,x×]/).map(orNone);
    return [first, second];
  }

  function readPadding(text) {
    const numbers = text.split(",").map(number);
    if (typeof numbers[0] === "string") return text;
    const [top, bottom = top, left = top, right = bottom] = numbers;
    return [
      [top, bottom],
      [left, right],
    ];
  }

  const readValues = (text) => {
    const numbers = text.split(",").map(number);
    return numbers.every(Number.isFinite) ? numbers : text;
  };

  /**
   * Reads what `writeSetting` wrote; what it does not name has its default.
   * @param {string} text
   * @returns {State}
   */
  function readSetting(text) {
    const state = { ...DEFAULT };
    for (const part of text.replace(/^[?#]/, "").split("&")) {
      const [name, written = "true"] = part.split("=").map(decodeURIComponent);
      if (!(name in DEFAULT)) continue;
      if (PAIRS.includes(name)) state[name] = readPair(written);
      else if (COUNTS.includes(name)) state[name] = number(written);
      else if (VALUES.includes(name)) state[name] = readValues(written);
      else if (name === "padding") state[name] = readPadding(written);
      else if (typeof DEFAULT[name] === "boolean") {
        state[name] = !/^(false|0)$/i.test(written);
      } else state[name] = written;
    }
    return state;
  }

  function writePair(pair) {
    const written = pair.map((value) => value ?? "none");
    return written[0] === written[1] ? String(written[0]) : written.join();
  }

  /**
   * Writes what differs from the default, as `name=value&…`.
   * @param {State} state
   * @returns {string}
   */
  function writeSetting(state) {
    const parts = [];
    for (const [name, usual] of Object.entries(DEFAULT)) {
      const value = state[name];
      if (equal(value, usual)) continue;
      if (PAIRS.includes(name)) parts.push(`${name}=${writePair(value)}`);
      else if (name === "padding" && typeof value !== "string") {
        const sides = value.flat();
        const alike = sides.every((side) => side === sides[0]);
        parts.push(`padding=${alike ? sides[0] : sides.join()}`);
      } else parts.push(value === true ? name : `${name}=${value}`);
    }
    return parts.join("&");
  }

  /** Inputs by name: each returns the value at a line and a place of a shape. */
  const INPUTS = {
    count: {
      title: "1, 2, 3 …",
      at: (y, x, [, w], c, all) => (y * w + x) * all + c + 1,
    },
    ones: { title: "all 1", at: () => 1 },
    one: {
      title: "a single 1",
      at: (y, x, [h, w], c) => Number(c === 0 && y === h >> 1 && x === w >> 1),
    },
    disc: {
      title: "a disc",
      at: (y, x, [h, w]) => {
        const [up, across] = [(2 * y + 1) / h - 1, (2 * x + 1) / w - 1];
        return Number(up * up + across * across < 0.65);
      },
    },
  };

  const SOME = [1, 2, 0, -1, 3, 1, -2, 0, 2, 1, 0, 3, -1, 2, -3, 1];
  const binomial = (n, at) => (at ? (binomial(n, at - 1) * (n - at)) / at : 1);
  const POST = [
    [1, 2, 0],
    [0, 1, 3],
    [0, 0, 1],
  ];

  /** Kernels by name: each returns the weight at a tap; `n` counts the weights. */
  const KERNELS = {
    example: {
      title: "an example",
      at: (y, x, [kh, kw], n, one) =>
        one && kh === 3 && kw === 3 ? POST[y][x] : SOME[n % SOME.length],
    },
    count: { title: "1, 2, 3 …", at: (y, x, size, n) => n + 1 },
    ones: { title: "all 1", at: () => 1 },
    blur: {
      title: "1 2 1",
      at: (y, x, [kh, kw]) => binomial(kh, y) * binomial(kw, x),
    },
    edges: {
      title: "edges",
      at: (y, x, [kh, kw]) => binomial(kh, y) * Math.sign(2 * x + 1 - kw),
    },
  };

  /** Returns the input's numbers, row-major, channels last. */
  function inputValues({ x, input_shape, channels }) {
    const [h, w] = input_shape;
    const count = h * w * channels;
    if (Array.isArray(x)) return Array.from({ length: count }, (_, at) => x[at] ?? 0);
    const { at } = INPUTS[x] ?? INPUTS.count;
    return Array.from({ length: count }, (_, index) => {
      const pixel = Math.floor(index / channels);
      const [line, place] = [Math.floor(pixel / w), pixel % w];
      return at(line, place, input_shape, index % channels, channels);
    });
  }

  /** Returns the kernel's numbers, row-major, in the layout of Keras's layer. */
  function kernelValues({ kernel, kernel_size }, pairs) {
    const [kh, kw] = kernel_size;
    const count = kh * kw * pairs;
    if (Array.isArray(kernel)) {
      return Array.from({ length: count }, (_, at) => kernel[at] ?? 0);
    }
    const { at } = KERNELS[kernel] ?? KERNELS.example;
    return Array.from({ length: count }, (_, index) => {
      const tap = Math.floor(index / pairs);
      return at(Math.floor(tap / kw), tap % kw, kernel_size, index, pairs === 1);
    });
  }

  /**
   * Fits numbers of one shape into another: what is new is 0, what is outside goes.
   * @param {number[]} values row-major
   * @param {number[]} from
   * @param {number[]} to as many axes
   */
  function fit(values, from, to) {
    if (!to.length) return [values[0] ?? 0];
    const [rest, inner] = [from.slice(1), to.slice(1)];
    const [step, size] = [rest, inner].map((all) => all.reduce((a, b) => a * b, 1));
    return Array.from({ length: to[0] }, (_, at) =>
      at < from[0]
        ? fit(values.slice(at * step, (at + 1) * step), rest, inner)
        : Array(size).fill(0),
    ).flat();
  }

  Object.assign(convae, {
    ...{ DEFAULT, INPUTS, KERNELS, fit, inputValues, kernelValues },
    ...{ readSetting, writeSetting },
  });
})();
