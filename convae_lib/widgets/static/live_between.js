/** From one garment to another: through the code, and through the pixels. */
(() => {
  "use strict";
  const { engine, live } = globalThis.convae;
  const { make, picture, paint, slider } = live;
  const FRAMES = 7;

  live.panels.push({
    title: "Between two",
    make(host) {
      const network = convae.networks.residual_30;
      let other = host.samples[8];
      const thumbs = host.makeThumbs("The other garment", (chosen) => {
        other = chosen;
        update();
      });
      thumbs.press(8);

      /** A row of pictures on the way, and a large one where the slider stands. */
      function makeWay(title, mix) {
        const frames = Array.from({ length: FRAMES }, (_, at) =>
          picture(`${title}, ${at} sixths of the way`),
        );
        const large = picture(`${title}, where the slider stands`);
        const show = (share) => paint(large, mix(share));
        return {
          show,
          update() {
            frames.forEach((frame, at) => paint(frame, mix(at / (FRAMES - 1))));
          },
          root: make(
            "figure",
            { class: "live-way" },
            make("figcaption", { class: "live-title" }, title),
            large,
            make("div", { class: "live-frames" }, ...frames),
          ),
        };
      }

      const mixed = (a, b, share) =>
        a.map((value, i) => (1 - share) * value + share * b[i]);
      let ends;
      const ways = [
        makeWay("Through the code", (share) =>
          engine.decode(network, mixed(...ends, share)),
        ),
        makeWay("Through the pixels", (share) => mixed(host.seen, other.image, share)),
      ];
      let share = 0.5;
      const show = () => ways.forEach((way) => way.show(share));
      const { root: way } = slider(
        "Way",
        { min: 0, max: 1, step: 0.01, value: share },
        (value) => `${Math.round(100 * value)} %`,
        (value) => {
          share = value;
          show();
        },
      );

      function update() {
        ends = [host.seen, other.image].map((image) => engine.encode(network, image));
        ways.forEach((found) => found.update());
        show();
        host.announce(`From ${host.name} to ${host.names[other.label]}`);
      }

      return {
        update,
        root: make(
          "div",
          {},
          make(
            "p",
            { class: "live-beside live-intro" },
            "Two ways lead from one garment to another. One mixes their codes and ",
            "decodes what comes out, with the residual network of 30 numbers; the ",
            "other mixes their pixels.",
          ),
          make("div", { class: "live-two" }, ...ways.map(({ root }) => root)),
          way,
          make("p", { class: "live-title" }, "To"),
          thumbs.root,
        ),
      };
    },
  });
})();
