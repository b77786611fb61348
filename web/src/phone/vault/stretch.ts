// Worker: makes a key of a PIN. It lives for one PIN, so that the memory this takes is given back with it.

import { load, stretchPin } from '../core';
import type { StretchOrder } from './orders';

const loaded = load();

addEventListener('message', ({ data }: MessageEvent<StretchOrder>) => {
  void loaded.then(() => {
    const secret = stretchPin(data.pin, data.salt, data.deviceSecret, data.memoryKib, data.passes);
    postMessage(secret, { transfer: [secret.buffer] });
  });
});
