// <conv-explorer setting="…">: a convolution that one can touch.
//
// Attributes: `setting`, as `writeSetting` writes it; `address`, to keep the setting in
// the page's address; `without`, names of parts that are left out; `page`, where the
// explorer has a page of its own. The children show where there is no JavaScript.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});
  const { make } = convae;

  const WIDE = 860; // pixels from which the controls stand beside what they change

  class ConvExplorer extends HTMLElement {
    connectedCallback() {
      if (this.element) return;
      const take = (text) => this.take(convae.readSetting(text));
      this.address = new convae.Address(this, take);
      const setting = this.address.setting ?? this.getAttribute("setting") ?? "";
      this.state = convae.readSetting(setting);
      this.pointed = null;
      this.step = null;
      this.build();
      this.take(this.state);
      new ResizeObserver(() => this.fit()).observe(this);
    }

    build() {
      this.presets = new convae.Presets((text) => this.take(convae.readSetting(text)));
      this.stage = new convae.Stage((...told) => this.act(...told));
      this.time = new convae.Time((step) => this.play(step));
      this.editor = new convae.Editor(
        (kind, at, value) => this.edit(kind, at, value),
        (selection) => this.stage.focus(selection),
      );
      this.controls = convae.makeControls(
        (change) => this.change(change),
        (wanted) => this.change({ input_shape: convae.inputFor(this.state, wanted) }),
        this.editor.painter,
      );
      this.controls.more.open = this.clientWidth > WIDE;
      this.code = new convae.Code();
      const kinds = { values: "values", letters: "letters", counts: "overlaps" };
      this.showing = convae.choice("cells show", kinds, (show) =>
        this.change({ show }),
      );
      this.refusal = make("p", { class: "ce-refusal", role: "alert", hidden: true });
      this.sizes = make("div", { class: "ce-sizes" });
      this.says = make("p", { class: "ce-says", role: "status" });
      this.pinned = convae.button("Pinned: let go", () => this.pin(null), {
        class: "ce-pinned",
        hidden: true,
      });
      const how = "A click pins; digits change a pinned number.";
      this.hint = make("span", { class: "ce-hint" }, how);
      this.matrix = make("div", { class: "ce-matrix" });
      const row = (name, ...parts) => make("div", { class: name }, ...parts);
      const seen = row(
        "ce-seen",
        ...[this.refusal, row("ce-tools", this.sizes, this.showing.element)],
        ...[this.stage.element, this.time.element],
        row("ce-said", this.says, this.editor.element, this.pinned, this.hint),
        this.matrix,
      );
      const parts = {
        presets: make(
          "div",
          { class: "ce-top" },
          this.controls.kind,
          this.presets.element,
        ),
        controls: this.controls.element,
        seen,
        code: row("ce-bottom", this.code.element),
        link: this.address.link && row("ce-bottom", this.address.link),
      };
      const without = (this.getAttribute("without") ?? "").split(" ");
      for (const name of without) {
        delete parts[name];
        this.classList.add(`without-${name}`);
      }
      this.element = row("ce", ...Object.values(parts).filter(Boolean));
      this.replaceChildren(this.element);
      this.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && event.target.type !== "number") this.pin(null);
      });
    }

    /** Takes a whole new setting. */
    take(state) {
      this.state = state;
      this.step = null;
      this.pointed = null;
      this.renew();
    }

    /** Changes a part of the setting; values that were typed stay where they are. */
    change(part) {
      const old = this.state;
      const state = { ...old, ...part };
      if (Math.max(state.channels, state.filters) > 1) {
        const small = (n) => Math.min(n, convae.SMALL_INPUT);
        state.input_shape = state.input_shape.map(small);
      }
      const shape = ({ input_shape, channels }) => [...input_shape, channels];
      if (Array.isArray(state.x))
        state.x = convae.fit(state.x, shape(old), shape(state));
      if (Array.isArray(state.kernel)) {
        const [from, to] = [old, state].map(convae.kernelShape);
        if (from && to) state.kernel = convae.fit(state.kernel, from, to);
      }
      this.state = state;
      this.step = null;
      this.renew();
    }

    /** Computes everything anew and shows it, or says why that is impossible. */
    renew() {
      const { state } = this;
      let refused = "";
      try {
        this.model = convae.makeModel(state);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        refused = error.message;
      }
      this.refusal.hidden = !refused;
      this.refusal.textContent = refused;
      this.element.classList.toggle("ce-refused", Boolean(refused));
      this.controls.show(state, refused ? null : this.model);
      this.showing.show(state.show);
      this.presets.show(state);
      this.address.tell(this.state);
      if (refused) return;
      this.sizes.replaceChildren(...convae.sizeFormulas(this.model).map(sizeLine));
      this.code.show(this.model);
      this.drawMatrix();
      this.showCells();
    }

    drawMatrix() {
      const room = this.matrix.clientWidth || this.clientWidth || 600;
      this.picture = convae.drawMatrix(this.model, room, (at, how) => {
        const whole = this.picture.way === "entries";
        const entry = at && { kind: "entry", row: at[0], column: at[1] };
        this.act(whole ? entry : at && { kind: "output", at: at[0] }, how);
      });
      this.enlarged = make("div");
      const words = {
        entries: "",
        overview: ", an overview",
        pattern: ", only its pattern",
      };
      const caption = convae.matrixInWords(this.model) + words[this.picture.way];
      this.matrix.replaceChildren(
        this.picture.element,
        make("p", { class: "ce-caption" }, `${caption}.`),
        this.enlarged,
      );
    }

    /** Shows the numbers in the grids, and then what is lit. */
    showCells() {
      const { model, step } = this;
      const output = step === null ? model.y : convae.outputAfter(model, step);
      this.stage.show(model, output);
      this.time.show(model, step);
      this.light();
    }

    /** What is pinned, as a selection, or null. */
    get pinnedCell() {
      return convae.readPin(this.model, this.state.pin);
    }

    light() {
      const { model } = this;
      const pinned = this.pinnedCell;
      const small = model.conv.transposed ? "input" : "output";
      const shown =
        this.step === null ? convae.middle(model.conv.small) : this.step - 1;
      const first = { kind: small, at: shown * model.conv.filters };
      const selection = pinned ?? this.pointed ?? first;
      const lit = convae.lit(model, selection);
      this.stage.light(lit, convae.windowOf(model, selection));
      this.picture.light(lit);
      this.says.textContent = convae.sentence(model, selection);
      this.pinned.hidden = !pinned;
      this.hint.hidden = Boolean(pinned);
      this.editor.show(model, pinned);
      if (this.picture.way !== "entries") {
        const row = Math.max(lit.row, 0);
        if (lit.row >= 0) this.enlarged.replaceChildren(convae.enlargeRow(model, row));
        else this.enlarged.replaceChildren();
      }
    }

    /** Follows the reader over the grids and the matrix. */
    act(selection, how, typed) {
      const painted = selection?.kind === "input" ? this.editor.brush : null;
      if (painted !== null && ["presses", "drags"].includes(how)) {
        this.edit("input", selection.at, painted);
        return;
      }
      if (how === "points" || how === "leaves" || how === "drags") {
        if (same(selection, this.pointed)) return;
        this.pointed = selection;
        if (!this.pinnedCell) this.light();
      } else if (how === "pins" && painted === null) {
        this.pin(same(selection, this.pinnedCell) ? null : selection);
      } else if (how === "edits" && ["input", "kernel"].includes(selection?.kind)) {
        this.pin(selection);
        this.editor.begin(typed);
      }
    }

    pin(selection) {
      if (selection && this.step !== null) {
        this.step = null;
        this.showCells();
      }
      const numbers = selection && Object.values(selection).join();
      this.state = { ...this.state, pin: numbers ?? "" };
      if (!selection) this.pointed = null;
      this.address.tell(this.state);
      this.light();
    }

    play(step) {
      this.step = step;
      this.state = { ...this.state, pin: "" };
      this.pointed = null;
      this.showCells();
    }

    edit(kind, at, value) {
      const name = kind === "input" ? "x" : "kernel";
      const values = [...(kind === "input" ? this.model.x : this.model.kernel)];
      values[at] = value;
      this.change({ [name]: values });
    }

    /** Fits everything into a new width. */
    fit() {
      if (this.clientWidth === this.width || !this.model) return;
      this.width = this.clientWidth;
      this.stage.layOut();
      this.drawMatrix();
      this.light();
    }
  }

  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  function sizeLine({ axis, formula, notes }) {
    const note = notes.length ? make("small", {}, notes.join("; ")) : "";
    return make("p", {}, make("span", {}, axis), make("b", {}, formula), note);
  }

  if (!customElements.get("conv-explorer")) {
    customElements.define("conv-explorer", ConvExplorer);
  }
})();
