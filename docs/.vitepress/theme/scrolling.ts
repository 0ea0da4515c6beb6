/** What is wider than its column can be scrolled by keyboard: it takes the focus, as long as it is. */
const WIDE = ".vp-doc :is(table, .katex-display, pre)";

export function watchWideParts(): () => void {
  const look = (): void => {
    for (const part of document.querySelectorAll<HTMLElement>(WIDE)) {
      if (part.scrollWidth > part.clientWidth + 1) part.tabIndex = 0;
      else part.removeAttribute("tabindex");
    }
  };
  const sizes = new ResizeObserver(look);
  sizes.observe(document.documentElement);
  const pages = new MutationObserver(look);
  pages.observe(document.body, { childList: true, subtree: true });
  look();
  return () => {
    sizes.disconnect();
    pages.disconnect();
  };
}
