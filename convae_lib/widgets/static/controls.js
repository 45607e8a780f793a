// The explorer's controls: what a reader sets, and how a setting stands in them.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});
  const { AXES, LARGEST_INPUT, SMALL_INPUT, make } = convae;
  const { choice, oneSlider, pairOfSliders, select } = convae;

  const SLIDERS = [
    { name: "input_shape", title: "input", most: LARGEST_INPUT },
    { name: "kernel_size", title: "kernel", most: 5 },
    { name: "strides", title: "strides", most: 4 },
    { name: "dilation_rate", title: "dilation_rate", most: 3 },
  ];
  const SIDES = ["top", "bottom", "left", "right"];

  /** Makes "valid", "same" or a number for each side. */
  function paddingControl(change) {
    const kinds = { valid: "valid", same: "same", numbers: "numbers" };
    let [sides, alike] = [[0, 0, 0, 0], true];
    const tell = () => change([sides.slice(0, 2), sides.slice(2)]);
    const inputs = SIDES.map((side, at) => {
      const attributes = { type: "number", min: 0, max: 12, value: 0 };
      const input = make("input", { ...attributes, "aria-label": `padding, ${side}` });
      input.addEventListener("input", () => {
        const value = input.value === "" ? 0 : Number(input.value);
        sides = sides.map((old, other) => {
          const twin = alike && other % 2 === at % 2;
          return other === at || twin ? value : old;
        });
        tell();
      });
      return input;
    });
    const texts = SIDES.map((side) => make("span", {}, side));
    const labels = inputs.map((input, at) => make("label", {}, texts[at], input));
    const numbers = make("div", { class: "ce-sides" }, ...labels);
    const kind = choice("padding", kinds, (value) =>
      value === "numbers" ? tell() : change(value),
    );
    kind.element.append(numbers);

    function show(padding, together, axes) {
      alike = together;
      const named = padding === "valid" || padding === "same";
      kind.show(named ? padding : "numbers");
      numbers.hidden = named;
      // Numbers begin with what the name before them added.
      if (axes) sides = axes.flatMap((axis) => [axis.before, axis.after]);
      else if (typeof padding !== "string") sides = padding.flat();
      inputs.forEach((input, at) => {
        if (input !== document.activeElement) input.value = sides[at];
        labels[at].hidden = together && at > 1;
        texts[at].textContent = together ? ["before", "after"][at % 2] : SIDES[at];
      });
    }
    return { element: kind.element, show };
  }

  /**
   * Makes all controls.
   * @param {(change: object) => void} change is told what a reader sets
   * @param {(wanted: number[], byKey: boolean) => void} aim is told the size of output
   *   that is asked for
   * @param {HTMLElement} painter the brush, which stands beside the values
   */
  function makeControls(change, aim, painter) {
    const of = (name) => (value) => change({ [name]: value });
    const kind = choice(
      "Kind of layer",
      { false: "convolution", true: "transposed convolution" },
      (value) => change({ transposed: value === "true" }),
    );
    kind.element.classList.add("ce-kind");
    const sliders = SLIDERS.map((slider) => pairOfSliders(slider, of(slider.name)));
    const about = ", by changing the input";
    const output = pairOfSliders({ title: "output", most: 16, about }, aim);
    const aimed = make("p", { class: "ce-aimed" });
    output.element.append(aimed);
    const padding = paddingControl(of("padding"));
    const sizes = { none: "None", 0: "0", 1: "1", 2: "2", 3: "3" };
    let extras = [null, null];
    const extra = AXES.map((axis, at) =>
      select(`output_padding, ${axis}`, sizes, (value) => {
        const next = value === "none" ? null : Number(value);
        const all = apart.checked
          ? extras.map((old, k) => (k === at ? next : old))
          : [next, next];
        change({ output_padding: all });
      }),
    );
    const apart = make("input", { type: "checkbox" });
    apart.addEventListener("change", () => change({}));
    const boundary = choice(
      "outside",
      { zero: "zeros", wrap: "wraps" },
      of("boundary"),
    );
    const flips = { false: "as it is", true: "flipped (true convolution)" };
    const flip = choice("kernel is", flips, (value) =>
      change({ flip: value === "true" }),
    );
    flip.element.classList.add("ce-flip");
    const titles = (named) =>
      Object.fromEntries(
        Object.entries(named).map(([name, { title }]) => [name, title]),
      );
    const x = select(
      "input values",
      { ...titles(convae.INPUTS), own: "your own" },
      of("x"),
    );
    const kernel = select(
      "kernel values",
      { ...titles(convae.KERNELS), own: "your own" },
      of("kernel"),
    );
    for (const { list } of [x, kernel])
      list.querySelector("[value=own]").disabled = true;
    const channels = ["channels", "filters", "groups"].map((name) =>
      oneSlider(name, 4, of(name)),
    );
    const small = make(
      "details",
      { class: "ce-more" },
      make("summary", {}, "channels and groups"),
      ...channels.map(({ element }) => element),
    );
    const more = make(
      "details",
      { class: "ce-more" },
      make("summary", {}, "more settings"),
      ...[boundary, flip, x, kernel].map((part) => part.element),
      painter,
    );
    const all = make(
      "div",
      { class: "ce-controls" },
      ...[...sliders, output].map((slider) => slider.element),
      ...[padding, ...extra].map((part) => part.element),
      make("label", { class: "ce-apart" }, apart, "height and width apart"),
      more,
      small,
    );
    // On a phone they are folded, so that the picture stands on the first screen.
    const title = make("summary", {}, "Settings");
    const element = make("details", { class: "ce-settings", open: true }, title, all);

    /** Shows a setting, and where it is possible the sizes it gives. */
    function show(state, { conv }, refused) {
      const pairs = SLIDERS.map(({ name }) => state[name]);
      const unequal = [...pairs, state.output_padding].some(([h, w]) => h !== w);
      const sides = typeof state.padding === "string" ? [] : state.padding;
      if (unequal || String(sides[0]) !== String(sides[1])) apart.checked = true;
      const together = !apart.checked;
      const several = Math.max(state.channels, state.filters) > 1;
      kind.show(String(state.transposed));
      sliders.forEach((slider, at) => {
        const limit = at || !several ? SLIDERS[at].most : SMALL_INPUT;
        slider.show(pairs[at], together, limit);
      });
      output.element.disabled = refused;
      output.show(conv.outputShape, together, convae.largestOutput(state));
      if (refused) output.element.querySelector(".ce-value").textContent = "none";
      padding.show(state.padding, together, refused ? null : conv.axes);
      extras = state.output_padding;
      extra.forEach(({ element, list, show }, at) => {
        element.hidden = !state.transposed || (together && at === 1);
        const title = together ? "output_padding" : `output_padding, ${AXES[at]}`;
        element.firstChild.textContent = title;
        show(extras[at] === null ? "none" : String(extras[at]));
        list.disabled = !state.transposed;
      });
      boundary.show(state.boundary);
      flip.show(String(state.flip));
      x.show(Array.isArray(state.x) ? "own" : state.x);
      kernel.show(Array.isArray(state.kernel) ? "own" : state.kernel);
      ["channels", "filters", "groups"].forEach((name, at) =>
        channels[at].show(state[name]),
      );
      if (several) small.open = true;
    }
    /** Says beside the slider what asking for an output has done. */
    const told = (words) => (aimed.textContent = words);
    return { element, kind: kind.element, more, show, told };
  }

  Object.assign(convae, { makeControls });
})();
