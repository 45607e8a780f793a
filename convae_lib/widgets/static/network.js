/**
 * Runs the book's networks: the arithmetic of every layer, and nothing else.
 *
 * A network is a list of steps that `convae_lib/widgets/weights.py` wrote. A
 * convolution is a sparse matrix, and what it looks like stands in `windows`: which
 * pixel of the large image meets which pixel of the small one, at which place of the
 * kernel. Read from large to small that is a convolution, from small to large its
 * transpose. A dense layer is a convolution of a single pixel with many channels.
 *
 * @typedef {Float32Array} Numbers channels last: (height, width, channels), flat
 * @typedef {{kind: string, from: number[], input: number[], output: number[],
 *   kernel?: number[], strides?: number[], before?: number[], activation?: string,
 *   bias?: boolean, weights?: Numbers[], met?: Int32Array}} Step
 * @typedef {{steps: Step[], code: number, data: string}} Network
 */
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});

  /** Decode base64, without `atob`, which is a browser's. */
  function bytes(text) {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const value = new Uint8Array(128);
    [...alphabet].forEach((letter, place) => (value[letter.charCodeAt(0)] = place));
    const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
    const found = new Uint8Array((text.length / 4) * 3 - padding);
    for (let at = 0, to = 0; at < text.length; at += 4) {
      let four = 0;
      for (let i = 0; i < 4; i++) four = (four << 6) | value[text.charCodeAt(at + i)];
      found[to++] = four >> 16; // what lies beyond the end is ignored
      found[to++] = four >> 8;
      found[to++] = four;
    }
    return found;
  }

  /** Decode numbers in half precision: sign, 5 bits of exponent, 10 of fraction. */
  function halves(text) {
    const raw = bytes(text);
    const found = new Float32Array(raw.length / 2);
    for (let i = 0; i < found.length; i++) {
      const half = raw[2 * i] | (raw[2 * i + 1] << 8);
      const exponent = (half >> 10) & 31;
      const fraction = (half & 1023) / 1024;
      const size = exponent
        ? 2 ** (exponent - 15) * (1 + fraction)
        : 2 ** -14 * fraction;
      found[i] = half >> 15 ? -size : size;
    }
    return found;
  }

  /** Give every step its weights, and the windows it looks through. */
  function open(network) {
    if (network.opened) return network;
    const numbers = halves(network.data);
    let at = 0;
    for (const step of network.steps) {
      if (!step.kernel) continue;
      step.met = windows(step);
      step.weights = sizes(step).map((size) => numbers.slice(at, (at += size)));
    }
    network.opened = true;
    return network;
  }

  /** Sizes of a step's kernel and bias. */
  function sizes(step) {
    const kernel = step.kernel.reduce((a, b) => a * b);
    return step.bias ? [kernel, step.output[2]] : [kernel];
  }

  /** Triples (pixel of the large image, pixel of the small one, kernel's place). */
  function windows({ kind, input, output, kernel, strides, before }) {
    const [large, small] = kind === "transposed" ? [output, input] : [input, output];
    const found = [];
    for (let row = 0; row < small[0]; row++)
      for (let column = 0; column < small[1]; column++)
        for (let ky = 0; ky < kernel[0]; ky++)
          for (let kx = 0; kx < kernel[1]; kx++) {
            const y = row * strides[0] + ky - before[0];
            const x = column * strides[1] + kx - before[1];
            if (y < 0 || x < 0 || y >= large[0] || x >= large[1]) continue;
            const pixel = row * small[1] + column;
            found.push(y * large[1] + x, pixel, ky * kernel[1] + kx);
          }
    return Int32Array.from(found);
  }

  /** Add to `small` what its windows see of `large`: a convolution. */
  function gather(met, kernel, large, small, channels) {
    const [a, b] = channels; // of the large image, and of the small one
    for (let m = 0; m < met.length; m += 3) {
      const to = met[m + 1] * b;
      for (let i = 0; i < a; i++) {
        const seen = large[met[m] * a + i];
        if (seen === 0) continue; // black
        const row = (met[m + 2] * a + i) * b;
        for (let o = 0; o < b; o++) small[to + o] += seen * kernel[row + o];
      }
    }
  }

  /** Add to `large` what the windows of `small` stamp on it: the transpose. */
  function scatter(met, kernel, small, large, channels) {
    const [a, b] = channels;
    for (let m = 0; m < met.length; m += 3) {
      const from = met[m + 1] * b;
      for (let i = 0; i < a; i++) {
        const row = (met[m + 2] * a + i) * b;
        let sum = 0;
        for (let o = 0; o < b; o++) sum += kernel[row + o] * small[from + o];
        large[met[m] * a + i] += sum;
      }
    }
  }

  /** What each kind of step adds to `out`, which holds the bias already. */
  const KINDS = {
    conv: (step, [x], out) =>
      gather(step.met, step.weights[0], x, out, step.kernel.slice(2)),
    transposed: (step, [x], out) =>
      scatter(step.met, step.weights[0], x, out, step.kernel.slice(2)),
    depthwise({ met, weights, input }, [x], out) {
      const count = input[2];
      for (let m = 0; m < met.length; m += 3)
        for (let c = 0; c < count; c++)
          out[met[m + 1] * count + c] +=
            x[met[m] * count + c] * weights[0][met[m + 2] * count + c];
    },
    pool({ input, output, strides }, [x], out) {
      out.fill(-Infinity);
      const [rows, columns, count] = output;
      for (let y = 0; y < rows * strides[0]; y++)
        for (let at = 0; at < columns * strides[1]; at++) {
          const from = (y * input[1] + at) * count;
          const row = Math.floor(y / strides[0]);
          const to = (row * columns + Math.floor(at / strides[1])) * count;
          for (let c = 0; c < count; c++)
            if (x[from + c] > out[to + c]) out[to + c] = x[from + c];
        }
    },
    add: (step, [x, y], out) => out.forEach((_, i) => (out[i] = x[i] + y[i])),
    same: (step, [x], out) => out.set(x), // Reshape, Flatten: channels come last
  };

  /** The integral of the bell curve up to x (Abramowitz and Stegun, 7.1.26). */
  function bell(x) {
    const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
    const series =
      ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t +
        0.254829592) *
      t;
    const tail = 0.5 * series * Math.exp((-x * x) / 2);
    return x < 0 ? tail : 1 - tail;
  }

  const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 };
  const ACTIVATIONS = {
    selu: (x) => SELU.scale * (x > 0 ? x : SELU.alpha * (Math.exp(x) - 1)),
    gelu: (x) => x * bell(x),
    relu: (x) => Math.max(x, 0),
    sigmoid: (x) => 1 / (1 + Math.exp(-x)),
    // What PCA draws stays half a grey level inside [0, 1].
    clip: (x) => Math.min(Math.max(x, 1 / 510), 1 - 1 / 510),
  };

  /**
   * Take numbers through the steps from `start` to before `end`.
   * @returns {{sums: Numbers[], values: Numbers[]}} of each step, before and after its
   *   activation; `values[start]` is the input, and step i gives `values[i + 1]`.
   */
  function trace(network, input, start = 0, end = network.steps.length) {
    open(network);
    const sums = [];
    const values = [];
    values[start] = input;
    for (let i = start; i < end; i++) {
      const step = network.steps[i];
      const out = new Float32Array(step.output.reduce((a, b) => a * b));
      if (step.bias)
        for (let at = 0; at < out.length; at += step.output[2])
          out.set(step.weights[1], at);
      KINDS[step.kind](
        step,
        step.from.map((place) => values[place]),
        out,
      );
      sums[i + 1] = out;
      values[i + 1] = step.activation ? out.map(ACTIVATIONS[step.activation]) : out;
    }
    return { sums, values };
  }

  const encode = (network, image) =>
    trace(network, image, 0, network.code).values[network.code];
  const decode = (network, code) =>
    trace(network, code, network.code).values[network.steps.length];
  const reconstruct = (network, image) => decode(network, encode(network, image));

  /** Binary cross-entropy in nats a pixel; of an image with itself it is the floor. */
  function loss(image, drawn) {
    let sum = 0;
    for (let i = 0; i < image.length; i++) {
      const y = Math.min(Math.max(drawn[i], 1e-7), 1 - 1e-7);
      sum -= image[i] * Math.log(y) + (1 - image[i]) * Math.log(1 - y);
    }
    return sum / image.length;
  }

  convae.networks ??= {};
  convae.engine = { bytes, halves, open, windows, gather, scatter, bell, SELU };
  Object.assign(convae.engine, { trace, encode, decode, reconstruct, loss });
})();
