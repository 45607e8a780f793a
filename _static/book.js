"use strict";
// What all pages do in a browser, beside what the theme does.

// A figure is a link to its picture, which a reader can enlarge: on a phone its labels are small.
document.addEventListener("DOMContentLoaded", () => {
  for (const picture of document.querySelectorAll(".bd-content div.cell_output img")) {
    const link = document.createElement("a");
    link.href = picture.src.replace("-dark.svg", ".svg"); // alone it stands on white
    link.className = picture.className;
    picture.replaceWith(link);
    link.append(picture);
  }
});

// Korean is marked as Korean, so that a screen reader changes its voice.
document.addEventListener("DOMContentLoaded", () => {
  const hangul = /([\uac00-\ud7a3]+(?: [\uac00-\ud7a3]+)*)/;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode())
    if (hangul.test(walker.currentNode.data)) texts.push(walker.currentNode);
  for (const text of texts) {
    const pieces = text.data.split(hangul).map((piece, place) => {
      if (place % 2 === 0) return piece;
      const korean = document.createElement("span");
      korean.lang = "ko";
      korean.append(piece);
      return korean;
    });
    text.replaceWith(...pieces);
  }
});

// A block that goes on sideways can be scrolled with the keyboard, and only such a block is
// a stop of the Tab key. (The theme does so for some, and a while after a change of size.)
document.addEventListener("DOMContentLoaded", () => {
  const blocks = [
    "pre",
    "div.cell_output .text_html",
    ".pst-scrollable-table-container",
    "mjx-container[display]",
  ];
  const see = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  const watch = () => {
    for (const block of document.querySelectorAll(
      `.bd-content :is(${blocks.join()})`,
    )) {
      see.observe(block);
    }
  };
  watch();
  // Formulas come later than the page.
  window.MathJax?.startup?.promise?.then(watch);
});

// The button that unfolds a solution says of which exercise it is.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("button.toggle-button")) {
    const title = button.closest(".admonition-title");
    const words = title?.textContent.replace(/\s+/g, " ").trim();
    if (words) button.setAttribute("aria-label", `Show or hide: ${words}`);
  }
});

// Paper is white: a dark page turns light while it is printed. Solutions go to the end of
// their chapter, so that they do not stand under the questions.
{
  const root = document.documentElement;
  let back = [];
  const moveSolutions = (article) => {
    const solutions = article.querySelectorAll("div.solution");
    if (!solutions.length) return;
    const end = document.createElement("section");
    const heading = document.createElement("h2");
    heading.textContent = "Solutions";
    end.append(heading);
    article.querySelector("section").append(end);
    back.push(() => end.remove());
    for (const solution of solutions) {
      const place = document.createComment("");
      solution.replaceWith(place);
      end.append(solution);
      back.push(() => place.replaceWith(solution));
    }
  };
  window.addEventListener("beforeprint", () => {
    const theme = root.dataset.theme;
    root.dataset.theme = "light";
    back.push(() => (root.dataset.theme = theme));
    document.querySelectorAll("article.bd-article").forEach(moveSolutions);
  });
  window.addEventListener("afterprint", () => {
    for (const undo of back.reverse()) undo();
    back = [];
  });
}
