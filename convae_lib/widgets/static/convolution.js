// The arithmetic of a convolution: sizes, refusals and the sparse matrix. No page here.
//
// It mirrors convae_lib/convolution/ (arguments, axis, convolution, csr): the same
// sizes, the same entries, and an impossible setting is refused with the same words,
// which the tests compare. The letters are Dumoulin and Visin's: an input of size i, a
// kernel of size k, strides s, dilation rate d, an output of size o. A transposed
// convolution is described by the convolution that it transposes, which leads from its
// output to its input.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});

  /**
   * What the reader may set, with two numbers where there are two axes.
   * @typedef {object} Setting
   * @property {boolean} transposed
   * @property {number[]} input_shape height and width
   * @property {number[]} kernel_size
   * @property {number[]} strides
   * @property {string|number[][]} padding "valid", "same", "full", or a pair an axis
   * @property {number[]} dilation_rate
   * @property {(number|null)[]} output_padding null follows Keras
   * @property {number} channels of the input
   * @property {number} filters channels of the output
   * @property {number} groups
   * @property {"zero"|"wrap"} boundary
   * @property {boolean} flip whether the kernel is flipped, as in a "true" convolution
   */

  /**
   * One axis of a convolution, as in `convae_lib.convolution.axis`.
   * @typedef {{i: number, k: number, s: number, d: number, before: number,
   *            after: number, reach: number, o: number, crop: number}} Axis
   */

  const NAMES = ["strides", "dilation_rate"];
  const isWhole = (value) => Number.isInteger(value);
  const same = (a, b) => a.length === b.length && a.every((x, at) => x === b[at]);

  /** Writes a value as Python's repr does. */
  function repr(value) {
    if (value === null) return "None";
    if (typeof value === "string") return `'${value}'`;
    if (!Array.isArray(value)) return String(value);
    return `(${value.map(repr).join(", ")}${value.length === 1 ? "," : ""})`;
  }

  function refuse(message) {
    throw new RangeError(message);
  }

  function checkNumbers(name, values, least = 1, optional = false) {
    for (const value of values) {
      if (optional && value === null) continue;
      if (isWhole(value) && value >= least) continue;
      const end = optional ? ", or None" : "";
      const numbers = `whole numbers of at least ${least}${end}`;
      refuse(`${name} ${repr(values)} must be made of ${numbers}`);
    }
  }

  /** Returns the pads of each axis, or null where "same" will choose them. */
  function padsOf(padding, kernel, rates) {
    if (padding === "valid") return kernel.map(() => [0, 0]);
    if (padding === "same") return kernel.map(() => null);
    if (padding === "full") {
      return kernel.map((k, axis) => Array(2).fill(rates[axis] * (k - 1)));
    }
    if (typeof padding === "string") {
      refuse(
        `padding ${repr(padding)} is not known; use 'valid', 'same', 'full', a whole ` +
          "number or a pair per axis such as ((1, 1), (0, 2))",
      );
    }
    if (!padding.flat().every((side) => isWhole(side) && side >= 0)) {
      refuse(
        `padding ${repr(padding)} does not fit 2 spatial axes; use 'valid', 'same', ` +
          "'full', a whole number of at least 0, or a (before, after) pair of such " +
          "numbers per axis: ((1, 1), (1, 1)) is the same as 1",
      );
    }
    return padding;
  }

  /** @returns {Axis} */
  function makeAxis(i, k, s, d, pad) {
    const reach = d * (k - 1) + 1;
    if (pad === null) {
      // "same": just enough for ceil(i / s) windows, the odd one at the end.
      const total = Math.max((Math.ceil(i / s) - 1) * s + reach - i, 0);
      pad = [Math.floor(total / 2), total - Math.floor(total / 2)];
    }
    const [before, after] = pad;
    const o = Math.floor((i + before + after - reach) / s) + 1;
    // How far the last window reaches beyond the input; negative where it falls short.
    const crop = (o - 1) * s + reach - before - i;
    return { i, k, s, d, before, after, reach, o, crop };
  }

  function convAxes(setting) {
    const { input_shape, kernel_size, strides, padding, dilation_rate } = setting;
    const pads = padsOf(padding, kernel_size, dilation_rate);
    return input_shape.map((size, axis) => {
      const numbers = [kernel_size[axis], strides[axis], dilation_rate[axis]];
      const made = makeAxis(size, ...numbers, pads[axis]);
      const { i, k, d, before, after, reach } = made;
      if (made.o < 1) {
        refuse(
          `a kernel of size ${k} with dilation_rate ${d} reaches over ${reach} ` +
            `positions, but the input has ${i} and padding (${before}, ${after}) makes ` +
            `it ${i + before + after}; use a larger input, more padding or ` +
            "padding='same'",
        );
      }
      return made;
    });
  }

  function transposeAxes(setting) {
    const { kernel_size, strides, padding, dilation_rate, output_padding } = setting;
    const shape = setting.input_shape;
    checkNumbers("output_padding", output_padding, 0, true);
    const pads = padsOf(padding, kernel_size, dilation_rate);
    const sizes = shape.map((o, axis) => {
      const [s, extra] = [strides[axis], output_padding[axis]];
      const r = dilation_rate[axis] * (kernel_size[axis] - 1) + 1;
      let [crop, chosen] = [0, 0];
      if (padding === "same") [crop, chosen] = [r - (r % 2), s - (r % 2)];
      else if (padding === "valid") chosen = Math.max(s - r, 0);
      else crop = pads[axis][0] + pads[axis][1];
      if (extra !== null && extra >= s) {
        const least = padding === "same" ? 1 - (r % 2) : 0;
        const choices = least < s ? `use ${least} to ${s - 1}, or None` : "use None";
        refuse(
          `output_padding ${extra} must be smaller than strides ${s}: it chooses among ` +
            `the sizes that the convolution sends to one; ${choices}`,
        );
      }
      return (o - 1) * s + r - crop + (extra ?? chosen);
    });
    if (Math.min(...sizes) < 1) {
      refuse(
        `padding ${repr(padding)} crops the whole output: its shape would be ` +
          `${repr(sizes)}; crop less or give a larger input_shape`,
      );
    }
    const axes = sizes.map((size, axis) => {
      const numbers = [kernel_size[axis], strides[axis], dilation_rate[axis]];
      return makeAxis(size, ...numbers, pads[axis]);
    });
    const back = axes.map((axis) => axis.o);
    if (!same(back, shape)) {
      refuse(
        `output_padding ${repr(output_padding)} gives the output shape ` +
          `${repr(sizes)}, but a convolution with kernel size ${repr(kernel_size)}, ` +
          `strides ${repr(strides)}, padding ${repr(padding)} and dilation_rate ` +
          `${repr(dilation_rate)} sends that to ${repr(back)}, not to the input shape ` +
          `${repr(shape)}; choose another output_padding or None`,
      );
    }
    return axes;
  }

  function checkChannels({ transposed, kernel_size, channels, filters, groups }) {
    // Of a transposed convolution, those of the convolution that it transposes.
    const [read, written] = transposed ? [filters, channels] : [channels, filters];
    const perGroup = Math.max(Math.floor(read / groups), 1);
    if (read === perGroup * groups && written % groups === 0) return perGroup;
    if (transposed && channels % groups) {
      refuse(
        `the input has ${channels} channels in ${groups} groups, but the kernel of shape ` +
          `${repr([...kernel_size, perGroup, channels])} ends in ${channels}; a ` +
          "transposed kernel is laid out (..., c_out / groups, c_in), and c_in must be " +
          "a multiple of groups",
      );
    }
    return refuse(
      `groups ${groups} does not fit: the input has ${read} channels and the kernel, of ` +
        `shape ${repr([...kernel_size, perGroup, written])}, reads ${perGroup} per group ` +
        `and writes ${written}; channels must be ${perGroup} * groups and filters a ` +
        "multiple of groups (a depthwise kernel (..., c, m) is the grouped (..., 1, " +
        "c * m): reshape it)",
    );
  }

  /**
   * Describes a convolution, or the one that is transposed; refuses what is impossible.
   * @param {Setting} setting
   * @returns what it is: its axes, channels and filters (of the convolution), groups,
   *   perGroup (channels that a filter reads), wrap, and the shapes of both sides
   */
  function describe(setting) {
    const { transposed, input_shape, channels, filters, groups, boundary } = setting;
    checkNumbers("kernel_size", setting.kernel_size);
    checkNumbers("channels", [channels]);
    checkNumbers("filters", [filters]);
    if (!isWhole(groups) || groups < 1) {
      refuse(`groups ${repr(groups)} must be a whole number of at least 1`);
    }
    const plain = channels === 1 && filters === 1;
    checkNumbers("input_shape", plain ? input_shape : [...input_shape, channels]);
    const perGroup = checkChannels(setting);
    const known = () => {
      if (boundary === "zero" || boundary === "wrap") return;
      refuse(`boundary ${repr(boundary)} is not known; use 'zero' or 'wrap'`);
    };
    if (!transposed) known();
    for (const name of NAMES) checkNumbers(name, setting[name]);
    const axes = transposed ? transposeAxes(setting) : convAxes(setting);
    known();
    const [large, small] = [axes.map((axis) => axis.i), axes.map((axis) => axis.o)];
    return {
      ...{ transposed, flip: setting.flip, wrap: boundary === "wrap" },
      ...{ axes, groups, perGroup, large, small },
      channels: transposed ? filters : channels,
      filters: transposed ? channels : filters,
      inputShape: transposed ? small : large,
      outputShape: transposed ? large : small,
      inputs: channels,
      outputs: filters,
      kernelSize: setting.kernel_size,
    };
  }

  Object.assign(convae, { describe, repr });
})();
