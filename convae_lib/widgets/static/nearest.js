// What is possible near a setting: the input for an output that is asked for, and the
// nearest setting that is not refused. No page here.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});

  const LARGEST_INPUT = 18; // with strides 3 and "same" it becomes 6, as 16 and 17 do
  const SMALL_INPUT = 6; // where there are several channels

  const upTo = (most) => Array.from({ length: most }, (_, at) => at + 1);

  function largestInput({ channels, filters }) {
    return Math.max(channels, filters) > 1 ? SMALL_INPUT : LARGEST_INPUT;
  }

  /** Returns the output's size at an input size, or 0 where there is none. */
  function outputAt(state, size, axis) {
    const input_shape = state.input_shape.map((old, at) => (at === axis ? size : old));
    try {
      return convae.describe({ ...state, input_shape }).outputShape[axis];
    } catch {
      return 0;
    }
  }

  function largestOutput(state) {
    const most = largestInput(state);
    return Math.max(outputAt(state, most, 0), outputAt(state, most, 1), 1);
  }

  /**
   * Returns the smallest input whose output has the size asked for, or comes closest.
   * @param {number[]|null} from the output that a key steps away from: it then has to
   *   move, even where the nearest would be to stay
   */
  function inputFor(state, wanted, from = null) {
    return wanted.map((size, axis) => {
      const way = from ? Math.sign(size - from[axis]) : 0;
      const off = (input) => {
        const found = outputAt(state, input, axis);
        const stays = way && (found - from[axis]) * way <= 0;
        return !found || stays ? Infinity : Math.abs(found - size);
      };
      const inputs = upTo(largestInput(state));
      const best = inputs.reduce((old, input) => (off(input) < off(old) ? input : old));
      return off(best) < Infinity ? best : state.input_shape[axis];
    });
  }

  /** Names another setting that gives a size which this one cannot give. */
  function otherWay(state, size, axis) {
    const none = [null, null];
    const ways = ["same", "valid"].map((padding) => [
      `“${padding}”`,
      { padding, output_padding: none },
    ]);
    if (state.transposed) {
      for (let extra = 0; extra < state.strides[axis]; extra++) {
        ways.push([`output_padding ${extra}`, { output_padding: [extra, extra] }]);
      }
    }
    const found = ways.find(([, part]) =>
      upTo(largestInput(state)).some(
        (input) => outputAt({ ...state, ...part }, input, axis) === size,
      ),
    );
    return found ? `; ${found[0]} gives ${size}` : "";
  }

  /**
   * Returns the input for an output that is asked for, and in words what was done.
   * @param {number[]} wanted
   * @param {boolean} byKey whether a key asks for the next size
   */
  function aim(state, wanted, byKey) {
    const now = convae.describe(state).outputShape;
    const inputs = inputFor(state, wanted, byKey ? now : null);
    const input_shape = inputs.map((size, axis) =>
      wanted[axis] === now[axis] ? state.input_shape[axis] : size,
    );
    const axis = Math.max(
      wanted.findIndex((size, at) => size !== now[at]),
      0,
    );
    const got = outputAt(state, input_shape[axis], axis);
    const square = wanted[0] === wanted[1] && now[0] === now[1];
    const name = square ? "" : [" height", " width"][axis];
    const input = `input${name} ${input_shape[axis]}`;
    const words =
      got === wanted[axis]
        ? `output${name} ${got}, from ${input}`
        : `output${name} ${wanted[axis]} is not possible here; ` +
          `${byKey ? "next" : "nearest"}: ${got}, from ${input}` +
          otherWay(state, wanted[axis], axis);
    return { input_shape, words };
  }

  // What may be changed to make a setting possible, with the title of its control.
  const PAIRS = [
    { name: "output_padding", title: "output_padding", least: 0, most: 3 },
    { name: "input_shape", title: "input", least: 1, most: LARGEST_INPUT },
    { name: "kernel_size", title: "kernel", least: 1, most: 5 },
    { name: "dilation_rate", title: "dilation_rate", least: 1, most: 3 },
    { name: "strides", title: "strides", least: 1, most: 4 },
  ];
  const FAR = 20; // how far a name, or what is no number, is from everything

  function isPossible(state) {
    try {
      convae.describeToDraw(state);
      return true;
    } catch {
      return false;
    }
  }

  function far(value, own) {
    const off = Math.abs(value - (own ?? -1));
    return Number.isFinite(off) ? off : FAR;
  }

  const inWords = (value) => (typeof value === "string" ? `“${value}”` : value);

  /**
   * Returns the nearest possible setting and what it changes, in words.
   * @param {string[]} kept names that were set last: others are rather changed
   */
  function nearest(state, kept = []) {
    let best = { off: Infinity, state: convae.DEFAULT, words: "Start again" };

    function offer(name, title, value, off, text = inWords(value)) {
      const far = off + (kept.includes(name) ? 0.5 : 0);
      if (far >= best.off) return;
      const next = { ...state, [name]: value };
      if (isPossible(next)) {
        best = { off: far, state: next, words: `Set ${title} to ${text}` };
      }
    }

    for (const { name, title, least, most } of PAIRS) {
      const own = state[name];
      for (let high = least; high <= most; high++) {
        for (let wide = least; wide <= most; wide++) {
          if (own[0] === own[1] && high !== wide) continue;
          const text = high === wide ? high : `${high}×${wide}`;
          const off = far(high, own[0]) + far(wide, own[1]);
          offer(name, title, [high, wide], off, text);
        }
      }
    }
    offer("output_padding", "output_padding", [null, null], FAR, "None");
    for (const name of ["groups", "channels", "filters"]) {
      for (const n of upTo(4)) offer(name, name, n, far(n, state[name]));
    }
    for (const padding of ["same", "valid"]) {
      offer("padding", "padding", padding, FAR);
    }
    offer("boundary", "what is outside", "zero", FAR, "zeros");
    return best;
  }

  /** Says a refusal in a plain sentence, where it is one of the commonest. */
  function plainly(message) {
    const kernel = /^a kernel of size .* over (\d+) .* makes it (\d+)/.exec(message);
    if (kernel) {
      const [, needs, has] = kernel;
      return (
        `The kernel does not fit into the input: it reaches over ${needs} places, ` +
        `and the input with its padding has ${has}.`
      );
    }
    const extra = /^output_padding \d+ must be smaller than strides (\d+)/.exec(
      message,
    );
    if (extra) {
      const none = message.endsWith("use None");
      const most = none ? "it has to be None" : `it is at most ${extra[1] - 1}`;
      return `output_padding is too large: with strides ${extra[1]} ${most}.`;
    }
    return "";
  }

  Object.assign(convae, {
    ...{ LARGEST_INPUT, SMALL_INPUT, aim, inputFor, largestOutput },
    ...{ nearest, plainly },
  });
})();
