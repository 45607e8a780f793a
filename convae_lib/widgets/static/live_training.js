/** A small network that learns from drawn garments while one looks. */
(() => {
  "use strict";
  const { engine, live } = globalThis.convae;
  const { make, picture, paint, inSlices, shown, FLOOR } = live;

  const SETTINGS = { rate: 0.03, batch: 8, steps: 3000 };
  const EVERY = 10; // steps between two looks at the held-out garments
  const SHOWN = 4; // of these

  live.panels.push({
    title: "Train",
    alone: true, // it has garments of its own
    note:
      "The published network learned from photographs and has never seen a drawn " +
      "garment. The one in training has 2,700 parameters and sees drawn garments only, " +
      "but none of the 100 on which both are measured. " +
      FLOOR +
      " What lies between it and a curve is the network’s excess.",
    make(host) {
      const held = host.held.map(({ image }) => image);
      const mean = (losses) => losses.reduce((a, b) => a + b) / losses.length;
      const floor = mean(held.map((image) => engine.loss(image, image)));
      let line = null; // the published network's loss
      let crossed = ""; // after how many steps, and seconds
      let running = false;
      let seconds = 0;
      let trainer;
      let root;
      let curve;

      const button = make("button", { type: "button", onclick: toggle }, "Train");
      const again = make("button", { type: "button", onclick: reset }, "Start again");
      const told = make("p", { class: "live-told" });
      const chart = live.makeChart(floor);
      const rows = ["drawn garment", "published network", "network in training"].map(
        (name) =>
          held.slice(0, SHOWN).map((_, i) => picture(`Garment ${i + 1}, ${name}`)),
      );
      held.slice(0, SHOWN).forEach((image, i) => paint(rows[0][i], image));

      function tell() {
        const [step, loss] = curve.at(-1);
        const now = shown(loss, floor);
        told.textContent =
          `Step ${step}, ${step * SETTINGS.batch} garments, ${seconds.toFixed(1)} s: ` +
          `loss ${now.loss}, ${now.excess} above the floor.` +
          (crossed && ` It fell below the published network ${crossed}.`);
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
          if (!running) return; // what it looked at may be gone
          const loss = mean(losses);
          curve.push([trainer.step, loss]);
          chart.drawCurve(curve);
          if (!crossed && loss < line) {
            crossed = `after ${trainer.step} steps, ${seconds.toFixed(1)} s`;
            root.dataset.crossed = seconds;
            chart.mark(trainer.step, loss);
            // The training goes on under other tabs.
            if (root.isConnected)
              host.announce(`Below the published network ${crossed}`);
          }
          tell();
          for (let step = 0; step < EVERY && running; yield)
            if (trainer.advance()) step++;
        }
      }

      async function toggle() {
        running = !running;
        button.textContent = running ? "Pause" : "Train";
        say();
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
        crossed = "";
        delete root.dataset.crossed;
        curve = [];
        trainer = new engine.Trainer(
          engine.untrained(smallest, Math.floor(Math.random() * 2 ** 31)),
          host.training.map(({ image }) => image),
          SETTINGS,
        );
        chart.clear();
        rows[2].forEach((canvas) => paint(canvas, new Float32Array(784)));
        told.textContent = "It has learned nothing yet.";
        say();
      }

      /** What the line below all tabs says of this one. */
      function say() {
        if (!root?.isConnected) return;
        if (running) host.announce("Training");
        else host.announce(`Not in training. ${told.textContent}`);
      }

      root = make(
        "div",
        { class: "live-two live-training" },
        make(
          "div",
          {},
          make("p", { class: "live-title" }, "Loss on held-out garments"),
          chart.root,
          make("div", { class: "live-tools" }, button, again),
        ),
        make(
          "div",
          { class: "live-rows" },
          ...["Held-out garments", "Published", "In training"].flatMap((name, i) => [
            make("p", { class: "live-title" }, name),
            make("div", { class: "live-frames" }, ...rows[i]),
          ]),
        ),
        told,
      );
      reset();
      chart.drawFloor(`floor ${shown(floor, floor).floor}: a perfect copy`);
      button.disabled = true;
      const losses = [];
      inSlices(look(convae.networks.published, losses, rows[1])).then(() => {
        line = mean(losses);
        chart.drawLine(line, `published ${shown(line, floor).loss}`);
        button.disabled = false;
      });
      return { root, update: say };
    },
  });
})();
