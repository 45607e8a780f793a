// Python code for a setting, in Keras, PyTorch and convae_lib. No page here.
//
// Each program computes `y`, the same numbers as the explorer, and prints it; the tests
// run them. Where a framework has no argument for a setting, the program does it by
// hand.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});

  const isOne = (numbers) => numbers.every((n) => n === 1);
  const tuple = (values) => convae.repr(values);
  const pair = (values) =>
    values[0] === values[1] ? String(values[0]) : tuple(values);

  /** Writes numbers of a shape as nested lists. */
  function nested(values, shape) {
    if (!shape.length) return convae.repr(values[0]);
    const step = values.length / shape[0];
    const parts = Array.from({ length: shape[0] }, (_, at) =>
      nested(values.slice(at * step, (at + 1) * step), shape.slice(1)),
    );
    return `[${parts.join(", ")}]`;
  }

  /** Writes an array, shorter where it counts, is constant, or is long. */
  function array(values, shape) {
    const count = values.length;
    const size = tuple(shape);
    if (count > 1 && values.every((v, at) => v === at + 1)) {
      return `np.arange(1.0, ${count + 1}).reshape${size}`;
    }
    if (count > 1 && values.every((v) => v === values[0])) {
      return values[0] === 1
        ? `np.ones(${size})`
        : `np.full(${size}, ${values[0]}, float)`;
    }
    const flat = shape.slice(2).every((n) => n === 1);
    const reshape = shape.length > 2 ? `.reshape${size}` : "";
    const plain = flat
      ? shape.slice(0, 2)
      : [shape[0], shape[1], count / shape[0] / shape[1]];
    const whole = `np.array(${nested(values, plain)}, float)${reshape}`;
    if (whole.length < 70) return whole;
    const step = count / shape[0];
    const rows = Array.from({ length: shape[0] }, (_, at) => {
      const row = values.slice(at * step, (at + 1) * step);
      return `    ${nested(row, plain.slice(1))},`;
    });
    return `np.array([\n${rows.join("\n")}\n], float)${reshape}`;
  }

  /**
   * Returns the lines that make x and kernel, for images with channels where there are.
   */
  function given(model, plain) {
    const { conv, x, kernel, state } = model;
    const shape = plain ? conv.inputShape : [...conv.inputShape, conv.inputs];
    const pairs = plain ? [] : [conv.perGroup, conv.filters];
    const lines = [
      `x = ${array(x, shape)}`,
      `kernel = ${array(kernel, [...conv.kernelSize, ...pairs])}`,
    ];
    if (state.flip) lines.push("kernel = kernel[::-1, ::-1]  # a true convolution");
    return lines;
  }

  /** Returns the code in convae_lib, with the setting's own words. */
  function inLibrary(model) {
    const { conv, state } = model;
    const plain = conv.inputs === 1 && conv.outputs === 1;
    const name = conv.transposed ? "conv_transpose_matrix" : "conv_matrix";
    const options = [];
    if (!isOne(state.strides)) options.push(`strides=${pair(state.strides)}`);
    if (state.padding !== "valid") options.push(`padding=${padding(state.padding)}`);
    if (conv.transposed && state.output_padding.some((extra) => extra !== null)) {
      options.push(`output_padding=${output(state.output_padding)}`);
    }
    if (!isOne(state.dilation_rate)) {
      options.push(`dilation_rate=${pair(state.dilation_rate)}`);
    }
    if (conv.groups > 1) options.push(`groups=${conv.groups}`);
    if (conv.wrap) options.push('boundary="wrap"');
    const shape = plain ? conv.outputShape : [...conv.outputShape, conv.outputs];
    return [
      ...["import numpy as np", "", `from convae_lib import ${name}`, ""],
      ...given(model, plain),
      call(`C = ${name}`, ["kernel", "x.shape", ...options]),
      `y = (C @ x.ravel()).reshape${tuple(shape)}`,
      "print(y)",
    ];
  }

  function padding(value) {
    if (typeof value === "string") return `"${value}"`;
    const sides = value.flat();
    return sides.every((side) => side === sides[0]) ? String(sides[0]) : tuple(value);
  }

  const output = (values) =>
    values[0] === values[1] ? convae.repr(values[0]) : tuple(values);

  /** Writes a call on one line, or its arguments on the next where that is too long. */
  function call(name, values) {
    const line = `${name}(${values.join(", ")})`;
    if (line.length <= 72) return line;
    const inner = values.join(", ");
    if (inner.length <= 72) return `${name}(\n    ${inner}\n)`;
    return `${name}(\n${values.map((value) => `    ${value},\n`).join("")})`;
  }

  /** Returns how an image of a convolution is padded before it, for np.pad. */
  function padLines({ axes, wrap }, channelsFirst) {
    const pads = axes.map((axis) => [axis.before, axis.after]);
    if (!pads.flat().some(Boolean)) return [];
    const all = channelsFirst ? [[0, 0], [0, 0], ...pads] : [[0, 0], ...pads, [0, 0]];
    const mode = wrap ? ', mode="wrap"' : "";
    return [`x = np.pad(x, ${tuple(all)}${mode})`];
  }

  /** Returns how the canvas of a transposed convolution becomes its output. */
  function cropLines({ axes, wrap, outputs, large }, channelsFirst) {
    const place = (rows, columns) =>
      channelsFirst ? `[:, :, ${rows}, ${columns}]` : `[:, ${rows}, ${columns}]`;
    const [v, h] = axes;
    if (wrap) {
      const shape = channelsFirst ? [1, outputs, ...large] : [1, ...large, outputs];
      const [rows, columns] = channelsFirst ? [2, 3] : [1, 2];
      return [
        `y = np.zeros(${tuple(shape)})`,
        `for row in range(canvas.shape[${rows}]):`,
        `    for column in range(canvas.shape[${columns}]):`,
        `        at = (row - ${v.before}) % ${v.i}, (column - ${h.before}) % ${h.i}`,
        `        y${place("at[0]", "at[1]")} += canvas${place("row", "column")}`,
      ];
    }
    const more = axes.map((axis) => [0, Math.max(-axis.crop, 0)]);
    const lines = [];
    if (more.flat().some(Boolean)) {
      const pads = channelsFirst
        ? [[0, 0], [0, 0], ...more]
        : [[0, 0], ...more, [0, 0]];
      lines.push(`canvas = np.pad(canvas, ${tuple(pads)})`);
    }
    const cut = axes.map(({ before, i }) => `${before || ""}:${before + i}`);
    return [...lines, `y = canvas${place(...cut)}`];
  }

  /** Returns the lines that write the zeros of a dilation into the kernel. */
  function spread({ axes, perGroup, filters }) {
    const shape = [...axes.map((axis) => axis.reach), perGroup, filters];
    const steps = axes.map((axis) => `::${axis.d}`).join(", ");
    return [
      "# Keras takes no dilation_rate here: the zeros are written into the kernel.",
      `wide = np.zeros(${tuple(shape)})`,
      `wide[${steps}] = kernel`,
      "kernel = wide",
    ];
  }

  function inKeras(model) {
    const { conv, state } = model;
    const { transposed, axes, groups } = conv;
    const dilated = !isOne(state.dilation_rate);
    const byHand = dilated && (transposed || !isOne(state.strides));
    const size = byHand ? axes.map((axis) => axis.reach) : conv.kernelSize;
    const native = typeof state.padding === "string" && state.padding !== "full";
    const extras = state.output_padding;
    // Keras takes one output_padding for both axes, or numbers for both.
    const mixed = extras.includes(null) && extras.some((extra) => extra !== null);
    const whole = native && !conv.wrap && !(transposed && mixed);
    const options = [pair(size)];
    if (!isOne(state.strides)) options.push(`strides=${pair(state.strides)}`);
    if (whole) options.push(`padding="${state.padding}"`);
    if (transposed && !whole) options.push("output_padding=0");
    else if (transposed && extras[0] !== null) {
      options.push(`output_padding=${output(extras)}`);
    }
    if (dilated && !byHand) options.push(`dilation_rate=${pair(state.dilation_rate)}`);
    if (groups > 1 && !transposed) options.push(`groups=${groups}`);
    options.push("use_bias=False");
    const name = transposed ? "Conv2DTranspose" : "Conv2D";
    const outputs = transposed ? conv.perGroup : conv.outputs;
    const result = transposed && !whole ? "canvas" : "y";
    const lines = ["import keras", "import numpy as np", "", ...given(model, false)];
    if (byHand) lines.push(...spread(conv));
    lines.push("x = x[None]  # a batch of one image");
    if (!transposed && !whole) lines.push(...padLines(conv, false));
    const layer = call(`layer = keras.layers.${name}`, [outputs, ...options]);
    const run = ["layer.build(%x.shape)", "layer.set_weights([%k])"];
    const use = (x, k) => run.map((line) => line.replace("%x", x).replace("%k", k));
    if (transposed && groups > 1) {
      // Keras has no groups here: a layer each, side by side.
      lines.push(
        "parts = []  # Keras's transposed layers have no groups: one for each",
        `shares = np.split(x, ${groups}, -1), np.split(kernel, ${groups}, -1)`,
        "for share, weights in zip(*shares):",
        ...layer.split("\n").map((line) => `    ${line}`),
        ...use("share", "weights").map((line) => `    ${line}`),
        "    parts.append(np.asarray(layer(share)))",
        `${result} = np.concatenate(parts, -1)`,
      );
    } else {
      lines.push(layer, ...use("x", "kernel"), `${result} = np.asarray(layer(x))`);
    }
    if (result === "canvas") lines.push(...cropLines(conv, false));
    const alone = conv.outputs === 1 ? "y[0, :, :, 0]" : "y[0]";
    return [...lines, `print(${alone})`];
  }

  function inTorch(model) {
    const { conv, state } = model;
    const { axes, transposed } = conv;
    const letters = transposed ? "in, out" : "out, in";
    const lines = [
      "import numpy as np",
      "import torch",
      "import torch.nn.functional as F",
    ];
    lines.push("", ...given(model, false));
    lines.push("x = x.transpose(2, 0, 1)[None]  # a batch, channels first");
    lines.push(
      `kernel = kernel.transpose(3, 2, 0, 1).copy()  # (${letters}, height, width)`,
    );
    const options = [];
    if (!isOne(state.strides)) options.push(`stride=${pair(state.strides)}`);
    const before = axes.map((axis) => axis.before);
    const even = axes.every((axis) => axis.before === axis.after) && !conv.wrap;
    // What PyTorch adds at the end, after it has cropped as much as at the beginning.
    const added = axes.map((axis) => axis.before - axis.crop);
    const fits = added.every((n, at) => n >= 0 && n < Math.max(axes[at].s, axes[at].d));
    const whole = transposed ? fits && !conv.wrap : even;
    if (whole && before.some(Boolean)) options.push(`padding=${pair(before)}`);
    if (transposed && whole && added.some(Boolean)) {
      options.push(`output_padding=${pair(added)}`);
    }
    if (!isOne(state.dilation_rate))
      options.push(`dilation=${pair(state.dilation_rate)}`);
    if (conv.groups > 1) options.push(`groups=${conv.groups}`);
    if (!transposed && !whole) lines.push(...padLines(conv, true));
    const name = transposed ? "F.conv_transpose2d" : "F.conv2d";
    const result = transposed && !whole ? "canvas" : "y";
    const values = ["torch.tensor(x)", "torch.tensor(kernel)", ...options];
    lines.push(call(`${result} = ${name}`, values));
    if (result === "canvas") {
      lines.push("canvas = canvas.numpy()", ...cropLines(conv, true));
    }
    const alone = conv.outputs === 1 ? "y[0, 0]" : "y[0]";
    return [...lines, `print(${alone})`];
  }

  const WRITERS = { Keras: inKeras, PyTorch: inTorch, convae_lib: inLibrary };

  /**
   * Returns a program that computes what the explorer shows.
   * @param {"Keras"|"PyTorch"|"convae_lib"} framework
   */
  function codeFor(framework, model) {
    return `${WRITERS[framework](model).join("\n")}\n`;
  }

  Object.assign(convae, { FRAMEWORKS: Object.keys(WRITERS), codeFor });
})();
