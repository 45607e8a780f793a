/** A small network that learns from drawn garments while one looks. */
(() => {
  "use strict";
  const { engine, live } = globalThis.convae;
  const { make, shape, picture, paint, inSlices, nats } = live;

  const SETTINGS = { rate: 0.03, batch: 8, steps: 3000 };
  const EVERY = 10; // steps between two looks at the held-out garments
  const SHOWN = 4; // of these
  const [WIDTH, HEIGHT, TOP] = [320, 200, 0.4]; // of the chart; the loss at its top

  live.panels.push({
    title: "Train",
    alone: true, // it has garments of its own
    note:
      "The published network learned from photographs and has never seen a drawn " +
      "garment. The one in training has 2,700 parameters and sees drawn garments only, " +
      "but none of the 100 on which both are measured.",
    make(host) {
      const held = host.held.map(({ image }) => image);
      const mean = (losses) => losses.reduce((a, b) => a + b) / losses.length;
      const floor = mean(held.map((image) => engine.loss(image, image)));
      let line = null; // the published network's loss
      let crossed = null;
      let running = false;
      let seconds = 0;
      let trainer;
      let curve;

      const button = make("button", { type: "button", onclick: toggle }, "Train");
      const again = make("button", { type: "button", onclick: reset }, "Start again");
      const told = make("p", { class: "live-told" });
      const path = shape("polyline", { class: "live-curve", points: "" });
      const along = write("", { x: WIDTH - 4, y: HEIGHT - 3, "text-anchor": "end" });
      const lines = shape("g");
      const chart = shape(
        "svg",
        {
          viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
          role: "img",
          "aria-label": "Loss on held-out garments, step by step, above the floor",
        },
        write("loss in nats per pixel", { x: WIDTH - 4, y: 14, "text-anchor": "end" }),
        along,
        lines,
        path,
      );
      const rows = ["drawn garment", "published network", "network in training"].map(
        (name) =>
          held.slice(0, SHOWN).map((_, i) => picture(`Garment ${i + 1}, ${name}`)),
      );
      held.slice(0, SHOWN).forEach((image, i) => paint(rows[0][i], image));

      const steps = () => Math.max(trainer.step, 300); // along the chart
      const x = (step) => 4 + ((WIDTH - 8) * step) / steps();
      const y = (loss) =>
        HEIGHT - 16 - ((HEIGHT - 24) * (Math.min(loss, TOP) - floor)) / (TOP - floor);

      function drawLine(loss, name, kind) {
        const text = { x: WIDTH - 4, y: y(loss) - 4, "text-anchor": "end" };
        const at = { x1: 4, x2: WIDTH - 4, y1: y(loss), y2: y(loss) };
        lines.append(
          shape("line", { ...at, "data-kind": kind }),
          write(`${name} ${nats(loss)}`, text),
        );
      }

      function write(text, where) {
        return shape("text", where, text);
      }

      function drawCurve() {
        along.textContent = `${steps()} steps`;
        path.setAttribute(
          "points",
          curve.map(([step, loss]) => `${x(step)},${y(loss)}`).join(" "),
        );
      }

      function tell() {
        const [step, loss] = curve.at(-1);
        const below = crossed
          ? ` It fell below the published network’s line after ${crossed.toFixed(1)} s.`
          : "";
        told.textContent =
          `Step ${step}, ${step * SETTINGS.batch} garments, ${seconds.toFixed(1)} s: ` +
          `loss ${nats(loss)}, ${nats(loss - floor)} above the floor.${below}`;
      }

      function* look(network, losses, pictures) {
        for (const [i, image] of held.entries()) {
          const drawn = engine.reconstruct(network, image);
          losses.push(engine.loss(image, drawn));
          if (i < SHOWN) paint(pictures[i], drawn);
          yield;
        }
      }

      /** Look at the held-out garments, then train a while, until it is paused. */
      function* work() {
        while (running) {
          const losses = [];
          yield* look(trainer.network, losses, rows[2]);
          const loss = mean(losses);
          curve.push([trainer.step, loss]);
          drawCurve();
          if (!crossed && loss < line) {
            crossed = Math.max(seconds, 0.1);
            root.dataset.crossed = crossed;
            host.announce(`Below the published network after ${crossed.toFixed(1)} s`);
          }
          tell();
          for (let step = 0; step < EVERY && running; yield)
            if (trainer.advance()) step++;
        }
      }

      async function toggle() {
        running = !running;
        button.textContent = running ? "Pause" : "Train";
        if (!running) return;
        const pieces = work();
        let then = performance.now();
        await inSlices({
          next() {
            const now = performance.now();
            seconds += (now - then) / 1000;
            then = now;
            return pieces.next();
          },
        });
      }

      function reset() {
        if (running) toggle();
        const smallest = convae.networks.smallest;
        seconds = 0;
        crossed = null;
        delete root.dataset.crossed;
        curve = [];
        trainer = new engine.Trainer(
          engine.untrained(smallest, Math.floor(Math.random() * 2 ** 31)),
          host.training.map(({ image }) => image),
          SETTINGS,
        );
        path.setAttribute("points", "");
        along.textContent = `${steps()} steps`;
        rows[2].forEach((canvas) => paint(canvas, new Float32Array(784)));
        told.textContent = "It has learned nothing yet.";
      }

      const root = make(
        "div",
        { class: "live-two live-training" },
        make(
          "div",
          {},
          make("p", { class: "live-title" }, "Loss on held-out garments"),
          chart,
          make("div", { class: "live-tools" }, button, again),
          told,
        ),
        make(
          "div",
          { class: "live-rows" },
          ...["Held-out garments", "Published", "In training"].flatMap((name, i) => [
            make("p", { class: "live-title" }, name),
            make("div", { class: "live-frames" }, ...rows[i]),
          ]),
        ),
      );
      reset();
      drawLine(floor, "floor", "floor");
      button.disabled = true;
      const losses = [];
      inSlices(look(convae.networks.published, losses, rows[1])).then(() => {
        line = mean(losses);
        drawLine(line, "published network", "convolutional");
        button.disabled = false;
      });
      return { root, update() {} };
    },
  });
})();
