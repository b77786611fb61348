// That somebody was asked once whether the phone's own lock should open Doorstep. It says nothing about anybody, so it is
// stored plainly, and asked again by no version.

const KEY = 'passkey offer';

export function wasPutAway(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    // Storage that is switched off would have the question come back at each opening.
    return true;
  }
}

/** A phone whose lock is made anew. */
export function askAnew(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was noted there.
  }
}

export function putAway(): void {
  try {
    localStorage.setItem(KEY, 'answered');
  } catch {
    // It holds until the page is closed.
  }
}
