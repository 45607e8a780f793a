// The explorer's setting in the address of its page, and links that lead there.
(() => {
  "use strict";
  const convae = (globalThis.convae ??= {});
  const { make } = convae;

  const PAUSE = 300; // milliseconds without a change before the address is written

  class Address {
    /**
     * @param {HTMLElement} element with the attribute `address` where the page's address
     *   holds its setting, or `page`, the address of a page where one does
     * @param {(setting: string) => void} take is told of another setting in the address
     */
    constructor(element, take) {
      this.kept = element.hasAttribute("address");
      this.page = element.getAttribute("page");
      this.link = this.makeLink();
      if (!this.kept) return;
      addEventListener("hashchange", () => {
        const { setting } = this;
        if (setting !== null && setting !== this.told) take(setting);
      });
    }

    /** The setting in the page's address, after # or ?, or null. */
    get setting() {
      if (!this.kept) return null;
      const names = Object.keys(convae.DEFAULT);
      const isSetting = (text) => {
        const words = text.split(/[=&]/);
        return names.some((name) => words.includes(name));
      };
      const texts = [location.hash.slice(1), location.search.slice(1)];
      return texts.find(isSetting) ?? null;
    }

    /** Returns what leads to a setting; nothing where no page would show it. */
    makeLink() {
      if (this.page !== null) {
        return make("a", {}, "Open this setting on the explorer's page");
      }
      if (!this.kept) return null;
      const text = "Copy a link to this setting";
      const link = convae.button(text, () => convae.copy(this.href, link));
      return link;
    }

    /** The address of the page that shows the setting. */
    get href() {
      const url = new URL(this.page ?? location.href, location.href);
      url.search = "";
      url.hash = this.text;
      return url.href;
    }

    /** Keeps a setting in the page's address, a moment after the last change. */
    tell(state) {
      this.text = convae.writeSetting(state);
      if (this.page !== null) this.link.href = this.href;
      if (!this.kept) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.told = this.text;
        const hash = this.text && `#${this.text}`;
        history.replaceState(null, "", `${location.pathname}${hash}`);
      }, PAUSE);
    }
  }

  Object.assign(convae, { Address });
})();
