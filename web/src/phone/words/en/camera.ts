/** The camera in the page, and what became of the phone's own. They come with the screens that use them. */
export const camera = {
  here: 'Camera in this page',
  shutter: 'Take the photo',
  close: 'Close',
  light: 'Light',
  opening: 'The camera is opening.',
  refused:
    'This page may not use the camera. Allow it in the browser’s settings for this page, or close this and use the phone’s own camera.',
  none: 'This page finds no camera on this phone. Close this and use the phone’s own camera.',
  busy: 'The camera did not open; another application may be using it. Close that one and try again, or use the phone’s own camera.',
  away: 'The camera was switched off while this page was out of sight.',
  again: 'Open the camera',
  lost: (at: string) =>
    `The camera was opened at ${at}, and no photo came back from it. Everything else is kept. Take the photo again; if this page closes once more, use the camera in this page.`,
  larger: (about: string) => `Show larger: ${about}`,
};
