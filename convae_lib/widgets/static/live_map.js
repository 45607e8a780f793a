/** The plane of a code of two numbers: what the decoder draws at each place. */
(() => {
  "use strict";
  const { engine, live } = globalThis.convae;
  const { SIDE, make, picture, paint, inSlices, signed } = live;
  const TILES = 11; // on a side of the map

  live.panels.push({
    title: "Map",
    make(host) {
      const network = convae.networks.residual_2;
      const { low, high } = convae.map;
      const span = high.map((to, i) => to - low[i]);
      let at = [0.5, 0.5]; // shares of the map's width, and of its height from above
      let garment = null;

      const tiles = make("canvas", {
        width: TILES * SIDE,
        height: TILES * SIDE,
        "aria-hidden": "true",
      });
      const here = make("span", { class: "live-here", "aria-hidden": "true" });
      const home = make("span", { class: "live-home", "aria-hidden": "true" });
      const map = make(
        "div",
        {
          class: "live-map",
          tabindex: 0,
          role: "application",
          "aria-label": "Map of the code of two numbers: walk with the arrow keys",
          onpointerdown(event) {
            event.currentTarget.setPointerCapture(event.pointerId);
            walk(event);
          },
          onpointermove: (event) => event.buttons && walk(event),
          onkeydown(event) {
            const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
            Object.assign(steps, { ArrowUp: [0, -1], ArrowDown: [0, 1] });
            const step = steps[event.key];
            if (event.key === "Home") at = [...garment];
            else if (step) at = at.map((share, i) => share + step[i] / 44);
            else return;
            event.preventDefault();
            show();
          },
        },
        tiles,
        home,
        here,
      );
      const drawn = picture("What the decoder draws here");
      const numbers = make("b");

      const code = ([x, y]) =>
        Float32Array.of(low[0] + x * span[0], high[1] - y * span[1]);
      const inside = (place) => place.map((share) => Math.min(Math.max(share, 0), 1));

      function walk(event) {
        const box = map.getBoundingClientRect();
        at = [
          (event.clientX - box.left) / box.width,
          (event.clientY - box.top) / box.height,
        ];
        show();
      }

      function put(mark, [x, y]) {
        mark.style.left = `${100 * x}%`;
        mark.style.top = `${100 * y}%`;
      }

      function show() {
        at = inside(at);
        const found = code(at);
        put(here, at);
        paint(drawn, engine.decode(network, found));
        numbers.textContent = `(${[...found].map((n) => signed(n, 1)).join(", ")})`;
        host.announce(`The code is ${numbers.textContent}`);
      }

      /** Decode the middle of each tile, a few at a time. */
      function* drawMap() {
        for (let tile = 0; tile < TILES ** 2; tile++) {
          const [column, row] = [tile % TILES, Math.floor(tile / TILES)];
          const middle = code([(column + 0.5) / TILES, (row + 0.5) / TILES]);
          paint(tiles, engine.decode(network, middle), column * SIDE, row * SIDE);
          yield;
        }
      }
      inSlices(drawMap()).then(() => (map.dataset.drawn = ""));

      return {
        update() {
          const [a, b] = engine.encode(network, host.seen);
          garment = inside([(a - low[0]) / span[0], (high[1] - b) / span[1]]);
          at = [...garment];
          put(home, garment);
          show();
        },
        root: make(
          "div",
          { class: "live-two" },
          make(
            "div",
            {},
            make("p", { class: "live-title" }, "All codes of 2 numbers"),
            map,
            make(
              "p",
              {},
              "The square is the garment’s own code, the ring is you. Drag it, or ",
              "walk with the arrow keys; Home goes back to the square.",
            ),
          ),
          make(
            "div",
            { class: "live-beside" },
            make("p", { class: "live-title" }, "Drawn there"),
            make(
              "figure",
              {},
              drawn,
              make("figcaption", {}, "residual network, 2 numbers", numbers),
            ),
          ),
        ),
      };
    },
  });
})();
