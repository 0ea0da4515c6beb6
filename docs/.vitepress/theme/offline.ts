/** Keeps the site for reading offline, once it has been loaded and nothing else is to be done. */
export function keepOffline(base: string): void {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  // A reader who counts bytes does not want the rest of the site.
  const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } };
  if (connection?.saveData === true) return;
  const register = (): void => {
    navigator.serviceWorker.register(`${base}sw.js`, { scope: base }).catch(() => undefined);
  };
  const whenIdle = (): void => void setTimeout(register, 3000);
  if (document.readyState === "complete") whenIdle();
  else addEventListener("load", whenIdle, { once: true });
}
