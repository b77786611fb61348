/** How often to look at what is about to happen: most of it does at once, and a story looks hundreds of times. */
export const SOON = { intervals: [10, 20, 20, 50, 50, 100, 250] };
