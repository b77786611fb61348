// Whether Doorstep is installed, and what to do where it is not. Safari clears the storage of a page in a tab after seven
// days without use, and that of an installed one never; the two do not share it, so this comes before the first sign-in.

/** What Chromium hands over when it would install the page. */
interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

export function isInstalled(): boolean {
  return matchMedia('(display-mode: standalone)').matches || Reflect.get(navigator, 'standalone') === true;
}

/** An iPhone or iPad, which introduces itself as a Mac with a touch screen. */
export function isApples(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}

/** A page in a tab on an iPhone or iPad. */
export function mustInstall(): boolean {
  return isApples() && !isInstalled();
}

/** Calls back with what installs the page, where the browser can, and with `null` once that is done or refused. */
export function watchInstall(offered: (install: (() => Promise<void>) | null) => void): void {
  addEventListener('beforeinstallprompt', (event) => {
    // Not now: the technician is asked in the sync panel, not in the middle of a visit.
    event.preventDefault();
    offered(async () => {
      offered(null);
      await (event as InstallEvent).prompt();
    });
  });
  addEventListener('appinstalled', () => offered(null));
}
