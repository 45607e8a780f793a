// How a reader points at a grid: by mouse, finger or keys, with one tab stop.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});

  /** Makes an element with attributes and children. */
  function make(tag, attributes = {}, ...children) {
    const svg = convae.SVG_TAGS.has(tag);
    const element = svg
      ? document.createElementNS("http://www.w3.org/2000/svg", tag)
      : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  /** Whether a reader has a finger and nothing that points without a touch. */
  const taps = () => matchMedia("(hover: none)").matches;

  const STEPS = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  };

  /**
   * Lets a reader walk over the cells of an element.
   * @param {HTMLElement} element what is divided evenly into lines and places
   * @param {object} options
   * @param {number[]} options.all lines and places of the whole element
   * @param {number[]} options.first line and place at which the cells begin
   * @param {number[]} options.size lines and places that are cells
   * @param {(at: number[]|null, how: string) => void} options.act told where the reader
   *   "points", "leaves" (at is null), "pins", or begins to "edit", with the text typed
   * @param {(at: number[], focus: boolean) => void} options.move makes a cell the tab
   *   stop
   */
  function walk(element, { all, first, size, act, move }) {
    let at = [0, 0];
    const inside = (cell) => cell.every((n, axis) => n >= 0 && n < size[axis]);

    function under(event) {
      const box = element.getBoundingClientRect();
      const cell = [
        Math.floor(((event.clientY - box.top) / box.height) * all[0]) - first[0],
        Math.floor(((event.clientX - box.left) / box.width) * all[1]) - first[1],
      ];
      return inside(cell) ? cell : null;
    }

    element.addEventListener("pointermove", (event) => {
      const cell = under(event);
      const held = event.buttons === 1;
      if (event.pointerType === "mouse" || held) act(cell, held ? "drags" : "points");
    });
    element.addEventListener("pointerleave", () => act(null, "leaves"));
    element.addEventListener("pointerdown", (event) => act(under(event), "presses"));
    element.addEventListener("click", (event) => {
      const cell = under(event);
      if (!cell) return;
      at = cell;
      move(at, false);
      act(cell, "pins");
    });
    element.addEventListener("dblclick", (event) => act(under(event), "edits"));
    element.addEventListener("focusin", () => {
      if (element.matches(":has(:focus-visible)")) act(at, "points");
    });
    element.addEventListener("focusout", () => act(null, "leaves"));
    element.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      let next = null;
      if (event.key in STEPS) next = at.map((n, axis) => n + STEPS[event.key][axis]);
      else if (event.key === "Home") next = [at[0], 0];
      else if (event.key === "End") next = [at[0], size[1] - 1];
      else if (event.key === "Enter" || event.key === " ") act(at, "pins");
      else if (/^\d$/.test(event.key)) act(at, "edits", event.key);
      else if (/^[-.]$/.test(event.key)) {
        act(at, "edits", event.key); // the field has the focus now, and takes the sign
        return;
      } else if (event.key === "F2") act(at, "edits");
      else return;
      event.preventDefault();
      if (!next || !inside(next)) return;
      at = next;
      move(at, true);
      act(at, "points");
    });
  }

  convae.SVG_TAGS = new Set(["svg", "path", "rect", "g", "text"]);
  Object.assign(convae, { make, taps, walk });
})();
