"""What is asked of every page, in the words of its browser."""

STATE = """() => {
  const wide = document.documentElement;
  const seen = (element) => element.checkVisibility({ checkVisibilityCSS: true });
  const links = [...document.querySelectorAll("a[href]")].map((link) => link.href);
  return {
    over: wide.scrollWidth - wide.clientWidth,
    links: [...new Set(links)].filter((link) => link.startsWith("file:")),
    ids: [...document.querySelectorAll("[id]")].map((element) => element.id),
    pictures: [...document.images].map((image) => ({
      file: image.src, alt: image.getAttribute("alt"),
      drawn: image.loading === "lazy" || (image.complete && image.naturalWidth > 0),
      decorates: image.closest("a")?.textContent.trim() !== "" && !!image.closest("nav"),
    })),
    nameless: [...document.querySelectorAll(".bd-content a[href]")].filter(
      (link) => !link.textContent.trim() && !link.ariaLabel &&
        ![...link.querySelectorAll("img")].some((image) => image.alt)
    ).map((link) => link.href),
    figures: [...document.querySelectorAll(".cell_output img")].filter(seen)
      .map((image) => image.src),
    raw: [...document.querySelectorAll(".bd-article mjx-merror")].map((e) => e.title),
    lang: wide.lang, title: document.title,
    described: document.querySelector("meta[name=description]")?.content,
  };
}"""

FORMULAS = """() => [...document.querySelectorAll("div.math mjx-container")].map((box) => {
  const [outer, inner] = [box, box.querySelector("mjx-math")]
    .map((element) => element.getBoundingClientRect());
  return [inner.top - outer.top, outer.bottom - inner.bottom];
}).filter(([above, below]) => above < 3 || below < 0)"""

CUT = """() => [...document.querySelectorAll(".bd-article *")].filter((element) => {
  if (!element.checkVisibility({ visibilityProperty: true })) return false;
  if (element.closest("mjx-assistive-mml, svg, .solution") || element.tagName === "A") return false;
  const { overflowX } = getComputedStyle(element);
  const inner = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
  return inner && overflowX !== "visible" && !element.closest("span.math");
}).map((element) => `${element.tagName}.${element.className} ` +
  element.textContent.trim().slice(0, 50))"""

STOPS = """() => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex]")].filter((element) =>
  element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }))
  .map((element) => element.tagName.toLowerCase() + "." + element.className)"""

SETTLE = """() => new Promise((settled) => requestAnimationFrame(() =>
  requestAnimationFrame(() => {
    for (const moving of document.getAnimations()) moving.finish();
    settled();
  })))"""

UNFOLD = """() => {
  document.querySelectorAll("details").forEach((part) => (part.open = true));
  document.querySelectorAll("button.toggle-button").forEach((b) => b.click());
}"""

CONTRAST = """(least) => {
  const canvas = document.createElement("canvas").getContext("2d", {
    willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      known.set(colour, [...canvas.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(colour);
  };
  const over = (top, below) => {
    const part = top[3] / 255;
    return [0, 1, 2].map((c) => top[c] * part + below[c] * (1 - part)).concat(255);
  };
  const ground = (element) => {
    if (!element) return [255, 255, 255, 255];
    const colour = rgba(getComputedStyle(element).backgroundColor);
    return colour[3] === 255 ? colour : over(colour, ground(element.parentElement));
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((value) => value / 255).map((value) =>
      value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const element = walker.currentNode.parentElement;
    if (!text || !element.checkVisibility({ opacityProperty: true,
        visibilityProperty: true })) continue;
    if (element.closest("svg, script, style, noscript, mjx-container, dialog, " +
        "[aria-hidden=true], :disabled, .skip-link, title")) continue;
    const style = getComputedStyle(element);
    const below = ground(element);
    const [a, b] = [light(over(rgba(style.color), below)), light(below)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24 ||
      (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : least)) {
      const key = `${style.color} on ${below.slice(0, 3).map(Math.round)}`;
      found.set(key, `${ratio.toFixed(2)} ${key}: ${text.slice(0, 40)}`);
    }
  }
  return [...found.values()];
}"""

TOO_WIDE = """() => [...document.querySelectorAll(
  ".pst-scrollable-table-container, div.cell_output .text_html, div.cell_input pre")]
  .filter((block) => block.scrollWidth > block.clientWidth + 1)
  .map((block) => block.textContent.trim().split("\\n")
    .reduce((a, b) => (a.length > b.length ? a : b)))"""

SILENT = """() => [...document.querySelectorAll(
  ".bd-content :is(pre, .text_html, .pst-scrollable-table-container)")]
  .filter((block) => block.checkVisibility({ visibilityProperty: true }))
  .filter((block) => block.scrollWidth > block.clientWidth + 1)
  .filter((block) => getComputedStyle(block).overflowX !== "visible")
  .filter((block) => block.tabIndex < 0 ||
    !getComputedStyle(block).backgroundImage.includes("gradient"))
  .map((block) => block.textContent.trim().slice(0, 60))"""

# How text stands out costs axe milliseconds a text, so that it is asked for one text of each
# look: its style, and that of all around it. Code has thousands of words in a dozen colours,
# which CONTRAST looks at: for axe each block of code is one text.
AXE = """async () => {
  const [looks, numbers] = [new Map(), new Map()];
  const look = (element) => {
    if (element && !looks.has(element)) {
      const style = getComputedStyle(element);
      const own = [look(element.parentElement), element.tagName, element.className,
        style.color, style.backgroundColor, style.backgroundImage, style.opacity,
        style.fontSize, style.fontWeight, style.position].join();
      if (!numbers.has(own)) numbers.set(own, numbers.size);
      looks.set(element, numbers.get(own));
    }
    return looks.get(element);
  };
  const blocks = [...document.querySelectorAll(".highlight pre")]
    .map((block) => [block, [...block.childNodes]]);
  for (const [block] of blocks) block.replaceChildren(block.textContent);
  const known = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility() ||
      element.closest("mjx-container") || known.has(look(element))) continue;
    known.add(look(element));
    element.dataset.look = "";
  }
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-look]" }] });
  try {
    return (await axe.run({ include: [["html"]] }, { resultTypes: ["violations"] })).violations;
  } finally {
    for (const [block, parts] of blocks) block.replaceChildren(...parts);
    for (const element of document.querySelectorAll("[data-look]")) delete element.dataset.look;
  }
}"""

AXE_SCROLLING = """async () => (await axe.run({ include: [["html"]] },
  { resultTypes: ["violations"], runOnly: ["scrollable-region-focusable"] })).violations"""
