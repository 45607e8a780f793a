// Settings that show something: each preset has steps, a title and a sentence for each.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});

  const up = "transposed&strides=2";

  const THREE = [16, 17, 18]; // sizes that meet
  const three = (size) => `input_shape=${size}&strides=3&padding=same&x=disc`;
  const axes = THREE.map(
    (size) => convae.describe(convae.readSetting(three(size))).axes[0],
  );
  const zeros = axes.map(({ before, after }) => before + after);
  const why = `${axes.map(({ i, s }) => `⌈${i}/${s}⌉`).join(" = ")} = ${axes[0].o}.`;

  convae.PRESETS = [
    {
      title: "Start: four windows",
      steps: [
        {
          title: "4×4 → 2×2",
          setting: "",
          note: "The example with which the post begins. Each output is one row.",
        },
      ],
    },
    {
      title: "The post's decoder: 3 → 7 → 14 → 28",
      steps: [
        {
          title: "3 → 7",
          setting: `${up}&input_shape=3`,
          note: "“valid” keeps all that the stamps cover: 3 of them, 2 apart, are 7.",
        },
        {
          title: "7 → 14",
          setting: `${up}&input_shape=7&padding=same`,
          note: "The stamps cover 15. “same” cuts off the last row and column.",
        },
        {
          title: "14 → 28",
          setting: `${up}&input_shape=14&padding=same`,
          note: "The same layer once more: a matrix of 784×196.",
        },
      ],
    },
    {
      title: "The checkerboard",
      steps: [
        {
          title: "kernel 3",
          setting: `${up}&x=ones&kernel=ones&show=counts`,
          note: "Stamps of width 3, 2 apart, overlap at every second pixel: 1, 2 or 4.",
        },
        {
          title: "kernel 4",
          setting: `${up}&kernel_size=4&x=ones&kernel=ones&show=counts`,
          note: "The strides divide the kernel: all pixels inside get 4 stamps.",
        },
        {
          title: "kernel 2",
          setting: `${up}&kernel_size=2&x=ones&kernel=ones&show=counts`,
          note: "Stamps side by side: every pixel gets one.",
        },
        {
          title: "1 2 1",
          setting: `${up}&x=ones&kernel=blur`,
          note: "Uneven overlaps, but these weights make flat input flat inside.",
        },
      ],
    },
    {
      title: "16, 17 and 18 become 6",
      steps: [
        ...THREE.map((size, at) => ({
          title: `${size} → 6`,
          setting: three(size),
          note: `${why} “same” adds ${zeros.join(", ")} zeros: here ${zeros[at]}.`,
        })),
        ...[0, 1, 2].map((extra) => ({
          title: `6 → ${16 + extra}`,
          setting: `transposed&input_shape=6&strides=3&padding=same&output_padding=${extra}`,
          note: "The transpose has to be told which one: output_padding chooses.",
        })),
      ],
    },
    {
      title: "A kernel smaller than its stride",
      steps: [
        {
          title: "convolution",
          setting: "input_shape=8&kernel_size=2&strides=3&show=counts",
          note: "Every third row and column is read by no window: its columns are empty.",
        },
        {
          title: "transposed",
          setting: "transposed&input_shape=3&kernel_size=2&strides=3&kernel=count",
          note: "What no window reads, no stamp draws. Keras adds such a row at the end.",
        },
        {
          title: "transposed, as in PyTorch",
          setting:
            "transposed&input_shape=3&kernel_size=2&strides=3&kernel=count&output_padding=0",
          note: "PyTorch stops at the last stamp, as output_padding=0 does in Keras.",
        },
      ],
    },
    {
      title: "Keras against PyTorch",
      steps: [
        {
          title: "Keras, “same”",
          setting: "input_shape=6&strides=2&padding=same",
          note: "Keras adds one row of zeros, at the end: the first window begins at [0, 0].",
        },
        {
          title: "PyTorch, padding=1",
          setting: "input_shape=6&strides=2&padding=1",
          note: "PyTorch adds one at all sides: the same size, every window one pixel off.",
        },
        {
          title: "Keras, transposed",
          setting: `${up}&input_shape=3&padding=same`,
          note: "Keras crops one row at the end.",
        },
        {
          title: "PyTorch, transposed",
          setting: `${up}&input_shape=3&padding=1&output_padding=1`,
          note: "padding=1 and output_padding=1 crop one row at the beginning instead.",
        },
      ],
    },
    {
      title: "A ring",
      steps: [
        {
          title: "4×4",
          setting: "padding=same&boundary=wrap",
          note: "What leaves on one side comes in on the other: no row is cut short.",
        },
        {
          title: "one dimension",
          setting: "input_shape=1,8&kernel_size=1,3&padding=same&boundary=wrap",
          note: "A circulant matrix: each row is the one above, moved by one place.",
        },
      ],
    },
    {
      title: "In time: one dimension, causal",
      steps: [
        {
          title: "dilation 1",
          setting: "input_shape=1,12&kernel_size=1,3&padding=0,0,2,0",
          note: "Zeros before and none after: no output sees what comes later.",
        },
        {
          title: "dilation 2",
          setting: "input_shape=1,12&kernel_size=1,3&padding=0,0,4,0&dilation_rate=2",
          note: "Twice the distance between the weights needs twice the zeros.",
        },
      ],
    },
    {
      title: "From one group to depthwise",
      steps: [
        ...[
          [1, "Every output channel sees all four input channels."],
          [2, "Two blocks: each half of the outputs sees half of the inputs."],
          [4, "Depthwise: every channel is filtered alone."],
        ].map(([groups, note]) => ({
          title: groups === 1 ? "1 group" : `${groups} groups`,
          setting: `input_shape=3&kernel_size=2&channels=4&filters=4&groups=${groups}`,
          note,
        })),
      ],
    },
  ];
})();
