// The explorer's stage: input, kernel and output side by side, a grid for each channel.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});
  const { make } = convae;

  const GAP = 56; // pixels for a sign between two grids
  const CAPTION = 72; // pixels that a grid's caption takes, however few cells are above it
  const LARGEST = 42;
  const SMALLEST = 16; // where the grids do not stand side by side with this, they wrap
  const MOST_HIGH = { cells: 480, picture: 290 };

  const range = (count) => Array.from({ length: count }, (_, at) => at);

  /** How many rows and columns the padding, or what is cropped, takes around a side. */
  function aroundLarge({ axes, transposed }) {
    return axes.flatMap(({ before, after, crop }) => [
      before,
      Math.max(transposed ? crop : after, 0),
    ]);
  }

  class Stage {
    /**
     * @param {(selection: convae.Selection|null, how: string, typed: string) => void}
     * act
     */
    constructor(act) {
      this.act = act;
      this.element = make("div", { class: "ce-stage" });
      this.shape = "";
    }

    /**
     * Shows a model; `output` are the numbers to show, null for those not yet written.
     */
    show(model, output) {
      const { conv } = model;
      const shape = JSON.stringify([conv, model.state.show === "values"]);
      if (shape !== this.shape) this.draw(model);
      this.shape = shape;
      this.model = model;
      this.fill(output);
    }

    draw(model) {
      const { conv } = model;
      const { perGroup, filters, groups } = conv;
      const sides = { input: [conv.inputShape, conv.inputs] };
      sides.output = [conv.outputShape, conv.outputs];
      const large = conv.transposed ? "output" : "input";
      const channels = (kind) => {
        const [size, count] = sides[kind];
        return range(count).map((channel) => ({
          channel,
          title: count > 1 ? `channel ${channel}` : "",
          size,
          around: kind === large ? aroundLarge(conv) : [0, 0, 0, 0],
          index: (line, place) => (line * size[1] + place) * count + channel,
        }));
      };
      const [high, wide] = conv.kernelSize;
      const kernels = range(perGroup * filters).map((pair) => {
        const [channel, filter] = [Math.floor(pair / filters), pair % filters];
        const group = Math.floor(filter / (filters / groups));
        const other = group * perGroup + channel;
        const ends = conv.transposed ? [filter, other] : [other, filter];
        return {
          title: perGroup * filters > 1 ? `${ends[0]} → ${ends[1]}` : "",
          size: conv.kernelSize,
          around: [0, 0, 0, 0],
          index: (y, x) => {
            // It is drawn as it is used: a flipped one is turned by 180°.
            const [line, across] = conv.flip ? [high - 1 - y, wide - 1 - x] : [y, x];
            return (line * wide + across) * perGroup * filters + pair;
          },
        };
      });
      const side = (kind) => this.drawSide(kind, channels(kind), Math.ceil);
      this.sides = {
        input: side("input"),
        kernel: this.drawSide("kernel", kernels, () => filters),
        output: side("output"),
      };
      // A sign stays with what follows it where the grids do not stand side by side.
      const after = (text, { element }) => {
        const sign = make("span", { class: "ce-sign", "aria-hidden": "true" }, text);
        return make("div", { class: "ce-after" }, sign, element);
      };
      const { input, kernel, output } = this.sides;
      const rest = [after("∗", kernel), after("=", output)];
      this.element.replaceChildren(input.element, ...rest);
    }

    /** Draws one side: its grids, and below them its name. */
    drawSide(kind, parts, across) {
      const caption = make("figcaption");
      const grids = parts.map((part) => {
        const grid = convae.makeGrid({
          ...part,
          kind,
          name: [kind, part.title].filter(Boolean).join(", "),
          act: (at, how, typed) =>
            this.act(at === null ? null : { kind, at }, how, typed),
        });
        return { ...grid, ...part };
      });
      const columns = across(Math.sqrt(parts.length));
      const boxes = grids.map(({ element, title }) =>
        make(
          "div",
          { class: "ce-panel" },
          element,
          title ? make("small", {}, title) : "",
        ),
      );
      const style = `grid-template-columns: repeat(${columns}, max-content)`;
      const panels = make("div", { class: "ce-panels", style }, ...boxes);
      const does = convae.taps() ? "tap" : "point at";
      const words = `too small for numbers: ${does} a cell`;
      const small = make("small", { class: "ce-tiny", hidden: true }, words);
      const inside = [panels, caption, small];
      const element = make("figure", { class: `ce-side ce-side-${kind}` }, ...inside);
      return { element, caption, small, grids, columns };
    }

    fill(output) {
      const { model } = this;
      const { conv, state, x, y, kernel, counts } = model;
      const counting = state.show === "counts";
      const most = Math.max(...counts, 1);
      const large = conv.transposed ? "output" : "input";
      this.longest = { input: 1, kernel: 1, output: 1 };

      // Greys have the range of all numbers of a side, also while they are written.
      const looks = (kind, values, whole, shape, channels) => {
        const [lowest, highest] = [Math.min(...whole), Math.max(...whole)];
        const grey = (value) => {
          if (value === null) return 0;
          if (lowest === highest) return Math.sign(Math.abs(value));
          return Math.min(Math.max((value - lowest) / (highest - lowest), 0), 1);
        };
        const name = kind === "input" ? "x" : "y";
        return (at) => {
          const place = convae.place(at, shape, channels);
          const value = values[at];
          let text = value === null ? "" : convae.written(value);
          let level = grey(value);
          let color = "value";
          if (state.show === "letters") text = convae.letter(name, place.slice(0, 2));
          if (counting && kind === large) {
            [text, level, color] = [String(counts[at]), counts[at] / most, "heat"];
          }
          this.longest[kind] = Math.max(this.longest[kind], text.length);
          const where = `[${place[0]}, ${place[1]}]`;
          return { text, label: `${where} ${text || "not yet"}`, level, kind: color };
        };
      };

      const lookOfWeight = (at) => {
        const place = convae.placeOfWeight(conv, at);
        const value = kernel[at];
        const letters = state.show === "letters";
        const text = letters
          ? convae.letter("w", place.slice(0, 2))
          : convae.written(value);
        this.longest.kernel = Math.max(this.longest.kernel, text.length);
        const level = Math.abs(value) / model.scale;
        const label = `[${place[0]}, ${place[1]}] ${text}`;
        return { text, label, level, kind: convae.signOf(value) };
      };

      const [h, w] = conv.large;
      const ghost = (channel) => (line, place) => {
        if (conv.transposed || state.show === "letters" || counting) return "";
        if (!conv.wrap) return "0";
        const [y, across] = [((line % h) + h) % h, ((place % w) + w) % w];
        return convae.written(x[(y * w + across) * conv.inputs + channel]);
      };
      const look = {
        input: looks("input", x, x, conv.inputShape, conv.inputs),
        kernel: lookOfWeight,
        output: looks("output", output, y, conv.outputShape, conv.outputs),
      };
      for (const [kind, { grids, caption }] of Object.entries(this.sides)) {
        for (const grid of grids) grid.fill(look[kind], ghost(grid.channel));
        const [high, wide] = grids[0].size;
        const count = grids.length > 1 && kind !== "kernel" ? `×${grids.length}` : "";
        caption.textContent = `${kind} ${high}×${wide}${count}`;
      }
      if (conv.flip) {
        this.sides.kernel.caption.textContent += ", turned by 180° as it is used";
      }
      this.describeBeyond(large);
      this.layOut();
    }

    /** Says what stands around the large side. */
    describeBeyond(large) {
      const { conv, state } = this.model;
      const { grids, caption } = this.sides[large];
      if (state.show === "counts") {
        const what = conv.transposed
          ? "stamps on a pixel"
          : "windows that read a pixel";
        caption.textContent += `: ${what}`;
      }
      if (!grids[0].around.some(Boolean)) return;
      if (conv.transposed) {
        caption.textContent += conv.wrap ? ", wraps around" : " and what is cut off";
      } else caption.textContent += conv.wrap ? ", wraps around" : " and its padding";
    }

    /**
     * Chooses how large the cells are, so that the grids stand side by side if they
     * can.
     */
    layOut() {
      const room = this.element.clientWidth;
      if (!room || !this.sides) return;
      const sides = Object.entries(this.sides);
      const width = ([, { grids, columns }]) => grids[0].all[1] * columns;
      const fits = ([kind, { grids, columns }]) => {
        const rows = grids[0].all[0] * Math.ceil(grids.length / columns);
        const most = MOST_HIGH[grids[0].asPicture ? "picture" : "cells"];
        const across = room - (kind === "input" ? 2 : GAP) - 10 * (columns - 1);
        return Math.min(across / (grids[0].all[1] * columns) - 1.1, most / rows);
      };
      const cell = (side, base) => Math.max(Math.min(base, fits(side)), 3);
      let base = LARGEST;
      const needed = () =>
        sides.reduce((sum, side) => {
          const between = 10 * (side[1].columns - 1);
          const cells = (cell(side, base) + 1) * width(side);
          return sum + Math.max(cells, CAPTION) + between;
        }, 2 * GAP);
      while (base > SMALLEST && needed() > room) base -= 1;
      if (needed() > room) base = 28;
      for (const side of sides) {
        const pixels = Math.floor(cell(side, base) * 2) / 2;
        const [kind, { grids, small }] = side;
        for (const grid of grids) grid.setCell(pixels, this.longest[kind]);
        small.hidden = !grids[0].isBlank();
      }
    }

    /** Lights what belongs to a selection. */
    light(lit, frame) {
      for (const [kind, { grids }] of Object.entries(this.sides)) {
        for (const grid of grids) grid.light(lit[kind]);
      }
      const large = this.model.conv.transposed ? "output" : "input";
      for (const grid of this.sides[large].grids) {
        grid.showWindow(frame && frame.channels.includes(grid.channel) ? frame : null);
      }
    }

    /** Puts the keyboard's focus on a cell. */
    focus({ kind, at }) {
      const stops = this.sides[kind].grids.map(({ element }) => element);
      for (const element of stops) element.querySelector("[tabindex='0']")?.focus();
      return at;
    }
  }

  Object.assign(convae, { Stage });
})();
