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
  const NARROW = 480; // and up to which they are folded

  class ConvExplorer extends HTMLElement {
    connectedCallback() {
      if (this.element) return;
      const take = (text) => this.take(convae.readSetting(text));
      this.address = new convae.Address(this, take);
      const setting = this.address.setting ?? this.getAttribute("setting") ?? "";
      this.state = convae.readSetting(setting);
      this.told = ""; // what the explorer has done, until the reader goes on
      this.build();
      this.take(this.state);
      new ResizeObserver(() => this.fit()).observe(this);
    }

    build() {
      this.presets = new convae.Presets((text) => {
        const { code } = this.state;
        this.take({ ...convae.readSetting(text), code });
      });
      this.stage = new convae.Stage((...told) => this.act(...told));
      this.time = new convae.Time((step) => this.play(step));
      this.editor = new convae.Editor(
        (kind, at, value) => this.edit(kind, at, value),
        (selection) => this.stage.focus(selection),
      );
      this.controls = convae.makeControls(
        (change) => this.change(change),
        (wanted, byKey) => this.aim(wanted, byKey),
        this.editor.painter,
      );
      this.controls.more.open = this.clientWidth > WIDE;
      this.controls.element.open = this.clientWidth > NARROW;
      const without = (this.getAttribute("without") ?? "").split(" ");
      const { link } = this.address;
      const beside = without.includes("code") ? null : link; // where "Copy" is
      this.code = new convae.Code((code) => this.tell({ code }), beside);
      const kinds = { values: "values", letters: "letters", counts: "overlaps" };
      this.showing = convae.choice("cells show", kinds, (show) =>
        this.change({ show }),
      );
      this.refused = new convae.Refusal((state) => this.take(state));
      this.refusal = this.refused.message;
      this.sizes = make("div", { class: "ce-sizes" });
      this.says = make("p", { class: "ce-says", role: "status" });
      this.line = new convae.PinLine(() => this.pin(null), this.editor.element);
      this.matrix = make("div", { class: "ce-matrix" });
      const row = (name, ...parts) => make("div", { class: name }, ...parts);
      const seen = row(
        "ce-seen",
        ...[this.refused.element, row("ce-tools", this.sizes, this.showing.element)],
        ...[this.stage.element, this.line.element, this.time.element],
        ...[this.says, this.matrix],
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
        link: link && !beside && row("ce-bottom", link),
      };
      for (const name of without) {
        delete parts[name];
        this.classList.add(`without-${name}`);
      }
      this.ofModel = [this.showing.element, this.stage.element, this.time.element];
      this.ofModel.push(this.line.element, this.matrix, ...this.code.ofModel);
      this.element = row("ce", ...Object.values(parts).filter(Boolean));
      this.replaceChildren(this.element);
      this.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && event.target.type !== "number") this.pin(null);
      });
    }

    /** Takes a whole new setting. */
    take(state) {
      this.state = state;
      this.pointed = null;
      this.renew();
    }

    /** Changes a part of the setting; values that were typed stay where they are. */
    change(part) {
      this.state = convae.changed(this.state, part);
      this.renew(Object.keys(part));
    }

    /** Changes the input so that the output comes near a size, and says so. */
    aim(wanted, byKey) {
      const { input_shape, words } = convae.aim(this.state, wanted, byKey);
      this.change({ input_shape });
      this.told = words;
      this.says.textContent = words;
      this.controls.told(words);
    }

    /**
     * Computes everything anew and shows it, or says why that is impossible.
     * @param {string[]|null} changed what a reader has just set, of an older setting
     */
    renew(changed = null) {
      const { model } = this;
      let refused = "";
      try {
        // While weights are typed, the colours of the others stay.
        const typed = changed && model && Array.isArray(this.state.kernel);
        this.model = convae.makeModel(this.state, typed ? model.scale : 0);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        refused = error.message;
      }
      this.step = null;
      this.told = "";
      this.controls.told("");
      // A pin is dropped where its number would mean another cell.
      const sizes = [model, this.model].map((one) => one && convae.sizesOf(one));
      if (changed && sizes[0] !== sizes[1]) this.state = { ...this.state, pin: "" };
      const { state } = this;
      this.refused.show(refused, state, changed ?? []);
      this.element.classList.toggle("ce-refused", Boolean(refused));
      for (const part of this.ofModel) part.inert = Boolean(refused);
      const drawn = refused && this.model; // the last picture stays, dimmed
      this.model ??= convae.makeModel(convae.nearest(state).state);
      this.controls.show(state, this.model, Boolean(refused));
      this.showing.show(state.show);
      this.presets.show(state);
      this.address.tell(state);
      if (drawn) return;
      this.sizes.replaceChildren(
        ...convae.sizeFormulas(this.model).map(convae.sizeLine),
      );
      this.code.show(this.model);
      this.drawMatrix();
      this.showCells();
    }

    /** Keeps what does not change the numbers. */
    tell(part) {
      this.state = { ...this.state, ...part };
      this.model.state = this.state;
      this.code.show(this.model);
      this.address.tell(this.state);
    }

    drawMatrix() {
      const room = this.matrix.clientWidth || this.clientWidth || 600;
      this.picture = convae.drawMatrix(this.model, room, (at, how) => {
        const whole = this.picture.way === "entries";
        const entry = at && { kind: "entry", row: at[0], column: at[1] };
        this.act(whole ? entry : at && { kind: "output", at: at[0] }, how);
      });
      this.enlarged = make("div");
      this.matrix.replaceChildren(
        this.picture.element,
        make(
          "p",
          { class: "ce-caption" },
          convae.matrixCaption(this.model, this.picture),
        ),
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
      this.says.textContent = this.told || convae.sentence(model, selection);
      this.line.show(model, pinned);
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
        this.told = "";
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
      this.told = "";
      if (!selection) this.pointed = null;
      this.address.tell(this.state);
      this.light();
    }

    play(step) {
      this.step = step;
      this.told = "";
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
      if (this.width > WIDE) this.controls.element.open = true; // it cannot be folded
      this.stage.layOut();
      this.drawMatrix();
      this.light();
    }
  }

  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  if (!customElements.get("conv-explorer")) {
    customElements.define("conv-explorer", ConvExplorer);
  }
})();
