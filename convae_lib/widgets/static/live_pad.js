/** A pad of 28×28 pixels to draw on, by mouse, finger or keys. */
(() => {
  "use strict";
  const { live } = globalThis.convae;
  const { SIDE, make, paint } = live;

  const GREY = 0.85; // garments are rarely white
  const RADIUS = 1.9; // of the brush, in pixels
  const DEPTH = 50; // of what can be undone
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1] };
  STEPS.ArrowDown = [0, 1];

  /**
   * @param {{image: Float32Array, chosen: number}} host whose image is drawn on
   * @param {(chosen: number, done?: string) => void} drawn is called after each change,
   *   with the garment that is there now (-1 is the reader's), and what was done
   */
  live.makePad = (host, drawn) => {
    let erasing = false;
    let last = null; // where the stroke is
    let cursor = [14, 14]; // where the keys are
    const past = []; // what to come back to

    const canvas = make("canvas", {
      class: "live-pad",
      width: SIDE,
      height: SIDE,
      tabindex: 0,
      role: "application",
      "aria-label":
        "Drawing pad: arrow keys move the brush, space draws, Backspace erases",
    });
    const marker = make("span", { class: "live-cursor", "aria-hidden": "true" });
    const hint = make(
      "span",
      { class: "live-hint", "aria-hidden": "true" },
      "draw here",
    );
    const frame = make("div", { class: "live-frame" }, canvas, marker, hint);

    /** Before a change: one can come back to what is there. */
    function remember() {
      past.push({ image: host.image.slice(), chosen: host.chosen });
      if (past.length > DEPTH) past.shift();
      undo.setAttribute("aria-disabled", "false");
    }

    function goBack() {
      const before = past.pop();
      if (!before) return host.say("Nothing to undo");
      host.image.set(before.image);
      undo.setAttribute("aria-disabled", !past.length);
      drawn(before.chosen, "Undone. ");
    }

    /** Add a soft round dab, or take one away. */
    function dab(x, y, erase) {
      for (let row = 0; row < SIDE; row++)
        for (let column = 0; column < SIDE; column++) {
          const away = Math.hypot(column + 0.5 - x, row + 0.5 - y);
          const radius = RADIUS + (erase ? 1 : 0); // all of what a dab has drawn
          const ink = Math.min(Math.max(radius + 0.5 - away, 0), 1);
          const at = row * SIDE + column;
          host.image[at] = erase
            ? Math.min(host.image[at], 1 - ink)
            : Math.max(host.image[at], GREY * ink);
        }
    }

    function stroke(to, erase) {
      const [x, y] = last ?? to;
      const steps = Math.ceil(Math.hypot(to[0] - x, to[1] - y)) || 1;
      for (let i = 1; i <= steps; i++)
        dab(x + ((to[0] - x) * i) / steps, y + ((to[1] - y) * i) / steps, erase);
      last = to;
      drawn(-1);
    }

    function place(event) {
      const box = canvas.getBoundingClientRect();
      return [
        ((event.clientX - box.left) / box.width) * SIDE,
        ((event.clientY - box.top) / box.height) * SIDE,
      ];
    }

    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      last = null;
      remember();
      stroke(place(event), erasing || event.button === 2);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (last && event.buttons) stroke(place(event), erasing || event.buttons === 2);
    });
    for (const end of ["pointerup", "pointercancel"])
      canvas.addEventListener(end, () => (last = null));
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());

    function showCursor() {
      marker.style.left = `${(100 * (cursor[0] + 0.5)) / SIDE}%`;
      marker.style.top = `${(100 * (cursor[1] + 0.5)) / SIDE}%`;
    }
    canvas.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (step) {
        cursor = cursor.map((at, i) => Math.min(Math.max(at + step[i], 0), SIDE - 1));
        host.say(`Row ${cursor[1] + 1}, column ${cursor[0] + 1}`);
      } else if (event.key === " " || event.key === "Backspace") {
        last = null;
        remember();
        stroke(
          cursor.map((at) => at + 0.5),
          erasing || event.key === "Backspace",
        );
        last = null;
      } else if (event.key === "z" && (event.ctrlKey || event.metaKey)) goBack();
      else return;
      event.preventDefault();
      showCursor();
    });
    showCursor();

    const tool = (name, erase) =>
      make(
        "button",
        {
          type: "button",
          "aria-pressed": String(erase === erasing),
          onclick(event) {
            erasing = erase;
            for (const button of event.target.parentNode.children)
              if (button.hasAttribute("aria-pressed"))
                button.setAttribute("aria-pressed", button === event.target);
          },
        },
        name,
      );
    const clear = () => {
      remember();
      host.image.fill(0);
      drawn(-1, "Cleared. ");
    };
    // Not `disabled`, which would take the focus from under the keys.
    const undo = make(
      "button",
      { type: "button", "aria-disabled": "true", onclick: goBack },
      "Undo",
    );
    const tools = make(
      "div",
      { class: "live-tools", role: "group", "aria-label": "Drawing" },
      tool("Draw", false),
      tool("Erase", true),
      undo,
      make("button", { type: "button", onclick: clear }, "Clear"),
    );
    return {
      root: make(
        "div",
        {},
        make("p", { class: "live-title" }, "A garment"),
        frame,
        tools,
      ),
      remember,
      show(image) {
        paint(canvas, image);
        frame.toggleAttribute("data-empty", !host.image.some(Boolean));
      },
    };
  };
})();
