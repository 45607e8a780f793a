// Fields of the explorer: radios in a row, lists and sliders, each with `show(value)`.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});
  const { make } = convae;

  const AXES = ["height", "width"];
  const both = ([h, w]) => (h === w ? String(h) : `${h}×${w}`);
  let made = 0; // rows of radios on the page, which have to keep apart

  function field(title, ...children) {
    const legend = make("legend", {}, title);
    return make("fieldset", { class: "ce-field" }, legend, ...children);
  }

  /** Makes radios in one row; `show(value)` checks one. */
  function choice(title, options, change) {
    made += 1;
    const name = `convae-choice-${made}`;
    const inputs = Object.entries(options).map(([value, text]) => {
      const input = make("input", { type: "radio", name, value });
      input.addEventListener("change", () => change(value));
      return [input, make("label", {}, input, make("span", {}, text))];
    });
    const labels = inputs.map(([, label]) => label);
    const element = field(title, make("div", { class: "ce-choice" }, ...labels));
    const show = (value) =>
      inputs.forEach(([input]) => (input.checked = input.value === value));
    return { element, show };
  }

  function select(title, options, change) {
    const entries = Object.entries(options);
    const list = make(
      "select",
      {},
      ...entries.map(([value, text]) => make("option", { value }, text)),
    );
    list.addEventListener("change", () => change(list.value));
    const element = make("label", { class: "ce-field" }, make("span", {}, title), list);
    return { element, list, show: (value) => (list.value = value) };
  }

  /**
   * Makes a slider for each axis; one moves both while the axes are alike. `change` is
   * told both values, and whether a key moved the slider.
   */
  function pairOfSliders({ title, most, least = 1, about = "" }, change) {
    const output = make("b", { class: "ce-value" });
    let alike = true;
    let value = [];
    const parts = AXES.map((axis, at) => {
      const attributes = { type: "range", min: least, max: most };
      const input = make("input", { ...attributes, "aria-label": `${title}, ${axis}` });
      let byKey = false;
      input.addEventListener("keydown", () => (byKey = true));
      input.addEventListener("pointerdown", () => (byKey = false));
      input.addEventListener("input", () => {
        const next = Number(input.value);
        const pair = value.map((old, axis) => (alike || axis === at ? next : old));
        change(pair, byKey);
      });
      return [input, make("label", {}, make("span", {}, axis), input)];
    });
    const element = field("", ...parts.map(([, label]) => label));
    element.querySelector("legend").append(`${title} `, output, about);

    function show(pair, together, limit = most) {
      [value, alike] = [pair, together];
      output.textContent = both(pair);
      element.classList.toggle("ce-together", together);
      parts.forEach(([input, label], at) => {
        input.max = Math.max(limit, pair[at]);
        input.value = pair[at];
        const name = together && !at ? title : `${title}, ${AXES[at]}`;
        input.setAttribute("aria-label", name);
        label.hidden = together && at === 1;
      });
    }
    return { element, show };
  }

  function oneSlider(title, most, change) {
    const output = make("b", { class: "ce-value" });
    const input = make("input", {
      type: "range",
      min: 1,
      max: most,
      "aria-label": title,
    });
    input.addEventListener("input", () => change(Number(input.value)));
    const element = field("", make("label", {}, input));
    element.querySelector("legend").append(`${title} `, output);
    const show = (value) => ([input.value, output.textContent] = [value, value]);
    return { element, show };
  }

  Object.assign(convae, { AXES, choice, oneSlider, pairOfSliders, select });
})();
