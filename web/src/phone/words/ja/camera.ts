import type { camera as english } from '../en/camera';

/** The camera in the page, and what became of the phone's own. */
export const camera: typeof english = {
  here: 'このページのカメラ',
  shutter: '撮影する',
  close: '閉じる',
  light: 'ライト',
  opening: 'カメラを起動しています。',
  refused:
    'このページはカメラの使用が許可されていません。ブラウザのこのページの設定で許可するか、ここを閉じて端末のカメラを使ってください。',
  none: 'この端末ではページからカメラを使えません。ここを閉じて端末のカメラを使ってください。',
  busy: 'カメラが起動しませんでした。ほかのアプリが使用中かもしれません。そのアプリを閉じてもう一度試すか、端末のカメラを使ってください。',
  away: 'ページが表示されていない間、カメラを止めました。',
  again: 'カメラを起動する',
  lost: (at) =>
    `${at}にカメラを開きましたが、写真が届きませんでした。ほかの内容はすべて残っています。もう一度撮ってください。またページが閉じるときは、このページのカメラを使ってください。`,
  larger: (about) => `大きく表示: ${about}`,
};
