// What stands below the explorer's stage: the window in time, a field to edit, the
// code.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});
  const { make } = convae;

  function button(text, act, attributes = {}) {
    const element = make("button", { type: "button", ...attributes }, text);
    element.addEventListener("click", act);
    return element;
  }

  const CALM = 16; // steps up to which each takes a second

  /** A slider over the steps of a convolution, and a button that plays them. */
  class Time {
    /** @param {(step: number) => void} go */
    constructor(go) {
      this.go = go;
      this.timer = 0;
      this.range = make("input", {
        type: "range",
        min: 1,
        max: 1,
        "aria-label": "step",
      });
      this.range.addEventListener("input", () => this.set(Number(this.range.value)));
      this.button = button("Play", () => (this.timer ? this.stop() : this.play()), {
        class: "ce-play",
      });
      this.label = make("span", { class: "ce-step" });
      this.speed = make("input", { type: "range", min: 1, max: 12, value: 1 });
      this.speed.addEventListener("input", () => (this.chosen = true));
      const speed = make("label", { class: "ce-speed" }, "speed", this.speed);
      const all = [this.button, this.range, this.label, speed];
      this.element = make("div", { class: "ce-time" }, ...all);
    }

    /** Shows the steps of a model: the step is null while all of them are done. */
    show({ conv }, step) {
      const count = conv.small[0] * conv.small[1];
      this.what = conv.transposed ? "stamp" : "window";
      this.range.max = count;
      this.range.value = step ?? count;
      this.range.setAttribute("aria-label", this.what);
      const all = `all ${convae.several(count, this.what)}`;
      const text = step === null ? all : `${this.what} ${step} of ${count}`;
      this.label.textContent = text;
      this.range.setAttribute("aria-valuetext", text);
      // A second for each of a few, and never much longer than a quarter of a minute.
      if (!this.chosen) this.speed.value = Math.ceil(count / CALM);
      if (step === null) this.stop();
    }

    set(step) {
      this.stop();
      this.go(step);
    }

    play() {
      const last = Number(this.range.max);
      let step = Number(this.range.value) % last;
      const next = () => {
        step += 1;
        this.timer = setTimeout(next, 1000 / this.speed.value);
        this.button.textContent = "Pause";
        this.go(step);
        if (step >= last) this.stop();
      };
      next();
    }

    stop() {
      clearTimeout(this.timer);
      this.timer = 0;
      this.button.textContent = "Play";
    }
  }

  /** A field for the value of the cell that is pinned, and a brush for the input. */
  class Editor {
    /**
     * @param {(kind: string, at: number, value: number) => void} set
     * @param {(selection: convae.Selection) => void} leave
     */
    constructor(set, leave) {
      this.field = make("input", { type: "number", step: "any" });
      this.name = make("span");
      this.field.addEventListener("input", () => {
        const value = this.field.valueAsNumber;
        if (Number.isFinite(value)) set(this.selection.kind, this.selection.at, value);
      });
      this.field.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === "Escape") leave(this.selection);
      });
      this.element = make(
        "label",
        { class: "ce-edit", hidden: true },
        this.name,
        this.field,
      );
      this.painting = make("input", { type: "checkbox" });
      this.colour = make("input", {
        ...{
          type: "number",
          value: 1,
          step: "any",
          "aria-label": "value to paint with",
        },
      });
      const paint = make("label", {}, this.painting, "paint the input with");
      this.painter = make("div", { class: "ce-edit" }, paint, this.colour);
    }

    /** The value that dragging over the input leaves there, or null. */
    get brush() {
      const value = this.colour.valueAsNumber;
      return this.painting.checked && Number.isFinite(value) ? value : null;
    }

    /** Offers the value of a pinned cell of the input or the kernel. */
    show(model, selection) {
      const kind = selection?.kind;
      this.element.hidden = kind !== "input" && kind !== "kernel";
      if (this.element.hidden) return;
      this.selection = selection;
      const { at } = selection;
      const values = kind === "input" ? model.x : model.kernel;
      const where = kind === "input" ? convae.whereInput : convae.whereWeight;
      this.name.textContent = `${kind} ${where(model, at)} =`;
      if (this.field !== document.activeElement) this.field.value = values[at];
    }

    begin(typed) {
      this.field.focus();
      if (typed === undefined || typed === "-" || typed === ".") this.field.select();
      else {
        this.field.value = typed;
        this.field.dispatchEvent(new Event("input"));
      }
    }
  }

  function copy(text, told) {
    const done = () => {
      const before = told.textContent;
      told.textContent = "Copied";
      setTimeout(() => (told.textContent = before), 1500);
    };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, () => {});
  }

  /** The program for the setting, in one framework at a time. */
  class Code {
    /**
     * @param {(framework: string) => void} choose
     * @param {HTMLElement|null} link what leads to the setting, beside "Copy"
     */
    constructor(choose, link) {
      const names = Object.fromEntries(convae.FRAMEWORKS.map((name) => [name, name]));
      this.choice = convae.choice("The code", names, choose);
      this.code = make("code");
      const taken = button("Copy", () => copy(this.code.textContent, taken));
      const pre = make(
        "pre",
        { tabindex: 0, role: "region", "aria-label": "program" },
        this.code,
      );
      const buttons = make("div", { class: "ce-buttons" }, taken, link ?? "");
      const head = make("div", { class: "ce-bar" }, this.choice.element, buttons);
      this.element = make("div", { class: "ce-code" }, head, pre);
      this.ofModel = [this.choice.element, taken, pre]; // and not the link
    }

    show(model) {
      const [first] = convae.FRAMEWORKS;
      const { code } = model.state;
      const framework = convae.FRAMEWORKS.includes(code) ? code : first;
      this.choice.show(framework);
      this.code.textContent = convae.codeFor(framework, model);
    }
  }

  /** The presets, with a button for each of the steps of the one that is chosen. */
  class Presets {
    /** @param {(setting: string) => void} choose */
    constructor(choose) {
      this.choose = choose;
      this.list = make(
        "select",
        { "aria-label": "preset" },
        ...convae.PRESETS.map(({ title }, value) => make("option", { value }, title)),
      );
      this.list.addEventListener("change", () => this.step(Number(this.list.value), 0));
      this.own = make("option", { value: -1, hidden: true }, "a setting of your own");
      this.list.prepend(this.own);
      this.steps = make("div", { class: "ce-steps" });
      this.note = make("p", { class: "ce-note" });
      const label = make("label", {}, make("span", {}, "Show"), this.list);
      this.element = make("div", { class: "ce-presets" }, label, this.note, this.steps);
    }

    step(preset, at) {
      this.choose(convae.PRESETS[preset].steps[at].setting);
    }

    /** Shows which preset and step a setting is, if it is one. */
    show(state) {
      // What is pinned and how it is shown does not make another setting of it.
      const { pin, code, show } = convae.DEFAULT;
      const plain = (all) => convae.writeSetting({ ...all, pin, code, show });
      const now = plain(state);
      let found = null;
      convae.PRESETS.forEach(({ steps }, preset) =>
        steps.forEach(({ setting }, at) => {
          if (plain(convae.readSetting(setting)) === now) found ??= [preset, at];
        }),
      );
      this.list.value = found ? found[0] : -1;
      this.own.hidden = Boolean(found);
      const [preset, chosen] = found ?? [];
      const steps = convae.PRESETS[preset]?.steps ?? [];
      const buttons = steps.map(({ title }, at) =>
        button(title, () => this.step(preset, at), {
          "aria-pressed": String(at === chosen),
        }),
      );
      if (steps.length === 1) buttons.length = 0;
      const focused = [...this.steps.children].indexOf(document.activeElement);
      this.steps.replaceChildren(...buttons);
      if (buttons.length) this.steps.classList.add("ce-used"); // keeps their room
      this.steps.children[focused]?.focus();
      this.note.textContent = steps[chosen]?.note ?? "";
    }
  }

  Object.assign(convae, { Code, Editor, Presets, Time, button, copy });
})();
