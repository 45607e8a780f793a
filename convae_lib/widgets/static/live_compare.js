/** Four codes of one garment side by side, each with its excess over the floor. */
(() => {
  "use strict";
  const { engine, live } = globalThis.convae;
  const { make, picture, paint, figure, shown, FLOOR } = live;

  /** The networks, their kind, which has a colour, and the numbers in their codes. */
  const SHOWN = [
    ["published", "published network", "convolutional", 576],
    ["residual_539", "best network", "residual", 539],
    ["residual_30", "residual network", "residual", 30],
    ["pca_30", "PCA", "PCA", 30],
  ];

  live.panels.push({
    title: "Compare",
    make(host) {
      const parts = SHOWN.map(([name, title, kind, numbers]) => {
        const canvas = picture(`Reconstruction: ${title}, ${numbers} numbers`);
        const excess = make("span");
        const bar = make("span", { class: "live-bar", "data-kind": kind });
        const root = figure(
          canvas,
          make("b", {}, title),
          make("span", {}, `${numbers} numbers`),
          excess,
          make("span", { class: "live-track" }, bar),
        );
        return {
          name,
          called: `${title}, ${numbers} numbers`,
          canvas,
          excess,
          bar,
          root,
        };
      });
      const floorLine = make("p", { class: "live-beside" });

      function update() {
        const floor = engine.loss(host.image, host.image);
        const found = parts.map(({ name, canvas }) => {
          const image = engine.reconstruct(convae.networks[name], host.seen);
          paint(canvas, image);
          return shown(engine.loss(host.image, image), floor);
        });
        const most = Math.max(...found.map(({ excess }) => excess), 1e-9);
        parts.forEach(({ excess, bar }, i) => {
          excess.textContent = `excess ${found[i].excess}`;
          bar.style.width = `${(100 * found[i].excess) / most}%`;
        });
        floorLine.textContent =
          `${FLOOR} Here it is ${found[0].floor} nats per pixel. ` +
          "The excess is what each network, or PCA, adds. Only codes of equally many " +
          "numbers compare fairly.";
        host.announce(
          parts
            .map(({ called }, i) => `${called}: excess ${found[i].excess}`)
            .join("; "),
        );
      }

      return {
        update,
        root: make(
          "div",
          {},
          make(
            "p",
            { class: "live-title" },
            "Its reconstructions, and the excess of each: shorter is better",
          ),
          make("div", { class: "live-row" }, ...parts.map(({ root }) => root)),
          floorLine,
        ),
      };
    },
  });
})();
