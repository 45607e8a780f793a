// A figure is a link to its picture, which a reader can enlarge: on a phone its labels are small.
document.addEventListener("DOMContentLoaded", () => {
  for (const picture of document.querySelectorAll(".bd-content div.cell_output img")) {
    const link = document.createElement("a");
    link.href = picture.src;
    picture.replaceWith(link);
    link.append(picture);
  }
});

// Korean is marked as Korean, so that a screen reader changes its voice.
document.addEventListener("DOMContentLoaded", () => {
  const hangul = /([\uac00-\ud7a3]+(?: [\uac00-\ud7a3]+)*)/;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (hangul.test(walker.currentNode.data)) texts.push(walker.currentNode);
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
