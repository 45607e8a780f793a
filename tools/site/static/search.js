"use strict";
/**
 * Search in the sections of the book: search.html shows the best, each as a link to its
 * place with the sentence that was found. The text comes from text.js, which the build
 * writes; nothing is asked of a server, so that it works from a file.
 */
(() => {
  const convae = (globalThis.convae = globalThis.convae || {});
  const MOST = 40; // results shown

  /**
   * Words that are looked for: small letters, what is in quotation marks as one.
   * @param {string} query
   * @returns {string[]}
   */
  function terms(query) {
    const found = query.toLowerCase().match(/"[^"]+"|\S+/g) || [];
    return found.map((term) => term.replaceAll('"', "").trim()).filter((term) => term);
  }

  /** How often a term stands in a text, and more if it begins words or is one. */
  function count(text, term) {
    let score = 0;
    let place = text.indexOf(term);
    while (place >= 0) {
      const begins = place === 0 || !/[\p{L}\p{N}_]/u.test(text[place - 1]);
      const ends = !/[\p{L}\p{N}_]/u.test(text[place + term.length] || " ");
      score += begins ? (ends ? 1 : 0.6) : 0.2;
      place = text.indexOf(term, place + term.length);
    }
    return score;
  }

  /**
   * How well a section fits: every term must stand in it; a term in the heading counts
   * most, and a long text does not win by its length alone.
   */
  function fit(heading, text, wanted) {
    const [head, body] = [heading.toLowerCase(), text.toLowerCase()];
    let score = 0;
    for (const term of wanted) {
      const [above, below] = [count(head, term), count(body, term)];
      if (above + below === 0) return 0;
      score += 12 * Math.min(above, 1) + (8 * below) / (below + 2 + body.length / 2000);
    }
    const phrase = wanted.join(" ");
    if (wanted.length > 1) {
      score +=
        8 * Math.min(count(head, phrase), 1) + 4 * Math.min(count(body, phrase), 2);
    }
    return score;
  }

  /** The sentence of a text that has most of the terms. */
  function sentence(text, wanted) {
    const pieces = text.split(/\n|(?<=[.?!])\s/).filter((piece) => piece.length > 1);
    const score = (piece) =>
      wanted.filter((term) => piece.toLowerCase().includes(term)).length * 1000 +
      (/[.?!]$/.test(piece) ? 100 : 0) -
      Math.abs(piece.length - 100) / 10;
    return pieces.reduce(
      (best, piece) => (score(piece) > score(best) ? piece : best),
      "",
    );
  }

  /**
   * The sections that have all terms, best first.
   * @param {Array} pages  of text.js: [file, [[anchor, heading, text], …]]
   * @param {string} query
   */
  function find(pages, query) {
    const wanted = terms(query);
    if (!wanted.length) return [];
    const found = [];
    for (const [file, sections] of pages) {
      for (const [anchor, heading, text] of sections) {
        const score = fit(heading, text, wanted);
        if (score > 0) {
          const page = sections[0][1];
          found.push({ file, anchor, heading, page, score, text });
        }
      }
    }
    found.sort((one, other) => other.score - one.score);
    return found.slice(0, MOST).map((result) => ({
      ...result,
      sentence: sentence(result.text, wanted),
    }));
  }

  /** Text with the terms marked, as nodes. */
  function marked(text, wanted) {
    const escaped = wanted.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const pieces = text.split(new RegExp(`(${escaped.join("|")})`, "i"));
    return pieces.map((piece, place) => {
      if (place % 2 === 0) return piece;
      const mark = document.createElement("mark");
      mark.textContent = piece;
      return mark;
    });
  }

  /** Show what a query finds. */
  function show(query) {
    const wanted = terms(query);
    const found = find(convae.search.pages, query);
    const items = found.map((result) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const words = encodeURIComponent(wanted.join(" "));
      link.href = `${result.file}?highlight=${words}#${result.anchor}`;
      link.append(...marked(result.heading, wanted));
      const where = document.createElement("span");
      where.className = "page";
      where.textContent = result.heading === result.page ? "" : result.page;
      const said = document.createElement("p");
      said.append(...marked(result.sentence, wanted));
      item.append(link, " ", where, said);
      return item;
    });
    document.getElementById("search-results").replaceChildren(...items);
    const sections = items.length === 1 ? "section" : "sections";
    document.getElementById("search-status").textContent = !wanted.length
      ? ""
      : items.length === 0
        ? `No section has “${query}”. Try fewer words, or the beginning of one.`
        : `${items.length === MOST ? `The best ${MOST}` : items.length} ${sections}`;
  }

  convae.search = { find, terms, sentence, pages: [] };

  if (typeof document === "undefined") return;
  document.addEventListener("DOMContentLoaded", () => {
    const field = document.querySelector(".bd-search-container input[type=search]");
    field.value = new URLSearchParams(location.search).get("q") || "";
    field.focus();
    show(field.value);
    field.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const address = new URL(location.href);
      address.searchParams.set("q", field.value);
      history.replaceState(null, "", address);
      show(field.value);
    });
    field.addEventListener("input", () => show(field.value));
  });
})();
