/** Four codes of one garment side by side, each with its excess over the floor. */
(() => {
  "use strict";
  const { engine, live } = globalThis.convae;
  const { make, picture, paint, figure, nats } = live;

  /** The networks, their kind, which has a colour, and the numbers in their codes. */
  const SHOWN = [
    ["published", "published", "convolutional", 576],
    ["residual_539", "best", "residual", 539],
    ["residual_30", "residual", "residual", 30],
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
        return { name, title, canvas, excess, bar, root };
      });
      const floorLine = make("p");

      function update() {
        const floor = engine.loss(host.image, host.image);
        const found = parts.map(({ name, canvas }) => {
          const image = engine.reconstruct(convae.networks[name], host.seen);
          paint(canvas, image);
          return engine.loss(host.image, image) - floor;
        });
        const most = Math.max(...found, 1e-9);
        parts.forEach(({ excess, bar }, i) => {
          excess.textContent = `excess ${nats(found[i])}`;
          bar.style.width = `${(100 * found[i]) / most}%`;
        });
        floorLine.replaceChildren(
          "The excess is how far a loss lies above its floor, which is ",
          `${nats(floor)} for this garment; the bars compare them.`,
        );
        host.announce(
          parts.map(({ title }, i) => `${title}: excess ${nats(found[i])}`).join("; "),
        );
      }

      return {
        update,
        root: make(
          "div",
          {},
          make("p", { class: "live-title" }, "Its reconstructions"),
          make("div", { class: "live-row" }, ...parts.map(({ root }) => root)),
          floorLine,
        ),
      };
    },
  });
})();
