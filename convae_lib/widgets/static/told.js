// What the explorer tells in lines of text: sizes, a refusal, and what is pinned.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});
  const { make } = convae;

  /** Makes the line of a size's formula, in which the output_padding is named. */
  function sizeLine({ axis, formula, notes, extra }) {
    const note = notes.length ? make("small", {}, notes.join("; ")) : "";
    const parts = [formula];
    if (typeof extra === "number") {
      const [sum, size] = formula.split(" = ");
      const rest = sum.slice(0, -String(extra).length);
      const name = make("small", {}, "output_padding");
      const term = make("span", { class: "ce-term" }, String(extra), name);
      parts.splice(0, 1, rest, term, ` = ${size}`);
    }
    return make("p", {}, make("span", {}, axis), make("b", {}, ...parts), note);
  }

  /** The refusal of an impossible setting, with a way back. */
  class Refusal {
    /** @param {(state: convae.State) => void} take */
    constructor(take) {
      this.plain = make("p", { class: "ce-plain" });
      this.message = make("p", { class: "ce-refusal", role: "alert", hidden: true });
      this.way = convae.button("", () => take(this.nearest.state));
      const parts = [this.plain, this.message, this.way];
      this.element = make("div", { class: "ce-impossible", hidden: true }, ...parts);
    }

    /** Shows the library's words, or nothing where there are none. */
    show(message, state, kept) {
      this.element.hidden = this.message.hidden = !message;
      this.message.textContent = message;
      if (!message) return;
      this.plain.textContent = convae.plainly(message);
      this.plain.hidden = !this.plain.textContent;
      this.nearest = convae.nearest(state, kept);
      this.way.textContent = this.nearest.words;
    }
  }

  /** The line below the picture: how to pin, or what is pinned and can be let go. */
  class PinLine {
    /**
     * @param {() => void} letGo
     * @param {HTMLElement} editor the field of a pinned number
     */
    constructor(letGo, editor) {
      this.button = convae.button("", letGo, { class: "ce-pinned", hidden: true });
      const how = convae.taps()
        ? "Tap a cell: what belongs to it lights up, and its number can be changed."
        : "Point at a cell. A click pins it, digits change it.";
      this.hint = make("span", { class: "ce-hint" }, how);
      const parts = [this.button, editor, this.hint];
      this.element = make("div", { class: "ce-line" }, ...parts);
    }

    show(model, pinned) {
      this.button.hidden = !pinned;
      this.hint.hidden = Boolean(pinned);
      if (!pinned) return;
      this.button.textContent = `Pinned: ${convae.nameOf(model, pinned)}. Let go`;
    }
  }

  /** Says of the matrix how large it is, how it is drawn and what is stored. */
  function matrixCaption(model, { way, hasNumbers }) {
    const does = convae.taps() ? "tap" : "point at";
    const drawn = {
      entries: hasNumbers ? "" : `, too small for numbers: ${does} an entry`,
      overview: ", an overview",
      pattern: ", only its pattern",
    };
    const zero = model.kernel.includes(0) ? "; a weight of 0 is stored, too" : "";
    return `${convae.matrixInWords(model)}${drawn[way]}${zero}.`;
  }

  Object.assign(convae, { PinLine, matrixCaption, Refusal, sizeLine });
})();
