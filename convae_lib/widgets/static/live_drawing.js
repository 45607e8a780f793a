/** Small things that every part of the live autoencoder draws with. */
(() => {
  "use strict";
  const live = ((globalThis.convae ??= {}).live ??= { panels: [] });
  const SIDE = 28;

  /**
   * Make an element; attributes that begin with "on" are listeners, true is an
   * attribute without a value, and false, null and undefined are none.
   */
  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value !== false && value != null)
        node.setAttribute(name, value === true ? "" : value);
    node.append(...children);
    return node;
  }

  /** Make the same of SVG, which has names of its own. */
  function shape(tag, attributes = {}, ...children) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes))
      node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  /** Make a picture of 28×28 pixels, which a screen reader knows by `label`. */
  function picture(label, more = {}) {
    const size = { width: SIDE, height: SIDE };
    return make("canvas", { ...size, role: "img", "aria-label": label, ...more });
  }

  /** Draw grey values from 0, black, to 1, white, at a place of a canvas. */
  function paint(canvas, image, left = 0, top = 0) {
    const context = canvas.getContext("2d");
    const pixels = context.createImageData(SIDE, SIDE);
    pixels.data.fill(255);
    for (let i = 0; i < image.length; i++)
      for (let channel = 0; channel < 3; channel++)
        pixels.data[4 * i + channel] = Math.round(255 * image[i]);
    context.putImageData(pixels, left, top);
  }

  /** A picture with what it shows below it. */
  const figure = (canvas, ...caption) =>
    make("figure", {}, canvas, make("figcaption", {}, ...caption));

  /** A slider in a label: what it moves, and its value as `say` puts it. */
  function slider(name, { min, max, step, value }, say, moved) {
    // Not an <output>: a reader of the screen would be told of each, at every change.
    const output = make("span", { class: "live-value", "aria-hidden": "true" });
    const input = make("input", { type: "range", min, max, step, value });
    const show = () => {
      output.textContent = say(input.valueAsNumber);
      input.setAttribute("aria-valuetext", say(input.valueAsNumber));
    };
    input.addEventListener("input", () => {
      show();
      moved(input.valueAsNumber);
    });
    show();
    return {
      root: make(
        "label",
        { class: "live-slider" },
        make("span", {}, name),
        input,
        output,
      ),
      input,
      set(value) {
        input.value = value;
        show();
      },
    };
  }

  /** Do small pieces of work between frames, so that the page goes on answering. */
  function inSlices(pieces, milliseconds = 10) {
    return new Promise((done) => {
      const work = () => {
        const end = performance.now() + milliseconds;
        do if (pieces.next().done) return done();
        while (performance.now() < end);
        setTimeout(work);
      };
      work();
    });
  }

  /** Garments as the build wrote them: levels, a byte a pixel. */
  function openGarments(garments) {
    const levels = convae.engine.bytes(garments.levels);
    const greys = new Float32Array(levels.length);
    for (let i = 0; i < levels.length; i++) greys[i] = levels[i] / 255;
    const size = SIDE ** 2;
    return garments.labels.map((label, at) => ({
      label,
      image: greys.subarray(at * size, (at + 1) * size),
    }));
  }

  const nats = (value) => value.toFixed(4);
  /**
   * A loss, its floor and its excess as text, which add up as one reads them: the loss
   * is their sum, so that its last digit may be one away from its own rounding.
   */
  function shown(loss, floor) {
    const [low, above] = [nats(floor), nats(loss - floor)];
    return { loss: nats(Number(low) + Number(above)), floor: low, excess: above };
  }
  /** What they mean, wherever they stand. */
  const FLOOR =
    "The floor is the loss of a perfect copy: a grey pixel costs something even then.";

  /** A number with a sign that is as wide as a plus. */
  const signed = (value, digits) => value.toFixed(digits).replace("-", "−");

  Object.assign(live, { SIDE, make, shape, picture, paint, figure, slider });
  Object.assign(live, { inSlices, openGarments, nats, shown, signed, FLOOR });
})();
