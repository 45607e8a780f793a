/** What the reader has done is found again on the way back to the page. */
(() => {
  "use strict";
  const { live } = globalThis.convae;

  // The browser's memory of this tab; all pages of a folder share it.
  const place = (name) => `${location.pathname} ${name}`;

  /** Keep a value until the tab is closed. */
  live.keep = (name, value) => {
    try {
      sessionStorage.setItem(place(name), JSON.stringify(value));
    } catch {
      // A browser may forbid it: then nothing is found again.
    }
  };

  /** Return the value that was kept, or an object without any. */
  live.recall = (name) => {
    try {
      return JSON.parse(sessionStorage.getItem(place(name))) ?? {};
    } catch {
      return {};
    }
  };
})();
