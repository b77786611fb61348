import type { Later } from '../later';

export const map: Later['map'] = {
  open: 'ブラウザで地図を開く',
  why: '住所がOpenStreetMapに送られ、このブラウザの履歴に残ります。',
  go: '開く',
  stay: '開かない',
};
