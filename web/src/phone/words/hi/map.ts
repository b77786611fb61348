import type { Later } from '../later';

export const map: Later['map'] = {
  open: 'नक्शा ब्राउज़र में खोलें',
  why: 'तब पता OpenStreetMap को जाता है और इस ब्राउज़र के इतिहास में रहता है।',
  go: 'खोलें',
  stay: 'न खोलें',
};
