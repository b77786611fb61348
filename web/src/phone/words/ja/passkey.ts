import type { Words } from '../en';

export const passkey: Words['passkey'] = {
  title: 'この端末のロックで解除',
  why: '指紋、顔、または画面ロックで、この端末のDoorstepを開けます。PINも引き続き使えます。',
  isOn: '指紋、顔、または画面ロックでDoorstepが開きます。PINも使えます。',
  add: '使う',
  notNow: '今はしない',
  remove: 'PINだけにする',
  unlock: '指紋、顔、画面ロックで解除',
  dismissed: '何も変わっていません。もう一度試すか、PINを使ってください。',
  unable: 'この端末では使えません。これまでどおりPINで開きます。',
  usePin: '開けませんでした。PINを使ってください。失われたものはありません。',
};
