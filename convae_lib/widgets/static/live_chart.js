/** The chart of a training: its loss, step by step, above two lines. */
(() => {
  "use strict";
  const { live } = globalThis.convae;
  const { shape } = live;

  const [WIDTH, HEIGHT] = [320, 232];
  const [LEFT, RIGHT, TOP, BOTTOM] = [38, 242, 26, 186]; // of what is drawn in it
  const HIGHEST = 0.4; // the loss at the top; what lies above is drawn there
  const LOSSES = [0.25, 0.3, 0.35, 0.4];
  const LINE = 12; // a line of text
  const FEWEST = 300; // steps along the chart

  const write = (text, where, kind = "") =>
    shape("text", { ...where, class: kind }, text);

  /**
   * @param {number} floor the loss at the bottom
   * @returns {{root: SVGElement, drawFloor: Function, drawLine: Function,
   *   drawCurve: Function, mark: Function, clear: Function}}
   */
  live.makeChart = (floor) => {
    let most = FEWEST;
    let line = null; // the other network's loss
    let crossed = null;
    const x = (step) => LEFT + ((RIGHT - LEFT) * step) / most;
    const y = (loss) =>
      BOTTOM - ((BOTTOM - TOP) * (Math.min(loss, HIGHEST) - floor)) / (HIGHEST - floor);

    const path = shape("polyline", { class: "live-curve", points: "" });
    const name = write("", {}, "live-name");
    const [lines, steps, mark] = [shape("g"), shape("g"), shape("g")];
    const root = shape(
      "svg",
      {
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        role: "img",
        "aria-label": "Loss on held-out garments, step by step, above the floor",
      },
      write("loss, nats per pixel", { x: 2, y: 13 }),
      ...LOSSES.flatMap((loss) => [
        shape("line", { x1: LEFT - 4, x2: LEFT, y1: y(loss), y2: y(loss) }),
        write(
          loss.toFixed(2),
          { x: LEFT - 5, y: y(loss) + 4, "text-anchor": "end" },
          "live-tick",
        ),
      ]),
      steps,
      path,
      mark,
      lines,
      name,
    );

    /** Three or four round numbers of steps. */
    function drawSteps() {
      const apart =
        [100, 200, 500, 1000, 2000, 5000].find((d) => most / d < 4.5) ?? most;
      const ticks = [];
      for (let step = 0; step <= most; step += apart) ticks.push(step);
      steps.replaceChildren(
        ...ticks.flatMap((step) => [
          shape("line", { x1: x(step), x2: x(step), y1: HEIGHT - 22, y2: HEIGHT - 18 }),
          write(
            step,
            { x: x(step), y: HEIGHT - 6, "text-anchor": "middle" },
            "live-tick",
          ),
        ]),
        write("steps", { x: RIGHT + 18, y: HEIGHT - 6 }),
      );
    }

    function drawLevel(loss, text, kind, below) {
      const at = { x1: LEFT, x2: RIGHT, y1: y(loss), y2: y(loss) };
      lines.append(
        shape("line", { ...at, "data-kind": kind }),
        write(
          text,
          { x: RIGHT, y: y(loss) + (below ? LINE + 1 : -5), "text-anchor": "end" },
          "live-name",
        ),
      );
    }

    /** The name where the curve ends, beside the names of the lines, not on them. */
    function placeName(step, loss) {
      let height = y(loss) + 4;
      if (line !== null) {
        if (loss < line) height = Math.max(height, y(line) + LINE);
        else if (x(step) > LEFT + 50) height = Math.min(height, y(line) - LINE - 8);
      }
      name.setAttribute("x", x(step) + 5);
      name.setAttribute("y", Math.min(height, BOTTOM - 3));
      name.textContent = "in training";
    }

    /** A ring where the curve crosses the line, and its step along the chart. */
    function drawMark() {
      if (!crossed) return mark.replaceChildren();
      const [step, loss] = crossed;
      const at = { x1: x(step), x2: x(step), y1: y(loss), y2: HEIGHT - 22 };
      mark.replaceChildren(
        shape("line", { ...at, "data-kind": "crossing" }),
        shape("circle", { cx: x(step), cy: y(loss), r: 4 }),
      );
    }

    drawSteps();
    return {
      root,
      drawFloor: (text) => drawLevel(floor, text, "floor", true),
      drawLine(loss, text) {
        line = loss;
        drawLevel(loss, text, "convolutional", false);
      },
      drawCurve(curve) {
        const [step, loss] = curve.at(-1);
        if (step > most || step === 0) {
          most = Math.max(step, FEWEST);
          drawSteps();
          drawMark();
        }
        const points = curve.map(([step, loss]) => `${x(step)},${y(loss)}`);
        path.setAttribute("points", points.join(" "));
        placeName(step, loss);
      },
      mark(step, loss) {
        crossed = [step, loss];
        drawMark();
      },
      clear() {
        most = FEWEST;
        crossed = null;
        path.setAttribute("points", "");
        name.textContent = "";
        drawSteps();
        drawMark();
      },
    };
  };
})();
