/* Say which words in a panel run into each other or stick out of it, and what is hidden sideways. */
(panel) => {
  const TOLERANCE_PX = 1;
  const LINE_OVERLAP_PX = 4; // lines of text overlap a little where letters do not
  const edge = panel.getBoundingClientRect();
  const holders = (element) => {
    const found = [];
    for (let each = element; each && each !== panel; each = each.parentElement) found.push(each);
    return found;
  };
  const isUnseen = (element) => !element.checkVisibility()
    || holders(element).some((each) => getComputedStyle(each).clipPath !== 'none');

  /** What can be seen of a box: scrolled areas and the like cut the rest off. */
  function seen({ left, right, top, bottom }, element) {
    const box = { left, right, top, bottom };
    for (const each of holders(element)) {
      if (getComputedStyle(each).overflow === 'visible') continue;
      const cut = each.getBoundingClientRect();
      box.left = Math.max(box.left, cut.left);
      box.right = Math.min(box.right, cut.right);
      box.top = Math.max(box.top, cut.top);
      box.bottom = Math.min(box.bottom, cut.bottom);
    }
    return box.right - box.left > TOLERANCE_PX && box.bottom - box.top > TOLERANCE_PX ? box : null;
  }

  const words = [];
  const texts = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (!node.data.trim() || isUnseen(node.parentElement)) continue;
    for (const { 0: text, index } of node.data.matchAll(/\S+/g)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + text.length);
      for (const whole of range.getClientRects()) {
        const box = seen(whole, node.parentElement);
        if (box) words.push({ text, box, node });
      }
    }
  }

  const faults = new Set();
  words.forEach(({ text, box, node }, index) => {
    if (box.right > edge.right + TOLERANCE_PX || box.left < edge.left - TOLERANCE_PX) {
      faults.add(`“${text}” sticks out`);
    }
    for (const other of words.slice(index + 1)) {
      if (other.node === node) continue;
      const wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
      const high = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
      if (wide > TOLERANCE_PX && high > LINE_OVERLAP_PX) faults.add(`“${text}” runs into “${other.text}”`);
    }
  });
  for (const element of [panel, ...panel.querySelectorAll('*')]) {
    if (isUnseen(element) || element.matches('input, textarea, select')) continue;
    const { overflowX } = getComputedStyle(element);
    if (overflowX !== 'visible' && element.scrollWidth > element.clientWidth + TOLERANCE_PX) {
      faults.add(`<${element.localName}> hides some of “${element.textContent.slice(0, 60)}”`);
    }
  }
  return [...faults];
}
