/** The code of a garment as bars that can be dragged, and its leading directions. */
(() => {
  "use strict";
  const { engine, live } = globalThis.convae;
  const { make, picture, paint, slider, inSlices, shown, signed, FLOOR } = live;
  const FAR = 2.5; // how far the directions' pictures lie from the middle
  const TURNS = { ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5 };
  const WALKS = { ArrowLeft: -1, ArrowRight: 1 };

  live.panels.push({
    title: "Code",
    make(host) {
      const network = convae.networks.residual_30;
      const { mean, directions, deviations, shares, limit } = convae.directions;
      const count = mean.length;
      let code = new Float32Array(count);
      let chosen = 0;

      const drawn = picture("Reconstruction from 30 numbers");
      const scores = ["loss", "floor", "excess"].map((name) => [name, make("span")]);
      const picked = make("span");
      const bars = Array.from({ length: count }, (_, at) => makeBar(at));
      const row = make(
        "div",
        {
          class: "live-bars",
          role: "group",
          "aria-label": `The code, ${count} numbers`,
        },
        ...bars,
      );
      // One a row of bars; a narrow page has two of them.
      const axes = [0, 1].map(() =>
        make(
          "div",
          { class: "live-axis", "aria-hidden": "true" },
          ...[signed(limit, 1), "0", signed(-limit, 1)].map((at) =>
            make("span", {}, at),
          ),
        ),
      );
      const sliders = directions.map((_, at) => makeDirection(at));

      /** Draw what the code says, without asking the garment again. */
      function show() {
        const image = engine.decode(network, code);
        paint(drawn, image);
        code.forEach((value, at) => {
          const share = Math.max(Math.min(value / limit, 1), -1);
          bars[at].style.setProperty("--share", share.toFixed(3));
          bars[at].toggleAttribute("data-beyond", Math.abs(value) > limit);
          bars[at].setAttribute("aria-valuenow", value.toFixed(2));
          bars[at].setAttribute("aria-valuetext", signed(value, 2));
        });
        sliders.forEach(({ set }, at) => set(along(at)));
        const floor = engine.loss(host.image, host.image);
        const told = shown(engine.loss(host.image, image), floor);
        for (const [name, number] of scores) number.textContent = told[name];
        host.announce(`Loss ${told.loss}, ${told.excess} above the floor`);
        pick(chosen);
      }

      function pick(at) {
        for (const place of [chosen, at]) bars[place].tabIndex = place === at ? 0 : -1;
        bars[chosen].removeAttribute("data-picked");
        bars[at].setAttribute("data-picked", "");
        chosen = at;
        picked.textContent = `Number ${at + 1} is ${signed(code[at], 2)}.`;
      }

      /** Where the code stands along a direction, in standard deviations. */
      function along(at) {
        let sum = 0;
        for (let i = 0; i < count; i++) sum += directions[at][i] * (code[i] - mean[i]);
        return sum / deviations[at];
      }

      function move(at, to) {
        const by = (to - along(at)) * deviations[at];
        code = code.map((value, i) => value + by * directions[at][i]);
        show();
      }

      function makeDirection(at) {
        const found = slider(
          `${Math.round(100 * shares[at])} %`,
          { min: -4, max: 4, step: 0.1, value: 0 },
          (value) => signed(value, 1),
          (value) => move(at, value),
        );
        found.input.setAttribute("aria-label", `Direction ${at + 1} of the code`);
        found.ends = [-FAR, FAR].map((far) =>
          picture(`What direction ${at + 1} leads to, at ${signed(far, 1)}`),
        );
        found.input.before(found.ends[0]);
        found.input.after(found.ends[1]);
        return found;
      }

      /** Draw what lies at both ends of each direction. */
      function* drawEnds() {
        for (const [at, { ends }] of sliders.entries())
          for (const [end, canvas] of ends.entries()) {
            const far = (end ? FAR : -FAR) * deviations[at];
            const there = mean.map((m, i) => m + far * directions[at][i]);
            paint(canvas, engine.decode(network, Float32Array.from(there)));
            yield;
          }
      }
      setTimeout(() => inSlices(drawEnds()));

      function makeBar(at) {
        const turn = (value) => {
          code[at] = Math.max(Math.min(value, limit), -limit);
          show();
        };
        const focus = (to) => {
          pick((to + count) % count);
          bars[chosen].focus();
        };
        return make(
          "div",
          {
            role: "slider",
            tabindex: at ? -1 : 0,
            "aria-label": `Number ${at + 1}`,
            "aria-orientation": "vertical",
            "aria-valuemin": (-limit).toFixed(1),
            "aria-valuemax": limit.toFixed(1),
            onpointerdown(event) {
              event.currentTarget.setPointerCapture(event.pointerId);
              focus(at);
              turn(height(event));
              event.preventDefault();
            },
            onpointermove: (event) => event.buttons && turn(height(event)),
            onkeydown(event) {
              if (event.key in TURNS) turn(code[at] + (TURNS[event.key] * limit) / 20);
              else if (event.key in WALKS) focus(at + WALKS[event.key]);
              else if (event.key === "Home") focus(0);
              else if (event.key === "End") focus(count - 1);
              else return;
              event.preventDefault();
            },
          },
          make("span"),
        );
      }

      function height(event) {
        const box = event.currentTarget.getBoundingClientRect();
        return limit * (1 - (2 * (event.clientY - box.top)) / box.height);
      }

      function update() {
        code = engine.encode(network, host.seen).slice();
        show();
      }

      return {
        update,
        root: make(
          "div",
          { class: "live-code" },
          make(
            "div",
            { class: "live-code-bars" },
            make("p", { class: "live-title" }, `Its code, ${count} numbers`),
            make("div", { class: "live-scale" }, ...axes, row),
            make("p", {}, "Drag a bar, or use the arrow keys. ", picked),
          ),
          make(
            "div",
            { class: "live-beside" },
            make("p", { class: "live-title" }, "Reconstruction"),
            make(
              "figure",
              {},
              drawn,
              make("figcaption", {}, `residual network, ${count} numbers`),
            ),
            make(
              "div",
              { class: "live-scores" },
              ...scores.flatMap(([name, number]) => [
                make("span", {}, `${name} `),
                number,
              ]),
            ),
          ),
          make(
            "p",
            { class: "live-meaning" },
            `${FLOOR} The excess is what the network adds. All three in nats per pixel.`,
          ),
          make(
            "fieldset",
            { class: "live-directions" },
            make("legend", { class: "live-title" }, "Leading directions of the code"),
            make(
              "p",
              {},
              "Each slider moves all numbers at once, in standard deviations. The ",
              "percentage is its share of the variance of drawn garments’ codes.",
            ),
            ...sliders.map(({ root }) => root),
            make("button", { type: "button", onclick: update }, "Back to its own code"),
          ),
        ),
      };
    },
  });
})();
