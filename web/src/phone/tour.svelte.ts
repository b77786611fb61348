// Whether the tour is shown: once on a phone, and whenever somebody asks for it. It says nothing about anybody.

const KEY = 'tour';

function seen(): boolean {
  try {
    return localStorage.getItem(KEY) === 'seen';
  } catch {
    // Storage that is switched off: nobody is shown it with each start.
    return true;
  }
}

export const tour = $state({ open: !seen() });

export function showTour(): void {
  tour.open = true;
}

export function endTour(): void {
  tour.open = false;
  try {
    localStorage.setItem(KEY, 'seen');
  } catch {
    // It is not shown where nothing can be kept.
  }
}
