// What has the focus goes away when a sheet opens or closes, a step is recorded or another screen comes. Whoever works by
// keys would stand nowhere then: the focus goes on to what came in its place, to what was around it, or to the heading.

const REACHED = 'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary';

export function keepFocus(root: HTMLElement): void {
  /** What has the focus, then everything around it from the inside out. */
  let path: HTMLElement[] = [];
  /** A finger that taps beside a field has taken its focus away on purpose. */
  let byKeys = false;
  addEventListener('keydown', () => (byKeys = true), true);
  addEventListener('pointerdown', () => (byKeys = false), true);
  root.addEventListener('focusin', ({ target }) => {
    path = [];
    for (let one = target; one instanceof HTMLElement && one !== root; one = one.parentElement) path.push(one);
  });

  new MutationObserver((changes) => {
    const [last] = path;
    if (!last || last.isConnected || !byKeys || document.activeElement !== document.body) return;
    const around = path.find((one) => one.isConnected);
    if (!around) {
      // Another screen, which may still be on its way.
      const screen = root.querySelector('main');
      if (screen) stand(screen.querySelector('h1') ?? screen);
      return;
    }
    const came = changes
      .flatMap(({ addedNodes }) => [...addedNodes])
      .filter((one): one is HTMLElement => one instanceof HTMLElement && around.contains(one))
      .flatMap((one) => [one, ...one.querySelectorAll<HTMLElement>(REACHED)]);
    stand(came.find((one) => one.matches(REACHED)) ?? around);
  }).observe(root, { childList: true, subtree: true });
}

function stand(on: HTMLElement): void {
  if (!on.matches(REACHED)) on.tabIndex = -1;
  on.focus();
}
