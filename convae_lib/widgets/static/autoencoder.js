/**
 * <live-autoencoder>: the book's trained networks, in the reader's page.
 *
 * The garment on the left is what all panels look at; one panel is open at a time and
 * is made when it is opened first. What stands between the tags is there for those
 * without JavaScript.
 */
(() => {
  "use strict";
  const convae = globalThis.convae;
  const { live } = convae;
  const { make, paint, picture, slider } = live;

  const NOTE =
    "The networks, and PCA, learned from photographs of clothes, those of " +
    "Fashion-MNIST. The losses here are of drawn garments, those in the chapters of " +
    "photographs, so they cannot be compared.";

  let count = 0; // of these elements on the page

  class LiveAutoencoder extends HTMLElement {
    connectedCallback() {
      addEventListener("pagehide", this.keep);
      if (this.image) return; // it was only moved
      const all = live.openGarments(convae.garments);
      this.names = convae.garments.names;
      this.held = all.slice(0, convae.garments.held);
      this.training = all.slice(convae.garments.held);
      // One garment of each class.
      this.samples = this.names.map((_, label) =>
        this.held.find((garment) => garment.label === label),
      );
      this.image = new Float32Array(784);
      this.noise = { amount: 0, values: new Float32Array(784).map(normal) };
      this.status = make("p", { role: "status", class: "live-status" });
      this.build();
      this.begin(live.recall(this.nameOf("state")));
      this.dataset.ready = "";
      performance.mark("live-autoencoder is ready");
    }

    disconnectedCallback() {
      removeEventListener("pagehide", this.keep);
    }

    /** Where the reader is, for the way back to the page. */
    keep = () =>
      live.keep(this.nameOf("state"), {
        tab: this.opened,
        garment: this.chosen,
        noise: this.noise.amount,
        drawing: this.chosen < 0 ? [...this.image] : [],
      });

    /** Begin where the reader left, else with a pullover. */
    begin({ tab = 0, garment = 2, noise = 0, drawing = [] }) {
      this.noise.amount = noise;
      this.slider.set(noise);
      this.image.set(this.samples[garment]?.image ?? drawing);
      this.take(garment);
      this.open(tab in live.panels ? tab : 0);
      this.look();
    }

    build() {
      this.pad = live.makePad(this, (garment, done) => {
        this.take(garment);
        this.look(done);
      });
      this.thumbs = this.makeThumbs("Drawn garments", (garment, at) => {
        this.pad.remember();
        this.image.set(garment.image);
        this.take(at);
        this.look();
      });
      this.slider = slider(
        "Noise",
        { min: 0, max: 0.5, step: 0.01, value: 0 },
        (value) => value.toFixed(2),
        (value) => {
          this.noise.amount = value;
          this.look();
        },
      );
      this.garment = make(
        "div",
        { class: "live-garment" },
        this.pad.root,
        this.thumbs.root,
        this.slider.root,
      );
      this.panel = make("div", {
        class: "live-panel",
        role: "tabpanel",
        id: this.nameOf("panel"),
      });
      this.note = make("p", { class: "live-note" });
      this.replaceChildren(
        this.makeTabs(),
        make("div", { class: "live-body" }, this.garment, this.panel),
        this.note,
        this.status,
      );
    }

    makeTabs() {
      this.tabs = live.panels.map(({ title }, at) =>
        make(
          "button",
          {
            type: "button",
            role: "tab",
            id: this.nameOf(`tab-${at}`),
            "aria-controls": this.nameOf("panel"),
            onclick: () => this.open(at),
          },
          title,
        ),
      );
      return make(
        "div",
        {
          class: "live-tabs",
          role: "tablist",
          "aria-label": "What to do with the garment",
          onkeydown: (event) => {
            const last = this.tabs.length - 1;
            const at = this.tabs.indexOf(document.activeElement);
            const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
            if (!(event.key in to)) return;
            event.preventDefault();
            this.open((to[event.key] + last + 1) % (last + 1));
            this.tabs[this.opened].focus();
          },
        },
        ...this.tabs,
      );
    }

    /** Show a panel; it is made when it is shown first. */
    open(at) {
      this.opened = at;
      this.made ??= [];
      this.made[at] ??= live.panels[at].make(this);
      this.tabs.forEach((tab, i) => {
        tab.setAttribute("aria-selected", i === at);
        tab.tabIndex = i === at ? 0 : -1;
      });
      this.panel.setAttribute("aria-labelledby", this.tabs[at].id);
      this.panel.replaceChildren(this.made[at].root);
      this.note.textContent = live.panels[at].note ?? NOTE;
      this.garment.hidden = Boolean(live.panels[at].alone);
      clearTimeout(this.waiting);
      this.done = "";
      this.say(""); // what it told was of another panel
      if (this.seen) this.made[at].update();
    }

    /** The image is one of the drawn garments, or none of them: the reader's. */
    take(at) {
      this.chosen = at;
      this.name = this.names[at] ?? "your drawing";
      this.thumbs.press(at);
    }

    /**
     * The image has changed, or its noise: let the open panel look at it.
     * @param {string} done what the reader did, where one does not see it at once
     */
    look(done = "") {
      this.done = done;
      const { amount, values } = this.noise;
      this.seen = this.image.map((grey, i) =>
        Math.min(Math.max(grey + amount * values[i], 0), 1),
      );
      this.pad.show(this.seen);
      this.made[this.opened].update();
    }

    /** Buttons with a drawn garment of each class. */
    makeThumbs(label, chosen) {
      const buttons = this.samples.map((garment, at) => {
        const canvas = picture(null, { role: null, "aria-hidden": "true" });
        paint(canvas, garment.image);
        const press = () => {
          found.press(at);
          chosen(garment, at);
        };
        const name = this.names[garment.label];
        return make(
          "button",
          { type: "button", title: name, "aria-label": name, onclick: press },
          canvas,
        );
      });
      const found = {
        root: make("div", { class: "live-thumbs", role: "group", "aria-label": label }),
        press: (at) =>
          buttons.forEach((button, i) => button.setAttribute("aria-pressed", i === at)),
      };
      found.root.append(...buttons);
      return found;
    }

    /** An id that no other element on the page has. */
    nameOf(part) {
      this.number ??= ++count;
      return `live-autoencoder-${this.number}-${part}`;
    }

    say(text) {
      this.status.textContent = text;
    }

    /** Say it when the reader has paused: not at every pixel of a stroke. */
    announce(text) {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => {
        this.say(this.done + text);
        this.done = "";
      }, 400);
    }
  }

  /** A number of the normal distribution (Box and Muller, 1958). */
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());

  customElements.get("live-autoencoder") ||
    customElements.define("live-autoencoder", LiveAutoencoder);
})();
