// Worker: makes a key of a PIN. It lives for one PIN, so that the memory this takes is given back with it.

import { load, stretchPin } from '../core';
import type { StretchOrder } from './orders';

const loaded = load();

addEventListener('message', ({ data }: MessageEvent<StretchOrder>) => {
  loaded
    .then(() => {
      const secret = stretchPin(data.pin, data.salt, data.deviceSecret, data.memoryKib, data.passes);
      postMessage(secret, { transfer: [secret.buffer] });
    })
    // The page hears of an error that nobody caught, and not of a broken promise.
    .catch(reportError);
});
